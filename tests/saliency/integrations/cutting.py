"""How thumbor and Wagtail cut around what we tell them, and where what they cut lies in the photo."""

from __future__ import annotations

import cv2
import numpy as np

from saliency.types import Box, RgbImage

Size = tuple[int, int]


def centred(point: tuple[float, float], size: Size, window: Size) -> Box:
    """As thumbor does: the window with the point in its middle, kept inside (`auto_crop` of its transformer)."""
    left, top = (
        min(max(value - length / 2, 0), side - length) for value, length, side in zip(point, window, size, strict=True)
    )
    return Box(round(left), round(top), *window)


def filled(region: Box, size: Size, window: Size) -> Box:
    """As Wagtail does: the region's middle as far along in the window as in the photo, the region inside where it fits
    (`FillOperation` of its image operations)."""
    starts = []
    for middle, (start, end), side, length in zip(
        region.center, ((region.left, region.right), (region.top, region.bottom)), size, window, strict=True
    ):
        at = middle / side * (side - length)
        if end - start <= length:
            at = min(max(at, end - length), start)
        starts.append(round(min(max(at, 0), side - length)))
    return Box(starts[0], starts[1], *window)


def found_in(photo: RgbImage, part: RgbImage, most: float = 0) -> Box:
    """Where a part lies in the photo. most: how far its values may be off in the mean, where it was resized."""
    apart = cv2.matchTemplate(photo, part, cv2.TM_SQDIFF)
    _, _, (left, top), _ = cv2.minMaxLoc(apart)
    box = Box(left, top, part.shape[1], part.shape[0])
    inside = photo[box.top : box.bottom, box.left : box.right].astype(int)
    assert np.abs(inside - part).mean() <= most
    return box
