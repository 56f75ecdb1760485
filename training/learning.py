"""What fine-tuning and distillation share: the loss, a step down it, its rates, and the average of the weights."""

from __future__ import annotations

from collections.abc import Iterable

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.optim.lr_scheduler import OneCycleLR
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from saliency.models.gaze_net import GazeNet

MOST_GRADIENT = 5.0  # the norm that the gradient of a group of weights is cut to
WARM_UP = 0.15  # the share of the steps in which the rates rise


def divergence(log_density: Tensor, target: Tensor) -> Tensor:
    """(N, h, w) log density and target density -> (N,) Kullback-Leibler divergence in nats."""
    return F.kl_div(log_density, target, reduction="none").flatten(1).sum(dim=1)


def freeze(net: GazeNet, stages: int) -> None:
    """Let the stem and the first `stages` stages keep their weights, in place; 0 freezes nothing."""
    if stages:
        for module in (net.backbone.stem, *net.backbone.stages[:stages]):
            module.requires_grad_(False)


def new_optimizer(
    net: GazeNet, priors: Iterable[nn.Parameter], rates: tuple[float, float, float], weight_decay: float
) -> torch.optim.AdamW:
    """For the backbone, the read-out and the priors, each at its own of the three rates; priors do not decay.

    `priors` may be others than the network's own. Backbone weights that are frozen now stay so.
    """
    known = {id(p) for p in net.backbone.parameters()} | {id(net.prior)}
    return torch.optim.AdamW(
        [
            {"params": [p for p in net.backbone.parameters() if p.requires_grad], "lr": rates[0]},
            {"params": [p for p in net.parameters() if id(p) not in known], "lr": rates[1]},
            {"params": list(priors), "lr": rates[2], "weight_decay": 0.0},
        ],
        weight_decay=weight_decay,
    )


def one_cycle(optimizer: torch.optim.Optimizer, steps: int) -> OneCycleLR:
    """The rates rise to the optimizer's own and fall again, once over all steps (Smith & Topin, 2018)."""
    highest = [group["lr"] for group in optimizer.param_groups]
    return OneCycleLR(optimizer, highest, total_steps=steps, pct_start=WARM_UP)


def descend(loss: Tensor, optimizer: torch.optim.Optimizer, most: float = MOST_GRADIENT) -> float:
    """One step down the loss, a scalar, which is returned; gradients are cut to the norm `most`, group by group."""
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    for group in optimizer.param_groups:
        nn.utils.clip_grad_norm_(group["params"], most)
    optimizer.step()
    return loss.item()


def running_average(model: nn.Module, decay: float) -> AveragedModel:
    """The exponential moving average of the model's weights, which begins with those it has now."""
    average = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(decay))
    average.update_parameters(model)  # the first update copies, only later ones average
    return average
