"""What kind of picture a sample is: the slices by which results are broken down.

Each is computed from the data alone, never from the method that is judged:

faces        none, one, many: labelled faces of 20 px and up; without labels, the confident detections of YuNet
orientation  landscape, portrait, square (sides within 5 %)
gaze         concentrated or spread: the root mean square distance of fixations from their middle, in diagonals
off centre   whether the middle of gaze is more than 8 % of a side away from the middle of the frame
size         small (under 0.3 million pixels), medium, large (over 1 million)
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from eval.datasets import Sample
from eval.metrics.face import large_faces
from eval.types import SLICES
from saliency.models.face import detect_yunet
from saliency.types import Face, RgbImage

SQUARE = 0.05
CONCENTRATED = 0.19  # about the median over the train splits, so that either half is large
OFF_CENTRE = 0.08
CONFIDENT = 0.9
SMALL, LARGE = 0.3e6, 1e6
UNKNOWN = "unknown"


def slices_of(sample: Sample, image: RgbImage, seen: Sequence[Face] | None = None) -> dict[str, str]:
    """The value of each slice in `eval.types.SLICES`; "unknown" where the sample has no fixations.

    seen: the faces that YuNet found in the image, where it has looked already.
    """
    return slices_by_size((image.shape[1], image.shape[0])) | {
        "faces": _faces(sample, image, seen),
        "gaze": _gaze(sample),
        "off centre": _off_centre(sample),
    }


def slices_by_size(size: tuple[int, int]) -> dict[str, str]:
    """The slices of a picture of which no more than its (width, height) is known; the others are "unknown"."""
    width, height = size
    pixels = width * height
    return dict.fromkeys(SLICES, UNKNOWN) | {
        "orientation": _orientation(width / height),
        "size": "small" if pixels < SMALL else "large" if pixels > LARGE else "medium",
    }


def _faces(sample: Sample, image: RgbImage, seen: Sequence[Face] | None) -> str:
    if sample.faces is not None:
        count = len(large_faces(sample.faces))
    else:
        found = detect_yunet(image) if seen is None else seen
        count = sum(face.confidence >= CONFIDENT for face in found)
    return ("none", "one", "many")[min(count, 2)]


def _orientation(ratio: float) -> str:
    if abs(ratio - 1) <= SQUARE:
        return "square"
    return "landscape" if ratio > 1 else "portrait"


def _gaze(sample: Sample) -> str:
    if len(sample.fixations) == 0:
        return UNKNOWN
    spread = np.sqrt(((sample.fixations - sample.fixations.mean(axis=0)) ** 2).sum(axis=1).mean())
    return "concentrated" if spread / np.hypot(*sample.size) < CONCENTRATED else "spread"


def _off_centre(sample: Sample) -> str:
    if len(sample.fixations) == 0:
        return UNKNOWN
    away = np.abs(sample.fixations.mean(axis=0) / sample.size - 0.5)
    return "yes" if away.max() > OFF_CENTRE else "no"
