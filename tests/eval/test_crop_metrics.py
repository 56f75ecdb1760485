"""Crop and face metrics, on boxes whose answer can be counted by hand or pixel by pixel."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics.crop import (
    BENCHMARK_ASPECTS,
    GRID,
    aspects_for,
    boundary_displacement,
    gaze_kept,
    human_window,
    observer_halves,
    oracle_window,
    share_cut,
    share_inside,
    share_lost,
    share_whole,
)
from eval.metrics.face import (
    face_recall,
    faces_cut_by_gaze,
    head_lost,
    large_faces,
    main_head,
    unlabelled_detections,
)
from eval.metrics.fixation import fixation_density
from saliency.boxes import intersection_over_union, shared_area
from saliency.crop import best_window, window_size
from saliency.types import Aspect, Box, Face

boxes = st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(1, 20), st.integers(1, 20)).map(lambda b: Box(*b))


def pixels(box: Box) -> np.ndarray:
    grid = np.zeros((60, 60), bool)
    grid[box.top : box.bottom, box.left : box.right] = True
    return grid


@given(boxes, boxes)
def test_overlaps_agree_with_counted_pixels(crop: Box, other: Box) -> None:
    a, b = pixels(crop), pixels(other)
    array = np.array([other.as_list()])
    assert shared_area(crop.as_list(), other.as_list()) == (a & b).sum()
    assert share_inside(crop, array)[0] == pytest.approx((a & b).sum() / b.sum())
    assert intersection_over_union(crop.as_list(), array.T)[0] == pytest.approx((a & b).sum() / (a | b).sum())


def test_fixations_on_the_border_belong_to_one_side() -> None:
    fixations = np.array(
        [[10.0, 5.0], [19.99, 5.0], [20.0, 5.0], [15.0, 4.99], [9.99, 5.0], [12.0, 14.99], [12.0, 15.0]]
    )
    assert gaze_kept(Box(10, 5, 10, 10), fixations) == pytest.approx(3 / 7)
    assert np.isnan(gaze_kept(Box(0, 0, 9, 9), np.empty((0, 2))))


def test_x_runs_along_the_width() -> None:
    assert gaze_kept(Box(100, 0, 50, 20), np.array([[120.0, 10.0]])) == 1
    assert gaze_kept(Box(100, 0, 50, 20), np.array([[10.0, 120.0]])) == 0


def test_a_format_of_the_images_own_shape_is_left_out() -> None:
    assert aspects_for((1600, 900)) == [aspect for aspect in BENCHMARK_ASPECTS if str(aspect) != "16:9"]
    assert aspects_for((1010, 1000)) == [aspect for aspect in BENCHMARK_ASPECTS if str(aspect) != "1:1"]
    assert len(aspects_for((1030, 1000))) == 6


def test_observers_are_halved_by_rank() -> None:
    even, odd = observer_halves(np.array([0, 0, 1, 2, 3, 3]))
    assert even.tolist() == [True, True, False, True, False, False]
    assert (odd == ~even).all()


@pytest.mark.parametrize("aspect", BENCHMARK_ASPECTS, ids=str)
@pytest.mark.parametrize("size", [(80, 60), (60, 90)])
def test_no_window_keeps_more_than_the_oracle(size: tuple[int, int], aspect: Aspect) -> None:
    rng = np.random.default_rng(4)
    fixations = rng.normal(0.35, 0.2, (40, 2)) * size
    fixations = fixations[((fixations >= 0) & (fixations < size)).all(axis=1)]
    width, height = window_size(size, aspect)
    every = [
        gaze_kept(Box(left, top, width, height), fixations)
        for left in range(size[0] - width + 1)
        for top in range(size[1] - height + 1)
    ]
    assert gaze_kept(oracle_window(fixations, size, aspect), fixations) == pytest.approx(max(every))


def test_the_human_window_follows_the_other_half() -> None:
    fixations = np.column_stack([np.full(30, 700.0), np.linspace(10, 590, 30)])
    assert human_window(fixations, (800, 600), Aspect(1, 1)) == Box(200, 0, 600, 600)
    window = human_window(fixations, (800, 600), Aspect(1, 2))
    assert window.left <= 700 - 32 * 2
    assert window.right >= 700 + 32 * 2
    # most look at x 400, some at x 100: a blur of 4 % keeps the two apart, and 300 pixels hold only one of them
    two = np.column_stack([np.repeat([400.0, 100.0], [18, 12]), np.full(30, 300.0)])
    assert human_window(two, (800, 600), Aspect(1, 2)).left >= 200


def test_the_human_window_blurs_by_the_width() -> None:
    # Five people look at x 600, eight around 315. A window of 50 pixels holds but four of these; under a blur of 4 % of
    # the width, 32 pixels, they weigh more all the same. Under 4 % of the height they would not.
    size = (800, 100)
    fixations = np.column_stack([np.repeat([270.0, 300.0, 330.0, 360.0, 600.0], [2, 2, 2, 2, 5]), np.full(13, 50.0)])
    window = best_window(fixation_density(fixations, size, 32), size, Aspect(1, 2))
    assert window.left < 315 < window.right
    assert human_window(fixations, size, Aspect(1, 2)).left == pytest.approx(window.left, abs=800 // GRID)


def test_boxes_are_whole_cut_or_lost() -> None:
    faces = np.array([[10, 10, 20, 20], [90, 10, 20, 20], [150, 10, 20, 20], [80, 80, 20, 20]])
    crop = Box(0, 0, 100, 100)
    assert share_whole(crop, faces) == 0.5
    assert share_cut(crop, faces) == 0.25
    assert share_lost(crop, faces) == 0.25


def test_displacement_is_the_mean_distance_of_four_borders() -> None:
    # left 10, right 30 of 200 wide; top 0, bottom 20 of 100 high
    got = boundary_displacement(Box(10, 0, 100, 80), np.array([[0, 0, 80, 100]]), (200, 100))
    assert got[0] == pytest.approx((10 / 200 + 30 / 200 + 0 / 100 + 20 / 100) / 4)
    got = boundary_displacement(Box(10, 20, 100, 60), np.array([[30, 50, 80, 40], [10, 20, 100, 60]]), (200, 100))
    assert got == pytest.approx([(20 / 200 + 0 / 200 + 30 / 100 + 10 / 100) / 4, 0])


def test_faces_are_found_missed_and_invented() -> None:
    labelled = np.array([[10, 10, 40, 40], [200, 10, 40, 40], [300, 10, 8, 8]])
    large = large_faces(labelled)
    assert len(large) == 2
    found = [Box(12, 8, 40, 44), Box(100, 100, 30, 30), Box(300, 10, 8, 8)]
    assert face_recall(found, large) == 0.5
    assert unlabelled_detections(found, labelled) == 1
    assert np.isnan(face_recall(found, np.empty((0, 4))))


def test_one_face_is_found_or_missed() -> None:
    face = np.array([[0, 0, 10, 10]])
    assert face_recall([Box(0, 0, 10, 10)], face) == 1
    assert face_recall([], face) == 0
    # an overlap of 3 in 10 is just enough
    assert face_recall([Box(0, 0, 10, 3)], face) == 1
    assert unlabelled_detections([Box(0, 0, 10, 3)], face) == 0


LOOKS = np.array([[x, y] for x in (105.0, 150.0, 195.0) for y in (105.0, 150.0, 215.0)] + [[500.0, 300.0]] * 11)


def test_the_main_head_is_the_largest_face_that_is_sure_and_looked_at() -> None:
    face = Face(Box(100, 100, 100, 120), 0.9)  # 9 of 20 fixations
    small = Face(Box(480, 280, 40, 40), 0.99)
    head = main_head([small, face], LOOKS, (1000, 600))
    assert head is not None
    assert head.tolist() == pytest.approx([90, 58, 120, 174])
    assert main_head([small, Face(face.box, 0.85)], LOOKS, (1000, 600)) is None  # the largest is not sure
    assert main_head([small, Face(Box(700, 100, 200, 200), 0.9)], LOOKS, (1000, 600)) is None  # nobody looks at it
    assert main_head([], LOOKS, (1000, 600)) is None
    assert main_head([face], np.empty((0, 2)), (1000, 600)) is None
    cornered = main_head([Face(Box(0, 0, 200, 220), 0.9)], LOOKS, (205, 230))
    assert cornered is not None
    assert cornered.tolist() == [0, 0, 205, 230]


@pytest.mark.parametrize(
    ("crop", "lost"),
    [
        (Box(90, 50, 200, 200), 0.0),
        (Box(120, 50, 200, 200), 0.25),
        (Box(90, 100, 300, 300), 42 / 174),
        (Box(400, 50, 200, 200), 1.0),
        (Box(0, 0, 110, 600), math.nan),  # too narrow for it anywhere
        (Box(0, 0, 1000, 170), math.nan),
    ],
)
def test_what_a_crop_takes_of_a_head(crop: Box, lost: float) -> None:
    assert head_lost(crop, np.array([90.0, 58, 120, 174])) == pytest.approx(lost, nan_ok=True)


def test_faces_cut_count_by_the_gaze_on_them() -> None:
    faces = np.array([[100, 100, 100, 120], [480, 280, 40, 40], [700, 0, 50, 50]])
    assert faces_cut_by_gaze(Box(150, 0, 300, 600), faces, LOOKS) == pytest.approx(9 / 20)  # the second is gone
    assert faces_cut_by_gaze(Box(90, 0, 400, 600), faces, LOOKS) == pytest.approx(11 / 20)
    assert faces_cut_by_gaze(Box(0, 0, 720, 600), faces, LOOKS) == 0  # nobody looks at the one that is cut
    assert faces_cut_by_gaze(Box(150, 0, 340, 600), faces, LOOKS) == 1
    assert np.isnan(faces_cut_by_gaze(Box(0, 0, 720, 600), faces[2:], LOOKS))
    assert np.isnan(faces_cut_by_gaze(Box(0, 0, 720, 600), np.empty((0, 4)), LOOKS))


@given(st.integers(0, 2**32 - 1))
def test_heads_and_faces_by_counting_pixels(seed: int) -> None:
    """The same from a plane of pixels: what is inside the crop, face by face and fixation by fixation."""
    rng = np.random.default_rng(seed)
    plane = np.zeros((30, 40), bool)
    left, top = rng.integers(0, 30), rng.integers(0, 20)
    crop = Box(int(left), int(top), int(rng.integers(1, 41 - left)), int(rng.integers(1, 31 - top)))
    plane[crop.top : crop.bottom, crop.left : crop.right] = True
    faces = []
    for x, y in zip(rng.integers(0, 40, 4).tolist(), rng.integers(0, 30, 4).tolist(), strict=True):
        faces.append((x, y, int(rng.integers(1, 41 - x)), int(rng.integers(1, 31 - y))))
    fixations = np.column_stack([rng.uniform(0, 40, 25), rng.uniform(0, 30, 25)])
    cut = total = 0
    for x, y, w, h in faces:
        inside = plane[y : y + h, x : x + w]
        on = sum(x <= fx < x + w and y <= fy < y + h for fx, fy in fixations)
        total += on
        cut += on if inside.any() and not inside.all() else 0
        lost = head_lost(crop, np.array([x, y, w, h], float))
        assert np.isnan(lost) if w > crop.width or h > crop.height else lost == pytest.approx(1 - inside.mean())
    expected = cut / total if total else math.nan
    assert faces_cut_by_gaze(crop, np.array(faces), fixations) == pytest.approx(expected, nan_ok=True)
