"""The training photos in memory, and one batch of views for each step of each epoch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset

from eval.datasets import Sample
from saliency.image import open_image, resized
from saliency.models.gaze_torch import to_tensor
from saliency.models.input import INPUT_PIXELS, input_size
from training.views import CANVASES, Frame, sample_view, whole_view

LONG_SIDE = 448  # photos are kept at this size for networks shown INPUT_PIXELS: enough for the zoomed views


def load_frames(samples: Sequence[Sample], domains: Sequence[str], pixels: int = INPUT_PIXELS) -> list[Frame]:
    """Photos reduced to LONG_SIDE, for networks shown fewer pixels to as much less; fixations relative.

    `domain` is the rank of the sample's dataset in `domains`.
    """
    side = LONG_SIDE * (pixels / INPUT_PIXELS) ** 0.5
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(lambda sample: _load(sample, domains, side), samples))


def _load(sample: Sample, domains: Sequence[str], side: float) -> Frame:
    image = open_image(sample.path)
    scale = min(1.0, side / max(image.shape[:2]))
    image = resized(image, (round(image.shape[1] * scale), round(image.shape[0] * scale)))
    return Frame(image, sample.fixations / sample.size, list(domains).index(sample.dataset))


def canvases_of(pixels: int) -> dict[tuple[int, int], float]:
    """The shapes of CANVASES at about `pixels`, each with how often it is drawn."""
    canvases: dict[tuple[int, int], float] = {}
    for (width, height), weight in CANVASES.items():
        size = input_size(width, height, pixels)
        canvases[size] = canvases.get(size, 0) + weight
    return canvases


class Batches(Dataset[dict[str, Tensor]]):
    """The batches of one epoch; item i is a whole batch, all on one canvas, the same for the same seed and epoch."""

    def __init__(
        self,
        frames: Sequence[Frame],
        batch_size: int,
        whole: float,
        seed: int,
        epoch: int,
        canvases: Mapping[tuple[int, int], float] = CANVASES,
    ) -> None:
        """`whole`: the share of batches that show whole photos on the first canvas; the others show random views."""
        self.frames = frames
        self.whole = whole
        self.canvases = canvases
        self.seed = (seed, epoch)
        order = np.random.default_rng(self.seed).permutation(len(frames))
        self.batches = [order[i : i + batch_size] for i in range(0, len(order), batch_size)]

    def __len__(self) -> int:
        return len(self.batches)

    def __getitem__(self, index: int) -> dict[str, Tensor]:
        rng = np.random.default_rng((*self.seed, index))
        photos = [self.frames[i] for i in self.batches[index]]
        if rng.random() < self.whole:
            views = [whole_view(photo, next(iter(self.canvases)), rng) for photo in photos]
        else:
            canvases, weights = list(self.canvases), np.array(list(self.canvases.values()))
            canvas = canvases[rng.choice(len(canvases), p=weights / weights.sum())]
            views = [sample_view(photo, canvas, rng) for photo in photos]
        return {
            "pictures": torch.cat([to_tensor(view.picture) for view in views]),
            "densities": torch.from_numpy(np.stack([view.density for view in views])),
            "lessons": torch.from_numpy(np.stack([view.lesson for view in views])),
            "frames": torch.from_numpy(np.stack([view.frame for view in views])),
            "shares": torch.tensor([view.share for view in views]),
            "domains": torch.tensor([view.domain for view in views]),
        }
