"""Speed against quality: networks of several sizes at several resolutions, each timed and scored on val photos."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from eval.bench.timing import Laps, Work, interleaved
from eval.datasets import DATASETS, Sample, load_dataset
from eval.methods import load_methods
from eval.metrics.crop import aspects_for, gaze_kept
from eval.metrics.fixation import at_image_size, nss
from eval.peers.spectral import SpectralResidual
from eval.peers.twitter import Twitter, load_twitter, network_input
from saliency.crop import crop_to_gaze
from saliency.image import open_image
from saliency.methods import needed
from saliency.models.gaze import load_gaze
from saliency.models.weights import FOLDER
from saliency.types import Method, RgbImage, SaliencyMap

FRAME = (800, 600)  # the shape of the photo that the times are of
# shares of the pixels that a network is made for
RESOLUTIONS = {"gaze": (1.44, 1.0, 0.64), "gaze-fast": (1.3, 1.0, 0.73), "gaze-nano": (1.4, 1.0, 0.69)}
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


@dataclass(frozen=True, slots=True)
class Maker:
    """A maker of saliency maps. predict: of a whole photo. network: what is timed on a photo, once it is made ready."""

    family: str
    label: str
    predict: Callable[[RgbImage], SaliencyMap]
    network: Callable[[RgbImage], Callable[[], object]]


def curve(pruned: Sequence[Path], rounds: int) -> list[Point]:
    """The points, ours first. `pruned`: folders of runs with networks of other sizes."""
    makers = [*_ours(pruned), *_peers()]
    frame = np.random.default_rng(0).integers(0, 256, (FRAME[1], FRAME[0], 3), dtype=np.uint8)
    times = interleaved({maker.label: _timed(maker.network(frame)) for maker in makers}, rounds)
    scores = {name: _scores(load_dataset(name, "val"), makers) for name in DATASETS}
    return [
        Point(
            maker.family,
            maker.label,
            times[maker.label]["total"].median,
            {name: of[maker.label][0] for name, of in scores.items()},
            {name: of[maker.label][1] for name, of in scores.items()},
        )
        for maker in makers
    ]


def _ours(pruned: Sequence[Path]) -> Iterator[Maker]:
    for name, shares in RESOLUTIONS.items():
        for share in shares:
            yield _our(name, FOLDER, name, share)
    for folder in pruned:
        yield _our("gaze", folder, "gaze-fast", 1.0)


def _our(name: str, folder: Path, family: str, share: float) -> Maker:
    model = load_gaze(name, folder)
    model = model.shown(round(model.pixels * share))
    width, height = model.input_size(FRAME)
    label = f"{family} {width}x{height}" + ("" if folder == FOLDER else f", {folder.name}")
    return Maker(family, label, model.predict, lambda frame: partial(model.look, model.see(frame)))


def _peers() -> Iterator[Maker]:
    """Twitter's network, where it is here, and a model that is no network: all that it does is timed."""
    found, _ = load_methods(["twitter-2018"])
    for method in found:
        yield Maker(method.name, method.name, partial(_map_seen, method), partial(_scoring, load_twitter()))
    spectral = SpectralResidual()
    yield Maker(spectral.name, spectral.name, spectral.predict, lambda frame: partial(spectral.predict, frame))


def _scoring(twitter: Twitter, frame: RgbImage) -> Callable[[], object]:
    return partial(twitter.scores, network_input(frame))


def _map_seen(method: Method, image: RgbImage) -> SaliencyMap:
    return needed(method.look(image).map, "saliency map")


def _timed(look: Callable[[], object]) -> Work:
    def work(laps: Laps) -> object:
        with laps.lap("network"):
            return look()

    return work


def _scores(samples: Sequence[Sample], makers: Sequence[Maker]) -> dict[str, Scores]:
    """By the maker's label: mean NSS, and mean share of gaze kept over the six formats."""
    found: dict[str, list[Scores]] = {maker.label: [] for maker in makers}
    for sample in samples:
        image = open_image(sample.path)
        aspects = aspects_for(sample.size)
        for maker in makers:
            saliency_map = maker.predict(image)
            crops = crop_to_gaze(saliency_map, sample.size, aspects)
            kept = float(np.mean([gaze_kept(crop.box, sample.fixations) for crop in crops]))
            found[maker.label].append((nss(at_image_size(saliency_map, sample.size), sample.fixations), kept))
    means = {label: np.mean(of, axis=0) for label, of in found.items()}
    return {label: (round(float(mean[0]), 4), round(float(mean[1]), 4)) for label, mean in means.items()}
