"""Distillation: a small network learns what a teacher sees in the photos, and what people looked at.

Hinton, Vinyals & Dean, "Distilling the knowledge in a neural network", 2015; for gaze Theis et al., 2018. The teacher
has seen each photo once; its map is carried through a view's matrix as the fixations are, so views cost it nothing.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor

from saliency.models.gaze_net import GazeNet, log_normalise, prior_at, to_channels_last
from training.checkpoint import Checkpoint, Stateful
from training.data import Batch, Batches, canvases_of, prepared, steps_of
from training.learning import descend, divergence, freeze, new_optimizer, one_cycle, running_average
from training.views import TrainingPhoto

log = logging.getLogger("training")


@dataclass(frozen=True)
class Distillation:
    """Everything that changes what is learned, with the data and the teacher."""

    pixels: int = 224 * 160  # about how many the network is shown
    epochs: int = 10
    batch_size: int = 8
    rate: float = 3e-4  # the highest, of the backbone
    read_out_rate: float = 1e-3
    weight_decay: float = 1e-2
    teacher: float = 0.7  # the teacher's share of the target; the rest is where people looked
    features: float = 0.0  # what it weighs to differ from a network that is not pruned, stage by stage
    whole: float = 0.4  # the share of batches that show whole photos
    targets: str = "mixture"  # what is to be learned of the fixations: see `training.data.TARGETS`
    mixes: float = 0.0  # the share of batches whose photos are laid over each other: only another network knows them
    average: float = 0.99  # decay of the moving average of the weights, which is what is kept
    frozen_stages: int = 0  # the stem and this many stages keep their weights; 0: all are learned
    seed: int = 0


def distil(
    net: GazeNet,
    photos: list[TrainingPhoto],
    settings: Distillation,
    folder: Path,
    example: GazeNet | None = None,
) -> GazeNet:
    """Teach `net`, or go on from the checkpoint in `folder`, one cycle of rates over all epochs.

    Returns it with the averaged weights, ready to predict. `example`: a network not pruned, whose features are to be
    kept where settings.features > 0, and which knows what is to be seen in mixes.
    """
    if example is not None:
        as_example(example)
    to_channels_last(net).train()
    freeze(net, settings.frozen_stages)
    optimizer = optimizer_for(net, settings)
    schedule = one_cycle(optimizer, steps_of(photos, settings.batch_size, settings.epochs))
    average = running_average(net, settings.average)
    parts: dict[str, Stateful] = {"state": net, "average": average.module, "optimizer": optimizer, "schedule": schedule}
    checkpoint = Checkpoint(folder, settings, parts)
    for epoch in range(checkpoint.resume(), settings.epochs):
        began = time.perf_counter()
        losses = []
        for batch in batches(photos, settings, epoch):
            losses.append(learn(net, batch, optimizer, settings, example))
            schedule.step()
            average.update_parameters(net)
        mean, seconds = sum(losses) / len(losses), time.perf_counter() - began
        log.info("epoch %d/%d: loss %.4f, %.0f s", epoch + 1, settings.epochs, mean, seconds)
        checkpoint.save(epoch + 1)
    net.load_state_dict(average.module.state_dict())
    return net.eval()


def as_example(net: GazeNet) -> GazeNet:
    """The network, ready to be looked at and not to learn, in place."""
    return to_channels_last(net).eval().requires_grad_(False)


def batches(photos: list[TrainingPhoto], settings: Distillation, epoch: int) -> Iterator[Batch]:
    """The views of one epoch, on canvases of about the settings' pixels."""
    canvases = canvases_of(settings.pixels)
    return iter(prepared(Batches(photos, settings.batch_size, settings.whole, settings.seed, epoch, canvases)))


def optimizer_for(net: GazeNet, settings: Distillation) -> torch.optim.AdamW:
    """For all of the network at the settings' rates, its prior at that of the read-out."""
    rates = (settings.rate, settings.read_out_rate, settings.read_out_rate)
    return new_optimizer(net, [net.prior], rates, settings.weight_decay)


def learn(
    net: GazeNet,
    batch: Batch,
    optimizer: torch.optim.Optimizer,
    settings: Distillation,
    example: GazeNet | None = None,
) -> float:
    """One step; returns the loss. `example` as in `distil`."""
    if example is not None and torch.rand(()) < settings.mixes:
        batch = mixed(batch, example)
    return descend(loss_of(net, batch, settings.teacher, example, settings.features).mean(), optimizer)


def mixed(batch: Batch, example: GazeNet) -> Batch:
    """The pictures laid over each other in pairs, with what `example` sees in them as both parts of the target.

    Nobody has looked at such pictures, and there is no end of them: what is learnt from them is the network itself
    (Beyer et al., "Knowledge distillation: a good teacher is patient and consistent", CVPR 2022).
    """
    weight = torch.rand(len(batch.pictures), 1, 1, 1)
    pictures = weight * batch.pictures + (1 - weight) * batch.pictures.flip(0)
    with torch.no_grad():
        content = example(pictures.to(memory_format=torch.channels_last))
        seen = log_normalise(content + prior_at(example.prior, batch.frames)).exp()
    return replace(batch, pictures=pictures, lessons=seen, densities=seen, shares=torch.ones_like(batch.shares))


def loss_of(net: GazeNet, batch: Batch, teacher: float, example: GazeNet | None = None, weight: float = 0.0) -> Tensor:
    """(N,) divergence in nats from the mixed target, weighted by how many fixations each view holds.

    The prior is one for all datasets, unlike the teacher's in training: it is their mean that the student is for.
    With `example`, plus `weight` times how much the features differ from its features.
    """
    pictures = batch.pictures.to(memory_format=torch.channels_last)
    features = net.backbone(pictures)
    predicted = log_normalise(net.read(features) + prior_at(net.prior, batch.frames))
    target = teacher * batch.lessons + (1 - teacher) * batch.densities
    loss = divergence(predicted, target) * batch.shares
    if example is None or not weight:
        return loss
    with torch.no_grad():
        wanted = example.backbone(pictures)
    return loss + weight * feature_difference(features, wanted)


def feature_difference(features: list[Tensor], wanted: list[Tensor]) -> Tensor:
    """(N,) squared differences of each stage's feature maps in units of the wanted ones' variance, the mean of stages.

    Pruning keeps the number of channels between blocks, so a pruned network's features can be compared with those
    before (Romero et al., "FitNets", ICLR 2015). It holds on to what ImageNet taught, which few photos cannot teach
    again.
    """
    differences = [(f - w).square().mean(dim=(1, 2, 3)) / w.var() for f, w in zip(features, wanted, strict=True)]
    return torch.stack(differences).mean(dim=0)
