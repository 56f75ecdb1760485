"""Windows inside a part of the photo: against every place tried there, and as if there were no more than the part."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from saliency.crop import ROOM, aversion_to_loss, center_window, crop_to_gaze, expected_gaze, gaze_inside, window_size
from saliency.framing import Framing, alternatives, beside, frame, kept_by_position
from saliency.types import Aspect, Box, Thing
from tests.saliency.framings import (
    SHAPE,
    SIZE,
    SQUARE,
    boxes_in,
    by_trial,
    contains,
    framings,
    inside,
    lost_from_the_middle,
    parts_to_keep,
    pixels_of,
    points,
    seeds,
    shapes,
    shares,
    thing,
    things_in,
    windows_by_side,
    worth_in,
)
from tests.scenes import flat, one_peak, random_map

WHOLE = Box(0, 0, *SIZE)
parts = boxes_in(SIZE, 1).filter(bool).map(lambda boxes: boxes[0])


def cut_to(part: Box, things: tuple[Thing, ...]) -> tuple[Thing, ...]:
    """The things as somebody sees them who has only this part, in its own pixels; pixel by pixel."""
    seen = []
    for one in things:
        boxes, worths = [], []
        for box, worth in zip(one.boxes, one.worths, strict=True):
            columns = [x - part.left for x in range(box.left, box.right) if part.left <= x < part.right]
            rows = [y - part.top for y in range(box.top, box.bottom) if part.top <= y < part.bottom]
            if columns and rows and (len(columns), len(rows)) != (part.width, part.height):
                boxes.append(Box(columns[0], rows[0], len(columns), len(rows)))
                worths.append(worth)
        if boxes:
            seen.append(replace(one, boxes=tuple(boxes), worths=tuple(worths)))
    return tuple(seen)


@given(seeds, shapes, things_in(), parts)
def test_the_widest_window_in_a_part_has_the_most_value_there(
    seed: int, aspect: Aspect, things: tuple[Thing, ...], part: Box
) -> None:
    saliency_map = random_map(np.random.default_rng(seed), SHAPE)
    gaze = expected_gaze(saliency_map)
    pixels = pixels_of(gaze)[part.top : part.bottom, part.left : part.right]
    window = window_size((part.width, part.height), aspect)
    wanted = parts_to_keep(cut_to(part, things), window)
    (crop,) = frame(saliency_map, SIZE, [aspect], Framing(whole=things, within=part))
    assert contains(part, crop.box)
    assert (crop.box.width, crop.box.height) == window
    value, _, _ = by_trial(pixels, window, wanted, aversion=aversion_to_loss(gaze))
    own = replace(crop.box, left=crop.box.left - part.left, top=crop.box.top - part.top)
    lost = aversion_to_loss(gaze) * lost_from_the_middle(pixels, own)
    assert value - ROOM - 3e-7 <= inside(pixels, own) - lost + worth_in(own, wanted) <= value + 1e-9


@given(seeds, shapes, shares, parts)
def test_a_tight_window_in_a_part_is_the_first_that_keeps_the_share_of_the_photo(
    seed: int, aspect: Aspect, keep: float, part: Box
) -> None:
    saliency_map = random_map(np.random.default_rng(seed), SHAPE)
    pixels = pixels_of(expected_gaze(saliency_map))[part.top : part.bottom, part.left : part.right]
    (crop,) = frame(saliency_map, SIZE, [aspect], Framing(keep=keep, within=part))
    windows = windows_by_side((part.width, part.height), aspect)
    enough = [window for window in windows if by_trial(pixels, window)[0] >= keep + 1e-9]
    assert contains(part, crop.box)
    assert (crop.box.width, crop.box.height) == (enough or windows)[0 if enough else -1]
    assert ("so the widest" in crop.note) == (not enough)
    if enough:
        assert crop.kept == pytest.approx(by_trial(pixels, enough[0])[0], abs=2e-7)


@given(seeds, shapes, framings, parts)
def test_all_windows_lie_in_the_part_and_are_judged_on_the_photo(
    seed: int, aspect: Aspect, framing: Framing, part: Box
) -> None:
    saliency_map = random_map(np.random.default_rng(seed), SHAPE)
    gaze, framing = expected_gaze(saliency_map), replace(framing, within=part)
    for crop in (*frame(saliency_map, SIZE, [aspect], framing), *alternatives(saliency_map, SIZE, aspect, framing)):
        assert contains(part, crop.box)
        assert crop.kept == pytest.approx(gaze_inside(gaze, SIZE, crop.box), abs=1e-9)
        middle = Box((SIZE[0] - crop.box.width) // 2, (SIZE[1] - crop.box.height) // 2, crop.box.width, crop.box.height)
        assert crop.gain == pytest.approx(crop.kept - gaze_inside(gaze, SIZE, middle), abs=1e-9)


@given(seeds, shapes, framings)
def test_all_of_the_photo_is_no_part(seed: int, aspect: Aspect, framing: Framing) -> None:
    saliency_map = random_map(np.random.default_rng(seed), SHAPE)
    small = tuple(one for one in framing.whole if one.boxes[0] != WHOLE)  # else it would be the photo itself
    framing = replace(framing, whole=small)
    inside = replace(framing, within=WHOLE)
    assert frame(saliency_map, SIZE, [aspect], inside) == frame(saliency_map, SIZE, [aspect], framing)
    assert alternatives(saliency_map, SIZE, aspect, inside) == alternatives(saliency_map, SIZE, aspect, framing)


@given(seeds, shapes, points, parts)
def test_another_method_s_crop_lies_in_the_part_around_its_point(
    seed: int, aspect: Aspect, point: tuple[float, float], part: Box
) -> None:
    saliency_map, size = random_map(np.random.default_rng(seed), SHAPE), (260, 180)
    part = Box(10 * part.left, 10 * part.top, 10 * part.width, 10 * part.height)
    (framed,) = frame(saliency_map, size, [aspect], Framing(within=part))
    x, y = point[0] * size[0], point[1] * size[1]
    box = beside(saliency_map, size, framed, (x, y), part).box
    assert contains(part, box)
    assert (box.width, box.height) == (framed.box.width, framed.box.height)
    for start, side, first, last, at in (
        (box.left, box.width, part.left, part.right, x),
        (box.top, box.height, part.top, part.bottom, y),
    ):
        assert start in (first, last - side) or abs(start + side / 2 - at) <= 1


@given(seeds, shapes, parts)
def test_the_curve_goes_from_one_end_of_the_part_to_the_other(seed: int, aspect: Aspect, part: Box) -> None:
    saliency_map = random_map(np.random.default_rng(seed), SHAPE)
    gaze = expected_gaze(saliency_map)
    (crop,) = frame(saliency_map, SIZE, [aspect], Framing(within=part))
    curve = kept_by_position(saliency_map, SIZE, crop, part)
    box = crop.box
    ends = {"x": (part.left, part.right - box.width), "y": (part.top, part.bottom - box.height), None: (box.left,) * 2}
    assert (curve.starts[0], curve.starts[-1]) == ends[curve.axis]
    for start, kept in zip(curve.starts, curve.kept, strict=True):
        moved = replace(box, top=int(start)) if curve.axis == "y" else replace(box, left=int(start))
        assert kept == pytest.approx(gaze_inside(gaze, SIZE, moved), abs=1e-9)
    assert curve.kept.max() >= crop.kept - 1e-9


def test_the_picture_itself_is_no_thing_to_keep_whole() -> None:
    part = Box(500, 0, 1000, 1000)
    (crop,) = frame(flat((10, 20)), (2000, 1000), [Aspect(1, 2)], Framing(whole=(thing(part),), within=part))
    assert crop.note == "the plain bars left out: 500 pixels on the left, 500 on the right"


def test_an_even_photo_is_cut_in_the_middle_of_its_part() -> None:
    part = Box(0, 100, 2000, 600)
    (crop,) = frame(flat((10, 20)), (2000, 1000), [SQUARE], Framing(within=part))
    middle = center_window((part.width, part.height), SQUARE)
    assert crop.box == replace(middle, top=middle.top + part.top)


def test_gaze_on_the_bars_moves_nothing_into_them() -> None:
    saliency_map, part = one_peak((10, 20), 0, 0), Box(0, 300, 2000, 500)
    (whole,) = crop_to_gaze(saliency_map, (2000, 1000), [SQUARE])
    (crop,) = frame(saliency_map, (2000, 1000), [SQUARE], Framing(within=part))
    assert whole.box.top == 0
    assert contains(part, crop.box)


@given(st.sampled_from([(0.5, 0.0), (0.0, 0.5), (1.0, 1.0)]))
def test_a_focal_point_on_a_bar_is_as_near_as_the_part_lets_it(focal: tuple[float, float]) -> None:
    part = Box(200, 300, 1600, 500)
    (crop,) = frame(flat((10, 20)), (2000, 1000), [SQUARE], Framing(focal=focal, within=part))
    assert contains(part, crop.box)
    assert crop.focal_point == (focal[0] * 2000, focal[1] * 1000)
    assert crop.note.endswith("the plain bars left out: 300 pixels above, 200 below, 200 on the left, 200 on the right")
