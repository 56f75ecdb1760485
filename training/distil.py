"""Distillation: a small network learns what a teacher sees in the photos, and what people looked at.

Hinton, Vinyals & Dean, "Distilling the knowledge in a neural network", 2015; for gaze Theis et al., 2018. The teacher
has seen each photo once; its map is carried through a view's matrix as the fixations are, so views cost it nothing.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.optim.lr_scheduler import OneCycleLR
from torch.utils.data import DataLoader

from saliency.models.gaze_net import GazeNet, log_normalise, prior_at, to_channels_last
from training.data import Batches, canvases_of
from training.recipe import divergence
from training.views import Frame

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
    mixes: float = 0.0  # the share of batches whose photos are laid over each other: only another network knows them
    average: float = 0.99  # decay of the moving average of the weights, which is what is kept
    seed: int = 0


def distil(net: GazeNet, frames: list[Frame], settings: Distillation, whole: GazeNet | None = None) -> GazeNet:
    """Teach `net`, one cycle of rates over all epochs; returns it with the averaged weights, ready to predict.

    `whole`: a network not pruned, whose features are to be kept where settings.features > 0, and which knows what is to
    be seen in mixes.
    """
    if whole is not None:
        as_example(whole)
    to_channels_last(net).train()
    steps = settings.epochs * -(-len(frames) // settings.batch_size)
    optimizer = new_optimizer(net, settings)
    rates = [group["lr"] for group in optimizer.param_groups]
    schedule = OneCycleLR(optimizer, rates, total_steps=steps, pct_start=0.15)
    average = {name: value.detach().clone() for name, value in net.named_parameters()}
    for epoch in range(settings.epochs):
        began = time.perf_counter()
        losses = []
        for batch in batches(frames, settings, epoch):
            losses.append(learn(net, batch, optimizer, settings, whole))
            schedule.step()
            for name, value in net.named_parameters():
                average[name].lerp_(value.detach(), 1 - settings.average)
        mean, seconds = sum(losses) / len(losses), time.perf_counter() - began
        log.info("epoch %d/%d: loss %.4f, %.0f s", epoch + 1, settings.epochs, mean, seconds)
    net.load_state_dict(average)
    return net.eval()


def as_example(net: GazeNet) -> GazeNet:
    """The network, ready to be looked at and not to learn, in place."""
    return to_channels_last(net).eval().requires_grad_(False)


def batches(frames: list[Frame], settings: Distillation, epoch: int) -> Iterator[dict[str, Tensor]]:
    """The views of one epoch, prepared in another process."""
    views = Batches(frames, settings.batch_size, settings.whole, settings.seed, epoch, canvases_of(settings.pixels))
    return iter(DataLoader(views, batch_size=None, num_workers=1))


def new_optimizer(net: GazeNet, settings: Distillation) -> torch.optim.AdamW:
    backbone = list(net.backbone.parameters())
    known = {id(p) for p in backbone} | {id(net.prior)}
    read_out = [p for p in net.parameters() if id(p) not in known]
    return torch.optim.AdamW(
        [
            {"params": backbone, "lr": settings.rate},
            {"params": read_out, "lr": settings.read_out_rate},
            {"params": [net.prior], "lr": settings.read_out_rate, "weight_decay": 0.0},
        ],
        weight_decay=settings.weight_decay,
    )


def learn(
    net: GazeNet,
    batch: dict[str, Tensor],
    optimizer: torch.optim.Optimizer,
    settings: Distillation,
    whole: GazeNet | None = None,
) -> float:
    """One step; returns the loss."""
    if whole is not None and torch.rand(()) < settings.mixes:
        batch = mixed(batch, whole)
    loss = loss_of(net, batch, settings.teacher, whole, settings.features).mean()
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    for group in optimizer.param_groups:
        nn.utils.clip_grad_norm_(group["params"], 5.0)
    optimizer.step()
    return loss.item()


def mixed(batch: dict[str, Tensor], whole: GazeNet) -> dict[str, Tensor]:
    """The pictures laid over each other in pairs, with what `whole` sees in them as both parts of the target.

    Nobody has looked at such pictures, and there is no end of them: what is learnt from them is the network itself
    (Beyer et al., "Knowledge distillation: a good teacher is patient and consistent", CVPR 2022).
    """
    weight = torch.rand(len(batch["pictures"]), 1, 1, 1)
    pictures = weight * batch["pictures"] + (1 - weight) * batch["pictures"].flip(0)
    with torch.no_grad():
        content = whole(pictures.to(memory_format=torch.channels_last))
        seen = log_normalise(content + prior_at(whole.prior, batch["frames"])).exp()
    return batch | {
        "pictures": pictures,
        "lessons": seen,
        "densities": seen,
        "shares": torch.ones_like(batch["shares"]),
    }


def loss_of(
    net: GazeNet, batch: dict[str, Tensor], teacher: float, whole: GazeNet | None = None, weight: float = 0.0
) -> Tensor:
    """(N,) divergence in nats from the mixed target, weighted by how many fixations each view holds.

    The prior is one for all datasets, unlike the teacher's in training: it is their mean that the student is for.
    With `whole`, plus `weight` times how much the features differ from its features.
    """
    pictures = batch["pictures"].to(memory_format=torch.channels_last)
    features = net.backbone(pictures)
    predicted = log_normalise(net.read(features) + prior_at(net.prior, batch["frames"]))
    target = teacher * batch["lessons"] + (1 - teacher) * batch["densities"]
    loss = divergence(predicted, target) * batch["shares"]
    if whole is None or not weight:
        return loss
    with torch.no_grad():
        wanted = whole.backbone(pictures)
    return loss + weight * feature_difference(features, wanted)


def feature_difference(features: list[Tensor], wanted: list[Tensor]) -> Tensor:
    """(N,) squared differences of each stage's feature maps in units of the wanted ones' variance, the mean of stages.

    Pruning keeps the number of channels between blocks, so a pruned network's features can be compared with those
    before (Romero et al., "FitNets", ICLR 2015). It holds on to what ImageNet taught, which few photos cannot teach
    again.
    """
    differences = [(f - w).square().mean(dim=(1, 2, 3)) / w.var() for f, w in zip(features, wanted, strict=True)]
    return torch.stack(differences).mean(dim=0)
