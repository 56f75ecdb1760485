"""The teacher: several trained networks, each shown the photo and its mirror image, as one saliency model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from tqdm import tqdm

from saliency.types import RgbImage, SaliencyMap, SaliencyModel
from training.views import TrainingPhoto

MAPS = "maps.npz"


@dataclass(frozen=True)
class Teacher:
    """The mean of the models' maps of a photo and of its mirror image; the models share one input size."""

    models: Sequence[SaliencyModel]
    name: str = "teacher"

    def predict(self, image: RgbImage) -> SaliencyMap:
        """(H, W, 3) uint8 of any size -> (h, w) float32, the models' own grid; sums to 1."""
        mirrored = np.ascontiguousarray(image[:, ::-1])
        maps = [m for model in self.models for m in (model.predict(image), model.predict(mirrored)[:, ::-1])]
        return np.mean(maps, axis=0, dtype=np.float32)

    def least_size(self, size: tuple[int, int]) -> tuple[int, int]:
        return self.models[0].least_size(size)


def write_lessons(teacher: Teacher, photos: Sequence[TrainingPhoto], folder: Path) -> None:
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
