"""libvips' smartcrop, which many image servers use: https://www.libvips.org/API/current/method.Image.smartcrop.html"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import pyvips

from saliency.crop import window_size
from saliency.methods import needed
from saliency.types import Aspect, Box, Crop, Evidence

Interesting = Literal["attention", "entropy"]


def place_by_vips(
    interesting: Interesting, evidence: Evidence, size: tuple[int, int], aspects: Sequence[Aspect]
) -> list[Crop]:
    """vips_smartcrop at the size of the largest window of each shape, so it does not resize.

    attention: centred on the place with the most edges, skin and saturated colour. entropy: slices are cut off the
    sides with the least entropy. libvips analyses the picture anew for each size; it has no other way.
    """
    pixels = needed(evidence.photo, "the photo itself").tobytes()
    picture = pyvips.Image.new_from_memory(pixels, *size, 3, "uchar").copy(interpretation="srgb")
    boxes = [_box(picture, interesting, *window_size(size, aspect)) for aspect in aspects]
    return [Crop(a, box, focal_point=box.center) for a, box in zip(aspects, boxes, strict=True)]


def _box(picture: pyvips.Image, interesting: Interesting, width: int, height: int) -> Box:
    part = picture.smartcrop(width, height, interesting=interesting)
    # a part remembers where its picture's origin is, seen from its own
    return Box(-part.xoffset, -part.yoffset, width, height)
