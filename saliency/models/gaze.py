"""`gaze` and its faster siblings: trained networks as saliency models, in ONNX Runtime, without torch."""

from __future__ import annotations

import json
from copy import copy
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from saliency.image import resized
from saliency.models.engine import load_session
from saliency.models.input import INPUT_PIXELS, input_size, least_size
from saliency.models.weights import FOLDER, load_graph, load_manifest
from saliency.types import RgbImage, SaliencyMap

CUBIC = -0.75  # the parameter of Keys' cubic convolution that torch's bicubic grid_sample uses, as in training


class GazeModel:
    """Predicts human gaze on any picture, on the CPU; keeps nothing of a picture between calls."""

    def __init__(self, name: str, graph: bytes, pixels: int = INPUT_PIXELS, threads: int | None = None) -> None:
        """`graph`: the bytes of the network's ONNX file. `pixels`: about how many the network is shown."""
        self.name = name
        self.pixels = pixels
        self.session = load_session(graph, threads)
        points = json.loads(self.session.get_modelmeta().custom_metadata_map["prior"])
        self.prior = Prior(np.array(points, dtype=np.float64))

    def predict(self, image: RgbImage) -> SaliencyMap:
        """(H, W, 3) uint8 of any size -> (h, w) float32, a cell for 4 x 4 pixels of the network's input; sums to 1."""
        return self.look(self.see(image))

    def see(self, image: RgbImage) -> RgbImage:
        """What the network is shown of a picture: it, reduced to about `pixels`."""
        return resized(image, self.input_size((image.shape[1], image.shape[0])))

    def shown(self, pixels: int) -> GazeModel:
        """The same network, shown about `pixels` of each picture; the two share one session."""
        other = copy(self)
        other.pixels = pixels
        return other

    def input_size(self, size: tuple[int, int]) -> tuple[int, int]:
        """(width, height) of what the network is shown of a picture of `size` = (width, height)."""
        return input_size(*size, self.pixels)

    def least_size(self, size: tuple[int, int]) -> tuple[int, int]:
        """(width, height) that must remain of a photo of `size` for the network to see the same in it."""
        return least_size(size, self.pixels)

    def look(self, picture: RgbImage) -> SaliencyMap:
        """The map of a picture already reduced to the network's size: sides divisible by 32."""
        (content,) = self.session.run(None, {"picture": picture})
        logits = content + self.prior.at(*content.shape)
        density = np.exp(logits - logits.max())
        return np.asarray(density / density.sum(dtype=np.float64), dtype=np.float32)


class Prior:
    """The log prior over the frame: smooth between the control points of its left half, the right half its mirror."""

    def __init__(self, points: NDArray[np.float64]) -> None:
        """points: (n, (n + 1) / 2) from the left border to the middle, rows from top to bottom."""
        self.points = np.concatenate([points, points[:, -2::-1]], axis=1)
        self.at = lru_cache(64)(self._at)  # photos come in few shapes

    def _at(self, height: int, width: int) -> NDArray[np.float32]:
        """(height, width) at the centres of the cells that the frame is divided into."""
        rows, columns = (cubic_weights(n, count) for n, count in zip((height, width), self.points.shape, strict=True))
        values = (rows @ self.points @ columns.T).astype(np.float32)
        values.flags.writeable = False
        return values


def cubic_weights(cells: int, points: int) -> NDArray[np.float64]:
    """(cells, points): what each of `points`, spread from border to border, weighs at each of `cells` centres.

    Cubic convolution (Keys, IEEE TASSP 29(6), 1981); the outermost points go on beyond the border.
    """
    place = (np.arange(cells) + 0.5) / cells * (points - 1)
    left = np.floor(place).astype(int)
    weights = np.zeros((cells, points))
    for index in (left - 1, left, left + 1, left + 2):
        distance = np.abs(place - index)
        near = (CUBIC + 2) * distance**3 - (CUBIC + 3) * distance**2 + 1
        far = CUBIC * (distance**3 - 5 * distance**2 + 8 * distance - 4)
        np.add.at(weights, (np.arange(cells), np.clip(index, 0, points - 1)), np.where(distance <= 1, near, far))
    return weights


def load_gaze(name: str = "gaze", folder: Path = FOLDER, threads: int | None = None) -> GazeModel:
    """A network with its committed weights.

    Raises WeightsError when the weights are missing or do not match their manifest.
    """
    pixels = load_manifest(name, folder).get("input pixels", INPUT_PIXELS)
    return GazeModel(name, load_graph(name, folder), pixels, threads)
