"""The recipe of `gaze`: fine-tune the backbone and its read-out on human fixations."""

from __future__ import annotations

import json
import logging
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.optim.lr_scheduler import OneCycleLR
from torch.utils.data import DataLoader
from tqdm import tqdm

from saliency.models.gaze_net import GazeNet, log_normalise, prior_at, to_channels_last
from training.data import Batches
from training.views import Frame

CHECKPOINT = "last.pt"
log = logging.getLogger("training")


@dataclass(frozen=True)
class Settings:
    """Everything that changes the result of a training run, with the data."""

    variant: str = "lite0"
    epochs: int = 16
    batch_size: int = 8
    backbone_rate: float = 2e-4
    read_out_rate: float = 2e-3
    prior_rate: float = 1e-2
    weight_decay: float = 1e-2
    frozen_stages: int = 2  # the stem and this many stages keep their ImageNet weights
    whole: float = 0.0  # the share of batches that show whole photos as they are
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
        return self.priors.detach().mean(dim=0)


class Training:
    """One run: what is learned, how, and where it is kept between epochs."""

    def __init__(self, settings: Settings, net: GazeNet, domains: int, steps: int, folder: Path) -> None:
        self.settings = settings
        self.checkpoint = folder / CHECKPOINT
        self.net = to_channels_last(net)
        for module in (self.net.backbone.stem, *self.net.backbone.stages[: settings.frozen_stages]):
            module.requires_grad_(False)
        self.domains = Domains(self.net.prior, domains)
        self.net.prior.requires_grad_(False)
        backbone = {id(p) for p in self.net.backbone.parameters()}
        learned = [p for p in self.net.parameters() if p.requires_grad]
        rates = (settings.backbone_rate, settings.read_out_rate, settings.prior_rate)
        self.optimizer = torch.optim.AdamW(
            [
                {"params": [p for p in learned if id(p) in backbone], "lr": rates[0]},
                {"params": [p for p in learned if id(p) not in backbone], "lr": rates[1]},
                {"params": list(self.domains.parameters()), "lr": rates[2], "weight_decay": 0.0},
            ],
            weight_decay=settings.weight_decay,
        )
        self.schedule = OneCycleLR(self.optimizer, list(rates), total_steps=steps * settings.epochs, pct_start=0.15)
        self.average = {name: value.clone() for name, value in self.state().items()}
        self.epoch = self._resume()

    def state(self) -> dict[str, Tensor]:
        named = [*self.net.named_parameters(prefix="net"), *self.domains.named_parameters(prefix="domains")]
        return {name: value.detach() for name, value in named}

    def step(self, batch: dict[str, Tensor]) -> float:
        """Learn from one batch; returns the loss in nats, weighted by how many fixations each view holds."""
        content = self.net(batch["pictures"].to(memory_format=torch.channels_last))
        predicted = self.domains.log_density(content, batch["frames"], batch["domains"])
        loss = (divergence(predicted, batch["densities"]) * batch["shares"]).mean()
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        for group in self.optimizer.param_groups:
            nn.utils.clip_grad_norm_(group["params"], 5.0)
        self.optimizer.step()
        self.schedule.step()
        for name, value in self.state().items():
            self.average[name].lerp_(value, 1 - self.settings.average)
        return loss.item()

    def averaged_net(self) -> GazeNet:
        """The network with the averaged weights and the mean of the datasets' priors, ready to predict."""
        self._load(self.average)
        with torch.no_grad():
            self.net.prior.copy_(self.domains.mean_prior())
        return self.net.eval()

    def save(self) -> None:
        self.epoch += 1
        checkpoint = {
            "settings": json.dumps(asdict(self.settings)),
            "epoch": self.epoch,
            "state": self.state(),
            "average": self.average,
            "optimizer": self.optimizer.state_dict(),
            "schedule": self.schedule.state_dict(),
        }
        part = self.checkpoint.with_suffix(".part")
        torch.save(checkpoint, part)
        part.replace(self.checkpoint)

    def _resume(self) -> int:
        """Take up the checkpoint where there is one; returns the epochs already done."""
        if not self.checkpoint.exists():
            return 0
        saved = torch.load(self.checkpoint, weights_only=True)
        if json.loads(saved["settings"]) != asdict(self.settings):
            raise ValueError(f"{self.checkpoint} is of another run, {saved['settings']}; choose another --out")
        self._load(saved["state"])
        self.average = saved["average"]
        self.optimizer.load_state_dict(saved["optimizer"])
        self.schedule.load_state_dict(saved["schedule"])
        log.info("resumed after epoch %d", saved["epoch"])
        return int(saved["epoch"])

    def _load(self, state: dict[str, Tensor]) -> None:
        for name, value in self.state().items():
            value.copy_(state[name])


def train(
    net: GazeNet, frames: list[Frame], domains: int, settings: Settings, folder: Path, workers: int = 1
) -> GazeNet:
    """Train `net`, or go on from the checkpoint in `folder`; returns the averaged network, ready to predict.

    `domains` is the number of datasets that the frames come from. A checkpoint is written after each epoch; the same
    settings, frames and thread count give the same batches, whether a run was interrupted or not.
    """
    run = Training(settings, net, domains, -(-len(frames) // settings.batch_size), folder)
    while run.epoch < settings.epochs:
        began = time.perf_counter()
        batches = Batches(frames, settings.batch_size, settings.whole, settings.seed, run.epoch)
        loader = DataLoader(batches, batch_size=None, num_workers=workers)
        title = f"epoch {run.epoch + 1}/{settings.epochs}"
        losses = [run.step(batch) for batch in tqdm(loader, title, mininterval=5, leave=False)]
        run.save()
        log.info("%s: loss %.4f, %.0f s", title, sum(losses) / len(losses), time.perf_counter() - began)
    return run.averaged_net()


def divergence(log_density: Tensor, target: Tensor) -> Tensor:
    """(N, h, w) log density and target density -> (N,) Kullback-Leibler divergence in nats."""
    return (torch.xlogy(target, target) - target * log_density).flatten(1).sum(dim=1)
