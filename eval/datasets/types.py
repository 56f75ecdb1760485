"""One sample of an eye-tracking dataset, whichever dataset it came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


class DatasetNotFound(FileNotFoundError):
    """The dataset is not on this disk; the message says where to get it and where to put it."""


@dataclass(frozen=True)
class Sample:
    """One image with where people looked.

    fixations: (N, 2) float64, (x, y) in pixels of the image, all inside it. observers: (N,) int, whose fixation each
    row is (0-based rank of the observer in the dataset). size: (width, height) in pixels. faces: (F, 4) float64
    labelled faces as left, top, width, height in pixels, or None where the dataset has no face labels.
    """

    dataset: str
    name: str
    path: Path
    size: tuple[int, int]
    fixations: NDArray[np.float64]
    observers: NDArray[np.int64]
    faces: NDArray[np.float64] | None = field(default=None)


def make_sample(
    dataset: str,
    path: Path,
    size: tuple[int, int],
    by_observer: list[NDArray[np.float64]],
    faces: NDArray[np.float64] | None = None,
) -> Sample:
    """A sample from one (n, 2) array of (x, y) fixations an observer; those outside the image are left out."""
    fixations = np.concatenate([np.reshape(f, (-1, 2)) for f in by_observer]).astype(np.float64)
    observers = np.repeat(np.arange(len(by_observer)), [np.size(f) // 2 for f in by_observer])
    width, height = size
    x, y = fixations[:, 0], fixations[:, 1]
    inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    return Sample(dataset, path.name, path, size, fixations[inside], observers[inside], faces)
