"""The training photos in memory, and one batch of views for each step of each epoch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from eval.datasets import Sample
from saliency.image import open_image, resized
from saliency.models.gaze_torch import to_tensor
from saliency.models.input import INPUT_PIXELS, input_size
from saliency.registry import check
from training.mixture import Habits, habits_of, target_of
from training.views import CANVASES, TrainingPhoto, View, sample_view, whole_view

LONG_SIDE = 448  # photos are kept at this size for networks shown INPUT_PIXELS: enough for the zoomed views
TARGETS = ("blur", "mixture")  # one blur for all fixations, or `training.mixture`


@dataclass(frozen=True)
class Batch:
    """N views on one canvas of H x W pixels; each field holds the views' own, see `View`.

    pictures: (N, 3, H, W) float32, scaled as the backbone expects, channels last in memory.
    densities, lessons: (N, H/4, W/4), each sums to 1.
    frames: (N, H/4, W/4, 2) as (x, y) in -1..1 of the photo.
    shares: (N,), 0..1. domains: (N,) ranks of datasets.
    """

    pictures: Tensor
    densities: Tensor
    lessons: Tensor
    frames: Tensor
    shares: Tensor
    domains: Tensor


def load_photos(
    samples: Sequence[Sample], domains: Sequence[str], pixels: int = INPUT_PIXELS, targets: str = "blur"
) -> list[TrainingPhoto]:
    """Photos reduced to LONG_SIDE, for networks shown fewer pixels to as much less; fixations relative.

    `domain` is the rank of the sample's dataset in `domains`. `targets`, of TARGETS: what density of the fixations is
    to be learned; the mixture takes the habits of a dataset's observers from `samples`. Raises ValueError for others.
    """
    check("targets", targets, TARGETS)
    side = LONG_SIDE * (pixels / INPUT_PIXELS) ** 0.5
    habits = _habits(samples) if targets == "mixture" else {}
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(lambda sample: _load(sample, domains, side, habits.get(sample.dataset)), samples))


def _habits(samples: Sequence[Sample]) -> dict[str, Habits]:
    """Of each dataset's observers, in `samples`."""
    names = {sample.dataset for sample in samples}
    return {name: habits_of([sample for sample in samples if sample.dataset == name]) for name in names}


def _load(sample: Sample, domains: Sequence[str], side: float, habits: Habits | None) -> TrainingPhoto:
    target = None if habits is None else target_of(sample, habits)
    image = open_image(sample.path)
    scale = min(1.0, side / max(image.shape[:2]))
    image = resized(image, (round(image.shape[1] * scale), round(image.shape[0] * scale)))
    return TrainingPhoto(image, sample.fixations / sample.size, list(domains).index(sample.dataset), target=target)


def canvases_of(pixels: int) -> dict[tuple[int, int], float]:
    """The shapes of CANVASES at about `pixels`, each with how often it is drawn."""
    canvases: dict[tuple[int, int], float] = {}
    for (width, height), weight in CANVASES.items():
        size = input_size(width, height, pixels)
        canvases[size] = canvases.get(size, 0) + weight
    return canvases


class Batches(Dataset[Batch]):
    """The batches of one epoch; item i is a whole batch, all on one canvas, the same for the same seed and epoch."""

    def __init__(
        self,
        photos: Sequence[TrainingPhoto],
        batch_size: int,
        whole: float,
        seed: int,
        epoch: int,
        canvases: Mapping[tuple[int, int], float] = CANVASES,
    ) -> None:
        """`whole`: the share of batches that show whole photos on the first canvas; the others show random views."""
        self.photos = photos
        self.whole = whole
        self.canvases = canvases
        self.seed = (seed, epoch)
        order = np.random.default_rng(self.seed).permutation(len(photos))
        self.batches = [order[i : i + batch_size] for i in range(0, len(order), batch_size)]

    def __len__(self) -> int:
        return len(self.batches)

    def __getitem__(self, index: int) -> Batch:
        rng = np.random.default_rng((*self.seed, index))
        photos = [self.photos[i] for i in self.batches[index]]
        if rng.random() < self.whole:
            return stacked([whole_view(photo, next(iter(self.canvases)), rng) for photo in photos])
        canvases, weights = list(self.canvases), np.array(list(self.canvases.values()))
        canvas = canvases[rng.choice(len(canvases), p=weights / weights.sum())]
        return stacked([sample_view(photo, canvas, rng) for photo in photos])


def stacked(views: Sequence[View]) -> Batch:
    """The views, all on one canvas, as a batch."""

    def stack(arrays: Sequence[NDArray[np.float32]]) -> Tensor:
        return torch.from_numpy(np.stack(arrays))

    return Batch(
        pictures=torch.cat([to_tensor(view.picture) for view in views]),
        densities=stack([view.density for view in views]),
        lessons=stack([view.lesson for view in views]),
        frames=stack([view.frame for view in views]),
        shares=torch.tensor([view.share for view in views]),
        domains=torch.tensor([view.domain for view in views]),
    )


def prepared(batches: Batches) -> DataLoader[Batch]:
    """The batches in their order, made in another process while the last one is learned from."""
    return DataLoader(batches, batch_size=None, num_workers=1)


def steps_of(photos: Sequence[TrainingPhoto], batch_size: int, epochs: int) -> int:
    """How many batches all epochs have."""
    return epochs * -(-len(photos) // batch_size)
