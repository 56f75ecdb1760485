"""Our window on someone else's map: tells what the map is worth from what the crop rule is worth."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from saliency.crop import best_window
from saliency.methods import needed
from saliency.types import Aspect, Crop, Evidence


def place_most_mass(evidence: Evidence, size: tuple[int, int], aspects: Sequence[Aspect]) -> list[Crop]:
    """The windows that keep the most of the map, as it is: without the prior that `gaze` mixes in."""
    saliency_map = np.asarray(needed(evidence.map, "saliency map"), dtype=np.float64)
    boxes = [best_window(saliency_map, size, aspect) for aspect in aspects]
    return [Crop(a, box, focal_point=box.center) for a, box in zip(aspects, boxes, strict=True)]
