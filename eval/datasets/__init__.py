"""The eye-tracking datasets: name -> reader, and the fixed split."""

from __future__ import annotations

import csv
from collections.abc import Callable
from functools import cache
from pathlib import Path

from eval.datasets.folder import read_folder
from eval.datasets.nus import read_crowd, read_osie
from eval.datasets.places import REPOSITORIES, data_root
from eval.datasets.scene import read_scene
from eval.datasets.types import DatasetError, DatasetNotFound, Sample, outside_note
from saliency.registry import check, look_up

DATASETS: dict[str, Callable[[Path], list[Sample]]] = {"osie": read_osie, "crowd": read_crowd, "scene": read_scene}
SPLITS = ("train", "val", "test")
SPLITS_FILE = Path(__file__).parent / "splits.csv"

__all__ = [
    "DATASETS",
    "REPOSITORIES",
    "SPLITS",
    "DatasetError",
    "DatasetNotFound",
    "Sample",
    "data_root",
    "load_dataset",
    "outside_note",
    "read_folder",
]


def load_dataset(name: str, split: str | None = None) -> list[Sample]:
    """The samples of one dataset in file-name order; `split` is "train", "val", "test" or None for all.

    Raises ValueError for an unknown name or split, and DatasetNotFound, with where to get it, when it is not on disk.
    """
    read = look_up("dataset", name, DATASETS)
    if split is not None:
        check("split", split, SPLITS)
    root = data_root() / name
    if not (root / "data").is_dir():
        raise DatasetNotFound(
            f"no {name} dataset at {root}; `python -m eval get {name}` fetches it from {REPOSITORIES[name]}, or set "
            "GAZE_DATA to the folder that holds it"
        )
    samples = read(root)
    return [s for s in samples if split is None or _splits()[s.dataset, s.name] == split]


@cache
def _splits() -> dict[tuple[str, str], str]:
    with SPLITS_FILE.open(newline="") as file:
        return {(row["dataset"], row["image"]): row["split"] for row in csv.DictReader(file)}
