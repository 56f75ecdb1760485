"""Speed against quality: networks of several sizes at several resolutions, each timed and scored on val photos."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
RESOLUTIONS = {"gaze": (1.0, 0.64, 0.44), "gaze-fast": (1.0, 0.7)}  # shares of the pixels that a network is made for
PEERS = ("twitter-2018", "spectral-residual")


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
    samples = {name: load_dataset(name, "val") for name in DATASETS}
    points = []
    for key, (family, label, model) in models.items():
        scores = {name: _scores(of, model) for name, of in samples.items()}
        nss, kept = ({name: score[i] for name, score in scores.items()} for i in range(2))
        points.append(Point(family, label, times[key]["total"].median, nss, kept))
    return points


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


def _scores(samples: Sequence[Sample], model: SaliencyModel) -> tuple[float, float]:
    """Mean NSS, and mean share of gaze kept over the six formats."""
    scores, kept = [], []
    for sample in samples:
        map = model.predict(open_image(sample.path))
        scores.append(nss(at_image_size(map, sample.size), sample.fixations))
        crops = crop_to_gaze(map, sample.size, formats_for(sample.size))
        kept.append(np.mean([gaze_kept(crop.box, sample.fixations) for crop in crops]))
    return round(float(np.mean(scores)), 4), round(float(np.mean(kept)), 4)
