"""Our window on someone else's map: tells what the map is worth from what the crop rule is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from saliency.crop import best_window
from saliency.types import Aspect, Crop, RgbImage, SaliencyModel


@dataclass(frozen=True)
class MassCrop:
    """The window that keeps the most of the model's map, as it is: without the prior that `gaze` mixes in."""

    model: SaliencyModel
    name: str

    def crop(self, image: RgbImage, aspects: Sequence[Aspect]) -> list[Crop]:
        map = np.asarray(self.model.predict(image), dtype=np.float64)
        boxes = [best_window(map, image.shape[1::-1], aspect) for aspect in aspects]
        return [Crop(a, box, focal_point=box.center) for a, box in zip(aspects, boxes, strict=True)]
