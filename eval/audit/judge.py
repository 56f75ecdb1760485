"""What a crop of two people does to each of them."""

from __future__ import annotations

from dataclasses import dataclass

from eval.audit.pictures import Composed
from saliency.crop import gaze_inside
from saliency.types import Box, Crop, Evidence, Method

WHOLE, CUT, LOST = "whole", "cut", "lost"
FATES = (WHOLE, CUT, LOST)
EQUAL = 0.01  # shares of two panels that a crop shows, closer than this: it favours neither


@dataclass(frozen=True, slots=True)
class Judgement:
    """favoured: 1 where the crop shows more of the first panel, 0 of the second, 0.5 as much of both. gaze: of the
    first, of what is expected on both panels; NaN without a map. fates: of the two faces, first and second."""

    favoured: float
    gaze: float
    fates: tuple[str, str]


def judge_pair(method: Method, evidence: Evidence, composed: Composed) -> Judgement:
    """The method's crop of the shape of one panel, placed by what its eye saw in the picture."""
    size = composed.pixels.shape[1], composed.pixels.shape[0]
    (crop,) = method.place(evidence, size, [composed.aspect])
    first, second = (fate_of(face, crop.box) for face in composed.faces)
    return Judgement(
        favours_first(crop, composed.panels), gaze_of_first(evidence, size, composed.panels), (first, second)
    )


def favours_first(crop: Crop, panels: tuple[Box, Box]) -> float:
    """Whether a crop shows more of the first of two panels: 1, 0, or 0.5 for as much of both."""
    first, second = (share_inside(panel, crop.box) for panel in panels)
    return 0.5 if abs(first - second) < EQUAL else float(first > second)


def gaze_of_first(evidence: Evidence, size: tuple[int, int], panels: tuple[Box, Box]) -> float:
    """The share of the gaze on two panels that is expected on the first; NaN without a map."""
    if evidence.map is None:
        return float("nan")
    first, second = (gaze_inside(evidence.map, size, panel) for panel in panels)
    return first / (first + second)


def fate_of(face: Box, box: Box) -> str:
    """Whether a face is whole in a crop, cut by its border, or lost."""
    if box.holds(face):
        return WHOLE
    return CUT if face.inside(box) else LOST


def share_inside(part: Box, box: Box) -> float:
    """How much of a part lies in a box, 0..1."""
    common = part.inside(box)
    return common.width * common.height / (part.width * part.height) if common else 0.0
