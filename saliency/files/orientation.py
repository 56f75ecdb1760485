"""How a picture lies in its file, 1 to 8 (tag 274 of TIFF and EXIF), undone for its pixels, its size, a part of it.

5 to 8 lie on their side: mirrored at the diagonal first. Then some are mirrored across, some down.
"""

from __future__ import annotations

import cv2
import numpy as np

from saliency.files.stored import Part, Samples, Size
from saliency.types import Box, RgbImage

_ACROSS, _DOWN = (2, 3, 6, 7), (3, 4, 7, 8)


def on_side(orientation: int) -> bool:
    """Whether width and height change places."""
    return orientation >= 5


def upright(image: Samples, orientation: int) -> Samples:
    """The image as it was meant to be seen."""
    if on_side(orientation):
        image = np.asarray(cv2.transpose(image), dtype=image.dtype)
    if orientation in _ACROSS:
        return np.asarray(cv2.flip(image, -1 if orientation in _DOWN else 1), dtype=image.dtype)
    return np.asarray(cv2.flip(image, 0), dtype=image.dtype) if orientation in _DOWN else image


def as_stored(image: RgbImage, orientation: int) -> RgbImage:
    """The upright image seen as it lies in its file: no copy, what is written there is written into the image."""
    if orientation in _ACROSS:
        image = image[:, ::-1]
    if orientation in _DOWN:
        image = image[::-1]
    return image.swapaxes(0, 1) if on_side(orientation) else image


def upright_size(size: Size, orientation: int) -> Size:
    """(width, height) as it was meant to be seen; its own inverse."""
    return (size[1], size[0]) if on_side(orientation) else size


def upright_point(point: tuple[float, float], orientation: int) -> tuple[float, float]:
    """Where a point (x, y) of the stored picture, in 0..1, lies once it is upright."""
    x, y = point[::-1] if on_side(orientation) else point
    return 1 - x if orientation in _ACROSS else x, 1 - y if orientation in _DOWN else y


def stored_point(point: tuple[float, float], orientation: int) -> tuple[float, float]:
    """The other way."""
    x, y = point
    x, y = 1 - x if orientation in _ACROSS else x, 1 - y if orientation in _DOWN else y
    return (y, x) if on_side(orientation) else (x, y)


def upright_box(part: Part, size: Size, orientation: int) -> Box:
    """Where a part of the stored pixels, of a picture of that stored size, lies once it is upright."""
    left, top, right, bottom = part
    width, height = upright_size(size, orientation)
    if on_side(orientation):
        left, top, right, bottom = top, left, bottom, right
    if orientation in _ACROSS:
        left, right = width - right, width - left
    if orientation in _DOWN:
        top, bottom = height - bottom, height - top
    return Box(left, top, right - left, bottom - top)
