"""Crop and face metrics, on boxes whose answer can be counted by hand or pixel by pixel."""

from __future__ import annotations

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
from eval.metrics.face import face_recall, large_faces, unlabelled_detections
from eval.metrics.fixation import fixation_density
from saliency.boxes import intersection_over_union, shared_area
from saliency.crop import best_window, window_size
from saliency.types import Aspect, Box

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
