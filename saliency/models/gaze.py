"""`gaze`: the trained network as a SaliencyModel."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from saliency.image import resized
from saliency.models.gaze_net import GazeNet, input_size, to_channels_last
from saliency.models.weights import best_device, load_manifest, load_weights
from saliency.types import RgbImage, SaliencyMap


class GazeModel:
    """Predicts human gaze on any picture; keeps nothing between calls.

    The same weights on another device give the same map within 1e-3 of its maximum.
    """

    name = "gaze"

    def __init__(self, net: GazeNet, device: str | torch.device = "cpu") -> None:
        self.device = torch.device(device)
        self.net = to_channels_last(net.eval().to(self.device))

    def predict(self, image: RgbImage) -> SaliencyMap:
        """(H, W, 3) uint8 of any size -> (h, w) float32, a cell for 4 x 4 pixels of the network's input; sums to 1."""
        size = input_size(image.shape[1], image.shape[0])
        with torch.inference_mode():
            log_density = self.net.log_density(to_tensor(resized(image, size)).to(self.device))[0]
        density = np.exp(log_density.float().cpu().numpy().astype(np.float64))
        return (density / density.sum()).astype(np.float32)


def to_tensor(image: RgbImage) -> Tensor:
    """(H, W, 3) uint8 -> (1, 3, H, W) float32 in channels-last memory, scaled as the backbone expects."""
    scaled = (torch.from_numpy(np.ascontiguousarray(image)).float() - 127) / 128
    return scaled.permute(2, 0, 1)[None]


def load_gaze(device: str | torch.device | None = None) -> GazeModel:
    """`gaze` with its committed weights on `device`, by default the best one present.

    Raises WeightsError when the weights are missing or do not match their manifest.
    """
    net = GazeNet(load_manifest("gaze")["variant"])
    net.load_state_dict(load_weights("gaze"))
    return GazeModel(net, device or best_device())
