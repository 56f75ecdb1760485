"""Saliency maps against fixations, as the MIT/Tuebingen saliency benchmark defines the measures.

Every function takes `saliency_map`, (H, W) float at the resolution of the image, and `fixations`, (N, 2) as (x, y) in
pixels.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

FloatMap = NDArray[np.floating]
Points = NDArray[np.floating]
EPSILON = 2.2204e-16  # MATLAB's eps, the regulariser of the MIT benchmark's code
DENSITY_SIGMA = 0.03  # of the longer side: the blur of a human density


def at_image_size(grid: FloatMap, size: tuple[int, int]) -> NDArray[np.float64]:
    """A coarse grid (h, w) as (H, W), bilinearly between cell centres; `size` is (W, H) in pixels."""
    if np.ptp(grid) == 0:  # interpolation would round a constant to values that differ in the last digit
        return np.full(size[::-1], np.ravel(grid)[0], dtype=np.float64)
    enlarged = cv2.resize(np.asarray(grid, dtype=np.float64), size, interpolation=cv2.INTER_LINEAR)
    return np.asarray(enlarged, dtype=np.float64)


def fixation_density(fixations: Points, size: tuple[int, int], sigma: float, stride: int = 1) -> NDArray[np.float64]:
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


def auc_judd(saliency_map: FloatMap, fixations: Points) -> float:
    """Area under the ROC curve, fixated pixels against all pixels; a constant map gives 0.5.

    The chance that a fixated pixel is more salient than a pixel of the image drawn at random, ties counted half. Judd,
    Durand & Torralba, MIT-CSAIL-TR-2012-001; negatives as on the MIT/Tuebingen benchmark.
    """
    return _auc(at(saliency_map, fixations), np.ravel(saliency_map))


def auc_shuffled(saliency_map: FloatMap, fixations: Points, others: Points) -> float:
    """Area under the ROC curve against `others`, (M, 2): the fixations of other images, rescaled to this one.

    What everybody looks at whatever the picture, the middle, earns nothing. Zhang et al., J. of Vision 8(7):32, 2008.
    """
    return _auc(at(saliency_map, fixations), at(saliency_map, others))


def nss(saliency_map: FloatMap, fixations: Points) -> float:
    """Normalised scanpath saliency: the mean standardised saliency at the fixated pixels; a constant map gives 0.

    Peters, Iyer, Itti & Koch, Vision Research 45, 2005.
    """
    values = np.asarray(saliency_map, dtype=np.float64)
    deviation = values.std()
    if deviation <= 1e-12 * abs(values).max():
        return 0.0
    return float(((at(values, fixations) - values.mean()) / deviation).mean())


def information_gain(saliency_map: FloatMap, fixations: Points, baseline: FloatMap) -> float:
    """How much better than `baseline` the map, taken as a density, predicts the fixations, in bits a fixation.

    Kuemmerer, Wallis & Bethge, PNAS 112(52), 2015; both densities floored at EPSILON a pixel.
    """
    ratio = (at(as_density(saliency_map), fixations) + EPSILON) / (at(as_density(baseline), fixations) + EPSILON)
    return float(np.log2(ratio).mean())


def cc(saliency_map: FloatMap, density: FloatMap) -> float:
    """Pearson's correlation of two (H, W) maps; 0 where one is constant. Le Meur et al., Vision Research 47, 2007."""
    a = np.asarray(saliency_map, dtype=np.float64) - np.mean(saliency_map)
    b = np.asarray(density, dtype=np.float64) - np.mean(density)
    scale = np.sqrt((a**2).sum() * (b**2).sum())
    return float((a * b).sum() / scale) if scale > 1e-12 * np.abs(saliency_map).max() * np.abs(density).max() else 0.0


def kl_divergence(saliency_map: FloatMap, density: FloatMap) -> float:
    """Kullback-Leibler divergence of the map from the human density, in nats, regularised as on the MIT benchmark.

    Tatler, Baddeley & Gilchrist, Vision Research 45, 2005; Bylinskii et al., IEEE TPAMI 41(3), 2019.
    """
    p, q = as_density(density), as_density(saliency_map)
    return float((p * np.log(EPSILON + p / (q + EPSILON))).sum())


def similarity(saliency_map: FloatMap, density: FloatMap) -> float:
    """SIM: the mass two densities share, 0..1. Judd, Durand & Torralba, MIT-CSAIL-TR-2012-001."""
    return float(np.minimum(as_density(saliency_map), as_density(density)).sum())


def as_density(saliency_map: FloatMap) -> NDArray[np.float64]:
    """The map as a density that sums to 1: shifted up where it goes below 0, uniform where it is all 0."""
    values = np.asarray(saliency_map, dtype=np.float64)
    values = values - min(values.min(), 0.0)
    total = values.sum()
    return values / total if total > 0 else np.full(values.shape, 1 / values.size)


def mixed(density: FloatMap, prior: FloatMap, weight: float) -> NDArray[np.float64]:
    """A density with so much of the prior in it, 0..1; both (H, W), each sums to 1."""
    return np.asarray((1 - weight) * density + weight * prior, dtype=np.float64)


def _auc(positives: NDArray[np.float64], negatives: NDArray[np.floating]) -> float:
    ordered = np.sort(negatives)
    below = np.searchsorted(ordered, positives, side="left") + np.searchsorted(ordered, positives, side="right")
    return float(below.mean() / (2 * len(ordered)))


def at(saliency_map: FloatMap, fixations: Points) -> NDArray[np.float64]:
    """The map's values in the pixels of the fixations."""
    x, y = np.asarray(fixations).astype(int).T
    return np.asarray(saliency_map, dtype=np.float64)[y, x]
