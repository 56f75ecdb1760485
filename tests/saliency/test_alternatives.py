"""What lies beside a crop: the same zoom elsewhere, every place along its free axis, and the best that differ."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saliency.crop import ROOM, best_window, center_window, expected_gaze, gaze_inside
from saliency.framing import DISTINCT, Framing, alternatives, beside, frame, kept_by_position
from saliency.types import Aspect, Box
from tests.saliency.framings import (
    GAZE_LEFT,
    SHAPE,
    SIZE,
    SQUARE,
    WIDE,
    contains,
    framings,
    inside,
    pixels_of,
    points,
    seeds,
    shapes,
    shares,
    thing,
)
from tests.scenes import one_peak, random_map


@given(seeds, shapes, shares, points)
def test_another_method_is_shown_at_the_same_zoom(
    seed: int, aspect: Aspect, keep: float, point: tuple[float, float]
) -> None:
    saliency_map = random_map(np.random.default_rng(seed), (9, 13))
    (framed,) = frame(saliency_map, (260, 180), [aspect], Framing(keep=keep))
    x, y = point[0] * 260, point[1] * 180
    other = beside(saliency_map, (260, 180), framed, (x, y))
    assert (other.box.width, other.box.height) == (framed.box.width, framed.box.height)
    assert contains(other.box, Box(min(int(x), 259), min(int(y), 179), 1, 1))
    gaze = expected_gaze(saliency_map)
    if "so the widest" not in framed.note:  # which is averse to lose what the centre keeps
        own, best = (gaze_inside(gaze, (260, 180), box) for box in (other.box, framed.box))
        assert own <= best + ROOM + 2e-7
    assert other.kept == pytest.approx(gaze_inside(gaze, (260, 180), other.box))
    assert other.focal_point == (x, y)


def test_beside_in_the_middle_has_no_gain() -> None:
    saliency_map = random_map(np.random.default_rng(1), (9, 13))
    (framed,) = frame(saliency_map, (260, 180), [SQUARE], Framing(keep=0.4))
    assert beside(saliency_map, (260, 180), framed, (130, 90)).gain == pytest.approx(0, abs=1e-12)


@given(seeds, shapes, st.none() | shares)
def test_the_curve_is_what_each_place_keeps(seed: int, aspect: Aspect, keep: float | None) -> None:
    saliency_map = random_map(np.random.default_rng(seed), SHAPE)
    pixels = pixels_of(expected_gaze(saliency_map))
    (crop,) = frame(saliency_map, SIZE, [aspect], Framing(keep=keep))
    box = crop.box
    curve = kept_by_position(saliency_map, SIZE, crop)
    if curve.axis is None:
        assert (box.width, box.height) == SIZE
        assert (curve.starts.tolist(), curve.kept.tolist()) == ([0], [1])
        return
    room = SIZE[0] - box.width if curve.axis == "x" else SIZE[1] - box.height
    assert room == max(SIZE[0] - box.width, SIZE[1] - box.height)
    assert curve.starts.tolist() == list(range(room + 1))
    for start, kept in zip(curve.starts, curve.kept, strict=True):
        left, top = (start, box.top) if curve.axis == "x" else (box.left, start)
        assert kept == pytest.approx(pixels[top : top + box.height, left : left + box.width].sum())


def test_a_long_curve_has_the_best_place_the_middle_and_the_crops_own() -> None:
    saliency_map = random_map(np.random.default_rng(6), (7, 9))
    for aspect in (Aspect(1, 2), Aspect(6, 1)):
        (crop,) = frame(saliency_map, (7001, 5003), [aspect], Framing(focal=(0.337, 0.337)))
        curve = kept_by_position(saliency_map, (7001, 5003), crop)
        gaze = expected_gaze(saliency_map)
        best = gaze_inside(gaze, (7001, 5003), best_window(gaze, (7001, 5003), aspect))
        middle = center_window((7001, 5003), aspect)
        assert len(curve.starts) <= 400
        assert (np.diff(curve.starts) > 0).all()
        assert curve.kept.max() == pytest.approx(best, abs=2e-7)
        own, centre = ((b.left if curve.axis == "x" else b.top) for b in (crop.box, middle))
        assert curve.kept[curve.starts == own] == pytest.approx(crop.kept)
        assert curve.kept[curve.starts == centre] == pytest.approx(crop.kept - crop.gain)


def overlap(one: Box, other: Box, size: tuple[int, int]) -> float:
    """Intersection over union, counted pixel by pixel."""
    inside = np.zeros((2, size[1], size[0]), bool)
    for plane, box in zip(inside, (one, other), strict=True):
        plane[box.top : box.bottom, box.left : box.right] = True
    return float(inside.all(axis=0).sum() / inside.any(axis=0).sum())


@settings(deadline=None)
@given(seeds, shapes, framings, st.integers(1, 5))
def test_alternatives_are_distinct_and_in_order(seed: int, aspect: Aspect, framing: Framing, count: int) -> None:
    saliency_map = random_map(np.random.default_rng(seed), SHAPE)
    crops = alternatives(saliency_map, SIZE, aspect, framing, count)
    assert crops[0] == frame(saliency_map, SIZE, [aspect], framing)[0]
    assert 1 <= len(crops) <= count
    for rank, crop in enumerate(crops):
        assert all(overlap(crop.box, earlier.box, SIZE) <= DISTINCT for earlier in crops[:rank])
    areas = [crop.box.width * crop.box.height for crop in crops]
    assert areas == sorted(areas, reverse=True)
    for one, other in pairwise(crops[1:]):
        if one.box.width == other.box.width:
            assert one.kept >= other.kept


@given(seeds, shapes, st.none() | shares)
def test_the_second_is_the_best_of_all_that_are_distinct(seed: int, aspect: Aspect, keep: float | None) -> None:
    saliency_map = random_map(np.random.default_rng(seed), SHAPE)
    pixels = pixels_of(expected_gaze(saliency_map))
    crops = alternatives(saliency_map, SIZE, aspect, Framing(keep=keep), count=2)
    window = crops[0].box.width, crops[0].box.height
    kept = [
        float(pixels[top : top + window[1], left : left + window[0]].sum())
        for top in range(SIZE[1] - window[1] + 1)
        for left in range(SIZE[0] - window[0] + 1)
        if overlap(Box(left, top, *window), crops[0].box, SIZE) <= DISTINCT
    ]
    if kept:
        assert (crops[1].box.width, crops[1].box.height) == window
        assert inside(pixels, crops[1].box) == pytest.approx(max(kept), abs=2e-7)
    elif len(crops) > 1:
        assert "tighter" in crops[1].note


def test_two_things_to_see_are_two_alternatives() -> None:
    saliency_map = np.zeros((10, 20), np.float32)
    saliency_map[5, 2:5] = 0.52 / 3  # as wide as the window: to move off the one is to lose more than the other has
    saliency_map[5, 15:18] = 0.48 / 3
    first, second, third = alternatives(saliency_map, WIDE, Aspect(3, 10))
    assert contains(first.box, Box(200, 500, 300, 100))
    assert second.box == Box(1500, 0, 300, 1000)
    assert third.kept <= second.kept


def test_where_the_shape_leaves_no_room_the_others_are_tighter() -> None:
    saliency_map = random_map(np.random.default_rng(8), (10, 20))
    first, second, third = alternatives(saliency_map, WIDE, Aspect(2, 1))
    assert first.box == Box(0, 0, *WIDE)
    assert (second.box.width, second.box.height) == (1600, 800)
    assert second.note == "tighter: 80 % of the sides"
    assert third.box.width in (1600, 1300)


def test_alternatives_keep_faces_whole_as_long_as_they_can() -> None:
    face = Box(900, 300, 200, 250)
    crops = alternatives(GAZE_LEFT, WIDE, SQUARE, Framing(whole=(thing(face),)))
    assert all(contains(crop.box, face) for crop in crops)
    assert len(crops) == 3


def test_an_alternative_says_what_it_cuts() -> None:
    saliency_map = (one_peak((10, 20), 5, 1) * 0.5 + one_peak((10, 20), 5, 18) * 0.5).astype(np.float32)
    head = thing(Box(1700, 400, 200, 200), 0.1)
    first, second, *_ = alternatives(saliency_map, (2000, 1000), Aspect(1, 1), Framing(whole=(head,)))
    assert contains(first.box, head.box)
    assert first.note == ""
    assert not contains(second.box, head.box)
    assert second.note == "the head is cut"
