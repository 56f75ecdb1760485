"""The eye-tracking datasets: name -> reader, and the fixed split."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

from eval.datasets.folder import read_folder
from eval.datasets.nus import read_crowd, read_osie
from eval.datasets.scene import read_scene
from eval.datasets.types import DatasetError, DatasetNotFound, Sample
from saliency.registry import check, look_up

DATASETS: dict[str, Callable[[Path], list[Sample]]] = {"osie": read_osie, "crowd": read_crowd, "scene": read_scene}
REPOSITORIES = {
    "osie": "https://github.com/NUS-VIP/predicting-human-gaze-beyond-pixels",
    "crowd": "https://github.com/NUS-VIP/saliency-in-crowd",
    "scene": "https://github.com/Yanakz/Scene",
}
SPLITS = ("train", "val", "test")
SPLITS_FILE = Path(__file__).parent / "splits.csv"

__all__ = [
    "DATASETS",
    "SPLITS",
    "DatasetError",
    "DatasetNotFound",
    "Sample",
    "data_root",
    "load_dataset",
    "read_folder",
]


def data_root() -> Path:
    """The folder that holds one folder a dataset: the environment variable GAZE_DATA.

    Raises DatasetNotFound when it is not set.
    """
    root = os.environ.get("GAZE_DATA")
    if not root:
        raise DatasetNotFound(f"set GAZE_DATA to a folder that holds the datasets as {', '.join(DATASETS)}")
    return Path(root)


def load_dataset(name: str, split: str | None = None) -> list[Sample]:
    """The samples of one dataset in file-name order; `split` is "train", "val", "test" or None for all.

    Raises ValueError for an unknown name or split, and DatasetNotFound, with where to get it, when it is not on disk.
    """
    read = look_up("dataset", name, DATASETS)
    if split is not None:
        check("split", split, SPLITS)
    root = data_root() / name
    if not (root / "data").is_dir():
        raise DatasetNotFound(f"no {name} dataset at {root}; clone {REPOSITORIES[name]} there")
    samples = read(root)
    return [s for s in samples if split is None or _splits()[s.dataset, s.name] == split]


@cache
def _splits() -> dict[tuple[str, str], str]:
    with SPLITS_FILE.open(newline="") as file:
        return {(row["dataset"], row["image"]): row["split"] for row in csv.DictReader(file)}
