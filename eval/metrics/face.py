"""Face detectors against labelled faces, and heads and faces that a crop cuts though people look at them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from eval.metrics.crop import gaze_kept, share_inside
from saliency.boxes import intersection_over_union
from saliency.types import Box, Face

MIN_FACE = 20  # pixels, the shorter side: smaller labelled faces are not counted
SAME_FACE = 0.3  # intersection over union from which a detection and a label are one face

MAIN_CONFIDENCE, MAIN_GAZE = 0.85, 0.05  # a main face: surer than the one, with at least the other of the gaze in it
HEAD_UP, HEAD_ASIDE = 0.35, 0.1  # what a head has beyond its face: of its height above it, of its sides elsewhere
A_FIFTH = 0.2


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


def main_head(
    faces: Sequence[Face], fixations: NDArray[np.floating], size: tuple[int, int]
) -> NDArray[np.float64] | None:
    """The head that a photo of `size` = (width, height) is of: (left, top, width, height) in pixels, inside it.

    faces: of a detector; the largest is meant where it is sure and looked at enough. fixations: (N, 2), (x, y) in
    pixels. None where there is no such head.
    """
    face = max(faces, key=lambda face: face.box.width * face.box.height, default=None)
    if face is None or face.confidence <= MAIN_CONFIDENCE or not gaze_kept(face.box, fixations) >= MAIN_GAZE:
        return None
    box = face.box
    left, right = max(box.left - HEAD_ASIDE * box.width, 0), min(box.right + HEAD_ASIDE * box.width, size[0])
    top, bottom = max(box.top - HEAD_UP * box.height, 0), min(box.bottom + HEAD_ASIDE * box.height, size[1])
    return np.array([left, top, right - left, bottom - top])


def head_lost(crop: Box, head: NDArray[np.floating]) -> float:
    """The share of a head's (left, top, width, height) outside the crop; NaN where the head does not fit a window as
    large."""
    if head[2] > crop.width or head[3] > crop.height:
        return float("nan")
    return float(1 - share_inside(crop, head)[0])


def faces_cut_by_gaze(crop: Box, faces: NDArray[np.floating], fixations: NDArray[np.floating]) -> float:
    """The share of the gaze on faces that lies on faces which the border cuts, neither whole nor gone.

    faces: (n, 4), left, top, width, height in pixels; fixations: (N, 2), (x, y); a face without any counts nothing, and
    a fixation on two faces counts for both. NaN where nobody looks at a face.
    """
    faces = np.asarray(faces, dtype=np.float64).reshape(-1, 4)
    x, y = np.asarray(fixations, dtype=np.float64).reshape(-1, 2).T[:, :, None]
    left, top, width, height = faces.T
    looks = ((x >= left) & (x < left + width) & (y >= top) & (y < top + height)).sum(axis=0)
    if not looks.any():
        return float("nan")
    inside = share_inside(crop, faces)
    return float(looks[(inside > 1e-9) & (inside < 1 - 1e-9)].sum() / looks.sum())
