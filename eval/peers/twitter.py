"""Twitter's cropper of 2018 to 2021, as released: https://github.com/twitter-research/image-crop-analysis (Apache-2.0).

The network is that of Theis, Korshunova, Tejani & Huszar, "Faster gaze prediction with dense networks and Fisher
pruning", 2018; the crop is centred on its highest score. What the released program does between a photo and its scores
is not documented; this was found by holding candidates against the program's own output on 24 JPEG photos, as the
largest difference of a score (scores run from about -0.5 to 5):

- A JPEG is decoded at 1/2, 1/4 or 1/8 of its size, the smallest that is not below the network's input, which is the
  mean of 2 x 2, 4 x 4 or 8 x 8 pixels; the rest is Lanczos with 3 lobes, across, rounded to 8 bits, then down: 0.009.
  Others, over seven of the photos: Lanczos alone 0.27; libvips 0.30; OpenCV's INTER_AREA 0.39, INTER_LINEAR 0.62;
  Pillow's bicubic 0.34, bilinear 0.73.
- A photo below the network's input is enlarged by Lanczos with 2 lobes, not rounded in between: 0.008.
  Others, over three photos: bicubic 0.04, Lanczos with 3 lobes 0.31, Mitchell 0.38.

Here the photo comes decoded at full size, so the mean is taken over pixels that were already rounded, and the network
is sensitive even to that. The scores differ from the program's by 0.03 (median over the 24 photos of the largest
difference; 0.12 at the most); the salient point and the crops are the program's on 24 of 24. On 53 more JPEG photos the
salient point is that of the JPEG decoded smaller on 48; where it is not, two places score nearly alike.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from eval.peers.vxm import Network, read_vxm
from saliency.image import resized
from saliency.types import Evidence, RgbImage, SaliencyMap

ENVIRONMENT = "FASTGAZE_VXM"

INPUT_SIDE = 320  # pixels of the longer side, also of smaller photos
CELL = 16  # pixels of the network's input for one score
# VGG's means in the order blue, green, red, taken from red, green, blue: the release has them swapped, and so have we.
MEANS = np.array([103.939, 116.779, 123.68], dtype=np.float32)
JPEG_SCALES = (8, 4, 2)
LOBES_SMALLER, LOBES_LARGER = 3, 2

SYMMETRY_SIDE = 10  # the picture is compared with its mirror image at this size
SYMMETRY_LIMIT = 25.0
SYMMETRIC = "nearly symmetric, so the middle"


@dataclass(frozen=True)
class Twitter:
    """The released network, and what it sees in a photo. Keeps nothing between photos."""

    network: Network

    def look(self, image: RgbImage) -> Evidence:
        """map: see `density`. point: the salient one; on the middle column where the photo nearly equals its mirror
        image, and then a note."""
        width, height = image.shape[1], image.shape[0]
        pixels = network_input(image)
        scores = self.scores(pixels)
        x, y = salient_point(scores, (width, height))
        note = ""
        if nearly_symmetric(pixels):
            x, note = width // 2, SYMMETRIC
        middle = (x + 0.5, y + 0.5)  # of that pixel
        return Evidence(map=density(scores, (pixels.shape[1], pixels.shape[0])), point=middle, note=note)

    def scores(self, pixels: RgbImage) -> NDArray[np.float32]:
        """One raw score a cell of 16 x 16 pixels of the network's input, (ceil(h / 16), ceil(w / 16))."""
        return self.network(pixels.astype(np.float32) - MEANS)


def density(scores: NDArray[np.float32], size: tuple[int, int]) -> SaliencyMap:
    """The softmax of the scores, bilinear between cells, at the `size` = (width, height) of the network's input.

    The paper trains the network by log-likelihood, so its scores are logarithms of a density. It is also what is
    fairest to it: on the val photos of osie, crowd and scene NSS is 2.18, 1.47, 0.83, and for the scores
    themselves 1.65, 1.24, 0.82.
    """
    exponential = np.exp(scores - scores.max())
    rows, columns = exponential.shape
    # the last cells may reach beyond the picture
    enlarged = cv2.resize(exponential, (columns * CELL, rows * CELL))[: size[1], : size[0]]
    return np.asarray(enlarged / enlarged.sum(dtype=np.float64), dtype=np.float32)


def load_twitter() -> Twitter:
    """From the file that the environment variable FASTGAZE_VXM names.

    Raises OSError when there is none, ValueError when it is something else.
    """
    path = os.environ.get(ENVIRONMENT)
    if not path:
        raise FileNotFoundError(f"{ENVIRONMENT} is not set")
    return Twitter(Network(read_vxm(Path(path))))


def network_input(image: RgbImage) -> RgbImage:
    """The photo with a longer side of 320 pixels, as the released program shrinks or enlarges it."""
    size = input_size(image.shape[1::-1])
    spare = min(image.shape[1] // size[0], image.shape[0] // size[1])
    scale = next((scale for scale in JPEG_SCALES if scale <= spare), 1)
    return fit(_averaged(image, scale), size)


def input_size(size: tuple[int, int]) -> tuple[int, int]:
    """(width, height) of the network's input for a photo of `size`: the longer side 320, each at least 1."""
    scale = INPUT_SIDE / max(size)
    return max(int(size[0] * scale + 0.5), 1), max(int(size[1] * scale + 0.5), 1)


def fit(image: RgbImage, size: tuple[int, int]) -> RgbImage:
    """The image at `size` = (width, height) by Lanczos: across, then down."""
    larger = size[0] > image.shape[1] or size[1] > image.shape[0]
    lobes = LOBES_LARGER if larger else LOBES_SMALLER
    across = np.einsum("xj,ijc->ixc", _lanczos(image.shape[1], size[0], lobes), image, optimize=True)
    if not larger:
        across = _to_8_bits(across)
    down = np.einsum("yi,ixc->yxc", _lanczos(image.shape[0], size[1], lobes), across, optimize=True)
    return _to_8_bits(down).astype(np.uint8)


def salient_point(scores: NDArray[np.float32], size: tuple[int, int]) -> tuple[int, int]:
    """(x, y) in pixels of the photo of `size` = (width, height): the first highest score's cell, truncated."""
    row, column = np.unravel_index(np.argmax(scores), scores.shape)
    width, height = input_size(size)
    scale = min(size[0] / width, size[1] / height)
    x = min(CELL * int(column) + CELL // 2, width - 1) * scale
    y = min(CELL * int(row) + CELL // 2, height - 1) * scale
    return int(x), int(y)


def nearly_symmetric(pixels: RgbImage) -> bool:
    """Whether 95 % of the picture's values at 10 x 10 pixels are close to those of its mirror image."""
    small = fit(pixels, (SYMMETRY_SIDE, SYMMETRY_SIDE)).astype(np.float64)
    difference = np.sort(np.abs(small - small[:, ::-1]), axis=None)
    largest = difference[(len(difference) - 1) * 95 // 100]
    return bool(largest / (small.max() - small.min() + 10) * 137 < SYMMETRY_LIMIT)


def _averaged(image: RgbImage, scale: int) -> RgbImage:
    """The means of scale x scale pixels; the last ones are repeated to fill up, as in a JPEG."""
    if scale == 1:
        return image
    height, width = image.shape[:2]
    filled = np.pad(image, ((0, -height % scale), (0, -width % scale), (0, 0)), mode="edge")
    return resized(filled, (filled.shape[1] // scale, filled.shape[0] // scale))


def _lanczos(length: int, new: int, lobes: int) -> NDArray[np.float64]:
    """(new, length): how much of each old pixel goes into each new one; the rows sum to 1."""
    step = length / new
    distance = (np.arange(length) + 0.5 - (np.arange(new)[:, None] + 0.5) * step) / max(step, 1.0)
    weights = np.where(np.abs(distance) < lobes, np.sinc(distance) * np.sinc(distance / lobes), 0.0)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), dtype=np.float64)


def _to_8_bits(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.clip(np.floor(values + 0.5), 0, 255)
