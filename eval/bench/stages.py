"""What is timed: from a JPEG's bytes to the boxes of six formats, stage by stage, the way each method goes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from eval.bench.timing import Laps, Work
from eval.methods import load_croppers
from eval.metrics.crop import FORMATS
from eval.peers.twitter import MEANS, Twitter, network_input, salient_point
from saliency.crop import crop_to_gaze, window_at
from saliency.image import open_image, open_reduced
from saliency.methods import GazeCrop
from saliency.models.gaze import GazeModel
from saliency.pipeline import reduced_for
from saliency.types import Method

STAGES = ("decode", "resize", "network", "crop")
ASPECTS = list(FORMATS)


def contestants(names: Sequence[str], data: bytes) -> tuple[dict[str, Work], dict[str, str]]:
    """The work of each method on one JPEG, and for each that is unavailable here the reason."""
    found, unavailable = load_croppers(names)
    return {method.name: _work(method, data) for method in found}, unavailable


def _work(method: Method, data: bytes) -> Work:
    if isinstance(method, GazeCrop) and isinstance(method.model, GazeModel):
        return _ours(method.model, data)
    if isinstance(method, Twitter):
        return _twitter(method, data)
    return _any(method, data)


def _ours(model: GazeModel, data: bytes) -> Work:
    def work(laps: Laps) -> object:
        with laps.lap("decode"):
            image, size = open_reduced(data, reduced_for(model))
        with laps.lap("resize"):
            picture = model.see(image)
        with laps.lap("network"):
            map = model.look(picture)
        with laps.lap("crop"):
            return crop_to_gaze(map, size, ASPECTS)

    return work


def _twitter(method: Twitter, data: bytes) -> Work:
    """Its steps with our reader in front: the crop is the one of a picture that is not nearly symmetric."""

    def work(laps: Laps) -> object:
        with laps.lap("decode"):
            image = open_image(data)
        size = (image.shape[1], image.shape[0])
        with laps.lap("resize"):
            planes = network_input(image).astype(np.float32) - MEANS
        with laps.lap("network"):
            scores = method.network(planes)
        with laps.lap("crop"):
            point = salient_point(scores, size)
            return [window_at(point, size, aspect) for aspect in ASPECTS]

    return work


def _any(method: Method, data: bytes) -> Work:
    """A method that does not tell its stages apart: all that comes after opening is "crop"."""

    def work(laps: Laps) -> object:
        with laps.lap("decode"):
            image = open_image(data)
        with laps.lap("crop"):
            return method.crop(image, ASPECTS)

    return work
