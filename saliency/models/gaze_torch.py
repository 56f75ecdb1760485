"""The same networks in PyTorch: for training, for GPUs, and as the reference that ONNX Runtime is tested against."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from saliency.image import resized
from saliency.models.gaze_net import GazeNet, to_channels_last
from saliency.models.input import INPUT_PIXELS, input_size, least_size
from saliency.models.weights import FOLDER, load_manifest, load_weights
from saliency.types import RgbImage, SaliencyMap


class TorchGazeModel:
    """Predicts human gaze on any picture; keeps nothing between calls.

    The same weights on another device, or in ONNX Runtime, give the same map within 1e-3 of its maximum; in 8 bits, as
    `gaze-nano` runs there, within a fifth of it (training/README.md says what is usual).
    """

    def __init__(
        self, net: GazeNet, device: str | torch.device = "cpu", pixels: int = INPUT_PIXELS, name: str = "gaze"
    ) -> None:
        self.name = name
        self.pixels = pixels
        self.device = torch.device(device)
        self.net = to_channels_last(net.eval().to(self.device))

    def predict(self, image: RgbImage) -> SaliencyMap:
        """(H, W, 3) uint8 of any size -> (h, w) float32, a cell for 4 x 4 pixels of the network's input; sums to 1."""
        size = input_size(image.shape[1], image.shape[0], self.pixels)
        with torch.inference_mode():
            log_density = self.net.log_density(to_tensor(resized(image, size)).to(self.device))[0]
        density = np.exp(log_density.float().cpu().numpy().astype(np.float64))
        return (density / density.sum()).astype(np.float32)

    def least_size(self, size: tuple[int, int]) -> tuple[int, int]:
        """(width, height) that must remain of a photo of `size` for the network to see the same in it."""
        return least_size(size, self.pixels)


def to_tensor(image: RgbImage) -> Tensor:
    """(H, W, 3) uint8 -> (1, 3, H, W) float32 in channels-last memory, scaled as the backbone expects."""
    scaled = (torch.from_numpy(np.ascontiguousarray(image)).float() - 127) / 128
    return scaled.permute(2, 0, 1)[None]


def load_net(name: str, folder: Path = FOLDER) -> GazeNet:
    """The network with its weights. Raises WeightsError when they are missing or do not match their manifest."""
    manifest = load_manifest(name, folder)
    net = GazeNet(manifest["variant"], manifest.get("widths"))
    net.load_state_dict({key: torch.from_numpy(value) for key, value in load_weights(name, folder).items()})
    return net


def load_torch_gaze(
    name: str = "gaze", device: str | torch.device | None = None, folder: Path = FOLDER
) -> TorchGazeModel:
    """A network with its committed weights on `device`, by default the best one present.

    Raises WeightsError as `load_net` does.
    """
    pixels = load_manifest(name, folder).get("input pixels", INPUT_PIXELS)
    return TorchGazeModel(load_net(name, folder), device or best_device(), pixels, name)


def state_of(net: nn.Module) -> dict[str, np.ndarray]:
    """The network's weights by name, as they are saved."""
    return {key: value.detach().cpu().contiguous().numpy() for key, value in net.state_dict().items()}


def best_device() -> torch.device:
    """CUDA or Apple's MPS where present, else the CPU."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
