"""Scene: 500 SUN2012 photos of many sizes, 12 observers. Liang, Zhao et al., 2015."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.io import loadmat

from eval.datasets.types import Sample, make_sample
from saliency.image import image_size

FACELESS = Path(__file__).parent / "scene_faceless.txt"
"""Test photos that we looked through and found nobody in: streets, fields, mountains. Any face found there is false.
That none is found says little: most are of 256 x 256 pixels, and people in the others are too small to be found."""


def read_scene(root: Path) -> list[Sample]:
    """The tidy file is a cell array [image, observer] of rows (y, x, start, duration): row before column.

    Read as (x, y), thousands of fixations fall outside their image; swapped, none does. Images are in file-name order.
    """
    cells = loadmat(root / "data" / "tidy" / "fixations.mat", simplify_cells=True)["fixations"]
    paths = sorted((root / "data" / "stimuli").glob("*.jpg"))
    if len(paths) != len(cells):
        raise ValueError(f"scene has {len(paths)} images in {root} but fixations for {len(cells)}; download it again")
    faceless = set(FACELESS.read_text().split())
    samples = []
    for path, row in zip(paths, cells, strict=True):
        sample = make_sample("scene", path, image_size(path), [_xy(cell) for cell in row])
        samples.append(replace(sample, faces=np.empty((0, 4))) if path.name in faceless else sample)
    return samples


def _xy(cell: NDArray[np.float64]) -> NDArray[np.float64]:
    rows = np.reshape(cell, (-1, 4)) if np.size(cell) else np.empty((0, 4))
    return rows[:, [1, 0]].astype(np.float64)
