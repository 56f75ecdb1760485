"""Framing: against every size and every place tried out, on scenes with a known answer, and by its symmetries."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saliency.crop import crop_to_gaze, expected_gaze, gaze_inside, window_size
from saliency.framing import Framing, alternatives, frame
from saliency.types import Aspect, Box
from tests.oracles import best_box_by_trial
from tests.saliency.framings import (
    GAZE_LEFT,
    SHAPE,
    SIZE,
    SQUARE,
    WIDE,
    boxes_in,
    by_trial,
    contains,
    faces,
    framings,
    pixels_of,
    points,
    ratios,
    seeds,
    shapes,
    shares,
    sizes,
    windows_by_side,
)
from tests.scenes import flat, one_peak, random_map


@given(seeds, sizes, ratios)
def test_without_wishes_it_is_the_crop_to_gaze(seed: int, size: tuple[int, int], aspect: Aspect) -> None:
    saliency_map = random_map(np.random.default_rng(seed), (7, 9))
    assert frame(saliency_map, size, [aspect, SQUARE]) == crop_to_gaze(saliency_map, size, [aspect, SQUARE])


@given(seeds, shapes, shares)
def test_the_tightest_window_is_the_first_that_keeps_the_share(seed: int, aspect: Aspect, keep: float) -> None:
    saliency_map = random_map(np.random.default_rng(seed), SHAPE)
    pixels = pixels_of(expected_gaze(saliency_map))
    (crop,) = frame(saliency_map, SIZE, [aspect], Framing(keep=keep))
    enough = [window for window in windows_by_side(SIZE, aspect) if by_trial(pixels, window)[1] >= keep + 1e-9]
    if not enough:
        assert crop.box == crop_to_gaze(saliency_map, SIZE, [aspect])[0].box
        assert crop.note == f"no crop of this shape keeps {100 * keep:.3g} %, so the widest"
        return
    assert (crop.box.width, crop.box.height) == enough[0]
    assert crop.kept == pytest.approx(by_trial(pixels, enough[0])[1], abs=2e-7)
    assert crop.note == ""


def test_no_place_keeps_more_where_pixels_cut_cells() -> None:
    rng = np.random.default_rng(4)
    for size in ((17, 13), (11, 19), (9, 9)):
        saliency_map = random_map(rng, (5, 4))
        (crop,) = frame(saliency_map, size, [Aspect(4, 3)], Framing(keep=0.4))
        best = best_box_by_trial(expected_gaze(saliency_map), size, (crop.box.width, crop.box.height))
        assert crop.kept == pytest.approx(best, abs=2e-7)
        assert (crop.box.width, crop.box.height) != window_size(size, Aspect(4, 3))


@given(seeds, shapes, boxes_in())
def test_the_most_boxes_are_whole_then_the_most_gaze_is_kept(seed: int, aspect: Aspect, boxes: tuple[Box, ...]) -> None:
    saliency_map = random_map(np.random.default_rng(seed), SHAPE)
    (crop,) = frame(saliency_map, SIZE, [aspect], Framing(whole=boxes))
    whole, kept = by_trial(pixels_of(expected_gaze(saliency_map)), window_size(SIZE, aspect), boxes)
    assert sum(contains(crop.box, box) for box in boxes) == whole
    assert crop.kept == pytest.approx(kept, abs=2e-7)
    assert crop.note == (f"{whole} of {faces(len(boxes))} kept whole" if whole < len(boxes) else "")


@settings(deadline=None)
@given(seeds, shapes, boxes_in(), shares)
def test_a_tight_window_grows_until_it_holds_what_the_widest_can(
    seed: int, aspect: Aspect, boxes: tuple[Box, ...], keep: float
) -> None:
    saliency_map = random_map(np.random.default_rng(seed), SHAPE)
    pixels = pixels_of(expected_gaze(saliency_map))
    (crop,) = frame(saliency_map, SIZE, [aspect], Framing(keep=keep, whole=boxes))
    trials = [(window, *by_trial(pixels, window, boxes)) for window in windows_by_side(SIZE, aspect)]
    most = trials[-1][1]
    enough = [(window, kept) for window, whole, kept in trials if whole == most and kept >= keep + 1e-9]
    window, kept = enough[0] if enough else trials[-1][::2]
    assert (crop.box.width, crop.box.height) == window
    assert crop.kept == pytest.approx(kept, abs=2e-7)
    assert sum(contains(crop.box, box) for box in boxes) == most
    assert ("so the widest" in crop.note) == (not enough)


@settings(max_examples=50)
@given(seeds, sizes, ratios, framings)
def test_every_window_lies_inside_with_its_shape(
    seed: int, size: tuple[int, int], aspect: Aspect, framing: Framing
) -> None:
    saliency_map = random_map(np.random.default_rng(seed), (7, 9))
    for crop in (*frame(saliency_map, size, [aspect], framing), *alternatives(saliency_map, size, aspect, framing)):
        box, widest = crop.box, window_size(size, aspect)
        assert contains(Box(0, 0, *size), box)
        assert box.width <= widest[0]
        assert box.height <= widest[1]
        short, long = sorted((box.width, box.height))
        shape = max(aspect.ratio, 1 / aspect.ratio)
        assert abs(short - long / shape) <= 1 or short == 1 or max(size) / min(size) > shape
        middle = Box((size[0] - box.width) // 2, (size[1] - box.height) // 2, box.width, box.height)
        gaze = expected_gaze(saliency_map)
        assert crop.kept == pytest.approx(gaze_inside(gaze, size, box))
        assert crop.gain == pytest.approx(crop.kept - gaze_inside(gaze, size, middle))
        assert (
            box.left <= crop.focal_point[0] <= max(box.right, box.left + 2)
        )  # a window of one pixel may lie beside it
        assert box.top <= crop.focal_point[1] <= max(box.bottom, box.top + 2)


@given(seeds, shapes, shares, shares)
def test_who_wants_more_gets_a_larger_window(seed: int, aspect: Aspect, one: float, other: float) -> None:
    saliency_map = random_map(np.random.default_rng(seed), (9, 13))
    less, more = (
        frame(saliency_map, (260, 180), [aspect], Framing(keep=keep))[0].box.width for keep in sorted((one, other))
    )
    assert less <= more


@given(seeds, shapes, st.none() | shares, boxes_in(size=(260, 180), most=2))
def test_a_mirrored_photo_gives_the_mirrored_window(
    seed: int, aspect: Aspect, keep: float | None, boxes: tuple[Box, ...]
) -> None:
    saliency_map = random_map(np.random.default_rng(seed), (9, 13))
    other_way = tuple(Box(260 - box.right, box.top, box.width, box.height) for box in boxes)
    (crop,) = frame(saliency_map, (260, 180), [aspect], Framing(keep=keep, whole=boxes))
    (mirrored,) = frame(saliency_map[:, ::-1], (260, 180), [aspect], Framing(keep=keep, whole=other_way))
    box = mirrored.box
    assert [260 - box.right, box.top, box.width, box.height] == pytest.approx(crop.box.as_list(), abs=1)
    assert mirrored.kept == pytest.approx(crop.kept, abs=1e-6)
    assert mirrored.note == crop.note


def test_a_tight_window_lies_around_what_people_look_at() -> None:
    (crop,) = frame(one_peak((12, 16), 2, 12), (1600, 1200), [SQUARE], Framing(keep=0.8))
    assert contains(crop.box, Box(1200, 200, 100, 100))
    assert crop.box.width < 700


def test_a_flat_map_gives_a_tight_window_in_the_middle() -> None:
    (crop,) = frame(flat((12, 16)), (1600, 1200), [SQUARE], Framing(keep=0.25))
    assert crop.box.center == pytest.approx((800, 600), abs=1)
    assert crop.gain == pytest.approx(0, abs=1e-9)


@given(seeds, shapes, shares, st.floats(0, 0.5))
def test_a_margin_grows_the_tight_window_around_itself(seed: int, aspect: Aspect, keep: float, margin: float) -> None:
    saliency_map = random_map(np.random.default_rng(seed), (9, 13))
    tight, roomy = (frame(saliency_map, (260, 180), [aspect], Framing(keep=keep, margin=m))[0] for m in (0.0, margin))
    assert contains(roomy.box, tight.box)
    longer = max(tight.box.width, tight.box.height)
    wanted = min(longer * (1 + margin), max(window_size((260, 180), aspect)))
    assert max(roomy.box.width, roomy.box.height) == pytest.approx(wanted, abs=0.5)


def test_a_face_is_kept_whole_against_the_gaze() -> None:
    face = Box(1500, 300, 200, 250)
    (crop,) = frame(GAZE_LEFT, WIDE, [SQUARE], Framing(whole=(face,)))
    assert crop.box == Box(700, 0, 1000, 1000)  # as far left as the face allows
    assert crop.note == ""


def test_a_face_gets_its_margin_where_there_is_room() -> None:
    face = Box(1500, 300, 200, 250)
    (crop,) = frame(GAZE_LEFT, WIDE, [SQUARE], Framing(whole=(face,), margin=0.5))
    assert crop.box.right == 1750
    cramped = Box(1500, 100, 200, 800)  # with half its height more it would not fit an upright window
    (crop,) = frame(GAZE_LEFT, WIDE, [Aspect(1, 4)], Framing(whole=(cramped,), margin=0.5))
    assert contains(crop.box, cramped)


def test_a_face_that_does_not_fit_moves_nothing() -> None:
    (crop,) = frame(GAZE_LEFT, WIDE, [SQUARE], Framing(whole=(Box(500, 0, 1200, 900),)))
    assert crop.box == crop_to_gaze(GAZE_LEFT, WIDE, [SQUARE])[0].box
    assert crop.note == "0 of 1 face kept whole"


def test_of_faces_too_far_apart_the_most_are_kept() -> None:
    faces = (Box(20, 400, 100, 100), Box(1600, 400, 100, 100), Box(1800, 300, 100, 100))
    (crop,) = frame(GAZE_LEFT, WIDE, [SQUARE], Framing(whole=faces))
    assert contains(crop.box, faces[1])
    assert contains(crop.box, faces[2])
    assert crop.note == "2 of 3 faces kept whole"


def test_a_share_that_only_cutting_faces_could_keep_is_given_up_for_them() -> None:
    (crop,) = frame(GAZE_LEFT, WIDE, [SQUARE], Framing(keep=0.7, whole=(Box(1500, 300, 200, 250),)))
    assert crop.box == Box(700, 0, 1000, 1000)
    assert crop.note == "no crop of this shape keeps 70 % with 1 face whole, so the widest"


@given(seeds, shapes, points, st.none() | shares, boxes_in(size=(260, 180)))
def test_a_persons_point_is_in_the_middle_unless_the_border_is_near(
    seed: int, aspect: Aspect, focal: tuple[float, float], keep: float | None, boxes: tuple[Box, ...]
) -> None:
    saliency_map = random_map(np.random.default_rng(seed), (9, 13))
    (automatic,) = frame(saliency_map, (260, 180), [aspect], Framing(keep=keep))
    (crop,) = frame(saliency_map, (260, 180), [aspect], Framing(keep=keep, focal=focal, whole=boxes))
    x, y = focal[0] * 260, focal[1] * 180
    assert (crop.box.width, crop.box.height) == (automatic.box.width, automatic.box.height)
    assert crop.box.left == pytest.approx(np.clip(x - crop.box.width / 2, 0, 260 - crop.box.width), abs=1)
    assert crop.box.top == pytest.approx(np.clip(y - crop.box.height / 2, 0, 180 - crop.box.height), abs=1)
    assert crop.focal_point == (x, y)
    # with half a window of room on both sides of the point the border is not in the way
    clear = all(
        side <= wanted * 2 <= 2 * length - side or side == length
        for wanted, side, length in ((x, crop.box.width, 260), (y, crop.box.height, 180))
    )
    off = [abs(middle - wanted) for middle, wanted in zip(crop.box.center, (x, y), strict=True)]
    free = [away for away, room in zip(off, (260 - crop.box.width, 180 - crop.box.height), strict=True) if room]
    near, *told = crop.note.split("; ")
    if clear:
        assert near == "centred on the chosen point"
    elif max(free) > 1:
        assert near == "as near the chosen point as the border lets it"
    cut = [box for box in boxes if not contains(crop.box, box)]
    assert told == ([f"{len(boxes) - len(cut)} of {faces(len(boxes))} kept whole"] if cut else [])


@pytest.mark.parametrize(
    ("focal", "note"),
    [
        ((0.5, 0.5), "centred on the chosen point"),
        ((0.25, 0.0), "centred on the chosen point"),  # upwards the window cannot move, so it misses nothing there
        ((0.249, 0.5), "as near the chosen point as the border lets it"),
        ((1.0, 0.5), "as near the chosen point as the border lets it"),
    ],
)
def test_a_point_near_the_border_is_not_called_the_middle(focal: tuple[float, float], note: str) -> None:
    (crop,) = frame(GAZE_LEFT, WIDE, [SQUARE], Framing(focal=focal))
    assert crop.note == note


@pytest.mark.parametrize(
    ("wishes", "named"),
    [
        ({"keep": 0.0}, "0.0"),
        ({"keep": 1.0}, "1.0"),
        ({"keep": math.nan}, "nan"),
        ({"keep": 90}, "90"),
        ({"margin": -0.1}, "-0.1"),
        ({"margin": 0.6}, "0.6"),
        ({"margin": math.nan}, "nan"),
        ({"focal": (0.5, 1.1)}, "1.1"),
        ({"focal": (math.nan, 0.5)}, "nan"),
        ({"focal": (0.5, -math.inf)}, "-inf"),
    ],
)
def test_a_wish_out_of_range_is_refused_by_its_value(wishes: dict[str, object], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        Framing(**wishes)  # type: ignore[arg-type]
