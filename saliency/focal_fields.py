"""A crop in the words of content systems that keep a focal point beside each picture.

Boxes and focal points are in pixels of the upright image, of `size` = (width, height), as in `links.py`.
"""

from __future__ import annotations

from collections.abc import Callable

from saliency.types import Crop

Fields = dict[str, object]


def sanity(crop: Crop, size: tuple[int, int]) -> Fields:
    """Of an image in a document: the part that is used, by what is cut off each side, and an ellipse that stays in it
    when other shapes are cut, all as shares of the photo. https://www.sanity.io/docs/front-ends/presenting-images"""
    (width, height), box, (x, y) = size, crop.box, crop.focal_point
    across, down = 2 * min(x - box.left, box.right - x), 2 * min(y - box.top, box.bottom - y)
    cut = {
        "left": box.left / width,
        "top": box.top / height,
        "right": 1 - box.right / width,
        "bottom": 1 - box.bottom / height,
    }
    spot = {"x": x / width, "y": y / height, "width": across / width, "height": down / height}
    return {"crop": _short(cut), "hotspot": _short(spot)}


def payload(crop: Crop, size: tuple[int, int]) -> Fields:
    """Of an upload: percentages of its sides. https://payloadcms.com/docs/upload/overview

    Payload takes a 0 for a field that is not set, and rounds to whole ones.
    """
    x, y = (max(round(100 * value / side, 2), 0.01) for value, side in zip(crop.focal_point, size, strict=True))
    return {"focalX": x, "focalY": y}


def mastodon(crop: Crop, size: tuple[int, int]) -> Fields:
    """Of a media attachment: from -1 to 1, right and up. https://docs.joinmastodon.org/api/guidelines/#focal-points"""
    x, y = (value / side for value, side in zip(crop.focal_point, size, strict=True))
    return {"focus": f"{2 * x - 1:.4f},{1 - 2 * y:.4f}"}


FIELDS: dict[str, Callable[[Crop, tuple[int, int]], Fields]] = {
    "Sanity": sanity,
    "Payload": payload,
    "Mastodon": mastodon,
}
"""What is stored beside the photo, ready for JSON, by system."""


def _short(shares: dict[str, float]) -> Fields:
    """Six decimals are finer than a pixel of any photo."""
    return {name: round(share, 6) for name, share in shares.items()}
