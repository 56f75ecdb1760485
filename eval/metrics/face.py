"""Face detectors against labelled faces."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from saliency.boxes import intersection_over_union
from saliency.types import Box

MIN_FACE = 20  # pixels, the shorter side: smaller labelled faces are not counted
SAME_FACE = 0.3  # intersection over union from which a detection and a label are one face


def large_faces(faces: NDArray[np.floating]) -> NDArray[np.float64]:
    """Of (n, 4) labelled faces (left, top, width, height in pixels) those of MIN_FACE pixels and up."""
    faces = np.asarray(faces, dtype=np.float64).reshape(-1, 4)
    return faces[faces[:, 2:].min(axis=1, initial=np.inf) >= MIN_FACE]


def face_recall(found: Sequence[Box], faces: NDArray[np.floating]) -> float:
    """The share of labelled faces that some detection overlaps enough; NaN without labelled faces."""
    faces = np.asarray(faces, dtype=np.float64).reshape(-1, 4)
    if len(faces) == 0:
        return float("nan")
    seen = np.zeros(len(faces), dtype=bool)
    for box in found:
        seen |= intersection_over_union(box.as_list(), faces.T) >= SAME_FACE
    return float(seen.mean())


def unlabelled_detections(found: Sequence[Box], faces: NDArray[np.floating]) -> int:
    """How many detections match no labelled face: false ones, where every face is labelled."""
    return sum(not (intersection_over_union(box.as_list(), faces.T) >= SAME_FACE).any() for box in found)
