"""JPEG: read by simplejpeg, which makes no detours; what is unusual, by Pillow; when that fails, without what stands
around the picture and with an end where none is."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
import simplejpeg
from PIL import Image

from saliency.files.counted import steps
from saliency.files.errors import ImageError
from saliency.files.ifd import exif_orientation
from saliency.files.mended import Check, Mended
from saliency.files.progressive import MARKER, first_scans
from saliency.files.stored import Size, Stored, by_pillow, decoder_of
from saliency.types import RgbImage

_END = b"\xff\xd9"
_BARE = (0x01, *range(0xD0, 0xD8))  # markers without a length: TEM and restarts
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_SCAN = 0xDA
LEAST_SIDE = 64  # pixels: of smaller ones several scales round to one size
MOST_SCANS = 50  # encoders write a dozen, the most thorough ones two
_LOSSLESS = (0xC3, 0xC7, 0xCB, 0xCF)


def read(data: bytes) -> Stored:
    """The picture with its header read. Raises ImageError for a kind of JPEG that cannot be decoded."""
    _check_kind(data)
    _check_scans(data)
    image = by_pillow(data, "JPEG")
    profile = image.info.get("icc_profile", b"")
    usual = image.mode == "RGB" and not profile and min(image.size) >= LEAST_SIDE
    return Stored(
        image.size,
        partial(_decoded, image, data),
        exif_orientation(image.info.get("exif", b"")),
        profile,
        quick=partial(_pixels, image, data) if usual else lambda _: None,
    )


def _decoded(image: Image.Image, data: bytes, least: Size | None) -> Image.Image:
    """By Pillow, which has opened it, no finer than it need be."""
    needed = _needed(image, data, least)
    return decoder_of(image if needed is data else by_pillow(needed, "JPEG"))(least)


def _pixels(image: Image.Image, data: bytes, least: Size | None) -> RgbImage | None:
    """The pixels that Pillow would give, without its own copies of them; None where anything is odd about the file:
    Pillow then tells what can be used of it."""
    needed = _needed(image, data, least)
    width, height = image.size
    try:
        pixels = simplejpeg.decode_jpeg(needed, "RGB", min_height=height, min_width=width)
    except ValueError:
        return None
    return np.asarray(pixels) if pixels.shape == (height, width, 3) else None


def _needed(image: Image.Image, data: bytes, least: Size | None) -> bytes:
    """What of the file is needed for a size, which the image, not yet decoded, now has or a little more."""
    whole = image.width
    if least:
        image.draft(None, least)
    return first_scans(data, round(whole / image.width)) if "progressive" in image.info else data


def mend(data: bytes, check: Check) -> Mended:
    """The file with what is broken around the picture taken out, and with an end."""
    whole = bytearray(data[:2])
    body = 2
    for marker, start, end in segments(data):
        body = end
        if marker == 0xE0 and end - start < 16:  # JFIF says 16 bytes; Pillow stumbles over fewer
            continue
        if 0xE1 <= marker <= 0xEF and data[start + 4 : start + 9] not in (b"Exif\0", b"ICC_P", b"Adobe"):
            continue
        whole += data[start:end]
    whole += data[body:]
    if _END in data[body:][-16:]:
        return Mended(bytes(whole))
    width, height = size = by_pillow(bytes(whole) + _END, "JPEG").size
    check(size)
    rows = _rows_there(bytes(whole))
    return Mended(bytes(whole) + _END, (0, 0, width, rows) if rows < height else None, damage="its end is missing")


def segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Marker, first byte and end of each segment up to where the pixels begin. Raises DamagedError for too many."""
    at, left = 2, steps()
    while at + 4 <= len(data):
        next(left)
        if data[at] != 0xFF:
            return
        marker = data[at + 1]
        if marker == 0xFF or marker in _BARE:
            at += 1 if marker == 0xFF else 2
            continue
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        yield marker, at, end
        if marker == _SCAN:
            return
        at = end


def _check_kind(data: bytes) -> None:
    for marker, start, _ in segments(data):
        if marker in _FRAMES:
            bits = data[start + 4] if len(data) > start + 4 else 8
            what = "lossless" if marker in _LOSSLESS else f"{bits} bits" if bits != 8 else ""
            if what:
                raise ImageError(f"this kind of JPEG ({what}) is not supported; save it as a usual JPEG, or as PNG")
            return


def _check_scans(data: bytes) -> None:
    """A scan of a few bytes may go over the whole picture, and a file have a hundred thousand of them."""
    if data.count(b"\xff\xda") <= MOST_SCANS:  # of a picture within the picture too
        return
    count, at = 0, next((start for marker, start, _ in segments(data) if marker == _SCAN), len(data))
    while at + 4 <= len(data) and data[at + 1] != _END[1]:
        count += data[at + 1] == _SCAN
        if count > MOST_SCANS:
            told = f"the picture is stored in more than {MOST_SCANS} scans, each as much work as a picture"
            raise ImageError(f"{told}; save it as a usual JPEG, or as PNG")
        found = MARKER.search(data, at + 2 + int.from_bytes(data[at + 2 : at + 4], "big"))
        at = found.start() if found else len(data)


def _rows_there(data: bytes) -> int:
    """How many rows the bytes say, counted from the top: those that do not depend on what comes after the last byte."""
    pictures = []
    for filler in (b"", b"\x5a" * 4096, b"\xa5\x3c" * 2048):
        image = by_pillow(data + filler + _END, "JPEG")
        image.load()
        pictures.append(np.asarray(image))
    first, *others = pictures
    # a progressive file is there as a whole, only less fine, once its first scan is
    much = 64 if first.size and "progressive" in image.info else 0
    differs = np.zeros(first.shape[0], bool)
    for other in others:
        differs |= (np.abs(first.astype(np.int16) - other) > much).reshape(first.shape[0], -1).any(axis=1)
    return int(differs.argmax()) if differs.any() else int(first.shape[0])
