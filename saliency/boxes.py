"""How much rectangles have in common.

A box is given by its left, top, width and height in pixels, as `Box.as_list` does; for many boxes at once these are
arrays or pandas Series, which broadcast against those of the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Sides = Sequence[Any] | NDArray[Any]


def shared_area(one: Sides, other: Sides) -> Any:
    """The area in both boxes, in square pixels."""
    (left, top, width, height), (left_2, top_2, width_2, height_2) = one, other
    across = np.minimum(left + width, left_2 + width_2) - np.maximum(left, left_2)
    down = np.minimum(top + height, top_2 + height_2) - np.maximum(top, top_2)
    return np.maximum(across, 0) * np.maximum(down, 0)


def intersection_over_union(one: Sides, other: Sides) -> Any:
    """The overlap of two boxes that are not empty, 0..1: 1 only where they are the same."""
    (_, _, width, height), (_, _, width_2, height_2) = one, other
    shared = shared_area(one, other)
    return shared / (width * height + width_2 * height_2 - shared)
