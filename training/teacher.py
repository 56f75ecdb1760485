"""A teacher's maps of the training photos, on disk: what a small network learns from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from tqdm import tqdm

from saliency.types import RgbImage, SaliencyMap, SaliencyModel
from training.views import TrainingPhoto

MAPS = "maps.npz"


def write_lessons(teacher: SaliencyModel, images: Iterable[RgbImage], count: int, folder: Path) -> None:
    """The teacher's map of each of `count` pictures, in their order, into the folder's maps.npz."""
    maps = [teacher.predict(image) for image in tqdm(images, total=count, unit="picture", mininterval=5)]
    np.savez_compressed(folder / MAPS, *maps)


def with_lessons(photos: Sequence[TrainingPhoto], folder: Path) -> list[TrainingPhoto]:
    """The photos with the maps that `write_lessons` wrote for the same photos. Raises ValueError for others.

    Where nobody looked, the map is also the target.
    """
    with np.load(folder / MAPS) as maps:
        if len(maps.files) != len(photos):
            raise ValueError(
                f"{folder / MAPS} is of {len(maps.files)} photos, not of these {len(photos)}; write it anew"
            )
        return [_taught(photo, maps[name]) for photo, name in zip(photos, maps.files, strict=True)]


def _taught(photo: TrainingPhoto, lesson: SaliencyMap) -> TrainingPhoto:
    return replace(photo, lesson=lesson, target=photo.target if len(photo.fixations) else lesson)
