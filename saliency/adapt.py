"""A few numbers that fit a model's maps to other photos and to other people.

Datasets of gaze differ in few numbers: how much people look at the middle, how sure a map may be, how far fixations
scatter (Kuemmerer, "Modeling saliency dataset bias", arXiv 2505.10169). `python -m eval adapt` fits them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from saliency.types import RgbImage, SaliencyMap, SaliencyModel

LEAST = 1e-12  # the gaze of a cell that a map rules out
DEVIATION = 0.25  # of the frame's sides: that of the Gaussian which stands for the middle
RANGES = {
    "certainty": (0.25, 4.0),
    "blur": (0.0, 0.2),
    "pull_across": (-4.0, 4.0),
    "pull_down": (-4.0, 4.0),
    "centre": (0.0, 0.9),
}


@dataclass(frozen=True, slots=True)
class Adaptation:
    """What is done to a map, in this order; by itself it changes nothing. RANGES says how far each may go.

    certainty: the map's exponent; above 1 it is surer, below less sure. blur: the deviation of a Gaussian, as a share
    of the longer side. pull_across, pull_down: to the middle of the width and the height; 1 multiplies by a Gaussian of
    DEVIATION, 4 by one half as wide, negative ones push away. centre: the share of gaze that goes to the middle
    whatever is there: of a Gaussian of DEVIATION, mixed in.

    Raises ValueError for a number out of its range.
    """

    certainty: float = 1.0
    blur: float = 0.0
    pull_across: float = 0.0
    pull_down: float = 0.0
    centre: float = 0.0

    def __post_init__(self) -> None:
        for name, (low, high) in RANGES.items():
            value = getattr(self, name)
            if not low <= value <= high:
                raise ValueError(f"{name} must be {low:g} to {high:g}, got {value:g}")

    def apply(self, saliency_map: SaliencyMap) -> SaliencyMap:
        """(h, w) that sums to 1 -> the same grid, adapted; sums to 1."""
        logs = np.log(np.maximum(saliency_map.astype(np.float64), LEAST))
        return self.densities(logs[None])[0].astype(np.float32)

    def densities(self, logs: NDArray[np.float64]) -> NDArray[np.float64]:
        """(n, h, w) logarithms of n maps of one shape -> (n, h, w) adapted, each sums to 1."""
        height, width = logs.shape[1:]
        sure = self.certainty * logs
        maps = _normalised(np.exp(sure - sure.max(axis=(1, 2), keepdims=True)))
        if self.blur:
            sigma = self.blur * max(height, width)
            maps = heat(height, sigma) @ maps @ heat(width, sigma)
        rows, columns = _middle(height, self.pull_down), _middle(width, self.pull_across)
        maps = _normalised(maps * rows[:, None] * columns)
        prior = _normalised(_middle(height)[None, :, None] * _middle(width))
        return np.asarray((1 - self.centre) * maps + self.centre * prior)


@dataclass(frozen=True)
class AdaptedModel:
    """A model whose maps are adapted; keeps nothing of a picture between calls."""

    model: SaliencyModel
    adaptation: Adaptation

    @property
    def name(self) -> str:
        return self.model.name

    def predict(self, image: RgbImage) -> SaliencyMap:
        """(H, W, 3) uint8 of any size -> the model's grid, adapted; sums to 1."""
        return self.adaptation.apply(self.model.predict(image))

    def least_size(self, size: tuple[int, int]) -> tuple[int, int]:
        return self.model.least_size(size)


def heat(cells: int, sigma: float) -> NDArray[np.float64]:
    """(cells, cells): a blur of deviation `sigma` cells along a line whose ends reflect; rows and columns sum to 1.

    The heat kernel of the grid: unlike a sampled Gaussian it is smooth down to sigma 0, which leaves all as it is.
    """
    waves, stiffness = _waves(cells)
    return np.asarray(waves.T @ (np.exp(-(sigma**2) * stiffness / 2)[:, None] * waves))


@lru_cache(64)
def _waves(cells: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The eigenvectors (cosines, as rows) and eigenvalues of a line's Laplacian."""
    order = np.arange(cells)
    waves = np.cos(np.pi * order[:, None] * (order + 0.5) / cells) * np.sqrt(2 / cells)
    waves[0] /= np.sqrt(2)
    return waves, 2 - 2 * np.cos(np.pi * order / cells)


def _middle(cells: int, pull: float = 1.0) -> NDArray[np.float64]:
    """(cells,) a Gaussian of DEVIATION around the middle of a side, to the power `pull`."""
    place = (np.arange(cells) + 0.5) / cells - 0.5
    return np.asarray(np.exp(-pull * (place / DEVIATION) ** 2 / 2))


def _normalised(maps: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(maps / maps.sum(axis=(1, 2), keepdims=True))
