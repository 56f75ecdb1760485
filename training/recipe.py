"""The recipe of `gaze`: fine-tune the backbone and its read-out on human fixations."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from tqdm import tqdm

from saliency.models.gaze_net import GazeNet, log_normalise, prior_at, to_channels_last
from training.checkpoint import Checkpoint
from training.data import Batch, Batches, prepared, steps_of
from training.learning import descend, divergence, freeze, new_optimizer, one_cycle, running_average
from training.views import TrainingPhoto

log = logging.getLogger("training")


@dataclass(frozen=True)
class FineTuning:
    """Everything that changes what is learned, with the data."""

    variant: str = "lite0"
    epochs: int = 16
    batch_size: int = 8
    backbone_rate: float = 2e-4
    read_out_rate: float = 2e-3
    prior_rate: float = 1e-2
    weight_decay: float = 1e-2
    frozen_stages: int = 2  # the stem and this many stages keep their ImageNet weights
    whole: float = 0.0  # the share of batches that show whole photos as they are
    targets: str = "mixture"  # what is to be learned of the fixations: see `training.data.TARGETS`
    average: float = 0.99  # decay of the moving average of the weights, which is what is kept
    seed: int = 0


class Domains(nn.Module):
    """What differs between datasets and not between pictures: each one's own frame prior and certainty.

    Observers of another screen, task or tracker differ in how much they keep to the centre and how much they agree.
    Learning that a dataset at a time leaves to the network what the pictures have in common; the product uses the mean.
    """

    def __init__(self, prior: Tensor, count: int) -> None:
        super().__init__()
        self.priors = nn.Parameter(prior.detach().repeat(count, 1, 1))
        self.log_scales = nn.Parameter(torch.zeros(count))

    def log_density(self, content: Tensor, frames: Tensor, domains: Tensor) -> Tensor:
        """(N, h, w) content, (N, h, w, 2) places in the whole photos, (N,) dataset ranks -> (N, h, w) log density."""
        prior = torch.cat([prior_at(self.priors[d], f[None]) for d, f in zip(domains, frames, strict=True)])
        scale = (self.log_scales - self.log_scales.mean())[domains].exp()
        return log_normalise(content * scale[:, None, None] + prior)

    def mean_prior(self) -> Tensor:
        """The prior of the product, as control points."""
        return self.priors.detach().mean(dim=0)


class Training:
    """One run: what is learned, how, and where it is kept between epochs.

    `domains`: how many datasets the photos are of. `steps`: of all epochs. Raises ValueError where the checkpoint in
    `folder` is of other settings.
    """

    def __init__(self, settings: FineTuning, net: GazeNet, domains: int, steps: int, folder: Path) -> None:
        self.settings = settings
        self.net = to_channels_last(net)
        freeze(self.net, settings.frozen_stages)
        self.domains = Domains(self.net.prior, domains)
        self.net.prior.requires_grad_(False)
        rates = (settings.backbone_rate, settings.read_out_rate, settings.prior_rate)
        self.optimizer = new_optimizer(self.net, self.domains.parameters(), rates, settings.weight_decay)
        self.schedule = one_cycle(self.optimizer, steps)
        self.learned = nn.ModuleDict({"net": self.net, "domains": self.domains})
        self.average = running_average(self.learned, settings.average)
        self.checkpoint = Checkpoint(
            folder,
            settings,
            {
                "state": self.learned,
                "average": self.average.module,
                "optimizer": self.optimizer,
                "schedule": self.schedule,
            },
        )
        self.epoch = self.checkpoint.resume()

    def step(self, batch: Batch) -> float:
        """Learn from one batch; returns the loss in nats, weighted by how many fixations each view holds."""
        content = self.net(batch.pictures.to(memory_format=torch.channels_last))
        predicted = self.domains.log_density(content, batch.frames, batch.domains)
        loss = descend((divergence(predicted, batch.densities) * batch.shares).mean(), self.optimizer)
        self.schedule.step()
        self.average.update_parameters(self.learned)
        return loss

    def averaged_net(self) -> GazeNet:
        """The network with the averaged weights and the mean of the datasets' priors, ready to predict."""
        self.learned.load_state_dict(self.average.module.state_dict())
        with torch.no_grad():
            self.net.prior.copy_(self.domains.mean_prior())
        return self.net.eval()

    def save(self) -> None:
        """Count the epoch as done and write the checkpoint to go on from."""
        self.epoch += 1
        self.checkpoint.save(self.epoch)


def train(net: GazeNet, photos: list[TrainingPhoto], domains: int, settings: FineTuning, folder: Path) -> GazeNet:
    """Train `net`, or go on from the checkpoint in `folder`; returns the averaged network, ready to predict.

    `domains` is the number of datasets that the photos come from. A checkpoint is written after each epoch; the same
    settings, photos and thread count give the same batches, whether a run was interrupted or not.
    """
    run = Training(settings, net, domains, steps_of(photos, settings.batch_size, settings.epochs), folder)
    while run.epoch < settings.epochs:
        began = time.perf_counter()
        batches = Batches(photos, settings.batch_size, settings.whole, settings.seed, run.epoch)
        title = f"epoch {run.epoch + 1}/{settings.epochs}"
        losses = [run.step(batch) for batch in tqdm(prepared(batches), title, mininterval=5, leave=False)]
        run.save()
        log.info("%s: loss %.4f, %.0f s", title, sum(losses) / len(losses), time.perf_counter() - began)
    return run.averaged_net()
