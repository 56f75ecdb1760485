"""What is timed: from a JPEG's bytes to the boxes of six formats, stage by stage, the way each method goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from eval.bench.timing import Laps, Work
from eval.methods import load_methods
from eval.metrics.crop import BENCHMARK_ASPECTS
from eval.peers.twitter import MEANS, load_twitter, network_input, salient_point
from saliency.borders import find_borders
from saliency.crop import window_at
from saliency.framing import Framing, frame
from saliency.image import open_image, open_reduced
from saliency.models import NETWORKS
from saliency.models.gaze import load_gaze
from saliency.things import find_things
from saliency.types import Method

STAGES = ("decode", "resize", "network", "crop")
ASPECTS = list(BENCHMARK_ASPECTS)


def work_of(names: Sequence[str], data: bytes) -> tuple[dict[str, Work], dict[str, str]]:
    """The work of each method on one JPEG, and for each that is unavailable here the reason.

    Raises ValueError, with the names there are, for an unknown one.
    """
    found, unavailable = load_methods(names)
    work = {
        method.name: IN_STAGES[method.name](data) if method.name in IN_STAGES else _any(method, data)
        for method in found
    }
    return work, {name: str(reason) for name, reason in unavailable.items()}


def _ours(name: str, data: bytes) -> Work:
    model = load_gaze(name)

    def work(laps: Laps) -> object:
        with laps.lap("decode"):
            image, size = open_reduced(data, model.least_size)
        with laps.lap("resize"):
            picture = model.see(image)
        with laps.lap("network"):
            saliency_map = model.look(picture)
        with laps.lap("crop"):
            things = find_things(picture, saliency_map, size)
            within = find_borders(picture, size).sure
            return frame(saliency_map, size, ASPECTS, Framing(whole=things, within=within))

    return work


def _twitter(data: bytes) -> Work:
    """Its steps with our reader in front: the crop is the one of a picture that is not nearly symmetric."""
    twitter = load_twitter()

    def work(laps: Laps) -> object:
        with laps.lap("decode"):
            image = open_image(data)
        size = (image.shape[1], image.shape[0])
        with laps.lap("resize"):
            planes = network_input(image).astype(np.float32) - MEANS
        with laps.lap("network"):
            scores = twitter.network(planes)
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


IN_STAGES: dict[str, Callable[[bytes], Work]] = {
    **{name: partial(_ours, name) for name in NETWORKS},
    "twitter-2018": _twitter,
}
"""The methods whose network is timed apart from what surrounds it."""
