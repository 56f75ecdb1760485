"""A teacher's maps of the training photos, on disk: what a small network learns from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from tqdm import tqdm

from saliency.types import SaliencyModel
from training.views import TrainingPhoto

MAPS = "maps.npz"


def write_lessons(teacher: SaliencyModel, photos: Sequence[TrainingPhoto], folder: Path) -> None:
    """The teacher's map of each photo, in the order of `photos`, into the folder's maps.npz."""
    maps = [teacher.predict(photo.image) for photo in tqdm(photos, unit="photo", mininterval=5)]
    np.savez_compressed(folder / MAPS, *maps)


def with_lessons(photos: Sequence[TrainingPhoto], folder: Path) -> list[TrainingPhoto]:
    """The photos with the maps that `write_lessons` wrote for the same photos. Raises ValueError for others."""
    with np.load(folder / MAPS) as maps:
        if len(maps.files) != len(photos):
            raise ValueError(
                f"{folder / MAPS} is of {len(maps.files)} photos, not of these {len(photos)}; write it anew"
            )
        return [replace(photo, lesson=maps[name]) for photo, name in zip(photos, maps.files, strict=True)]
