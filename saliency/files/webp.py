"""WebP: read by Pillow; its chunks walked here for what Pillow knows only once it has decoded a frame."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from PIL import Image, ImageSequence

from saliency.files.counted import counted
from saliency.files.ifd import exif_orientation
from saliency.files.moving import MOST_FRAMES, Moving
from saliency.files.stored import Stored, by_pillow, decoder_of


def read(data: bytes) -> Stored:
    """The picture, of an animation its first frame, with its header read."""
    image = by_pillow(data, "WEBP")
    return Stored(
        image.size,
        decoder_of(image),
        exif_orientation(image.info.get("exif", b"")),
        image.info.get("icc_profile", b""),
    )


def moving(data: bytes) -> Moving | None:
    """The animation with its header read; None for a single picture."""
    times: list[float] = []
    plays = 1
    for name, start, end in walk(data):
        if name == b"ANIM" and end - start >= 6:
            (plays,) = struct.unpack_from("<H", data, start + 4)
        elif name == b"ANMF" and end - start >= 16 and len(times) <= MOST_FRAMES:
            times.append(int.from_bytes(data[start + 12 : start + 15], "little"))
    return Moving(tuple(times), plays, lambda: _frames(data)) if len(times) > 1 else None


@counted
def walk(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Name, first byte and end of the content of each chunk, the last one as far as it goes."""
    at = 12
    while at + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, at)
        yield name, at + 8, min(at + 8 + size, len(data))
        at += 8 + size + size % 2


def _frames(data: bytes) -> Iterator[Image.Image]:
    with by_pillow(data, "WEBP") as image:
        for frame in ImageSequence.Iterator(image):
            yield frame.copy()
