"""PNG, its chunks written by hand."""

from __future__ import annotations

import struct
import zlib
from functools import partial

import numpy as np

from tests.corpus.kind import (
    HEIGHT,
    P3_TO_SRGB,
    REC2020_TO_SRGB,
    ROUGH,
    SCENE,
    WIDTH,
    XMP,
    Kind,
    exif,
    linear_from_srgb,
    lying,
    over_white,
    srgb_from_linear,
    srgb_profile,
)  # fmt: skip

MIME = "image/png"
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(name: bytes, content: bytes, wrong_sum: bool = False) -> bytes:
    found = zlib.crc32(name + content) ^ wrong_sum
    return struct.pack(">I4s", len(content), name) + content + struct.pack(">I", found)


def rows_of(pixels: np.ndarray) -> bytes:
    """Without filters; 16-bit numbers as big ones first."""
    plain = pixels.astype(pixels.dtype.newbyteorder(">")).reshape(len(pixels), -1)
    return b"".join(b"\0" + row.tobytes() for row in plain)


def png(pixels: np.ndarray, *notes: bytes, colour: int = 2, depth: int = 8, late: bytes = b"") -> bytes:
    """A file of (H, W) or (H, W, channels) pixels; notes: chunks before them; late: those after them."""
    header = struct.pack(">IIBBBBB", pixels.shape[1], pixels.shape[0], depth, colour, 0, 0, 0)
    parts = [chunk(b"IHDR", header), *notes, chunk(b"IDAT", zlib.compress(rows_of(pixels))), late, chunk(b"IEND", b"")]
    return SIGNATURE + b"".join(parts)


def noted(*notes: bytes) -> bytes:
    return png(SCENE, *notes)


def turned(orientation: int) -> bytes:
    return png(lying(SCENE, orientation), chunk(b"eXIf", exif(orientation)[6:]))


def profile(size: int = 0) -> bytes:
    """sRGB with red and blue exchanged; a text in it makes it larger."""
    plain = srgb_profile()
    exchanged = plain.replace(b"rXYZ", b"tmp!").replace(b"bXYZ", b"rXYZ").replace(b"tmp!", b"bXYZ") + bytes(size)
    return struct.pack(">I", len(exchanged)) + exchanged[4:]


def grey_16(key: int | None = None) -> bytes:
    values = np.linspace(0, 65535, WIDTH * HEIGHT).reshape(HEIGHT, WIDTH).astype(np.uint16)
    if key is None:
        return png(values, colour=0, depth=16)
    values[:20] = key
    return png(values, chunk(b"tRNS", struct.pack(">H", key)), colour=0, depth=16)


def grey_answer(holes: int = 0) -> np.ndarray:
    values = np.linspace(0, 255, WIDTH * HEIGHT).reshape(HEIGHT, WIDTH)
    values[:holes] = 255
    return np.repeat(values[..., None], 3, axis=2).astype(np.uint8)


def rgb_16() -> bytes:
    return png(SCENE.astype(np.uint16) * 257, depth=16)


def alpha() -> np.ndarray:
    return np.tile(np.linspace(0, 1, WIDTH), (HEIGHT, 1))


def rgba() -> bytes:
    opacity = np.round(alpha() * 255).astype(np.uint8)
    return png(np.dstack([SCENE, opacity]), colour=6)


def cut(share: float, image: np.ndarray = ROUGH, interlaced: bool = False) -> bytes:
    data = adam7(image) if interlaced else png(image)
    start, end = data.index(b"IDAT") + 4, data.rindex(b"IEND") - 8
    return data[: start + int((end - start) * share)]


def flipped(at: float) -> bytes:
    data = bytearray(png(ROUGH))
    start, end = data.index(b"IDAT") + 4, data.rindex(b"IEND") - 8
    data[start + int((end - start) * at)] ^= 0xFF
    return bytes(data)


def adam7(image: np.ndarray) -> bytes:
    """Interlaced, its passes taken by hand."""
    passes = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
    data = b"".join(rows_of(np.ascontiguousarray(image[y::dy, x::dx])) for x, y, dx, dy in passes)
    header = struct.pack(">IIBBBBB", image.shape[1], image.shape[0], 8, 2, 0, 0, 1)
    return SIGNATURE + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


def animated() -> bytes:
    """A default picture that is not part of the animation; its first frame is smaller than the canvas."""
    frame = struct.pack(">IIIIIHHBB", 0, 40, 30, 8, 16, 1, 10, 0, 0)
    part = np.ascontiguousarray(SCENE[16:46, 8:48])
    frames = chunk(b"fcTL", frame) + chunk(b"fdAT", struct.pack(">I", 1) + zlib.compress(rows_of(part)))
    second = chunk(b"fcTL", struct.pack(">I", 2) + frame[4:])
    second += chunk(b"fdAT", struct.pack(">I", 3) + zlib.compress(rows_of(part[::-1])))
    return png(255 - SCENE, chunk(b"acTL", struct.pack(">II", 2, 0)), late=frames + second)


def animated_answer() -> np.ndarray:
    answer = np.full_like(SCENE, 255)
    answer[16:46, 8:48] = SCENE[16:46, 8:48]
    return answer


def gamma(value: float) -> bytes:
    return chunk(b"gAMA", struct.pack(">I", round(value * 100_000)))


def chromaticities(*xy: float) -> bytes:
    return chunk(b"cHRM", struct.pack(">8I", *(round(value * 100_000) for value in xy)))


def code_points(primaries: int, transfer: int) -> bytes:
    return noted(chunk(b"cICP", bytes((primaries, transfer, 0, 1))))


def from_linear(matrix: np.ndarray, light: np.ndarray) -> np.ndarray:
    return np.round(srgb_from_linear(light @ matrix.T)).astype(np.uint8)


P3 = (0.3127, 0.3290, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060)
BIG_TEXT = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"x" * 3_000_000))
RAW_EXIF = b"Raw profile type exif\0\nexif\n%8d\n%s\n" % (len(exif(6)), exif(6).hex().encode())
KINDS = [
    *(Kind(f"PNG, EXIF orientation {turn}", MIME, partial(turned, turn), SCENE, tolerance=0) for turn in range(1, 9)),
    Kind("PNG, orientation in XMP alone", MIME, lambda: noted(chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP)),
         SCENE, tolerance=0),
    Kind("PNG, orientation in a text", MIME, lambda: noted(chunk(b"tEXt", RAW_EXIF)), SCENE, tolerance=0),
    Kind("PNG, EXIF after the pixels", MIME, lambda: png(SCENE, late=chunk(b"eXIf", exif(6)[6:])), SCENE, tolerance=0),
    Kind("PNG, RGB of 16 bits", MIME, rgb_16, SCENE, tolerance=0),
    Kind("PNG, grey of 16 bits", MIME, grey_16, grey_answer(), tolerance=1),
    Kind("PNG, grey of 16 bits, one value transparent", MIME, partial(grey_16, 12345), grey_answer(20), tolerance=1),
    Kind("PNG, alpha", MIME, rgba, over_white(SCENE, alpha()), tolerance=1),
    Kind("PNG, interlaced", MIME, lambda: adam7(SCENE), SCENE, tolerance=0),
    Kind("PNG, palette, entries of it transparent", MIME,
         lambda: png(np.eye(8, dtype=np.uint8), chunk(b"PLTE", bytes((9, 99, 199, 0, 0, 0))), chunk(b"tRNS", b"\xff\0"),
                     colour=3),
         np.where(np.eye(8)[..., None] > 0, 255, (9, 99, 199)).astype(np.uint8), tolerance=0),
    Kind("PNG, 3 MB of text", MIME, partial(noted, BIG_TEXT), SCENE, tolerance=0),
    Kind("PNG, colour profile", MIME, lambda: noted(chunk(b"iCCP", b"x\0\0" + zlib.compress(profile()))),
         SCENE[..., ::-1]),
    Kind("PNG, colour profile of 2 MB", MIME,
         lambda: noted(chunk(b"iCCP", b"x\0\0" + zlib.compress(profile(2_000_000)))), SCENE[..., ::-1], browser=False),
    Kind("PNG, text with a wrong check sum", MIME, lambda: noted(chunk(b"tEXt", b"a\0b", True)), SCENE, tolerance=0),
    Kind("PNG, pixels with a wrong check sum", MIME,
         lambda: noted()[:-13] + bytes([noted()[-13] ^ 1]) + noted()[-12:], SCENE, tolerance=0),
    Kind("PNG, gamma too short", MIME, partial(noted, chunk(b"gAMA", b"ab")), SCENE, tolerance=0),
    Kind("PNG, transparency too short", MIME, partial(noted, chunk(b"tRNS", b"ab")), SCENE, tolerance=0),
    Kind("PNG, header with a wrong check sum", MIME, lambda: noted().replace(b"\x08\x02\0\0\0", b"\x08\x02\0\0\1", 1),
         refused="damaged or incomplete"),
    Kind("PNG, last twentieth missing", MIME, partial(cut, 0.95), ROUGH, tolerance=0, damaged=True, browser=False),
    Kind("PNG, interlaced, last twentieth missing", MIME, partial(cut, 0.95, interlaced=True), ROUGH, tolerance=3,
         damaged=True, browser=False),
    Kind("PNG, half of it", MIME, partial(cut, 0.5), refused="damaged or incomplete", browser=False),
    Kind("PNG, a byte of its pixels flipped early", MIME, partial(flipped, 0.1), refused="damaged or incomplete",
         browser=False),
    Kind("PNG, default picture outside the animation", MIME, animated, animated_answer(), tolerance=0),
    Kind("PNG, gamma 1.0", MIME, lambda: noted(gamma(1.0)), np.round(srgb_from_linear(SCENE / 255)).astype(np.uint8)),
    Kind("PNG, gamma 0.45455", MIME, lambda: noted(gamma(0.45455)), SCENE),
    Kind("PNG, chromaticities of P3", MIME, lambda: noted(gamma(0.45455), chromaticities(*P3)),
         from_linear(P3_TO_SRGB, (SCENE / 255) ** 2.2)),
    Kind("PNG, code points of P3", MIME, partial(code_points, 12, 13),
         from_linear(P3_TO_SRGB, linear_from_srgb(SCENE.astype(float)))),
    Kind("PNG, code points of Rec. 2020", MIME, partial(code_points, 9, 13),
         from_linear(REC2020_TO_SRGB, linear_from_srgb(SCENE.astype(float)))),
    Kind("PNG, code points of PQ", MIME, partial(code_points, 9, 16), tolerance=1),
    Kind("PNG, code points of HLG", MIME, partial(code_points, 9, 18), tolerance=1),
    Kind("PNG, cut in its header", MIME, lambda: SIGNATURE + b"\0\0\0\x0dIHDR\0\0", refused="damaged or incomplete"),
]  # fmt: skip
