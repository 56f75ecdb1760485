"""Slow, literal versions to hold the fast ones against."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def kept_by_pixels(
    saliency_map: NDArray[np.floating], size: tuple[int, int], box: tuple[int, int, int, int], fine: int
) -> float:
    """The share of a map inside left, top, width, height: a cell's gaze dealt out to `fine` x `fine` points a pixel."""
    width, height = size
    xs = (np.arange(width * fine) + 0.5) / fine
    ys = (np.arange(height * fine) + 0.5) / fine
    columns = np.minimum((xs / width * saliency_map.shape[1]).astype(int), saliency_map.shape[1] - 1)
    rows = np.minimum((ys / height * saliency_map.shape[0]).astype(int), saliency_map.shape[0] - 1)
    points = np.asarray(saliency_map, dtype=np.float64)[np.ix_(rows, columns)]
    points = points / points.sum()
    left, top, w, h = box
    inside = np.ix_((ys >= top) & (ys < top + h), (xs >= left) & (xs < left + w))
    return float(points[inside].sum())


def best_box_by_trial(saliency_map: NDArray[np.floating], size: tuple[int, int], window: tuple[int, int]) -> float:
    """The most gaze that any placement of a window (width, height) keeps: every placement summed cell by cell."""
    best = 0.0
    for top in range(size[1] - window[1] + 1):
        for left in range(size[0] - window[0] + 1):
            best = max(best, _kept(saliency_map, size, (left, top, *window)))
    return best


def _kept(saliency_map: NDArray[np.floating], size: tuple[int, int], box: tuple[int, int, int, int]) -> float:
    left, top, width, height = box
    rows, columns = saliency_map.shape
    total = 0.0
    for row in range(rows):
        for column in range(columns):
            x0, x1 = column * size[0] / columns, (column + 1) * size[0] / columns
            y0, y1 = row * size[1] / rows, (row + 1) * size[1] / rows
            across = max(0.0, min(x1, left + width) - max(x0, left)) / (x1 - x0)
            down = max(0.0, min(y1, top + height) - max(y0, top)) / (y1 - y0)
            total += float(saliency_map[row, column]) * across * down
    return total / float(saliency_map.sum())
