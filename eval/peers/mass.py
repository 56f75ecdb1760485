"""Our window on someone else's map: tells what the map is worth from what the crop rule is worth."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from saliency.crop import best_window, expected_gaze
from saliency.methods import needed
from saliency.types import Aspect, Crop, Evidence

PRIOR_DEVIATION = 0.22
"""Of the Gaussian, as a share of each side. From 0.18 to 0.26 it hardly mattered to the networks that `gaze` came from,
on datasets that they never saw."""


def place_most_mass(
    evidence: Evidence, size: tuple[int, int], aspects: Sequence[Aspect], weight: float = 0.0
) -> list[Crop]:
    """The windows that keep the most of the map, mixed with so much of a Gaussian around the middle of the frame.

    weight: 0..1, of the Gaussian; 0 leaves the map as it is.
    """
    mixed = with_prior(expected_gaze(needed(evidence.map, "saliency map")), weight)
    boxes = [best_window(mixed, size, aspect) for aspect in aspects]
    return [Crop(a, box, focal_point=box.center) for a, box in zip(aspects, boxes, strict=True)]


def with_prior(gaze: NDArray[np.float64], weight: float) -> NDArray[np.float64]:
    """The gaze, (h, w) that sums to 1, mixed with this weight, 0..1, of a Gaussian around the middle of the frame."""
    rows, columns = (_gaussian(n) for n in gaze.shape)
    return (1 - weight) * gaze + weight * rows[:, None] * columns


def _gaussian(cells: int) -> NDArray[np.float64]:
    """A Gaussian over 0..1 around 0.5, at the cell centres; sums to 1."""
    position = (np.arange(cells) + 0.5) / cells - 0.5
    density = np.exp(-0.5 * (position / PRIOR_DEVIATION) ** 2)
    return np.asarray(density / density.sum())
