"""BMP, written by hand where channels have masks."""

from __future__ import annotations

import struct
from functools import partial

import numpy as np

from tests.corpus.kind import HEIGHT, ROUGH, SCENE, WIDTH, Kind, encoded, over_white

MIME = "image/bmp"


def masked(bits: int, masks: tuple[int, ...], opacity: np.ndarray | None = None, from_top: bool = False) -> bytes:
    """masks: of red, green, blue and opacity, each as many bits as it has ones."""
    channels = [*SCENE.transpose(2, 0, 1) / 255, np.ones((HEIGHT, WIDTH)) if opacity is None else opacity]
    values = np.zeros((HEIGHT, WIDTH), np.uint32)
    for channel, mask in zip(channels, masks, strict=False):
        low = (mask & -mask).bit_length() - 1
        values |= np.round(channel * (mask >> low)).astype(np.uint32) << np.uint32(low)
    return masked_file(values, bits, masks, from_top)


def masked_file(values: np.ndarray, bits: int, masks: tuple[int, ...], from_top: bool = False) -> bytes:
    """values: (H, W) of whole numbers, the channels of a pixel in one."""
    rows = values.astype("<u2" if bits == 16 else "<u4")
    pixels = (rows if from_top else rows[::-1]).tobytes()
    height = -len(rows) if from_top else len(rows)
    header = struct.pack("<IiiHHIIiiII", 124, rows.shape[1], height, 1, bits, 3, len(pixels), 2835, 2835, 0, 0)
    header += struct.pack("<4I", *(*masks, 0, 0)[:4]) + b"BGRs" + bytes(48) + struct.pack("<IIII", 4, 0, 0, 0)
    return struct.pack("<2sIHHI", b"BM", 14 + 124 + len(pixels), 0, 0, 14 + 124) + header + pixels


def rounded(bits: int) -> np.ndarray:
    top = 2**bits - 1
    return np.round(np.round(SCENE / 255 * top) / top * 255).astype(np.uint8)


def cut(share: float) -> bytes:
    data = encoded(ROUGH, "BMP")
    return data[: int(len(data) * share)]


def far() -> bytes:
    """Half a gigabyte behind the end, where a file that breaks off would be filled up to."""
    data = encoded(SCENE, "BMP")
    return data[:10] + struct.pack("<I", 1 << 29) + data[14:]


HALF = (np.arange(WIDTH * HEIGHT).reshape(HEIGHT, WIDTH) % 2).astype(float)
FOUR, FIVE = (0xF00, 0xF0, 0xF), (0x7C00, 0x3E0, 0x1F)
TEN = (0x3FF00000, 0xFFC00, 0x3FF)
KINDS = [
    Kind("BMP, 4 bits a channel", MIME, partial(masked, 16, FOUR), rounded(4), tolerance=1),
    Kind("BMP, 4 bits a channel and of opacity", MIME, partial(masked, 16, (*FOUR, 0xF000), HALF),
         over_white(rounded(4), HALF), tolerance=1),
    Kind("BMP, 5 bits a channel and one of opacity", MIME, partial(masked, 16, (*FIVE, 0x8000), HALF),
         over_white(rounded(5), HALF), tolerance=1),
    # Chromium shows nothing of it
    Kind("BMP, opacity never filled in", MIME, partial(masked, 16, (*FIVE, 0x8000), HALF * 0), rounded(5), tolerance=1,
         browser=False),
    Kind("BMP, 10 bits a channel", MIME, partial(masked, 32, TEN), SCENE, tolerance=1),
    Kind("BMP, the top row first", MIME, partial(masked, 32, (0xFF0000, 0xFF00, 0xFF), None, True), SCENE, tolerance=0),
    Kind("BMP, last tenth missing", MIME, partial(cut, 0.9), ROUGH, tolerance=0, damaged=True, browser=False),
    Kind("BMP, its pixels far beyond its end", MIME, far, refused="ends before its pixels begin", browser=False),
    Kind("BMP, half of it", MIME, partial(cut, 0.5), refused="damaged or incomplete", browser=False),
]  # fmt: skip
