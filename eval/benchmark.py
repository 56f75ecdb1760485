"""The loop: one sample -> its maps, its crops, its faces -> rows of metrics, and where each crop lies."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from eval.context import Context
from eval.datasets import Sample
from eval.metrics import crop as crops
from eval.metrics.face import (
    A_FIFTH,
    face_recall,
    faces_cut_by_gaze,
    head_lost,
    large_faces,
    main_head,
    unlabelled_detections,
)
from eval.metrics.fixation import (
    DENSITY_SIGMA,
    as_density,
    at_image_size,
    auc_judd,
    auc_shuffled,
    cc,
    fixation_density,
    information_gain,
    kl_divergence,
    mixed,
    nss,
    similarity,
)
from eval.opening import open_photo
from eval.slices import slices_of
from eval.types import EVEN, EVERYBODY, EXPECTED, HARM_EXPECTED, HELP_EXPECTED, ODD, Outcome, Placed, Row
from saliency.boxes import intersection_over_union
from saliency.crop import expected_gaze, gaze_inside
from saliency.models import MODELS
from saliency.types import Aspect, Box, Crop, Evidence, Face, Method

MAP_SIDE = 1024  # photos with a longer side are reduced to it before maps are compared pixel by pixel
HUMAN_PRIOR = 0.1
"""The weight of the centre prior with which the others' density foretells an observer best on val, in IG: `python -m
eval prior`."""

HUMAN, ORACLE = "human", "oracle"
UNIFORM, CENTRE_PRIOR = "uniform", "centre prior"
Map = NDArray[np.floating]


def measure(sample: Sample, methods: Sequence[Method], context: Context | None) -> Outcome:
    """What became of one sample. Each eye looks at the photo once, however many methods share it.

    context: of its dataset; without it no maps are compared, which takes most of the time.
    Raises ImageError when the picture cannot be opened.
    """
    began = time.perf_counter()
    image = open_photo(sample.path)
    rows = [Row("decode", "", "milliseconds", _since(began))]
    sample = replace(sample, size=(image.shape[1], image.shape[0]))
    aspects = crops.aspects_for(sample.size)
    placed = [Placed(name, str(aspect), box.as_list()) for name, aspect, box in _human_windows(sample, aspects)]
    seen: dict[str, tuple[Evidence, float]] = {}  # by eye, and the milliseconds that it took
    for method in methods:
        if method.eye not in seen:
            began = time.perf_counter()
            seen[method.eye] = method.look(image), _since(began)
        evidence, looking = seen[method.eye]
        began = time.perf_counter()
        found = method.place(evidence, sample.size, aspects)
        rows.append(Row(method.name, "", "milliseconds", looking + _since(began)))
        placed += [Placed(method.name, str(crop.aspect), crop.box.as_list()) for crop in found]
        rows += _chance_rows(method.name, found)
        rows += [*_human_crop_rows(evidence, sample, method), *_face_rows(evidence, sample, method)]
    maps = {eye: evidence.map for eye, (evidence, _) in seen.items() if evidence.map is not None}
    rows += [Row(eye, "", "milliseconds of the map", seen[eye][1]) for eye in maps]
    faces = seen["yunet"][0].faces if "yunet" in seen else None
    rows += [*_box_rows(placed, sample), *_other_judges_rows(placed, sample, aspects)]
    rows += [*_head_rows(placed, sample, faces or ())]
    rows += [*_expected_rows(placed, sample, maps), *(_map_rows(maps, sample, context) if context else ())]
    return Outcome(sample.dataset, sample.name, sample.size, slices_of(sample, image, faces), rows, placed)


def _since(began: float) -> float:
    return 1000 * (time.perf_counter() - began)


def _human_windows(sample: Sample, aspects: Sequence[Aspect]) -> Iterator[tuple[str, Aspect, Box]]:
    """What one half of the observers says for the other, and the best that there is; nothing without both halves."""
    even, odd = crops.observer_halves(sample.observers)
    if not (even.any() and odd.any()):
        return
    for aspect, window in zip(aspects, crops.human_windows(sample.fixations[even], sample.size, aspects), strict=True):
        yield HUMAN, aspect, window
        yield ORACLE, aspect, crops.oracle_window(sample.fixations[odd], sample.size, aspect)


def _box_rows(placed: Sequence[Placed], sample: Sample) -> Iterator[Row]:
    judged = sample.fixations[crops.observer_halves(sample.observers)[1]]
    faces = large_faces(np.empty((0, 4)) if sample.faces is None else sample.faces)
    for crop in placed:
        box = Box(*crop.box)
        if len(judged):
            yield Row(crop.method, crop.aspect, ODD, crops.gaze_kept(box, judged))
        if len(faces):
            yield Row(crop.method, crop.aspect, "faces cut", crops.share_cut(box, faces))
            yield Row(crop.method, crop.aspect, "faces lost", crops.share_lost(box, faces))
            by_gaze = faces_cut_by_gaze(box, faces, sample.fixations)
            if not np.isnan(by_gaze):
                yield Row(crop.method, crop.aspect, "faces cut by gaze", by_gaze)
        if sample.regions is not None:
            yield Row(crop.method, crop.aspect, "regions whole", crops.share_whole(box, sample.regions))


def _other_judges_rows(placed: Sequence[Placed], sample: Sample, aspects: Sequence[Aspect]) -> Iterator[Row]:
    """The same crops judged by the other half of the observers, and by each of them; `human` is then the window for the
    odd half, and for each observer that for all the others."""
    even, odd = crops.observer_halves(sample.observers)
    everybody = np.unique(sample.observers)
    if not (even.any() and odd.any()):
        return
    for crop in placed:
        if crop.method not in (HUMAN, ORACLE):
            box = Box(*crop.box)
            yield Row(crop.method, crop.aspect, EVEN, crops.gaze_kept(box, sample.fixations[even]))
            yield Row(crop.method, crop.aspect, EVERYBODY, crops.kept_by_each(box, sample.fixations, sample.observers))
    mine = [sample.observers == one for one in everybody]
    from_odd = crops.human_windows(sample.fixations[odd], sample.size, aspects)
    from_others = [crops.human_windows(sample.fixations[~own], sample.size, aspects) for own in mine]
    for rank, aspect in enumerate(aspects):
        oracle = crops.oracle_window(sample.fixations[even], sample.size, aspect)
        yield Row(HUMAN, str(aspect), EVEN, crops.gaze_kept(from_odd[rank], sample.fixations[even]))
        yield Row(ORACLE, str(aspect), EVEN, crops.gaze_kept(oracle, sample.fixations[even]))
        kept = [crops.gaze_kept(of[rank], sample.fixations[own]) for of, own in zip(from_others, mine, strict=True)]
        yield Row(HUMAN, str(aspect), EVERYBODY, float(np.mean(kept)))


def _head_rows(placed: Sequence[Placed], sample: Sample, faces: Sequence[Face]) -> Iterator[Row]:
    """What crops leave of the main head, in the formats that it fits."""
    head = main_head(faces, sample.fixations, sample.size)
    if head is None:
        return
    for crop in placed:
        lost = head_lost(Box(*crop.box), head)
        if not np.isnan(lost):
            yield Row(crop.method, crop.aspect, "heads cut", float(lost > 1e-9))
            yield Row(crop.method, crop.aspect, "heads lost a fifth", float(lost >= A_FIFTH))


def _expected_rows(placed: Sequence[Placed], sample: Sample, maps: Mapping[str, Map]) -> Iterator[Row]:
    """What our model expects each crop to keep: all that can be said without fixations, and no measurement."""
    own = next((maps[name] for name in MODELS if name in maps), None)
    if own is None:
        return
    gaze = expected_gaze(own)
    for crop in placed:
        yield Row(crop.method, crop.aspect, EXPECTED, gaze_inside(gaze, sample.size, Box(*crop.box)))


def _chance_rows(method: str, found: Sequence[Crop]) -> Iterator[Row]:
    """How likely the method says that its crops help and harm; nothing of those that do not say."""
    for crop in found:
        if not math.isnan(crop.helps):
            yield Row(method, str(crop.aspect), HELP_EXPECTED, crop.helps)
            yield Row(method, str(crop.aspect), HARM_EXPECTED, crop.harms)


def _face_rows(evidence: Evidence, sample: Sample, method: Method) -> Iterator[Row]:
    if evidence.faces is not None and sample.faces is not None:
        detected = [face.box for face in evidence.faces]
        yield Row(method.name, "", "face recall", face_recall(detected, large_faces(sample.faces)))
        yield Row(method.name, "", "unlabelled detections", unlabelled_detections(detected, sample.faces))


def _human_crop_rows(evidence: Evidence, sample: Sample, method: Method) -> Iterator[Row]:
    """The method against crops that people chose, each at that crop's own aspect."""
    if sample.human_crops is None:
        return
    aspects = [Aspect(width, height) for _, _, width, height in sample.human_crops]
    for chosen, crop in zip(sample.human_crops, method.place(evidence, sample.size, aspects), strict=True):
        overlap = intersection_over_union(crop.box.as_list(), chosen)
        displacement = crops.boundary_displacement(crop.box, chosen, sample.size).mean()
        yield Row(method.name, "own", "human crop IoU", float(overlap))
        yield Row(method.name, "own", "boundary displacement", float(displacement))


def _map_rows(maps: Mapping[str, Map], sample: Sample, context: Context) -> Iterator[Row]:
    if len(sample.fixations) == 0:
        return
    size, fixations, prior = on_map(sample, context)
    others = context.others(replace(sample, size=size))
    density = fixation_density(fixations, size, DENSITY_SIGMA * max(size))
    for name, grid in {UNIFORM: np.ones((1, 1)), CENTRE_PRIOR: context.prior, **maps}.items():
        saliency_map = at_image_size(grid, size)
        scores = fixation_scores(saliency_map, fixations, others, prior)
        scores |= {
            "CC": cc(saliency_map, density),
            "KL": kl_divergence(saliency_map, density),
            "SIM": similarity(saliency_map, density),
        }
        yield from (Row(name, "", metric, value) for metric, value in scores.items())
    yield from _one_observer_rows(fixations, sample.observers, size, others, prior)


def on_map(sample: Sample, context: Context) -> tuple[tuple[int, int], NDArray[np.float64], Map]:
    """Where maps are compared: the (width, height) in pixels, no side beyond MAP_SIDE; the fixations there; and there
    the centre prior as a density."""
    scale = min(1.0, MAP_SIDE / max(sample.size))
    size = (max(1, round(sample.size[0] * scale)), max(1, round(sample.size[1] * scale)))
    fixations = sample.fixations * (np.array(size) / sample.size)
    return size, fixations, as_density(at_image_size(context.prior, size))


def fixation_scores(
    saliency_map: Map, fixations: NDArray[np.float64], others: NDArray[np.float64], prior: Map
) -> dict[str, float]:
    """The metrics that need fixations only; sAUC is left out where there are no other photos."""
    scores = {
        "AUC-Judd": auc_judd(saliency_map, fixations),
        "NSS": nss(saliency_map, fixations),
        "IG": information_gain(saliency_map, fixations, prior),
    }
    return scores | ({"sAUC": auc_shuffled(saliency_map, fixations, others)} if len(others) else {})


def _one_observer_rows(
    fixations: NDArray[np.float64],
    observers: NDArray[np.int64],
    size: tuple[int, int],
    others: NDArray[np.float64],
    prior: Map,
) -> Iterator[Row]:
    """Each observer predicted from all the others: the mean over observers is the human row of the map metrics.

    IG asks for a density, and that of a few people is all but 0 where none of them looked: it is mixed with the prior.
    """
    scores: list[Mapping[str, float]] = []
    for mine, density in from_the_others(fixations, observers, size):
        found = fixation_scores(density, mine, others, prior)
        found["IG"] = information_gain(mixed(density, prior, HUMAN_PRIOR), mine, prior)
        scores.append(found)
    for metric in scores[0] if scores else ():
        yield Row(HUMAN, "", metric, float(np.mean([score[metric] for score in scores])))


def from_the_others(
    fixations: NDArray[np.float64], observers: NDArray[np.int64], size: tuple[int, int]
) -> Iterator[tuple[NDArray[np.float64], Map]]:
    """For each observer of several: their fixations, (N, 2) in pixels of `size`, and all the others' density."""
    for observer in np.unique(observers):
        mine = observers == observer
        if not mine.all():
            yield fixations[mine], fixation_density(fixations[~mine], size, DENSITY_SIGMA * max(size))
