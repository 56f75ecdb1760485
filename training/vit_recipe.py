"""The recipe of the ViT teacher: a read-out on frozen features learns where people look in whole photos."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from tqdm import tqdm

from eval.datasets import Sample
from saliency.image import open_image
from saliency.models.gaze_net import frame_coordinates
from saliency.types import RgbImage, SaliencyMap
from training.learning import descend, divergence, one_cycle, running_average
from training.mixture import habits_of, target_of
from training.recipe import Domains
from training.vit_features import Features, Seen, sizes_of, vit_size
from training.vit_net import ViTReadOut

log = logging.getLogger("training")


@dataclass(frozen=True)
class Reading:
    """Everything that changes what the read-out learns, with the data."""

    epochs: int = 10
    batch_size: int = 4
    rate: float = 1e-3
    prior_rate: float = 1e-2
    weight_decay: float = 5e-2
    mirrored: float = 0.3  # the share of batches whose features are turned about: nearly those of the mirror image
    average: float = 0.995
    seed: int = 0


class ViTModel:
    """The ViT teacher as a saliency model."""

    def __init__(self, net: ViTReadOut, seen: Seen) -> None:
        self.name = "vit"
        self.net = net.eval()
        self.seen = seen

    @torch.inference_mode()
    def predict(self, image: RgbImage) -> SaliencyMap:
        """(H, W, 3) uint8 of any size -> (h, w) float32, sums to 1."""
        density = self.net.log_density(_tensors([self.seen.features(image)]))[0].double().exp()
        return (density / density.sum()).numpy().astype(np.float32)

    def least_size(self, size: tuple[int, int]) -> tuple[int, int]:
        """(width, height) that must remain of a photo of `size` for the network to see the same in it."""
        return vit_size(*size)


def read(samples: Sequence[Sample], names: Sequence[str], seen: Seen, settings: Reading) -> ViTReadOut:
    """Train a read-out on whole photos, each dataset with a prior and a certainty of its own; returns the average.

    names: the datasets' names, in the order of their ranks.
    """
    torch.manual_seed(settings.seed)
    rng = np.random.default_rng(settings.seed)
    net = ViTReadOut().train()
    domains = Domains(net.prior, len(names))
    weights = [value for name, value in net.named_parameters() if name != "prior"]
    optimizer = torch.optim.AdamW(
        [
            {"params": weights, "lr": settings.rate},
            {"params": list(domains.parameters()), "lr": settings.prior_rate, "weight_decay": 0.0},
        ],
        weight_decay=settings.weight_decay,
    )
    habits = {name: habits_of([one for one in samples if one.dataset == name]) for name in names}
    densities = [target_of(sample, habits[sample.dataset]) for sample in tqdm(samples, unit="photo", mininterval=5)]
    shapes = [sizes_of(*sample.size) for sample in samples]
    groups = [[i for i, shape in enumerate(shapes) if shape == wanted] for wanted in sorted(set(shapes))]
    steps = settings.epochs * sum(-(-len(group) // settings.batch_size) for group in groups)
    schedule = one_cycle(optimizer, steps)
    learned = nn.ModuleDict({"net": net, "domains": domains})
    average = running_average(learned, settings.average)
    for epoch in range(settings.epochs):
        began, losses = time.perf_counter(), []
        for ranks in _batches(groups, settings.batch_size, rng):
            batch = [samples[i] for i in ranks]
            mirrored = rng.random() < settings.mirrored
            features, targets = _lesson(batch, [densities[i] for i in ranks], seen, mirrored)
            content = net(features)
            frames = frame_coordinates(*content.shape[1:]).expand(len(batch), -1, -1, -1)
            ranked = torch.tensor([names.index(sample.dataset) for sample in batch])
            predicted = domains.log_density(content, frames, ranked)
            losses.append(descend(divergence(predicted, targets).mean(), optimizer))
            schedule.step()
            average.update_parameters(learned)
        seconds = time.perf_counter() - began
        log.info("epoch %d/%d: loss %.4f, %.0f s", epoch + 1, settings.epochs, np.mean(losses), seconds)
    learned.load_state_dict(average.module.state_dict())
    with torch.no_grad():
        net.prior.copy_(domains.mean_prior())
    return net.eval()


def _batches(groups: Sequence[Sequence[int]], size: int, rng: np.random.Generator) -> Iterator[list[int]]:
    """Ranks of photos of one shape, `size` at most, in a new order."""
    orders = [rng.permutation(group) for group in groups]
    batches = [order[i : i + size].tolist() for order in orders for i in range(0, len(order), size)]
    yield from (batches[i] for i in rng.permutation(len(batches)))


def _lesson(
    batch: Sequence[Sample], densities: Sequence[NDArray[np.float32]], seen: Seen, mirrored: bool
) -> tuple[list[Tensor], Tensor]:
    """The photos' features, and where people looked, both as they are or both turned about."""
    features = _tensors([seen.features(open_image(sample.path)) for sample in batch])
    rows, columns = features[-1].shape[-2:]
    targets = torch.from_numpy(np.stack([_on_grid(density, rows, columns) for density in densities]))
    if not mirrored:
        return features, targets
    return [feature.flip(-1) for feature in features], targets.flip(-1)


def _on_grid(target: NDArray[np.float32], rows: int, columns: int) -> NDArray[np.float32]:
    """A density on (rows, columns), sums to 1."""
    scaled = cv2.resize(target, (columns, rows), interpolation=cv2.INTER_AREA)
    return np.asarray(scaled / scaled.sum(), dtype=np.float32)


def _tensors(features: Sequence[Features]) -> list[Tensor]:
    return [torch.from_numpy(np.stack(arrays)).float() for arrays in zip(*features, strict=True)]
