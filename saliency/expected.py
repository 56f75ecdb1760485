"""The gaze expected over a photo, summed once, so that what any window keeps is a few additions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from saliency.types import Box, SaliencyMap


def expected_gaze(saliency_map: SaliencyMap) -> NDArray[np.float64]:
    """The map as it is, (h, w) float64 that sums to 1: a crop is said to keep what of it lies inside.

    Raises ValueError on a map that is empty, negative, not finite or all zero.
    """
    values = np.asarray(saliency_map, dtype=np.float64)
    if values.ndim != 2 or values.size == 0:
        raise ValueError(f"a saliency map is a grid of rows and columns, got shape {values.shape}")
    total = values.sum()
    if not (np.isfinite(total) and total > 0 and values.min() >= 0):
        raise ValueError("a saliency map must be finite and >= 0, with some gaze in it")
    return values / total


class ExpectedGaze:
    """Gaze over a photo of a size, each cell's spread evenly over its pixels.

    Of windows it is read from summed-area tables (Crow, "Summed-area tables for texture mapping", SIGGRAPH 1984): of
    the gaze itself, and of the gaze times the column and the row of its cell, which give its middle.
    """

    def __init__(self, gaze: NDArray[np.floating], size: tuple[int, int]) -> None:
        """gaze: (h, w), finite, >= 0, with some in it. size: (width, height) in pixels of the photo."""
        self.gaze = gaze.astype(np.float64, copy=False)
        self.size = size
        rows, columns = gaze.shape
        self._tables = np.zeros((3, rows + 1, columns + 1))
        inner = self._tables[:, 1:, 1:]
        inner[0] = self.gaze
        inner[1] = self.gaze * (np.arange(columns) + 0.5)
        inner[2] = self.gaze * (np.arange(rows) + 0.5)[:, None]
        np.cumsum(inner, axis=1, out=inner)
        np.cumsum(inner, axis=2, out=inner)
        self._sums: dict[tuple[str, int, int], NDArray[np.float64]] = {}

    def inside(self, boxes: Sequence[Box]) -> NDArray[np.float64]:
        """(n,) the share of all gaze in each of the boxes, 0..1, cells cut by a border counted in part."""
        return np.asarray((self._moments(boxes)[0] / self._tables[0, -1, -1]).clip(0, 1))

    def centers(self, boxes: Sequence[Box]) -> list[tuple[float, float]]:
        """(x, y) in pixels of each box: the mean of the gaze inside, of which a cell lies at its centre; the middle of
        the box where there is none."""
        rows, columns = self.gaze.shape
        inside, across, down = self._moments(boxes).tolist()
        return [
            _held(box, x / gaze * self.size[0] / columns, y / gaze * self.size[1] / rows) if gaze > 0 else box.center
            for box, gaze, x, y in zip(boxes, inside, across, down, strict=True)
        ]

    def sums_across(self, top: int, bottom: int) -> NDArray[np.float64]:
        """(width + 1,) the gaze left of each column of pixels, in the rows from `top` to `bottom` of the photo."""
        return self._along("x", top, bottom)

    def sums_down(self, left: int, right: int) -> NDArray[np.float64]:
        """(height + 1,) the gaze above each row of pixels, in the columns from `left` to `right` of the photo."""
        return self._along("y", left, right)

    def _along(self, axis: str, start: int, stop: int) -> NDArray[np.float64]:
        """As windows of every format slide over the same pixels, they are summed once."""
        key = (axis, start, stop)
        if key not in self._sums:
            rows, columns = self.gaze.shape
            if axis == "x":
                marginal = (covered(rows, self.size[1], start, stop)[:, None] * self.gaze).sum(axis=0)
            else:
                marginal = (self.gaze * covered(columns, self.size[0], start, stop)).sum(axis=1)
            self._sums[key] = pixel_sums(marginal, self.size[0] if axis == "x" else self.size[1])
        return self._sums[key]

    def _moments(self, boxes: Sequence[Box]) -> NDArray[np.float64]:
        """(3, n) the gaze in each box, and that times the column and the row of its cells."""
        edges = np.array([(box.left, box.right, box.top, box.bottom) for box in boxes], np.float64).reshape(-1, 2, 2)
        columns, by_column = _corners(edges[:, 0], self.gaze.shape[1], self.size[0])
        rows, by_row = _corners(edges[:, 1], self.gaze.shape[0], self.size[1])
        corners = self._tables[:, rows[:, :, None], columns[:, None, :]]
        return np.asarray(np.einsum("knrc,nr,nc->kn", corners, by_row, by_column))


def pixel_sums(marginal: NDArray[np.float64], length: int) -> NDArray[np.float64]:
    """(length + 1,) how much of a marginal, spread evenly over `length` pixels, lies before each of them and in all."""
    cumulative = np.concatenate([[0.0], np.cumsum(marginal)])
    return np.asarray(np.interp(np.arange(length + 1), np.linspace(0, length, len(cumulative)), cumulative))


def covered(cells: int, length: int, start: ArrayLike, stop: ArrayLike) -> NDArray[np.float64]:
    """How much of each of `cells` equal cells over `length` pixels lies in start..stop: (..., cells), 0..1.

    start, stop: one pixel position each, or (n,) of them.
    """
    edges = np.arange(cells)
    before, until = (np.asarray(place)[..., None] * (cells / length) - edges for place in (start, stop))
    return np.asarray(until.clip(0, 1) - before.clip(0, 1))


def _corners(edges: NDArray[np.float64], cells: int, length: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Of stretches (n, 2) of pixels: the entries of a cumulative sum over cells, (n, 4), and what each weighs in the
    sum over the stretch: between two entries it grows evenly."""
    places = edges * (cells / length)
    before = np.minimum(places.astype(np.int64), cells - 1)
    share = places - before
    entries = np.stack([before[:, 1], before[:, 1] + 1, before[:, 0], before[:, 0] + 1], axis=1)
    return entries, np.stack([1 - share[:, 1], share[:, 1], share[:, 0] - 1, -share[:, 0]], axis=1)


def _held(box: Box, x: float, y: float) -> tuple[float, float]:
    return min(max(x, float(box.left)), float(box.right)), min(max(y, float(box.top)), float(box.bottom))
