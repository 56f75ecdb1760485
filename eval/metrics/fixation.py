"""Saliency maps against fixations, as the MIT/Tuebingen saliency benchmark defines the measures.

Every function takes `map`, (H, W) float at the resolution of the image, and `fixations`, (N, 2) as (x, y) in pixels.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

FloatMap = NDArray[np.floating]


def at_image_size(grid: FloatMap, size: tuple[int, int]) -> NDArray[np.float64]:
    """A coarse grid (h, w) as (H, W), bilinearly between cell centres; `size` is (W, H) in pixels."""
    enlarged = cv2.resize(np.asarray(grid, dtype=np.float64), size, interpolation=cv2.INTER_LINEAR)
    return np.asarray(enlarged, dtype=np.float64)


def fixation_density(
    fixations: NDArray[np.floating], size: tuple[int, int], sigma: float, stride: int = 1
) -> NDArray[np.float64]:
    """The fixations as a density that sums to 1: counts a cell of `stride` pixels, blurred by `sigma` pixels.

    Returns (ceil(H / stride), ceil(W / stride)) float64. Raises ValueError without fixations.
    """
    if len(fixations) == 0:
        raise ValueError("a fixation density needs at least one fixation")
    width, height = -(-size[0] // stride), -(-size[1] // stride)
    x, y = (np.asarray(fixations) // stride).astype(int).T
    counts = np.zeros((height, width))
    np.add.at(counts, (np.clip(y, 0, height - 1), np.clip(x, 0, width - 1)), 1.0)
    density = cv2.GaussianBlur(counts, (0, 0), sigma / stride, borderType=cv2.BORDER_CONSTANT)
    return density / density.sum()


def nss(map: FloatMap, fixations: NDArray[np.floating]) -> float:
    """Normalised scanpath saliency: the mean standardised saliency at the fixated pixels; a constant map gives 0.

    Peters, Iyer, Itti & Koch, Vision Research 45, 2005.
    """
    values = np.asarray(map, dtype=np.float64)
    deviation = values.std()
    if deviation <= 1e-12 * abs(values).max():
        return 0.0
    return float(((_at(values, fixations) - values.mean()) / deviation).mean())


def cc(map: FloatMap, density: FloatMap) -> float:
    """Pearson's correlation of two (H, W) maps; 0 where one is constant. Le Meur et al., Vision Research 47, 2007."""
    a = np.asarray(map, dtype=np.float64) - np.mean(map)
    b = np.asarray(density, dtype=np.float64) - np.mean(density)
    scale = np.sqrt((a**2).sum() * (b**2).sum())
    return float((a * b).sum() / scale) if scale > 0 else 0.0


def _at(map: FloatMap, fixations: NDArray[np.floating]) -> NDArray[np.float64]:
    x, y = np.asarray(fixations).astype(int).T
    return np.asarray(map, dtype=np.float64)[y, x]
