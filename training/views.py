"""Training views: a photo seen through an affine window, its fixations and its frame carried along.

One 2x3 matrix maps photo pixels to the view's canvas; the picture, the fixations and the coordinates of the frame
people saw all go through that one matrix, so they cannot drift apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torchvision.transforms.v2 import functional as v2

from eval.metrics.fixation import DENSITY_SIGMA
from saliency.models.input import STRIDE
from saliency.types import RgbImage, SaliencyMap

# (width, height) of the network's input and how often it is drawn: photos come in every shape; the first is also the
# one that whole photos are shown on
CANVASES: dict[tuple[int, int], float] = {
    (320, 256): 5,
    (352, 224): 2,
    (384, 192): 1,
    (512, 160): 0.5,
    (288, 288): 2.5,
    (256, 320): 3,
    (224, 352): 2,
    (192, 384): 1,
    (160, 512): 0.5,
}
SOFT_SIGMA, SOFT_KERNEL = 1.1, 7  # pixels: about what reducing to two fifths and enlarging again leaves
MIN_SHARE = 0.25  # a view must hold at least this share of its photo's fixations


@dataclass(frozen=True)
class TrainingPhoto:
    """Pixels (already reduced), and (N, 2) fixations as (x, y) in 0..1 of the photo.

    domain: the rank of its dataset. lesson: a teacher's map of the whole photo, where there is a teacher. target: where
    people look, as a map of the whole photo; without, the fixations are blurred. A picture that nobody looked at has
    no fixations, and the lesson for its target.
    """

    image: RgbImage
    fixations: NDArray[np.float64]
    domain: int
    lesson: SaliencyMap | None = None
    target: SaliencyMap | None = None


@dataclass(frozen=True)
class View:
    """What the network is shown of a photo, and what it should say of it.

    picture: (H, W, 3) uint8, H and W divisible by 32.
    density: (H/4, W/4) where people looked, sums to 1.
    frame: (H/4, W/4, 2) where each cell lies in the photo, as (x, y) in -1..1.
    share: of the photo's fixations that are inside, 0..1.
    domain: the rank of the photo's dataset.
    lesson: as density, but the teacher's word; without a teacher it is the density.
    """

    picture: RgbImage
    density: NDArray[np.float32]
    frame: NDArray[np.float32]
    share: float
    domain: int
    lesson: NDArray[np.float32]


def whole_view(photo: TrainingPhoto, canvas: tuple[int, int], rng: np.random.Generator) -> View:
    """The whole photo, mirrored half the time: what the network is shown in use."""
    matrix = whole_matrix(photo.image.shape[1::-1], canvas)
    if rng.random() < 0.5:
        matrix[0] = -matrix[0, 0], 0, canvas[0]
    return _view(photo, canvas, matrix, rng)


def sample_view(photo: TrainingPhoto, canvas: tuple[int, int], rng: np.random.Generator) -> View:
    """A random view of the photo on `canvas`; one that misses most gaze is drawn again, at last the whole photo."""
    for _ in range(4):
        view = _view(photo, canvas, sample_matrix(photo.image.shape[1::-1], canvas, rng), rng)
        if view.share >= MIN_SHARE:
            return view
    return whole_view(photo, canvas, rng)


def sample_matrix(size: tuple[int, int], canvas: tuple[int, int], rng: np.random.Generator) -> NDArray[np.float64]:
    """A random 2x3 matrix from photo pixels to canvas pixels.

    The difference between the two shapes is taken up partly by squeezing (people recognise a squeezed scene), the rest
    by cropping; then a zoom, a place, at times a small rotation and a mirror.
    """
    width, height = size
    mismatch = np.log(canvas[0] / canvas[1] * height / width)
    limit = rng.uniform(0.05, 0.35) if rng.random() < 0.5 else 0.7
    squeeze = np.clip(mismatch, -limit, limit) + rng.normal(0, 0.05)
    aspect = canvas[0] / canvas[1] / np.exp(squeeze)
    crop = np.array([min(width, height * aspect), min(height, width / aspect)])
    zoom = (1.0, rng.uniform(0.6, 1.0), rng.uniform(1.0, 1.25))[rng.choice(3, p=[0.65, 0.27, 0.08])]
    crop = crop * zoom
    center = np.array([width, height]) / 2 + (rng.random(2) - 0.5) * (np.array([width, height]) - crop)
    scale = np.array(canvas) / crop
    angle = np.deg2rad(rng.normal(0, 6)) if rng.random() < 0.25 else 0.0
    rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    linear = np.diag(scale) @ rotation
    if rng.random() < 0.5:
        linear[0] *= -1
    return np.column_stack([linear, np.array(canvas) / 2 - linear @ center])


def whole_matrix(size: tuple[int, int], canvas: tuple[int, int]) -> NDArray[np.float64]:
    """The 2x3 matrix that lays the whole photo onto the canvas."""
    return np.array([[canvas[0] / size[0], 0, 0], [0, canvas[1] / size[1], 0]], dtype=np.float64)


def _view(photo: TrainingPhoto, canvas: tuple[int, int], matrix: NDArray[np.float64], rng: np.random.Generator) -> View:
    height, width = photo.image.shape[:2]
    # pixel centres sit at +0.5, which OpenCV's matrix counts from 0
    shifted = matrix.copy()
    shifted[:, 2] += matrix[:, :2] @ (0.5, 0.5) - 0.5
    bars = [(0, 127, 255, int(rng.integers(0, 256)))[rng.integers(4)]] * 3
    warped = cv2.warpAffine(photo.image, shifted, canvas, flags=cv2.INTER_LINEAR, borderValue=bars)
    picture = np.asarray(warped, dtype=np.uint8)
    if rng.random() < 0.7:
        picture = recolour(picture, rng)
    points = photo.fixations * (width, height) @ matrix[:, :2].T + matrix[:, 2]
    inside = ((points >= 0) & (points < canvas)).all(axis=1)
    if photo.target is None:
        sigma = DENSITY_SIGMA * max(width, height) * np.linalg.norm(matrix[:, :2], axis=1)
        seen, share = density(points[inside], canvas, sigma), float(inside.mean())
    else:
        seen, expected = carried(photo.target, (width, height), canvas, matrix)
        share = float(inside.mean()) if len(points) else expected
    taught = seen if photo.lesson is None else carried(photo.lesson, (width, height), canvas, matrix)[0]
    return View(picture, seen, _frame(matrix, (width, height), canvas), share, photo.domain, taught)


def carried(
    saliency_map: SaliencyMap, size: tuple[int, int], canvas: tuple[int, int], matrix: NDArray[np.float64]
) -> tuple[NDArray[np.float32], float]:
    """A map of the whole photo of `size`, seen through the matrix that carries photo pixels to the canvas.

    Returns it as (h, w) on the network's output grid, sums to 1, and the share of the whole map that it holds, 0..1.
    Nothing lies beyond the photo's border.
    """
    cell = np.array(size) / saliency_map.shape[1::-1]  # photo pixels a cell of the map
    linear = matrix[:, :2] * cell / STRIDE  # from cells of the map to cells of the grid
    # the middles of cells sit at +0.5, which OpenCV's matrix counts from 0
    shift = matrix[:, 2] / STRIDE + linear @ (0.5, 0.5) - 0.5
    grid = (canvas[0] // STRIDE, canvas[1] // STRIDE)
    cells = np.asarray(saliency_map, np.float32)
    warped = cv2.warpAffine(cells, np.column_stack([linear, shift]), grid, flags=cv2.INTER_LINEAR)
    total = warped.sum()
    if not total > 0:
        return np.full(warped.shape, 1 / warped.size, np.float32), 0.0
    # the warp keeps each place's density a cell; a cell of the map covers |det| cells of the grid
    share = total / cells.sum() / abs(np.linalg.det(linear))
    return np.asarray(warped / total, dtype=np.float32), min(1.0, float(share))


def density(points: NDArray[np.float64], canvas: tuple[int, int], sigma: NDArray[np.float64]) -> NDArray[np.float32]:
    """Fixations on the canvas -> blurred density on the network's output grid; sums to 1, flat where there are none."""
    counts = np.zeros((canvas[1] // STRIDE, canvas[0] // STRIDE), dtype=np.float32)
    x, y = (points // STRIDE).astype(int).T
    np.add.at(counts, (y, x), 1.0)
    blurred = cv2.GaussianBlur(
        counts, (0, 0), sigmaX=sigma[0] / STRIDE, sigmaY=sigma[1] / STRIDE, borderType=cv2.BORDER_CONSTANT
    )
    total = blurred.sum()
    return blurred / total if total > 0 else np.full_like(counts, 1 / counts.size)


def recolour(picture: RgbImage, rng: np.random.Generator) -> RgbImage:
    """Random exposure, contrast, white balance and saturation; at times grey, at times soft as a small original.

    The numbers come from `rng`, not torch's, so that a view is the same whoever makes it.
    """
    x = torch.from_numpy(picture).permute(2, 0, 1).float() / 255
    if rng.random() < 0.15:
        x = v2.gaussian_blur(x, [SOFT_KERNEL, SOFT_KERNEL], [SOFT_SIGMA, SOFT_SIGMA])
    x = v2.adjust_saturation(x, 0.0 if rng.random() < 0.08 else rng.uniform(0.6, 1.3))
    x = v2.adjust_contrast(x, rng.uniform(0.75, 1.25))
    x = v2.adjust_brightness(x, rng.uniform(0.75, 1.25))
    balance = torch.from_numpy(rng.uniform(0.92, 1.08, (3, 1, 1))).float()  # of the light: v2 has no such operation
    return (x * balance * 255).clamp(0, 255).round().to(torch.uint8).permute(1, 2, 0).contiguous().numpy()


def _frame(matrix: NDArray[np.float64], size: tuple[int, int], canvas: tuple[int, int]) -> NDArray[np.float32]:
    """(h, w, 2): where each output cell's centre lies in the photo, (x, y) in -1..1."""
    inverse = np.linalg.inv(matrix[:, :2])
    x = np.arange(STRIDE / 2, canvas[0], STRIDE)
    y = np.arange(STRIDE / 2, canvas[1], STRIDE)
    cells = np.stack(np.meshgrid(x, y), axis=-1)
    return ((cells - matrix[:, 2]) @ inverse.T / size * 2 - 1).astype(np.float32)
