"""One sample of an eye-tracking dataset, whichever dataset it came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


class DatasetNotFound(FileNotFoundError):
    """The dataset is not on this disk; the message says where to get it and where to put it."""


class DatasetError(ValueError):
    """The dataset's annotations cannot be read; the message names the file and the lines."""


@dataclass(frozen=True)
class Sample:
    """One image with what is known of it.

    size: (width, height) in pixels. fixations: (N, 2) float64, (x, y) in pixels of the image, all inside it. observers:
    (N,) int, whose fixation each row is (0-based rank of the observer in the dataset). The rest are boxes, (n, 4)
    float64 as left, top, width, height in pixels, or None where the dataset has none: labelled faces, regions that
    must stay in view, crops that people chose. outside: how many fixations were left out, as they lie beside the image.
    """

    dataset: str
    name: str
    path: Path
    size: tuple[int, int]
    fixations: NDArray[np.float64]
    observers: NDArray[np.int64]
    faces: NDArray[np.float64] | None = None
    regions: NDArray[np.float64] | None = None
    human_crops: NDArray[np.float64] | None = None
    outside: int = 0


def make_sample(
    dataset: str,
    path: Path,
    size: tuple[int, int],
    by_observer: list[NDArray[np.float64]],
    name: str = "",
) -> Sample:
    """A sample from one (n, 2) array of (x, y) fixations an observer; those outside the image are left out.

    `name` is the file's name unless given.
    """
    fixations = np.concatenate([np.reshape(f, (-1, 2)) for f in by_observer]).astype(np.float64)
    observers = np.repeat(np.arange(len(by_observer)), [np.size(f) // 2 for f in by_observer])
    width, height = size
    x, y = fixations[:, 0], fixations[:, 1]
    inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    outside = len(inside) - int(inside.sum())
    return Sample(dataset, name or path.name, path, size, fixations[inside], observers[inside], outside=outside)


def outside_note(samples: Sequence[Sample]) -> str:
    """How many fixations were left out, in a sentence; empty where none was."""
    opened = [sample for sample in samples if sample.size != (0, 0)]
    outside, kept = sum(sample.outside for sample in opened), sum(len(sample.fixations) for sample in opened)
    if not outside:
        return ""
    return (
        f"{outside:,} of {outside + kept:,} fixations lie outside their photo, so they are left out. "
        "Are x and y in pixels of the upright photo?"
    )
