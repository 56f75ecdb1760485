"""AVIF and HEIC: files of Pillow's and libheif's, their boxes changed."""

from __future__ import annotations

import struct
from functools import partial

import numpy as np

from tests.corpus.kind import (
    HEIGHT,
    P3_TO_SRGB,
    SCENE,
    WIDTH,
    XMP,
    Kind,
    encoded,
    exif,
    linear_from_srgb,
    lying,
    over_white,
)
from tests.corpus.pngs import from_linear

MIME, HEIC = "image/avif", "image/heic"
BEST = {"quality": 95, "subsampling": "4:4:4"}
OPACITY = np.tile(np.linspace(0, 1, WIDTH), (HEIGHT, 1))


def turned(orientation: int) -> bytes:
    return encoded(lying(SCENE, orientation), "AVIF", exif=exif(orientation), **BEST)


def code_points(primaries: int, transfer: int) -> bytes:
    data = bytearray(encoded(SCENE, "AVIF", **BEST))
    at = data.index(b"nclx") + 4
    data[at : at + 4] = struct.pack(">HH", primaries, transfer)
    return bytes(data)


def see_through() -> bytes:
    return encoded(np.dstack([SCENE, np.round(OPACITY * 255).astype(np.uint8)]), "AVIF", **BEST)


def two_property_boxes() -> bytes:
    """Properties of the colours in one box, of the opacity in another of its kind, as some encoders write them."""
    data = bytearray(see_through())
    start = data.index(b"ipma") - 4
    (size,) = struct.unpack_from(">I", data, start)
    head, (count,) = data[start + 8 : start + 12], struct.unpack_from(">I", data, start + 12)
    entries, at = [], start + 16
    for _ in range(count):
        length = 3 + data[at + 2] * (2 if head[3] & 1 else 1)
        entries.append(data[at : at + length])
        at += length
    boxes = [struct.pack(">I4s", 16 + len(entry), b"ipma") + head + struct.pack(">I", 1) + entry for entry in entries]
    data = bytearray(data[:start] + b"".join(boxes) + data[start + size :])
    grown = sum(map(len, boxes)) - size
    for name in (b"meta", b"iprp"):
        at = data.index(name) - 4
        data[at : at + 4] = struct.pack(">I", struct.unpack_from(">I", data, at)[0] + grown)
    moved(data, grown)
    return bytes(data)


def moved(data: bytearray, by: int) -> None:
    """Where the items lie, so many bytes later: of a box as libavif writes it."""
    at = data.index(b"iloc") + 4
    assert data[at : at + 6] == b"\0\0\0\0\x44\0"
    (count,) = struct.unpack_from(">H", data, at + 6)
    at += 8
    for _ in range(count):
        (extents,) = struct.unpack_from(">H", data, at + 4)
        for extent in range(extents):
            place = at + 6 + 8 * extent
            struct.pack_into(">I", data, place, struct.unpack_from(">I", data, place)[0] + by)
        at += 6 + 8 * extents


def empty_exif() -> bytes:
    """A block of EXIF without a byte."""
    data = bytearray(encoded(SCENE, "AVIF", exif=exif(1, (0x128, 3, b"\2\0\0\0")), **BEST))
    at = data.index(b"iloc") + 4
    (count,) = struct.unpack_from(">H", data, at + 6)
    struct.pack_into(">I", data, at + 8 + 14 * (count - 1) + 10, 0)
    return bytes(data)


KINDS = [
    *(Kind(f"AVIF, orientation {turn}", MIME, partial(turned, turn), SCENE, tolerance=3) for turn in range(1, 9)),
    Kind("AVIF, orientation in XMP alone", MIME, lambda: encoded(SCENE, "AVIF", xmp=XMP, **BEST), SCENE, tolerance=3),
    # Chromium stretches the opacity of these, libvips does not
    Kind("AVIF, alpha", MIME, see_through, over_white(SCENE, OPACITY), tolerance=3, browser=False),
    Kind("AVIF, alpha, its properties in two boxes", MIME, two_property_boxes, over_white(SCENE, OPACITY), tolerance=3,
         browser=False),
    Kind("AVIF, EXIF empty", MIME, empty_exif, SCENE, tolerance=3),
    Kind("AVIF, code points of P3", MIME, partial(code_points, 12, 13),
         from_linear(P3_TO_SRGB, linear_from_srgb(SCENE.astype(float))), tolerance=4),
    Kind("AVIF, code points of Rec. 2020", MIME, partial(code_points, 9, 1), tolerance=1),
    Kind("AVIF, code points of PQ", MIME, partial(code_points, 9, 16), tolerance=1),
    Kind("AVIF, code points of HLG", MIME, partial(code_points, 9, 18), tolerance=1),
    Kind("AVIF, half of it", MIME, lambda: see_through()[:900], refused="damaged or incomplete", browser=False),
    *(Kind(f"HEIC, orientation {turn}", HEIC,
           partial(encoded, lying(SCENE, turn), "HEIF", quality=95, exif=exif(turn)), SCENE, tolerance=4)
      for turn in range(1, 9)),
]  # fmt: skip
