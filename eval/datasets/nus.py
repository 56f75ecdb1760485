"""OSIE and Saliency in Crowd: two datasets of NUS, in the layout of their public repositories."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.io import loadmat

from eval.datasets.types import Sample, make_sample
from saliency.image import image_size

FACELESS = Path(__file__).parent / "osie_faceless.txt"
"""Test photos of everyday things and animals in which we found nobody, nor a picture of anybody, by looking through all
of them before any detector did. Any face found there is false. Elsewhere osie has no labels of faces."""


def read_osie(root: Path) -> list[Sample]:
    """OSIE: 700 photos of 800x600, 15 observers. Xu et al., Journal of Vision 14(1):28, 2014."""
    return _read(root, "osie", faces=dict.fromkeys(FACELESS.read_text().split(), np.empty((0, 4))))


def read_crowd(root: Path) -> list[Sample]:
    """Saliency in Crowd: 500 photos of 1024x768, 16 observers, labelled faces. Jiang, Xu & Zhao, ECCV 2014."""
    labels = loadmat(root / "data" / "labels.mat", simplify_cells=True)["labels"]
    return _read(root, "crowd", faces={str(row["img"]): _boxes(row["faces"]) for row in labels})


def _read(root: Path, dataset: str, faces: dict[str, NDArray[np.float64]]) -> list[Sample]:
    rows = loadmat(root / "data" / "eye" / "fixations.mat", simplify_cells=True)["fixations"]
    samples = []
    for row in rows:
        path = root / "data" / "stimuli" / str(row["img"])
        by_observer = [np.column_stack([s["fix_x"], s["fix_y"]]) for s in row["subjects"]]
        sample = make_sample(dataset, path, image_size(path), by_observer)
        samples.append(replace(sample, faces=faces.get(path.name)))
    return samples


def _boxes(faces: dict[str, float] | list[dict[str, float]]) -> NDArray[np.float64]:
    """(F, 4) left, top, width, height. A single face is read as one struct, several as a list, none as empty."""
    rows = [faces] if isinstance(faces, dict) else list(faces)
    boxes = [[f["left"], f["top"], f["width"], f["height"]] for f in rows]
    return np.array(boxes, dtype=np.float64).reshape(-1, 4)
