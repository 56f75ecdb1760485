"""AVIF: the frames of an animation; their times and how often they are shown, which Pillow does not tell, and how often
they are to be, which it does not write."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from PIL import Image, ImageSequence

from saliency.files.errors import DamagedError
from saliency.files.isobmff import Box, boxes
from saliency.files.moving import MOST_FRAMES, Moving
from saliency.files.stored import by_pillow

_FOR_EVER = {4: (1 << 32) - 1, 8: (1 << 64) - 1}  # as a length of so many bytes


def moving(data: bytes) -> Moving | None:
    """The animation with its header read; None for a single picture. Raises DamagedError."""
    if data[8:12] != b"avis":
        return None
    track = next(_inside(data, Box(b"", 0, 0, len(data)), b"moov", b"trak"), None)
    if track is None:
        return None
    try:
        times = tuple(_times(data, track))
        return Moving(times, _plays(data, track), lambda: _frames(data)) if len(times) > 1 else None
    except (StopIteration, struct.error, ZeroDivisionError):
        raise DamagedError("its animation has no times") from None


def with_plays(data: bytes, plays: int) -> bytes:
    """A file of libavif's, which is shown for ever, to be shown so many times, 0 for ever."""
    changed = bytearray(data)
    whole = Box(b"", 0, 0, len(data))
    if plays:
        for track in _inside(data, whole, b"moov", b"trak"):
            once, _, _ = _length(data, next(_inside(data, track, b"edts", b"elst")), 8)
            for box, place in (
                (next(_inside(data, track, b"tkhd")), 20),
                (next(_inside(data, whole, b"moov", b"mvhd")), 16),
            ):
                _, at, size = _length(data, box, place)
                changed[at : at + size] = (once * plays).to_bytes(size, "big")
    return bytes(changed)


def _inside(data: bytes, outer: Box, *path: bytes) -> Iterator[Box]:
    """The boxes of a path below another."""
    found = [outer]
    for name in path:
        found = [box for one in found for box in boxes(data, one.body, one.end) if box.name == name]
    yield from found


def _times(data: bytes, track: Box) -> Iterator[float]:
    """Milliseconds of each frame, of no more than one too many."""
    media = next(_inside(data, track, b"mdia", b"mdhd"))
    (scale,) = struct.unpack_from(">I", data, media.body + (20 if data[media.body] else 12))
    table = next(_inside(data, track, b"mdia", b"minf", b"stbl", b"stts"))
    (entries,) = struct.unpack_from(">I", data, table.body + 4)
    left = MOST_FRAMES + 1
    for entry in range(min(entries, left)):
        count, length = struct.unpack_from(">II", data, table.body + 8 + 8 * entry)
        yield from [1000 * length / scale] * min(count, left)
        left = max(left - count, 0)


def _plays(data: bytes, track: Box) -> int:
    """As libavif and browsers read it: a track longer than its one edit repeats it."""
    edit = next(_inside(data, track, b"edts", b"elst"), None)
    if edit is None:
        return 0
    if not data[edit.body + 3] & 1:
        return 1
    once, _, _ = _length(data, edit, 8)
    length, _, size = _length(data, next(_inside(data, track, b"tkhd")), 20)
    return 0 if length == _FOR_EVER[size] else -(-length // once)


def _length(data: bytes, box: Box, place: int) -> tuple[int, int, int]:
    """A length in a box, its first byte, and of how many it is: 4 where it lies at a place of the content, in newer
    boxes 8, behind two dates that are as long if there are any."""
    new = data[box.body] == 1
    at, size = box.body + place + (8 if new and place > 8 else 0), 8 if new else 4
    return int.from_bytes(data[at : at + size], "big"), at, size


def _frames(data: bytes) -> Iterator[Image.Image]:
    with by_pillow(data, "AVIF") as image:
        for frame in ImageSequence.Iterator(image):
            yield frame.copy()
