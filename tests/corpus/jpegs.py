"""JPEG, and what it may be wrapped in."""

from __future__ import annotations

import struct
from functools import partial

import numpy as np

from tests.corpus.kind import ROUGH, SCENE, XMP, Kind, encoded, exif, lying

MIME = "image/jpeg"
BEST = {"quality": 95, "subsampling": 0}


def turned(orientation: int) -> bytes:
    return encoded(lying(SCENE, orientation), "JPEG", exif=exif(orientation), **BEST)


def unwritable() -> bytes:
    """A unit of resolution as a letter: Pillow reads the block, and cannot write it back."""
    return encoded(lying(SCENE, 6), "JPEG", exif=exif(6, (0x128, 2, b"2\0\0\0")), **BEST)


def marked(marker: int, content: bytes) -> bytes:
    """With one more segment in front."""
    data = encoded(SCENE, "JPEG", **BEST)
    return data[:2] + struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content + data[2:]


def short_jfif() -> bytes:
    data = encoded(SCENE, "JPEG", **BEST)
    return data[:2] + b"\xff\xe0\0\x07JFIF\0" + data[20:]


def cut(share: float, **options: object) -> bytes:
    data = encoded(ROUGH, "JPEG", quality=90, **options)
    return data[: int(len(data) * share)]


def without_end() -> bytes:
    return encoded(SCENE, "JPEG", **BEST)[:-2]


def scans() -> bytes:
    """Twenty bytes more for each time that a decoder goes over the whole picture."""
    data = encoded(SCENE, "JPEG", progressive=True)
    return data[:-2] + data[data.rindex(b"\xff\xda") : -2] * 200 + data[-2:]


def with_frame(marker: int, bits: int) -> bytes:
    """What says that it is of another coding, or has more bits."""
    data = bytearray(encoded(SCENE, "JPEG"))
    at = data.index(b"\xff\xc0\0\x11")
    data[at + 1], data[at + 4] = marker, bits
    return bytes(data)


GREY = np.repeat(SCENE[..., 1:2], 3, axis=2)
KINDS = [
    *(Kind(f"JPEG, EXIF orientation {turn}", MIME, partial(turned, turn), SCENE) for turn in range(1, 9)),
    Kind("JPEG, orientation in XMP alone", MIME, lambda: encoded(SCENE, "JPEG", xmp=XMP, **BEST), SCENE),
    Kind("JPEG, EXIF that cannot be written back", MIME, unwritable, SCENE),
    Kind("JPEG, EXIF broken", MIME, partial(marked, 0xE1, b"Exif\0\0II*\0\xff\xff\xff\xff"), SCENE),
    Kind("JPEG, progressive", MIME, lambda: encoded(SCENE, "JPEG", progressive=True, **BEST), SCENE),
    Kind("JPEG, grey", MIME, lambda: encoded(SCENE[..., 1], "JPEG", quality=95), GREY),
    Kind("JPEG, JFIF segment empty", MIME, short_jfif, SCENE),
    Kind("JPEG, a second segment of JFIF too short", MIME, partial(marked, 0xE0, b"JFIF\0"), SCENE),
    Kind("JPEG, Photoshop segment cut", MIME, partial(marked, 0xED, b"Photoshop 3.0\x008BIM\x03"), SCENE),
    Kind("JPEG, without its end mark", MIME, without_end, SCENE, damaged=True, browser=False),
    Kind("JPEG, last tenth missing", MIME, partial(cut, 0.9), ROUGH, tolerance=10, damaged=True, browser=False),
    Kind("JPEG, progressive, last tenth missing", MIME, partial(cut, 0.9, progressive=True), ROUGH, tolerance=12,
         damaged=True, browser=False),
    Kind("JPEG, half of it", MIME, partial(cut, 0.5), refused="damaged or incomplete", browser=False),
    Kind("JPEG, two hundred scans", MIME, scans, refused="more than 50 scans", browser=False),
    Kind("JPEG, lossless", MIME, partial(with_frame, 0xC3, 8), refused=r"this kind of JPEG \(lossless\)"),
    Kind("JPEG, 12 bits", MIME, partial(with_frame, 0xC1, 12), refused=r"this kind of JPEG \(12 bits\)"),
]  # fmt: skip
