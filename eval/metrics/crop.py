"""Crops against fixations."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from saliency.types import Aspect, Box

FORMATS: tuple[Aspect, ...] = tuple(Aspect.parse(text) for text in ("1:1", "16:9", "9:16", "4:5", "2:1", "3:1"))
SAME_SHAPE = 0.02  # a format within 2 % of the image's own needs no crop and is left out


def formats_for(size: tuple[int, int], formats: Sequence[Aspect] = FORMATS) -> list[Aspect]:
    """The formats that an image of `size` = (width, height) must be cropped for."""
    own = size[0] / size[1]
    return [aspect for aspect in formats if abs(aspect.ratio / own - 1) > SAME_SHAPE]


def gaze_kept(box: Box, fixations: NDArray[np.floating]) -> float:
    """The share of fixations, (N, 2) as (x, y) in pixels, that lie inside the box; NaN without fixations."""
    x, y = np.asarray(fixations).T
    inside = (x >= box.left) & (x < box.right) & (y >= box.top) & (y < box.bottom)
    return float(inside.mean()) if len(inside) else float("nan")
