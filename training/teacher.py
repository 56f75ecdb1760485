"""A teacher's maps of the training photos, on disk: what a small network learns from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from tqdm import tqdm

from saliency.models.average import mean_of
from saliency.types import RgbImage, SaliencyMap, SaliencyModel
from training.views import TrainingPhoto

MAPS = "maps.npz"


class Teacher:
    """The mean of what several models expect of a picture; each weighs the same."""

    def __init__(self, models: Sequence[SaliencyModel]) -> None:
        """models: at least one."""
        self.name = "teacher"
        self.models = tuple(models)

    def predict(self, image: RgbImage) -> SaliencyMap:
        """(H, W, 3) uint8 of any size -> (h, w) float32, the finest of the models' grids; sums to 1."""
        return mean_of([model.predict(image) for model in self.models]).astype(np.float32)

    def least_size(self, size: tuple[int, int]) -> tuple[int, int]:
        """(width, height) that must remain of a photo of `size` for every model to see the same in it."""
        widths, heights = zip(*(model.least_size(size) for model in self.models), strict=True)
        return max(widths), max(heights)


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
