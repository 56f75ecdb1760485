"""A saliency map drawn over its photo."""

from __future__ import annotations

import cv2
import numpy as np

from saliency.types import RgbImage, SaliencyMap


def overlay(image: RgbImage, map: SaliencyMap, opacity: float = 0.6) -> RgbImage:
    """The photo with the map over it: dark where few look, from purple to yellow where most do.

    image: (H, W, 3). map: (h, w) of any resolution. opacity: 0 shows the photo alone, 1 the map alone where most look;
    where nobody looks the photo stays, dimmed. Returns (H, W, 3). Raises ValueError when opacity is not in 0..1.
    """
    if not 0 <= opacity <= 1:
        raise ValueError(f"opacity must be between 0 and 1, got {opacity}")
    height, width = image.shape[:2]
    heat = cv2.resize(np.asarray(map, dtype=np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    # the square root spreads the lower levels out: densities fall off fast around each peak
    level = np.sqrt(np.clip(heat / max(float(heat.max()), 1e-12), 0, 1))
    colours = cv2.cvtColor(cv2.applyColorMap((level * 255).astype(np.uint8), cv2.COLORMAP_INFERNO), cv2.COLOR_BGR2RGB)
    alpha = (opacity * (0.35 + 0.65 * level))[..., None]
    return np.round(image * (1 - alpha) + colours * alpha).astype(np.uint8)
