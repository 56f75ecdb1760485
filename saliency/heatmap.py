"""A saliency map drawn over its photo."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from saliency.types import RgbImage, SaliencyMap


def overlay(image: RgbImage, saliency_map: SaliencyMap, opacity: float = 0.6) -> RgbImage:
    """The photo with the map over it: dark where few look, from purple to yellow where most do.

    image: (H, W, 3). saliency_map: (h, w) of any resolution. opacity: 0 shows the photo alone, 1 the map alone where
    most look; where nobody looks the photo stays, dimmed. Returns (H, W, 3). Raises ValueError when opacity is not in
    0..1.
    """
    if not 0 <= opacity <= 1:
        raise ValueError(f"opacity must be between 0 and 1, got {opacity}")
    colours, level = heat(saliency_map, (image.shape[1], image.shape[0]))
    alpha = (opacity * strength(level))[..., None]
    return np.round(image * (1 - alpha) + colours * alpha).astype(np.uint8)


def heat(saliency_map: SaliencyMap, size: tuple[int, int]) -> tuple[RgbImage, NDArray[np.float32]]:
    """The map at `size` = (width, height): its colours, (H, W, 3), and its level, (H, W) in 0..1, 1 where most look."""
    values = cv2.resize(np.asarray(saliency_map, dtype=np.float32), size, interpolation=cv2.INTER_CUBIC)
    # the square root spreads the lower levels out: densities fall off fast around each peak
    level = np.sqrt(np.clip(values / max(float(values.max()), 1e-12), 0, 1))
    colours = cv2.applyColorMap((level * 255).astype(np.uint8), cv2.COLORMAP_INFERNO)
    return np.asarray(cv2.cvtColor(colours, cv2.COLOR_BGR2RGB), dtype=np.uint8), np.asarray(level, dtype=np.float32)


def strength(level: NDArray[np.float32]) -> NDArray[np.float32]:
    """How much of the colour covers the photo at this level, 0..1: also where nobody looks it is dimmed a little."""
    return 0.35 + 0.65 * level
