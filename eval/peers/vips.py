"""libvips' smartcrop, which many image servers use: https://www.libvips.org/API/current/method.Image.smartcrop.html"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pyvips

from saliency.crop import window_size
from saliency.types import Aspect, Box, Crop, RgbImage


@dataclass(frozen=True)
class VipsCrop:
    """vips_smartcrop at the size of the largest window of each shape, so it does not resize.

    attention: centred on the place with the most edges, skin and saturated colour. entropy: slices are cut off the
    sides with the least entropy. libvips analyses the picture anew for each size; it has no other way.
    """

    interesting: Literal["attention", "entropy"]
    name: str

    def crop(self, image: RgbImage, aspects: Sequence[Aspect]) -> list[Crop]:
        height, width = image.shape[:2]
        picture = pyvips.Image.new_from_memory(image.tobytes(), width, height, 3, "uchar").copy(interpretation="srgb")
        boxes = [self._box(picture, *window_size((width, height), aspect)) for aspect in aspects]
        return [Crop(a, box, focal_point=box.center) for a, box in zip(aspects, boxes, strict=True)]

    def _box(self, picture: pyvips.Image, width: int, height: int) -> Box:
        part = picture.smartcrop(width, height, interesting=self.interesting)
        # a part remembers where its picture's origin is, seen from its own
        return Box(-part.xoffset, -part.yoffset, width, height)
