"""Pictures with one channel of more than 8 bits, brought to 8, a strip at a time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from saliency.files.stored import Grey

STRIP = 1 << 18  # pixels that are converted at a time


def is_deep(image: Image.Image) -> bool:
    """Whether it has one channel of whole numbers of more than 8 bits, or of fractions."""
    return image.mode.startswith("I") or image.mode == "F"


def strips(image: Image.Image, pixels: int = STRIP) -> Iterator[tuple[int, Image.Image]]:
    """The first row of each strip of the image, and the strip."""
    step = max(1, pixels // image.width)
    if step >= image.height:
        yield 0, image
        return
    for top in range(0, image.height, step):
        yield top, image.crop((0, top, image.width, min(top + step, image.height)))


def to_8_bit(image: Image.Image, grey: Grey) -> Image.Image:
    """A deep image as "L". Where nothing says what black and white are, its own values do: see `_range`."""
    black, white = grey.black, grey.white
    if black is None or white is None:
        black, white = (0.0, 65535.0) if image.mode.startswith("I;16") else _range(image, grey)
    result = np.empty((image.height, image.width), np.uint8)
    scale = np.float32(255 / (white - black))
    for top, strip in strips(image):
        values = np.clip(_values(strip, grey), black, white) - np.float32(black)
        found = np.round(values * scale).astype(np.uint8)
        result[top : top + strip.height] = 255 - found if grey.inverted else found
    return Image.fromarray(result)


def _values(strip: Image.Image, grey: Grey) -> NDArray[np.floating]:
    """Its values; what is no number is 0. 32-bit whole numbers need float64."""
    values = np.asarray(strip)
    if strip.mode == "I":
        return (values.view(np.uint32) if grey.unsigned else values).astype(np.float64)
    return np.nan_to_num(values.astype(np.float32), nan=0.0, posinf=np.inf, neginf=-np.inf)


def _range(image: Image.Image, grey: Grey) -> tuple[float, float]:
    """The range that 32-bit and float pixels are spread over: unit, 8-bit or 16-bit range where they fit, else their
    own."""
    low, high = np.inf, -np.inf
    for _, strip in strips(image):
        values = _values(strip, grey)
        finite = values[np.isfinite(values)]
        if finite.size:
            low, high = min(low, float(finite.min())), max(high, float(finite.max()))
    if low > high:
        return 0.0, 1.0
    for top in (1.0, 255.0, 65535.0):
        if low >= 0 and high <= top:
            return 0.0, top
    return low, high
