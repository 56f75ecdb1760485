"""Speed against quality: networks of several sizes at several resolutions, each timed and scored on val photos."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from eval.bench.timing import Laps, Work, interleaved
from eval.datasets import DATASETS, Sample, load_dataset
from eval.metrics.crop import formats_for, gaze_kept
from eval.metrics.fixation import at_image_size, nss
from eval.peers import MAP_PEERS, PeerUnavailable
from eval.peers.twitter import Twitter, network_input
from saliency.crop import crop_to_gaze
from saliency.image import open_image
from saliency.models.gaze import GazeModel, load_gaze
from saliency.models.weights import FOLDER
from saliency.types import RgbImage, SaliencyModel

FRAME = (800, 600)  # the shape of the photo that the times are of
# shares of the pixels that a network is made for
RESOLUTIONS = {"gaze": (1.44, 1.0, 0.64), "gaze-fast": (1.3, 1.0, 0.73)}
PEERS = ("twitter-2018", "spectral-residual")
Scores = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Point:
    """A saliency map's maker on the curve. family: whose it is. label: which. milliseconds: the median of its network
    alone on a 4:3 photo. nss and kept (the share of gaze, over the six formats): means by dataset."""

    family: str
    label: str
    milliseconds: float
    nss: dict[str, float]
    kept: dict[str, float]


def curve(pruned: Sequence[Path], rounds: int) -> list[Point]:
    """The points, ours first. `pruned`: folders of runs with networks of other sizes."""
    models = _models(pruned)
    frame = np.random.default_rng(0).integers(0, 256, (FRAME[1], FRAME[0], 3), dtype=np.uint8)
    times = interleaved({key: _look(model, frame) for key, (_, _, model) in models.items()}, rounds)
    scores = {name: _scores(load_dataset(name, "val"), models) for name in DATASETS}
    return [
        Point(
            family,
            label,
            times[key]["total"].median,
            {name: of[key][0] for name, of in scores.items()},
            {name: of[key][1] for name, of in scores.items()},
        )
        for key, (family, label, _) in models.items()
    ]


def _models(pruned: Sequence[Path]) -> dict[str, tuple[str, str, SaliencyModel]]:
    """By a key: family, label, model."""
    found: dict[str, tuple[str, str, SaliencyModel]] = {}
    for name, shares in RESOLUTIONS.items():
        for share in shares:
            found |= _ours(name, FOLDER, name, share)
    for folder in pruned:
        found |= _ours("gaze", folder, "gaze-fast", 1.0)
    for name in PEERS:
        try:
            found[name] = (name, name, MAP_PEERS[name]())
        except PeerUnavailable:
            continue
    return found


def _ours(name: str, folder: Path, family: str, share: float) -> dict[str, tuple[str, str, SaliencyModel]]:
    model: GazeModel = load_gaze(name, folder)
    model = model.shown(round(model.pixels * share))
    width, height = model.input_size(FRAME)
    label = f"{family} {width}x{height}" + ("" if folder == FOLDER else f", {folder.name}")
    return {label: (family, label, model)}


def _look(model: SaliencyModel, frame: RgbImage) -> Work:
    """Its network on a picture already made ready; all that it does, where it is no network."""
    look: Callable[[], object]
    if isinstance(model, GazeModel):
        look = partial(model.look, model.see(frame))
    elif isinstance(model, Twitter):
        look = partial(model.scores, network_input(frame))
    else:
        look = partial(model.predict, frame)

    def work(laps: Laps) -> object:
        with laps.lap("network"):
            return look()

    return work


def _scores(samples: Sequence[Sample], models: Mapping[str, tuple[str, str, SaliencyModel]]) -> dict[str, Scores]:
    """By the model's key: mean NSS, and mean share of gaze kept over the six formats."""
    found: dict[str, list[Scores]] = {key: [] for key in models}
    for sample in samples:
        image = open_image(sample.path)
        aspects = formats_for(sample.size)
        for key, (_, _, model) in models.items():
            map = model.predict(image)
            crops = crop_to_gaze(map, sample.size, aspects)
            kept = float(np.mean([gaze_kept(crop.box, sample.fixations) for crop in crops]))
            found[key].append((nss(at_image_size(map, sample.size), sample.fixations), kept))
    means = {key: np.mean(of, axis=0) for key, of in found.items()}
    return {key: (round(float(mean[0]), 4), round(float(mean[1]), 4)) for key, mean in means.items()}
