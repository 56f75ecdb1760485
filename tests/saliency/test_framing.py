"""Framing: against every size and every place tried out, on scenes with a known answer, and by its symmetries."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saliency.crop import ROOM, aversion_to_loss, center_window, crop_to_gaze, expected_gaze, gaze_inside, window_size
from saliency.framing import Framing, alternatives, frame
from saliency.notes import LEFT, WEIGHTY
from saliency.types import Aspect, Box, Thing
from tests.oracles import best_box_by_trial
from tests.saliency.framings import (
    GAZE_LEFT,
    SHAPE,
    SIZE,
    SQUARE,
    WIDE,
    by_trial,
    contains,
    framings,
    heads,
    inside,
    lost_from_the_middle,
    parts_to_keep,
    pixels_of,
    points,
    ratios,
    seeds,
    shapes,
    shares,
    sizes,
    thing,
    things_in,
    windows_by_side,
    worth_in,
)
from tests.scenes import flat, one_peak, random_map


@given(seeds, sizes, ratios)
def test_without_wishes_it_is_the_crop_to_gaze(seed: int, size: tuple[int, int], aspect: Aspect) -> None:
    saliency_map = random_map(np.random.default_rng(seed), (7, 9))
    framed = [replace(crop, note="") for crop in frame(saliency_map, size, [aspect, SQUARE])]
    assert framed == crop_to_gaze(saliency_map, size, [aspect, SQUARE])


@given(seeds, shapes, shares)
def test_the_tightest_window_is_the_first_that_keeps_the_share(seed: int, aspect: Aspect, keep: float) -> None:
    saliency_map = random_map(np.random.default_rng(seed), SHAPE)
    pixels = pixels_of(expected_gaze(saliency_map))
    (crop,) = frame(saliency_map, SIZE, [aspect], Framing(keep=keep))
    enough = [window for window in windows_by_side(SIZE, aspect) if by_trial(pixels, window)[0] >= keep + 1e-9]
    if not enough:
        assert crop.box == crop_to_gaze(saliency_map, SIZE, [aspect])[0].box
        assert crop.note == f"no crop of this shape keeps {100 * keep:.3g} %, so the widest"
        return
    assert (crop.box.width, crop.box.height) == enough[0]
    assert crop.kept == pytest.approx(by_trial(pixels, enough[0])[0], abs=2e-7)
    assert crop.note == ""


def test_no_place_keeps_more_where_pixels_cut_cells() -> None:
    rng = np.random.default_rng(4)
    for size in ((17, 13), (11, 19), (9, 9)):
        saliency_map = random_map(rng, (5, 4))
        (crop,) = frame(saliency_map, size, [Aspect(4, 3)], Framing(keep=0.4))
        best = best_box_by_trial(expected_gaze(saliency_map), size, (crop.box.width, crop.box.height))
        assert crop.kept == pytest.approx(best, abs=2e-7)
        assert (crop.box.width, crop.box.height) != window_size(size, Aspect(4, 3))


def told_of(whole: int, count: int) -> str:
    """What the note says where so many of the heads are whole."""
    if whole == count:
        return ""
    return "the head is cut" if count == 1 else f"{whole} of {heads(count)} kept whole"


@given(seeds, shapes, things_in())
def test_the_widest_window_has_the_most_value(seed: int, aspect: Aspect, things: tuple[Thing, ...]) -> None:
    saliency_map = random_map(np.random.default_rng(seed), SHAPE)
    window = window_size(SIZE, aspect)
    parts = parts_to_keep(things, window)
    (crop,) = frame(saliency_map, SIZE, [aspect], Framing(whole=things))
    gaze = expected_gaze(saliency_map)
    pixels = pixels_of(gaze)
    value, _, _ = by_trial(pixels, window, parts, aversion=aversion_to_loss(gaze))
    lost = aversion_to_loss(gaze) * lost_from_the_middle(pixels, crop.box)
    assert value - ROOM - 3e-7 <= inside(pixels, crop.box) - lost + worth_in(crop.box, parts) <= value + 1e-9
    weighty = [one for one in things if one.worth >= WEIGHTY]
    whole = sum(contains(crop.box, one.box) for one in weighty)
    left = ""
    if crop.box == center_window(SIZE, aspect) != Box(0, 0, *SIZE):
        more = by_trial(pixels, window)[0] - inside(pixels, crop.box)
        left = f"{LEFT}, as no crop is clearly better: elsewhere at most {100 * more:.1f} points of gaze more"
        left = left if more >= 0.0005 else f"{LEFT}, as no crop is clearly better: elsewhere it keeps less"
    assert crop.note == "; ".join(note for note in (left, told_of(whole, len(weighty))) if note)


@settings(deadline=None)
@given(seeds, shapes, things_in(), shares)
def test_a_tight_window_grows_until_it_holds_what_the_widest_can(
    seed: int, aspect: Aspect, things: tuple[Thing, ...], keep: float
) -> None:
    saliency_map = random_map(np.random.default_rng(seed), SHAPE)
    pixels = pixels_of(expected_gaze(saliency_map))
    (crop,) = frame(saliency_map, SIZE, [aspect], Framing(keep=keep, whole=things))
    windows = windows_by_side(SIZE, aspect)
    parts = parts_to_keep(things, windows[-1])
    _, _, worth = by_trial(pixels, windows[-1], parts)  # of what is whole in the widest window at its best
    least = keep + 1e-9, worth - 1e-9
    trials = [(window, by_trial(pixels, window, parts, least)[0]) for window in windows]
    enough = [(window, value) for window, value in trials if value]
    assert ("so the widest" in crop.note) == (not enough)
    if enough:
        assert (crop.box.width, crop.box.height) == enough[0][0]
        assert crop.kept + worth_in(crop.box, parts) == pytest.approx(enough[0][1], abs=2e-7)
    else:
        assert crop.box == frame(saliency_map, SIZE, [aspect], Framing(whole=things))[0].box


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


@given(seeds, shapes, st.none() | shares, things_in(size=(260, 180), most=2))
def test_a_mirrored_photo_gives_the_mirrored_window(
    seed: int, aspect: Aspect, keep: float | None, things: tuple[Thing, ...]
) -> None:
    saliency_map = random_map(np.random.default_rng(seed), (9, 13))
    other_way = tuple(
        replace(one, boxes=tuple(Box(260 - box.right, box.top, box.width, box.height) for box in one.boxes))
        for one in things
    )
    (crop,) = frame(saliency_map, (260, 180), [aspect], Framing(keep=keep, whole=things))
    (mirrored,) = frame(saliency_map[:, ::-1], (260, 180), [aspect], Framing(keep=keep, whole=other_way))
    box = mirrored.box
    assert [260 - box.right, box.top, box.width, box.height] == pytest.approx(crop.box.as_list(), abs=1)
    if crop.box == center_window((260, 180), aspect):  # one of the two middles
        assert (LEFT in mirrored.note) == (LEFT in crop.note)
    else:
        assert mirrored.kept == pytest.approx(crop.kept, abs=1e-6)
        assert mirrored.note == crop.note


def test_a_tight_window_lies_around_what_people_look_at() -> None:
    (crop,) = frame(one_peak((12, 16), 2, 12), (1600, 1200), [SQUARE], Framing(keep=0.8))
    assert contains(Box(1200, 200, 100, 100), crop.box)
    assert crop.box.width == 90  # the root of 0.8, in pixels of a cell that holds all


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
    (crop,) = frame(GAZE_LEFT, WIDE, [SQUARE], Framing(whole=(thing(face),)))
    assert crop.box == Box(850, 0, 1000, 1000)  # in the middle of the places that hold it, since none keeps gaze
    assert crop.note == ""


def test_gaze_decides_among_places_that_keep_the_face_whole() -> None:
    faint = ((GAZE_LEFT + 9 * np.linspace(0.02, 0, 20) / 2) / 10).astype(np.float32)
    (crop,) = frame(faint, WIDE, [SQUARE], Framing(whole=(thing(Box(1500, 300, 200, 250), 2.0),)))
    assert 700 <= crop.box.left <= 730  # as far left as the face allows


def test_a_face_gets_its_margin_where_there_is_room() -> None:
    face = Box(1500, 300, 200, 250)
    (crop,) = frame(GAZE_LEFT, WIDE, [SQUARE], Framing(whole=(thing(face),), margin=0.5))
    assert crop.box.left == 875  # in the middle between 1750 - 1000 and, at the border, 1000
    cramped = Box(1500, 100, 200, 800)  # with half its height more it would not fit an upright window
    (crop,) = frame(GAZE_LEFT, WIDE, [Aspect(1, 4)], Framing(whole=(thing(cramped),), margin=0.5))
    assert contains(crop.box, cramped)


def test_a_face_that_does_not_fit_moves_nothing() -> None:
    (crop,) = frame(GAZE_LEFT, WIDE, [SQUARE], Framing(whole=(thing(Box(500, 0, 1200, 900)),)))
    assert crop.box == crop_to_gaze(GAZE_LEFT, WIDE, [SQUARE])[0].box
    assert crop.note == "the head is cut"


def test_of_faces_too_far_apart_the_most_are_kept() -> None:
    faces = (Box(20, 400, 100, 100), Box(1600, 400, 100, 100), Box(1800, 300, 100, 100))
    (crop,) = frame(GAZE_LEFT, WIDE, [SQUARE], Framing(whole=tuple(thing(face) for face in faces)))
    assert contains(crop.box, faces[1])
    assert contains(crop.box, faces[2])
    assert crop.note == "2 of 3 heads kept whole"


def test_a_share_that_only_cutting_faces_could_keep_is_given_up_for_them() -> None:
    (crop,) = frame(GAZE_LEFT, WIDE, [SQUARE], Framing(keep=0.7, whole=(thing(Box(1500, 300, 200, 250), 2.0),)))
    assert crop.box == Box(850, 0, 1000, 1000)
    assert crop.note == "no crop of this shape keeps 70 % with 1 head whole, so the widest"


@given(seeds, shapes, points, st.none() | shares, things_in(size=(260, 180)))
def test_a_persons_point_is_in_the_middle_unless_the_border_is_near(
    seed: int, aspect: Aspect, focal: tuple[float, float], keep: float | None, things: tuple[Thing, ...]
) -> None:
    saliency_map = random_map(np.random.default_rng(seed), (9, 13))
    (automatic,) = frame(saliency_map, (260, 180), [aspect], Framing(keep=keep, whole=things))
    (crop,) = frame(saliency_map, (260, 180), [aspect], Framing(keep=keep, focal=focal, whole=things))
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
    weighty = [one for one in things if one.worth >= WEIGHTY]
    cut = [one for one in weighty if not contains(crop.box, one.box)]
    assert told == ([told_of(len(weighty) - len(cut), len(weighty))] if cut else [])


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
