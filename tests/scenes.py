"""Pictures and maps whose right answer is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from saliency.methods import map_by, place_most_gaze
from saliency.types import Method, RgbImage, SaliencyMap, SaliencyModel


@dataclass(frozen=True)
class FixedModel:
    """A saliency model that always sees the same map."""

    map: SaliencyMap
    name: str = "fixed"

    def predict(self, image: RgbImage) -> SaliencyMap:  # noqa: ARG002
        return self.map

    def least_size(self, size: tuple[int, int]) -> tuple[int, int]:
        return size


@dataclass(frozen=True)
class BrightnessModel:
    """A saliency model that looks at bright things: one cell for 4 x 4 pixels, the share of all brightness."""

    name: str = "brightness"

    def predict(self, image: RgbImage) -> SaliencyMap:
        rows, columns = (-(-side // 4) for side in image.shape[:2])
        padded = np.zeros((rows * 4, columns * 4))
        padded[: image.shape[0], : image.shape[1]] = image.mean(axis=2)
        cells = padded.reshape(rows, 4, columns, 4).mean(axis=(1, 3)) + 1e-6
        return (cells / cells.sum()).astype(np.float32)

    def least_size(self, size: tuple[int, int]) -> tuple[int, int]:
        return size


def gaze_by(model: SaliencyModel, name: str = "") -> Method:
    """The method that keeps the most gaze by this model's map, called like the model unless it has a name."""
    return Method(name or model.name, model.name, map_by(lambda: model), place_most_gaze)


def bright_square(size: tuple[int, int], left: int, top: int, side: int) -> RgbImage:
    """A white square on black; size is (width, height)."""
    image = np.zeros((size[1], size[0], 3), dtype=np.uint8)
    image[top : top + side, left : left + side] = 255
    return image


def one_peak(shape: tuple[int, int], row: int, column: int) -> SaliencyMap:
    """All gaze in one cell."""
    saliency_map = np.zeros(shape, dtype=np.float32)
    saliency_map[row, column] = 1
    return saliency_map


def flat(shape: tuple[int, int]) -> SaliencyMap:
    """Gaze spread evenly."""
    return np.full(shape, 1 / (shape[0] * shape[1]), dtype=np.float32)


def gradient(size: tuple[int, int]) -> RgbImage:
    """Every pixel tells where it is: red grows to the right, green downwards; blue marks the top left."""
    x = np.linspace(0, 255, size[0])[None, :].repeat(size[1], axis=0)
    y = np.linspace(0, 255, size[1])[:, None].repeat(size[0], axis=1)
    blue = np.zeros_like(x)
    blue[: size[1] // 3, : size[0] // 3] = 255
    return np.stack([x, y, blue], axis=-1).astype(np.uint8)


def random_map(rng: np.random.Generator, shape: tuple[int, int]) -> NDArray[np.float32]:
    """Peaky gaze: most cells low, a few high."""
    saliency_map = rng.random(shape) ** 6
    return (saliency_map / saliency_map.sum()).astype(np.float32)
