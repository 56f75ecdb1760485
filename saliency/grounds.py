"""Grounds that a transparent picture is laid over: to be looked at, to be shown, and for files that are opaque."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from saliency.registry import look_up
from saliency.types import Opacity, Pixels, RgbImage

SQUARES = 40  # of a checkerboard, along the longer side of the picture
CHECKER = (150, 190)  # greys from which both black and white stand out
CLEAR = 64  # levels by which a colour differs from its ground, in the channel where it does most, to be seen clearly
ENOUGH = 0.9  # the share of a picture to be seen clearly for which no other ground is tried
LOOKED_AT = 256  # pixels of the longer side at which that is counted
_STRIP = 1 << 18  # pixels that are laid over a ground at a time

Ground = Callable[[int, int, int, int], NDArray[np.uint8]]
"""top, bottom, width and height of a picture -> what lies behind these rows of it, (bottom - top, width, 1 or 3)."""


def _checker(top: int, bottom: int, width: int, height: int) -> NDArray[np.uint8]:
    side = max(1, round(max(width, height) / SQUARES))
    odd = (np.arange(top, bottom)[:, None] // side + np.arange(width) // side) % 2
    return np.asarray(CHECKER, np.uint8)[odd][..., None]


def _plain(grey: int) -> Ground:
    return lambda top, bottom, width, height: np.full((bottom - top, width, 1), grey, np.uint8)  # noqa: ARG005


def _picture(image: RgbImage) -> Ground:
    return lambda top, bottom, width, height: image[top:bottom]  # noqa: ARG005


GROUNDS: dict[str, Ground] = {"white": _plain(255), "black": _plain(0), "checker": _checker}
"""By name, the usual one first."""


def laid_over(colours: RgbImage, opacity: Opacity, ground: str | RgbImage = "white") -> RgbImage:
    """The picture as it is seen over a ground, one of GROUNDS or another picture of its size: new pixels.

    Raises ValueError for an unknown ground.
    """
    draw = look_up("ground", ground, GROUNDS) if isinstance(ground, str) else _picture(ground)
    height, width = opacity.shape
    result = np.empty_like(colours)
    step = max(1, _STRIP // width)
    for top in range(0, height, step):
        bottom = min(top + step, height)
        weight = opacity[top:bottom, :, None].astype(np.uint16)
        below = (255 - weight) * draw(top, bottom, width, height)
        result[top:bottom] = (colours[top:bottom] * weight + below + np.uint16(127)) // np.uint16(255)
    return result


def opaque(image: Pixels, ground: str | RgbImage = "white") -> RgbImage:
    """The image over a ground where it has an opacity; itself where it has none."""
    return laid_over(image[..., :3], image[..., 3], ground) if image.shape[2] == 4 else image


def best_ground(colours: RgbImage, opacity: Opacity) -> str:
    """The ground over which the picture shows most: the first of GROUNDS on which 0.9 of it is seen clearly, else the
    one on which most is.

    What counts of a pixel is its opacity times how clearly its colour differs from the ground behind it: in full from
    64 levels on.
    """
    colours, opacity = _small(colours, opacity)
    height, width = opacity.shape
    weight = opacity.astype(np.float32)
    total = float(weight.sum())
    best, most = next(iter(GROUNDS)), 0.0
    for name, draw in GROUNDS.items():
        contrast = np.abs(colours.astype(np.int16) - draw(0, height, width, height)).max(axis=2)
        seen = float((weight * np.minimum(contrast / CLEAR, 1)).sum()) / total if total else 0.0
        if seen > most:
            best, most = name, seen
        if seen >= ENOUGH:
            return name
    return best


def _small(colours: RgbImage, opacity: Opacity) -> tuple[RgbImage, Opacity]:
    """Every so many pixels of the picture: what is transparent keeps its colours apart from those beside it."""
    step = max(1, max(opacity.shape) // LOOKED_AT)
    return colours[::step, ::step], opacity[::step, ::step]
