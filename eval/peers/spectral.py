"""Saliency without learning: what is unusual in the spectrum of the photo.

Hou & Zhang, "Saliency detection: a spectral residual approach", CVPR 2007, after the eight lines of MATLAB that they
published with it.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from saliency.image import resized
from saliency.types import RgbImage, SaliencyMap

WIDTH = 64  # pixels that the photo is reduced to
MAX_HEIGHT = 1024  # for photos that are hardly more than a line
RESIDUAL_SIDE = 3
# the published filter has 10 x 10 cells and shifts the map by half a cell; one more keeps it in place
BLUR_SIDE, BLUR_DEVIATION = 11, 2.5
NOTHING = 1e-9
"""Amplitudes below this share of the largest are rounding errors, whose logarithms would be noise."""


@dataclass(frozen=True)
class SpectralResidual:
    """The spectral residual as a saliency model: 64 cells wide, as high as the photo's shape asks for."""

    name: str = "spectral-residual"

    def predict(self, image: RgbImage) -> SaliencyMap:
        height = min(max(round(WIDTH * image.shape[0] / image.shape[1]), 1), MAX_HEIGHT)
        saliency_map = spectral_residual(cv2.cvtColor(resized(image, (WIDTH, height)), cv2.COLOR_RGB2GRAY) / 255)
        saliency_map -= saliency_map.min()
        total = saliency_map.sum()
        if total <= 0:
            return np.full(saliency_map.shape, 1 / saliency_map.size, dtype=np.float32)
        return np.asarray(saliency_map / total, dtype=np.float32)

    def least_size(self, size: tuple[int, int]) -> tuple[int, int]:
        return size  # it averages over all pixels


def spectral_residual(gray: NDArray[np.float64]) -> NDArray[np.float64]:
    """The saliency, (h, w) and >= 0, of brightness (h, w), 0..1; all 0 where the brightness is constant."""
    if np.ptp(gray) == 0:
        return np.zeros(gray.shape)
    spectrum = np.fft.fft2(gray)
    amplitude = np.abs(spectrum)
    log_amplitude = np.log(np.maximum(amplitude, NOTHING * amplitude.max()))
    expected = cv2.blur(log_amplitude, (RESIDUAL_SIDE, RESIDUAL_SIDE), borderType=cv2.BORDER_REPLICATE)
    unusual = np.exp(log_amplitude - expected + 1j * np.angle(spectrum))
    energy = np.abs(np.fft.ifft2(unusual)) ** 2
    blurred = cv2.GaussianBlur(energy, (BLUR_SIDE, BLUR_SIDE), BLUR_DEVIATION, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(blurred, dtype=np.float64)
