"""What content systems keep beside a photo, cut as their own code cuts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saliency.focal_fields import FIELDS, mastodon, payload, sanity
from saliency.types import Aspect, Box, Crop
from tests.saliency.test_links import crops

Size = tuple[int, int]
shapes = st.tuples(st.integers(32, 4000), st.integers(32, 4000))


def cut_by_sanity(fields: Mapping[str, Any], size: Size, shape: Size) -> Box:
    """What @sanity/image-url 2.1.1 asks for as `rect` (urlForImage.ts, and `fit` in it)."""
    (width, height), crop, spot = size, fields["crop"], fields["hotspot"]
    left, top = round(crop["left"] * width), round(crop["top"] * height)
    across = round(width - crop["right"] * width - left)
    down = round(height - crop["bottom"] * height - top)
    wanted = shape[0] / shape[1]
    if across / down > wanted:
        cut = round(down * wanted)
        start = max(0, round(round(spot["x"] * width) - cut / 2))
        return Box(min(max(start, left), left + across - cut), top, cut, down)
    cut = round(across / wanted)
    start = max(0, round(round(spot["y"] * height) - cut / 2))
    return Box(left, min(max(start, top), top + down - cut), across, cut)


def start_by_payload(percent: float, side: float, window: float) -> float:
    """Where Payload 3.90.2 begins to cut a picture that it has made as small as covers the window
    (createImageSizes.js), of a percentage that it has rounded (generateFileData.js)."""
    start = side * (round(percent) / 100) - window / 2
    if side * (round(percent) / 100) + window / 2 > side:
        start = side - window
    return max(start, 0)


@given(crops())
def test_sanity_shows_exactly_the_crop_in_its_own_shape(case: tuple[Crop, Size]) -> None:
    crop, size = case
    fields = json.loads(json.dumps(sanity(crop, size)))
    assert cut_by_sanity(fields, size, (crop.box.width, crop.box.height)) == crop.box


@given(crops(), shapes)
def test_sanity_keeps_the_focal_point_in_any_other_shape(case: tuple[Crop, Size], shape: Size) -> None:
    crop, size = case
    fields = json.loads(json.dumps(sanity(crop, size)))
    box, (x, y) = cut_by_sanity(fields, size, shape), crop.focal_point
    assert box.left - 1 <= x <= box.right + 1
    assert box.top - 1 <= y <= box.bottom + 1
    spot = fields["hotspot"]
    for middle, reach, start, end, side in zip(
        (spot["x"], spot["y"]),
        (spot["width"] / 2, spot["height"] / 2),
        (crop.box.left, crop.box.top),
        (crop.box.right, crop.box.bottom),
        size,
        strict=True,
    ):
        assert reach >= 0
        assert start - 0.02 <= (middle - reach) * side
        assert (middle + reach) * side <= end + 0.02


@given(crops(), shapes)
def test_payload_keeps_the_focal_point(case: tuple[Crop, Size], shape: Size) -> None:
    crop, size = case
    fields = payload(crop, size)
    assert all(fields.values())  # 0 would be no choice at all
    scale = max(shape[0] / size[0], shape[1] / size[1])
    for percent, point, side, window in zip(
        (fields["focalX"], fields["focalY"]), crop.focal_point, size, shape, strict=True
    ):
        assert isinstance(percent, float)
        start = start_by_payload(percent, side * scale, window)
        rounded = 0.0051 * side * scale
        assert start - rounded <= point * scale <= start + window + rounded


@given(crops(), shapes)
def test_mastodon_shows_the_focal_point(case: tuple[Crop, Size], shape: Size) -> None:
    """Its pages make of (x, y) the CSS object-position (x / 2 + 0.5, y / -2 + 0.5) of a picture that covers."""
    crop, size = case
    x, y = map(float, str(mastodon(crop, size)["focus"]).split(","))
    assert -1 <= x <= 1
    assert -1 <= y <= 1
    scale = max(shape[0] / size[0], shape[1] / size[1])
    for share, point, side, window in zip((x / 2 + 0.5, y / -2 + 0.5), crop.focal_point, size, shape, strict=True):
        assert share * side == pytest.approx(point, abs=side * 2.6e-5)
        start = share * (side * scale - window)
        rounded = 2.6e-5 * side * scale
        assert start - rounded <= point * scale <= start + window + rounded


def test_fields_look_as_the_systems_write_them() -> None:
    crop = Crop(Aspect(16, 9), Box(0, 320, 852, 480), focal_point=(426.0, 600.0))
    assert {name: fields(crop, (852, 1280)) for name, fields in FIELDS.items()} == {
        "Sanity": {
            "crop": {"left": 0, "top": 0.25, "right": 0, "bottom": 0.375},
            "hotspot": {"x": 0.5, "y": 0.46875, "width": 1, "height": 0.3125},
        },
        "Payload": {"focalX": 50, "focalY": 46.88},
        "Mastodon": {"focus": "0.0000,0.0625"},
    }
