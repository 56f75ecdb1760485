"""`gaze-best`: several looks at a photo and at its mirror image, averaged, for whom time matters less."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from saliency.models.gaze import load_gaze
from saliency.types import RgbImage, SaliencyMap, SaliencyModel

LARGE_PIXELS = 384 * 288
"""What `gaze` is shown in its second look. Which looks are worth their time: training/README.md."""


class AverageModel:
    """The mean of what several models expect, of a photo and of its mirror image: where they disagree, it is less sure.

    Keeps nothing of a picture between calls. A mirrored photo has exactly the mirrored map, unless `mirror` is off.
    """

    def __init__(self, name: str, models: Sequence[SaliencyModel], mirror: bool = True) -> None:
        """models: at least one; each weighs the same. mirror: whether they see the mirror image too."""
        self.name = name
        self.models = tuple(models)
        self.mirror = mirror

    def predict(self, image: RgbImage) -> SaliencyMap:
        """(H, W, 3) uint8 of any size -> (h, w) float32, the finest of the models' grids; sums to 1."""
        ahead = self._seen(image)
        if not self.mirror:
            return ahead.astype(np.float32)
        back = self._seen(np.ascontiguousarray(image[:, ::-1]))
        return ((ahead + back[:, ::-1]) / 2).astype(np.float32)

    def _seen(self, image: RgbImage) -> NDArray[np.float64]:
        return mean_of([model.predict(image) for model in self.models])

    def least_size(self, size: tuple[int, int]) -> tuple[int, int]:
        """(width, height) that must remain of a photo of `size` for every model to see the same in it."""
        widths, heights = zip(*(model.least_size(size) for model in self.models), strict=True)
        return max(widths), max(heights)


def mean_of(maps: Sequence[SaliencyMap]) -> NDArray[np.float64]:
    """The mean of maps of one picture, at least one, as a density on the finest of their grids."""
    return np.asarray(np.mean(on_one_grid(maps), axis=0))


def on_one_grid(maps: Sequence[SaliencyMap]) -> list[NDArray[np.float64]]:
    """Maps of one picture, each of its own (h, w) cells, on as many rows and columns as any has; each sums to 1."""
    rows, columns = (max(sides) for sides in zip(*(grid.shape for grid in maps), strict=True))
    grids = [cv2.resize(grid.astype(np.float64), (columns, rows), interpolation=cv2.INTER_LINEAR) for grid in maps]
    return [np.asarray(grid / grid.sum()) for grid in grids]


def load_best() -> AverageModel:
    """`gaze`, the same shown more pixels, and `gaze-fast`. Raises WeightsError as `load_gaze` does."""
    gaze = load_gaze("gaze")
    return AverageModel("gaze-best", [gaze, gaze.shown(LARGE_PIXELS), load_gaze("gaze-fast")])
