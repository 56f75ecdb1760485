"""Fewer and denser layers where maps are large: the first layers of a network learnt anew.

In ONNX Runtime much of a pruned network's time goes to its first few layers: their maps are so large that writing and
reading them takes longer than the multiplications. They are replaced by two dense convolutions of stride 2
(FUSED_CHANNELS in `efficientnet_lite`), which learn to give what the old ones gave: any patch of any photo teaches
them, so few photos are enough.
"""

from __future__ import annotations

import logging
import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.optim.lr_scheduler import OneCycleLR

from saliency.models.efficientnet_lite import EfficientNetLite
from saliency.models.gaze_net import GazeNet, to_channels_last
from training.data import steps_of
from training.distil import Distillation, as_example, batches, feature_difference
from training.learning import descend
from training.views import TrainingPhoto

FRONT = 2  # stages that change
NEW = ("backbone.stem", "backbone.stages.1.0.expand", "backbone.stages.1.0.project")
log = logging.getLogger("training")


def fuse(net: GazeNet, photos: list[TrainingPhoto], settings: Distillation) -> GazeNet:
    """`net`, which is not pruned, with other first layers; all others stay. Ready to predict."""
    small = GazeNet(f"{net.variant}-fused")
    own = small.state_dict()
    small.load_state_dict(own | {name: value for name, value in net.state_dict().items() if _stays(name, own)})
    for name in NEW:
        nn.init.kaiming_normal_(small.get_parameter(f"{name}.weight"), nonlinearity="relu")
    as_example(net)
    to_channels_last(small).train()
    front = [*small.backbone.stem.parameters(), *small.backbone.stages[:FRONT].parameters()]
    optimizer = torch.optim.AdamW(front, settings.rate, weight_decay=settings.weight_decay)
    schedule = OneCycleLR(optimizer, settings.rate, total_steps=steps_of(photos, settings.batch_size, settings.epochs))
    for epoch in range(settings.epochs):
        losses = []
        for batch in batches(photos, settings, epoch):
            pictures = batch.pictures.to(memory_format=torch.channels_last)
            with torch.no_grad():
                wanted = _seen_by_front(net.backbone, pictures)
            loss = feature_difference([_seen_by_front(small.backbone, pictures)], [wanted]).mean()
            losses.append(descend(loss, optimizer, math.inf))
            schedule.step()
        log.info("epoch %d/%d: difference %.4f", epoch + 1, settings.epochs, sum(losses) / len(losses))
    return small.eval()


def _stays(name: str, own: dict[str, Tensor]) -> bool:
    return name in own and not name.startswith(NEW)


def _seen_by_front(backbone: EfficientNetLite, pictures: Tensor) -> Tensor:
    """The feature map after the stages that change."""
    x = F.relu6(backbone.stem(pictures))
    for stage in list(backbone.stages)[:FRONT]:
        x = stage(x)
    return x
