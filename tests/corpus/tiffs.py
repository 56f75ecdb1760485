"""TIFF, written by hand: Pillow writes few of its kinds."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from functools import partial

import numpy as np
from PIL import Image

from tests.corpus.kind import HEIGHT, SCENE, WIDTH, XMP, Kind, encoded, lying, over_white

MIME = "image/tiff"
GREY = SCENE[..., 1]
GREY_ANSWER = np.repeat(GREY[..., None], 3, axis=2)
Values = tuple[int, ...] | bytes


def tiff(
    strips: list[bytes], tags: Mapping[int, Values], size: tuple[int, int] = (WIDTH, HEIGHT), order: str = "<"
) -> bytes:
    """A file of strips of pixels. tags: beside those of its size and strips; whole numbers below 65536, or bytes."""
    body = (b"II*\0" if order == "<" else b"MM\0*") + bytes(4)
    places = []
    for strip in strips:
        places.append(len(body))
        body += strip + bytes(len(strip) % 2)
    whole: dict[int, tuple[int, Values]] = {256: (4, size[:1]), 257: (4, size[1:]), 278: (4, size[1:])}
    whole |= {273: (4, tuple(places)), 279: (4, tuple(len(strip) for strip in strips))}
    whole |= {number: (7 if isinstance(value, bytes) else 3, value) for number, value in tags.items()}
    entries = b""
    for number, (kind, value) in sorted(whole.items()):
        packed = (
            value
            if isinstance(value, bytes)
            else struct.pack(f"{order}{len(value)}{'H' if kind == 3 else 'I'}", *value)
        )
        if len(packed) > 4:
            body += bytes(len(body) % 2)
            place = struct.pack(order + "I", len(body))
            body += packed
        else:
            place = packed.ljust(4, b"\0")
        entries += struct.pack(order + "HHI", number, kind, len(value)) + place
    body += bytes(len(body) % 2)
    folder = struct.pack(order + "H", len(whole)) + entries + bytes(4)
    return body[:4] + struct.pack(order + "I", len(body)) + body[8:] + folder


def grey(values: np.ndarray, bits: int, photometric: int = 1, form: int = 1, order: str = "<") -> bytes:
    data = values.astype(values.dtype.newbyteorder("<" if order == "<" else ">")).tobytes()
    return tiff([data], {258: (bits,), 259: (1,), 262: (photometric,), 277: (1,), 339: (form,)}, order=order)


def turned(orientation: int, compression: str | None = None) -> bytes:
    tags = Image.Exif()
    tags[274] = orientation
    return encoded(lying(SCENE, orientation), "TIFF", exif=tags, compression=compression)


def planar(packed: bool, order: str = "<") -> bytes:
    planes = (SCENE.astype(np.uint16) * 257).transpose(2, 0, 1)
    data = [plane.astype(plane.dtype.newbyteorder(order)).tobytes() for plane in planes]
    tags: dict[int, Values] = {258: (16,) * 3, 259: (8 if packed else 1,), 262: (2,), 277: (3,), 284: (2,)}
    return tiff([zlib.compress(plane) if packed else plane for plane in data], tags, order=order)


def small_palette() -> bytes:
    """Its entries are of 8 bits, where the format asks for 16."""
    index = (np.arange(WIDTH * HEIGHT).reshape(HEIGHT, WIDTH) % 256).astype(np.uint8)
    ramp = tuple(range(256))
    return tiff([index.tobytes()], {258: (8,), 259: (1,), 262: (3,), 277: (1,), 320: ramp + ramp[::-1] + ramp})


def palette_answer() -> np.ndarray:
    index = np.arange(WIDTH * HEIGHT).reshape(HEIGHT, WIDTH) % 256
    return np.dstack([index, 255 - index, index]).astype(np.uint8)


def twelve() -> bytes:
    values = np.round(GREY / 255 * 4095).astype(int).reshape(-1, 2)
    first, second = values[:, 0], values[:, 1]
    packed = np.stack([first >> 4, (first & 15) << 4 | second >> 8, second & 255], axis=1).astype(np.uint8)
    return tiff([packed.tobytes()], {258: (12,), 259: (1,), 262: (1,), 277: (1,)})


def see_through(kind: int) -> bytes:
    """Grey with opacity; kind: 1 for grey that is multiplied by it, 2 for one that is not."""
    opacity = np.tile(np.linspace(0, 255, WIDTH), (HEIGHT, 1))
    values = GREY * opacity / 255 if kind == 1 else GREY
    pixels = np.round(np.dstack([values, opacity])).astype(np.uint8)
    return tiff([pixels.tobytes()], {258: (8, 8), 259: (1,), 262: (1,), 277: (2,), 338: (kind,)})


def with_xmp() -> bytes:
    return tiff([SCENE.tobytes()], {258: (8, 8, 8), 259: (1,), 262: (2,), 277: (3,), 700: XMP})


def raw(make: bytes, changes: Mapping[int, Values], sensor: bool = False) -> bytes:
    """As cameras write: a picture to look at first, and with sensor its mosaic in a folder below."""
    tags: dict[int, Values] = {254: (0 if sensor else 1,), 258: (8, 8, 8), 259: (1,), 262: (2,), 271: make, 277: (3,)}
    strips = [SCENE.tobytes()]
    if sensor:
        tags[330] = (8 + len(strips[0]),)
        strips.append(struct.pack("<HHHIII", 1, 262, 3, 1, 32803, 0))
    return tiff(strips, {**tags, **changes})


def odd(changes: Mapping[int, Values]) -> bytes:
    return tiff([SCENE.tobytes()], {258: (8, 8, 8), 259: (1,), 262: (2,), 277: (3,), **changes})


OPACITY = np.tile(np.linspace(0, 1, WIDTH), (HEIGHT, 1))
FLOAT = np.linspace(0, 1, WIDTH * HEIGHT, dtype=np.float32).reshape(HEIGHT, WIDTH)
FLOAT_ANSWER = np.repeat(np.round(FLOAT * 255).astype(np.uint8)[..., None], 3, axis=2)
DEEP = GREY.astype(np.uint16) * 257
WIDE = np.linspace(0, 2**32 - 1, WIDTH * HEIGHT).reshape(HEIGHT, WIDTH)
KINDS = [
    *(Kind(f"TIFF, orientation {turn}", MIME, partial(turned, turn), SCENE, tolerance=0) for turn in range(1, 9)),
    *(Kind(f"TIFF, packed, orientation {turn}", MIME, partial(turned, turn, "tiff_lzw"), SCENE, tolerance=0)
      for turn in (1, 3, 6, 8)),
    Kind("TIFF, orientation in XMP alone", MIME, with_xmp, SCENE, tolerance=0),
    Kind("TIFF, 16 bits, channels one after the other", MIME, partial(planar, False), SCENE, tolerance=0),
    Kind("TIFF, 16 bits, channels one after the other, packed", MIME, partial(planar, True), SCENE, tolerance=0),
    Kind("TIFF, 16 bits, channels one after the other, big-endian", MIME, partial(planar, False, ">"), SCENE,
         tolerance=0),
    Kind("TIFF, palette with entries of 8 bits", MIME, small_palette, palette_answer(), tolerance=0),
    Kind("TIFF, grey of 12 bits", MIME, twelve, GREY_ANSWER, tolerance=0.5),
    Kind("TIFF, grey of 16 bits", MIME, partial(grey, DEEP, 16), GREY_ANSWER, tolerance=0),
    Kind("TIFF, grey of 16 bits, white is zero", MIME, partial(grey, 65535 - DEEP, 16, 0), GREY_ANSWER, tolerance=0),
    Kind("TIFF, grey of 16 bits, white is zero, big-endian", MIME,
         partial(grey, 65535 - DEEP, 16, 0, 1, ">"), GREY_ANSWER, tolerance=0),
    Kind("TIFF, grey of 32 bits without sign", MIME, partial(grey, WIDE.astype(np.uint32), 32), FLOAT_ANSWER,
         tolerance=0.5),
    Kind("TIFF, grey of fractions", MIME, partial(grey, FLOAT, 32, 1, 3), FLOAT_ANSWER, tolerance=0.5),
    Kind("TIFF, grey with opacity", MIME, partial(see_through, 2), over_white(GREY_ANSWER, OPACITY), tolerance=1),
    Kind("TIFF, grey multiplied by opacity", MIME, partial(see_through, 1), over_white(GREY_ANSWER, OPACITY),
         tolerance=1),
    Kind("TIFF, compression unknown", MIME, partial(odd, {259: (60000,)}), refused=r"TIFF \(RGB.*compression 60000\)"),
    Kind("TIFF, RGB of 5 bits", MIME, partial(odd, {258: (5, 5, 5)}), refused=r"this kind of TIFF \(RGB of 5 bits"),
    Kind("TIFF, its header cut", MIME, lambda: odd({})[:-40], refused="damaged or incomplete"),
    Kind("TIFF, its pixels cut", MIME, lambda: tiff([b"\0" * 100], {258: (8,), 259: (8,), 262: (1,), 277: (1,)}),
         refused="damaged or incomplete"),
    Kind("raw file of Nikon", MIME, partial(raw, b"NIKON CORPORATION\0", {}, True),
         refused="Nikon NEF.*export it as JPEG"),
    Kind("raw file of Kodak", MIME, partial(raw, b"EASTMAN KODAK COMPANY\0", {}), refused="Kodak KDC"),
    Kind("raw file of Adobe", MIME, partial(raw, b"Leica\0", {50706: b"\1\4\0\0"}), refused="Adobe DNG"),
    Kind("raw file of an unknown maker", MIME, partial(raw, b"Someone\0", {262: (32803,)}), refused="raw file"),
]  # fmt: skip
