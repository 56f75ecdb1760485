"""One photo of a run, drawn: in the gallery and in its own view. Where it is not on this computer, its frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from eval.datasets import Sample
from eval.metrics.crop import observer_halves
from eval.metrics.face import large_faces
from eval.report import MAP_METRICS
from pages.explore import cache
from pages.explore.differences import SIDES, boxes_of
from pages.explore.drawing import frame_svg
from pages.shared.palette import Look, method_look
from pages.shared.pictures import data_url
from saliency import ImageError
from saliency.types import Box

UNKNOWN_SIZE = (400, 300)  # of a photo that is not here and has no crops
FINE_LINE = 0.006  # of the longer side: the width of a box's line where the photo is large
PICTURE, FIXATIONS, DENSITY = "photo", "fixations", "density"
LABELLED = {
    "faces cut": "labelled face",
    "faces lost": "labelled face",
    "face recall": "labelled face",
    "unlabelled detections": "labelled face",
    "regions whole": "region that must stay in view",
    "human crop IoU": "crop that people chose",
    "boundary displacement": "crop that people chose",
}


@dataclass(frozen=True)
class RunPhoto:
    """A photo of a run. boxes: `boxes_of` it. sample: None where the photo is not on this computer."""

    dataset: str
    name: str
    boxes: pd.DataFrame
    sample: Sample | None

    @property
    def id(self) -> str:
        """Its name in the URL."""
        return f"{self.dataset}/{self.name}"

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels."""
        if len(self.boxes):
            return int(self.boxes["image width"].iloc[0]), int(self.boxes["image height"].iloc[0])
        return self.sample.size if self.sample else UNKNOWN_SIZE

    def box(self, method: str, aspect: str) -> Box | None:
        """Where the method's crop lies; None where the run does not say."""
        if (method, aspect) not in self.boxes.index:
            return None
        return Box(*(int(side) for side in self.boxes.loc[(method, aspect), SIDES]))

    def looks(self, methods: Sequence[str], aspect: str) -> list[tuple[Box, Look]]:
        """The boxes that there are, each with its method's look."""
        found = [(self.box(method, aspect), method_look(method)) for method in dict.fromkeys(methods)]
        return [(box, look) for box, look in found if box is not None]


def find_photo(boxes: pd.DataFrame, dataset: str, name: str, samples: Mapping[str, Sample]) -> RunPhoto:
    """A photo of a run. boxes: of the run. samples: the photos of its dataset that are on this computer, by name."""
    return RunPhoto(dataset, name, boxes_of(boxes, dataset, name), samples.get(name))


def draw(photo: RunPhoto, shown: str, metric: str, methods: Sequence[str], aspect: str, *, large: bool = False) -> str:
    """The photo as an address: a layer with the methods' boxes over it, and what the metric is judged by.

    shown: PICTURE, FIXATIONS, DENSITY or a map. With FIXATIONS, or where the metric is of maps, come the dots.
    """
    picture = layer(photo, PICTURE if shown == FIXATIONS else shown, large=large)
    sample = photo.sample if shown == FIXATIONS or metric in MAP_METRICS else None
    drawing = frame_svg(
        photo.size,
        picture,
        photo.looks(methods, aspect),
        thin=labelled(photo, metric),
        fixations=sample.fixations if sample else None,
        judged=judged(sample) if sample and shown == FIXATIONS else None,
        **({"line": FINE_LINE} if large else {}),
    )
    return data_url(drawing.encode(), "image/svg+xml")


def layer(photo: RunPhoto, shown: str, *, large: bool = False) -> str:
    """The photo itself (PICTURE), under the density of its fixations (DENSITY) or under a model's map, as an address.

    "" where the photo is not on this computer, cannot be opened, or lacks what the layer shows.
    """
    if photo.sample is None:
        return ""
    path = str(photo.sample.path)
    try:
        stamp = cache.stamp_of(photo.sample)
        if shown == PICTURE:
            return data_url(cache.preview(path, stamp)) if large else cache.thumbnail(path, stamp)
        if shown == DENSITY:
            return cache.human_heat(path, stamp, photo.sample)
        return cache.heat(path, stamp, shown)
    except (ImageError, OSError):
        return ""


def judged(sample: Sample) -> NDArray[np.bool_]:
    """(N,) which fixations a crop is judged by: those of every other observer. The rest make the human crop."""
    return observer_halves(sample.observers)[1]


def labelled(photo: RunPhoto, metric: str) -> list[Box]:
    """What was labelled in the photo and the metric is judged by."""
    sample, kind = photo.sample, LABELLED.get(metric, "")
    if sample is None or not kind:
        return []
    found = {
        "labelled face": None if sample.faces is None else large_faces(sample.faces),
        "region that must stay in view": sample.regions,
        "crop that people chose": sample.human_crops,
    }[kind]
    return [Box(*(round(side) for side in row)) for row in found] if found is not None else []
