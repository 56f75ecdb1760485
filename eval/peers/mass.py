"""Our window on someone else's map: tells what the map is worth from what the crop rule is worth."""

from __future__ import annotations

from collections.abc import Sequence

from saliency.crop import best_window, cautious, expected_gaze
from saliency.methods import needed
from saliency.types import Aspect, Crop, Evidence


def place_most_mass(
    evidence: Evidence, size: tuple[int, int], aspects: Sequence[Aspect], weight: float = 0.0
) -> list[Crop]:
    """The windows that keep the most of the map, mixed with so much of a Gaussian around the middle of the frame.

    weight: 0..1, of the Gaussian that `gaze` is mixed with too (PRIOR_DEVIATION); 0 leaves the map as it is.
    """
    mixed = cautious(expected_gaze(needed(evidence.map, "saliency map")), weight)
    boxes = [best_window(mixed, size, aspect) for aspect in aspects]
    return [Crop(a, box, focal_point=box.center) for a, box in zip(aspects, boxes, strict=True)]
