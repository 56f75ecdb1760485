"""Photos cut to other shapes, and several on one canvas."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import numpy as np

from saliency.image import resized
from saliency.types import RgbImage

SHAPES = {
    "portrait": (2 / 3, 3 / 4, 4 / 5, 9 / 16),
    "square": (1.0,),
    "panorama": (2.0, 2.4, 3.0),
    "close-up": (2 / 3, 1.0, 4 / 3, 3 / 2),
}
"""Shape -> width / height, one of which is drawn."""
WHOLE = (0.85, 1.0)  # of the largest window of a shape: how large a cut is
CLOSE = (0.35, 0.55)  # the same for close-ups
GRIDS = {2: ((1, 2), (2, 1)), 3: ((1, 3), (3, 1)), 4: ((2, 2), (2, 2), (1, 4))}
"""How many photos a collage has -> rows and columns, one of which is drawn."""
CELL_SHAPES = (2 / 3, 3 / 4, 1.0, 4 / 3, 3 / 2)
CELL = 320  # pixels of the longer side of a photo in a collage


def cut(image: RgbImage, shape: str, rng: Random) -> RgbImage:
    """A part of the photo in one of SHAPES, anywhere in it, at the photo's own scale."""
    aspect = rng.choice(SHAPES[shape])
    return _window(image, aspect, rng.uniform(*(CLOSE if shape == "close-up" else WHOLE)), rng)


def collage(images: Sequence[RgbImage], rng: Random) -> RgbImage:
    """Two to four photos, cut to one shape, side by side, with or without a line between them."""
    rows, columns = rng.choice(GRIDS[len(images)])
    aspect, line = rng.choice(CELL_SHAPES), rng.choice((0, 6, 12))
    width, height = (CELL, round(CELL / aspect)) if aspect >= 1 else (round(CELL * aspect), CELL)
    ground = rng.choice((255, 255, 24))
    canvas = np.full((rows * (height + line) + line, columns * (width + line) + line, 3), ground, np.uint8)
    for i, image in enumerate(images):
        top, left = line + i // columns * (height + line), line + i % columns * (width + line)
        part = _window(image, aspect, rng.uniform(*WHOLE), rng)
        canvas[top : top + height, left : left + width] = resized(part, (width, height))
    return canvas


def _window(image: RgbImage, aspect: float, share: float, rng: Random) -> RgbImage:
    """A window of this shape, `share` as wide as the widest there is."""
    height, width = image.shape[:2]
    wide = share * min(width, height * aspect)
    size = max(1, round(wide)), max(1, min(height, round(wide / aspect)))
    left, top = rng.randint(0, width - size[0]), rng.randint(0, height - size[1])
    return image[top : top + size[1], left : left + size[0]]
