"""Crops against what people looked at, against faces and regions, and against crops that people chose."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from eval.metrics.fixation import fixation_density
from saliency.boxes import shared_area
from saliency.crop import best_window
from saliency.types import Aspect, Box

BENCHMARK_ASPECTS: tuple[Aspect, ...] = tuple(
    Aspect.parse(text) for text in ("1:1", "16:9", "9:16", "4:5", "2:1", "3:1")
)
SAME_SHAPE = 0.02  # an aspect within 2 % of the image's own needs no crop and is left out
HUMAN_SIGMA = 0.04  # of the width: the blur that turns half of the observers into the human ceiling
GRID = 200  # cells along the width of that density, enough for the blur
Boxes = NDArray[np.floating]


def aspects_for(size: tuple[int, int], aspects: Sequence[Aspect] = BENCHMARK_ASPECTS) -> list[Aspect]:
    """The aspects that an image of `size` = (width, height) must be cropped for."""
    own = size[0] / size[1]
    return [aspect for aspect in aspects if abs(aspect.ratio / own - 1) > SAME_SHAPE]


def observer_halves(observers: NDArray[np.integer]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which fixations belong to observers of even rank (the first, the third, ...), and which to those of odd rank."""
    even = np.asarray(observers) % 2 == 0
    return even, ~even


def gaze_kept(box: Box, fixations: NDArray[np.floating]) -> float:
    """The share of fixations, (N, 2) as (x, y) in pixels, that lie inside the box; NaN without fixations."""
    x, y = np.asarray(fixations).T
    inside = (x >= box.left) & (x < box.right) & (y >= box.top) & (y < box.bottom)
    return float(inside.mean()) if len(inside) else float("nan")


def kept_by_each(box: Box, fixations: NDArray[np.floating], observers: NDArray[np.integer]) -> float:
    """The mean over observers of the share of their fixations inside: each counts the same, however often they look.

    fixations: (N, 2) as (x, y) in pixels; observers: (N,), whose each is. NaN without fixations.
    """
    kept = [gaze_kept(box, fixations[observers == one]) for one in np.unique(observers)]
    return float(np.mean(kept)) if kept else float("nan")


def human_window(fixations: NDArray[np.floating], size: tuple[int, int], aspect: Aspect) -> Box:
    """The window that keeps the most of these people's gaze density: what one group says for another."""
    return human_windows(fixations, size, [aspect])[0]


def human_windows(fixations: NDArray[np.floating], size: tuple[int, int], aspects: Sequence[Aspect]) -> list[Box]:
    """`human_window` for each aspect."""
    density = fixation_density(fixations, size, HUMAN_SIGMA * size[0], stride=max(1, size[0] // GRID))
    return [best_window(density, size, aspect) for aspect in aspects]


def oracle_window(fixations: NDArray[np.floating], size: tuple[int, int], aspect: Aspect) -> Box:
    """The window that keeps the most of these very fixations: no crop of this shape can keep more."""
    counts = np.zeros(size[::-1])
    x, y = np.asarray(fixations).astype(int).T
    np.add.at(counts, (y, x), 1 / len(x))
    return best_window(counts, size, aspect)


def share_inside(box: Box, boxes: Boxes) -> NDArray[np.float64]:
    """(n, 4) boxes as left, top, width, height in pixels -> (n,) the share of each one's area inside the crop."""
    sides = np.asarray(boxes, dtype=np.float64).reshape(-1, 4).T
    return np.asarray(shared_area(box.as_list(), sides) / (sides[2] * sides[3]))


def share_cut(box: Box, boxes: Boxes) -> float:
    """The share of boxes that the border of the crop cuts: neither whole nor gone."""
    inside = share_inside(box, boxes)
    return float(((inside > 1e-9) & (inside < 1 - 1e-9)).mean())


def share_lost(box: Box, boxes: Boxes) -> float:
    """The share of boxes of which nothing is inside the crop."""
    return float((share_inside(box, boxes) <= 1e-9).mean())


def share_whole(box: Box, boxes: Boxes) -> float:
    """The share of boxes that are wholly inside the crop."""
    return float((share_inside(box, boxes) >= 1 - 1e-9).mean())


def boundary_displacement(box: Box, boxes: Boxes, size: tuple[int, int]) -> NDArray[np.float64]:
    """(n,) how far the crop's four borders are from each box's, on average, as a share of the image's sides.

    Yan et al., "Learning the change for automatic image cropping", CVPR 2013.
    """
    left, top, width, height = np.asarray(boxes, dtype=np.float64).reshape(-1, 4).T
    across = np.abs(left - box.left) + np.abs(left + width - box.right)
    down = np.abs(top - box.top) + np.abs(top + height - box.bottom)
    return (across / size[0] + down / size[1]) / 4
