"""The loop: one sample -> its map, its crops, its faces -> rows of metrics."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from eval.context import Context
from eval.datasets import Sample
from eval.metrics import crop as crops
from eval.metrics.face import face_recall, large_faces, unlabelled_detections
from eval.metrics.fixation import (
    as_density,
    at_image_size,
    auc_judd,
    auc_shuffled,
    cc,
    fixation_density,
    information_gain,
    kl_divergence,
    nss,
    similarity,
)
from eval.slices import slices_of
from saliency.image import open_image
from saliency.methods import FaceCrop
from saliency.types import Aspect, Box, Method, RgbImage, SaliencyModel

DENSITY_SIGMA = 0.03  # of the longer side: the blur of the human density
MAP_SIDE = 1024  # photos with a longer side are reduced to it before maps are compared pixel by pixel
HUMAN, ORACLE = "human", "oracle"
UNIFORM, CENTRE_PRIOR = "uniform", "centre prior"
Map = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Row:
    """One number: aspect is "" where the metric is not of a crop."""

    method: str
    aspect: str
    metric: str
    value: float


def measure(
    sample: Sample, methods: Sequence[Method], models: Sequence[SaliencyModel], context: Context
) -> tuple[dict[str, str], list[Row]]:
    """The slices of one sample and all its rows. Raises ImageError when the picture cannot be opened."""
    began = time.perf_counter()
    image = open_image(sample.path)
    decoding = Row("decode", "", "milliseconds", 1000 * (time.perf_counter() - began))
    sample = replace(sample, size=(image.shape[1], image.shape[0]))
    rows = [decoding, *_crop_rows(image, sample, methods), *_map_rows(image, sample, models, context)]
    return slices_of(sample, image), rows


def _crop_rows(image: RgbImage, sample: Sample, methods: Sequence[Method]) -> Iterator[Row]:
    aspects = crops.formats_for(sample.size)
    even, odd = crops.observer_halves(sample.observers)
    faces = large_faces(np.empty((0, 4)) if sample.faces is None else sample.faces)
    judged = sample.fixations[odd]
    if even.any() and odd.any():
        for aspect in aspects:
            human = crops.human_window(sample.fixations[even], sample.size, aspect)
            oracle = crops.oracle_window(judged, sample.size, aspect)
            for name, box in ((HUMAN, human), (ORACLE, oracle)):
                yield from _box_rows(name, aspect, box, judged, faces, sample)
    for method in methods:
        began = time.perf_counter()
        found = method.crop(image, aspects)
        yield Row(method.name, "", "milliseconds", 1000 * (time.perf_counter() - began))
        for crop in found:
            yield from _box_rows(method.name, crop.aspect, crop.box, judged, faces, sample)
        yield from _human_crop_rows(image, sample, method)
        if isinstance(method, FaceCrop) and sample.faces is not None:
            detected = [face.box for face in method.detect(image)]
            yield Row(method.name, "", "face recall", face_recall(detected, faces))
            yield Row(method.name, "", "unlabelled detections", unlabelled_detections(detected, sample.faces))


def _box_rows(
    method: str, aspect: Aspect, box: Box, judged: NDArray[np.float64], faces: NDArray[np.float64], sample: Sample
) -> Iterator[Row]:
    if len(judged):
        yield Row(method, str(aspect), "gaze kept", crops.gaze_kept(box, judged))
    if len(faces):
        yield Row(method, str(aspect), "faces cut", crops.share_cut(box, faces))
        yield Row(method, str(aspect), "faces lost", crops.share_lost(box, faces))
    if sample.regions is not None:
        yield Row(method, str(aspect), "regions whole", crops.share_whole(box, sample.regions))


def _human_crop_rows(image: RgbImage, sample: Sample, method: Method) -> Iterator[Row]:
    """The method against crops that people chose, each at that crop's own aspect."""
    if sample.human_crops is None:
        return
    aspects = [Aspect(width, height) for _, _, width, height in sample.human_crops]
    for chosen, crop in zip(sample.human_crops, method.crop(image, aspects), strict=True):
        overlap = crops.intersection_over_union(crop.box, chosen).mean()
        displacement = crops.boundary_displacement(crop.box, chosen, sample.size).mean()
        yield Row(method.name, "own", "human crop IoU", float(overlap))
        yield Row(method.name, "own", "boundary displacement", float(displacement))


def _map_rows(image: RgbImage, sample: Sample, models: Sequence[SaliencyModel], context: Context) -> Iterator[Row]:
    if len(sample.fixations) == 0:
        return
    maps: dict[str, Callable[[], Map]] = {UNIFORM: lambda: np.ones((1, 1)), CENTRE_PRIOR: lambda: context.prior}
    for model in models:
        maps[model.name] = lambda model=model: model.predict(image)  # type: ignore[misc]
    scale = min(1.0, MAP_SIDE / max(sample.size))
    size = (max(1, round(sample.size[0] * scale)), max(1, round(sample.size[1] * scale)))
    fixations = sample.fixations * (np.array(size) / sample.size)
    others = context.others(replace(sample, size=size))
    prior = as_density(at_image_size(context.prior, size))
    density = fixation_density(fixations, size, DENSITY_SIGMA * max(size))
    for name, make in maps.items():
        began = time.perf_counter()
        grid = make()
        if name not in (UNIFORM, CENTRE_PRIOR):
            yield Row(name, "", "milliseconds of the map", 1000 * (time.perf_counter() - began))
        map = at_image_size(grid, size)
        scores = fixation_scores(map, fixations, others, prior)
        scores |= {"CC": cc(map, density), "KL": kl_divergence(map, density), "SIM": similarity(map, density)}
        yield from (Row(name, "", metric, value) for metric, value in scores.items())
    yield from _one_observer_rows(fixations, sample.observers, size, others, prior)


def fixation_scores(
    map: Map, fixations: NDArray[np.float64], others: NDArray[np.float64], prior: Map
) -> dict[str, float]:
    """The metrics that need fixations only; sAUC is left out where there are no other photos."""
    scores = {
        "AUC-Judd": auc_judd(map, fixations),
        "NSS": nss(map, fixations),
        "IG": information_gain(map, fixations, prior),
    }
    return scores | ({"sAUC": auc_shuffled(map, fixations, others)} if len(others) else {})


def _one_observer_rows(
    fixations: NDArray[np.float64],
    observers: NDArray[np.int64],
    size: tuple[int, int],
    others: NDArray[np.float64],
    prior: Map,
) -> Iterator[Row]:
    """Each observer predicted from all the others: the mean over observers is the human row of the map metrics."""
    scores: list[Mapping[str, float]] = []
    for observer in np.unique(observers):
        mine = observers == observer
        if mine.any() and not mine.all():
            density = fixation_density(fixations[~mine], size, DENSITY_SIGMA * max(size))
            scores.append(fixation_scores(density, fixations[mine], others, prior))
    for metric in scores[0] if scores else ():
        yield Row(HUMAN, "", metric, float(np.mean([score[metric] for score in scores])))
