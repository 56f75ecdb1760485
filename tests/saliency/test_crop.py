"""The crop: against brute force, on scenes with a known answer, and by its symmetries."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import astuple, replace
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from saliency.boxes import shared_area
from saliency.crop import (
    AVERSION,
    CLEAR,
    EQUAL_GAZE,
    NEAR,
    ROOM,
    SURPRISE,
    aversion_to_loss,
    best_window,
    center_window,
    chances,
    covered_share,
    crop_to_gaze,
    crop_to_peak,
    expected_gaze,
    gaze_inside,
    judge,
    place_widest,
    place_window,
    window_at,
    window_size,
)
from saliency.types import Aspect, Box, Thing
from tests.oracles import best_box_by_trial, kept_by_pixels
from tests.saliency.framings import contains, parts_to_keep, things_in
from tests.scenes import flat, one_peak, random_map

ASPECTS = [Aspect.parse(text) for text in ("1:1", "16:9", "9:16", "4:5", "2:1", "3:1", "1.91:1")]
sizes_small = st.tuples(st.integers(3, 40), st.integers(3, 40))
sizes = st.tuples(st.integers(1, 300), st.integers(1, 300))
ratios = st.floats(0.01, 100).map(lambda ratio: Aspect(ratio, 1))
seeds = st.integers(0, 2**32 - 1)


@given(sizes, ratios)
def test_the_window_is_the_largest_of_its_shape_within_a_pixel(size: tuple[int, int], aspect: Aspect) -> None:
    width, height = window_size(size, aspect)
    assert 1 <= width <= size[0]
    assert 1 <= height <= size[1]
    assert width == size[0] or height == size[1]
    assert abs(width - height * aspect.ratio) <= max(1, aspect.ratio) or height == 1 or width == 1


@given(sizes, ratios, seeds)
def test_every_crop_lies_inside_the_image(size: tuple[int, int], aspect: Aspect, seed: int) -> None:
    saliency_map = random_map(np.random.default_rng(seed), (7, 9))
    for crop in (*crop_to_gaze(saliency_map, size, [aspect]), *crop_to_peak(saliency_map, size, [aspect])):
        assert crop.box.left >= 0
        assert crop.box.top >= 0
        assert crop.box.right <= size[0]
        assert crop.box.bottom <= size[1]
        assert (crop.box.width, crop.box.height) == window_size(size, aspect)
        assert crop.box.left <= crop.focal_point[0] <= crop.box.right
        assert crop.box.top <= crop.focal_point[1] <= crop.box.bottom


@given(seeds, sizes, ratios)
def test_the_focal_point_of_the_peak_s_crop_is_the_peak(seed: int, size: tuple[int, int], aspect: Aspect) -> None:
    saliency_map = random_map(np.random.default_rng(seed), (7, 9))
    cell = max(range(7 * 9), key=lambda cell: saliency_map[cell // 9, cell % 9])
    (crop,) = crop_to_peak(saliency_map, size, [aspect])
    x, y = ((rank + 0.5) * side / cells for rank, side, cells in ((cell % 9, size[0], 9), (cell // 9, size[1], 7)))
    assert crop.focal_point == (math.floor(x) + 0.5, math.floor(y) + 0.5)
    gaze = expected_gaze(saliency_map)
    assert crop.kept == judge(gaze, size, aspect, crop.box).kept
    assert crop.gain == pytest.approx(crop.kept - gaze_inside(gaze, size, center_window(size, aspect)))


@pytest.mark.parametrize("aspect", ASPECTS, ids=str)
@pytest.mark.parametrize("size", [(24, 16), (17, 23), (20, 20), (31, 5)])
def test_no_placement_keeps_more(size: tuple[int, int], aspect: Aspect) -> None:
    rng = np.random.default_rng(size[0])
    for shape in ((4, 6), (5, 5), (16, 24), (3, 40)):
        saliency_map = random_map(rng, shape).astype(np.float64)
        box = best_window(saliency_map, size, aspect)
        best = best_box_by_trial(saliency_map, size, (box.width, box.height))
        assert gaze_inside(saliency_map, size, box) == pytest.approx(best, abs=2e-7)


@pytest.mark.parametrize("box", [Box(0, 0, 24, 16), Box(3, 2, 10, 11), Box(23, 15, 1, 1), Box(0, 5, 24, 3)])
def test_gaze_inside_counts_cut_cells_in_part(box: Box) -> None:
    saliency_map = random_map(np.random.default_rng(1), (4, 6))
    assert gaze_inside(saliency_map, (24, 16), box) == pytest.approx(
        kept_by_pixels(saliency_map, (24, 16), (box.left, box.top, box.width, box.height), fine=4), abs=1e-6
    )


def test_refining_the_map_changes_nothing() -> None:
    saliency_map = random_map(np.random.default_rng(2), (12, 16)).astype(np.float64)
    fine = np.kron(saliency_map, np.ones((5, 5)))
    for aspect in ASPECTS:
        assert best_window(saliency_map, (640, 480), aspect) == best_window(fine / fine.sum(), (640, 480), aspect)


@pytest.mark.parametrize("aspect", ASPECTS, ids=str)
@pytest.mark.parametrize("size", [(640, 480), (481, 640), (500, 500), (1, 1), (1, 9), (3, 1000)])
def test_a_flat_map_gives_the_centre(size: tuple[int, int], aspect: Aspect) -> None:
    (crop,) = crop_to_gaze(flat((12, 16)), size, [aspect])
    assert crop.box == center_window(size, aspect)
    assert crop.gain == pytest.approx(0, abs=1e-9)


def test_among_equal_windows_the_one_nearest_the_centre_wins() -> None:
    saliency_map = np.zeros((1, 100))
    saliency_map[0, 70] = 1
    box = best_window(saliency_map, (100, 20), Aspect(1, 1))
    assert box == Box(51, 0, 20, 20)  # any left in 51..70 keeps it all; 51 is nearest to the centre's 40


@pytest.mark.parametrize(("row", "column"), [(0, 0), (5, 1), (11, 15), (6, 14)])
def test_what_people_look_at_is_inside(row: int, column: int) -> None:
    size = (1600, 1200)
    x, y = (column + 0.5) * 100, (row + 0.5) * 100
    for crop in crop_to_gaze(one_peak((12, 16), row, column), size, ASPECTS):
        along_x = crop.box.width < size[0]
        inside = crop.box.left <= x < crop.box.right if along_x else crop.box.top <= y < crop.box.bottom
        assert inside, crop


@given(seeds, ratios)
def test_a_mirrored_map_gives_the_mirrored_crop(seed: int, aspect: Aspect) -> None:
    saliency_map = random_map(np.random.default_rng(seed), (9, 13))
    size = (260, 180)
    (crop,) = crop_to_gaze(saliency_map, size, [aspect])
    (mirrored,) = crop_to_gaze(saliency_map[:, ::-1], size, [aspect])
    assert mirrored.box.top == crop.box.top
    assert mirrored.box.left == pytest.approx(size[0] - crop.box.right, abs=1)
    if crop.box != center_window(size, aspect):  # one of the two middles
        assert mirrored.kept == pytest.approx(crop.kept, abs=1e-6)


@given(seeds, ratios)
def test_a_transposed_map_gives_the_transposed_crop(seed: int, aspect: Aspect) -> None:
    saliency_map = random_map(np.random.default_rng(seed), (9, 13))
    (crop,) = crop_to_gaze(saliency_map, (260, 180), [aspect])
    (turned,) = crop_to_gaze(saliency_map.T, (180, 260), [Aspect(aspect.height, aspect.width)])
    box = turned.box
    assert [box.top, box.left, box.height, box.width] == pytest.approx(crop.box.as_list(), abs=1)


def exactly(gaze: NDArray[np.float64], size: tuple[int, int], sides: tuple[float, float, float, float]) -> float:
    """The gaze between left, top, right and bottom, cell by cell."""
    total, (rows, columns) = 0.0, gaze.shape
    for row in range(rows):
        for column in range(columns):
            across = min(sides[2], (column + 1) * size[0] / columns) - max(sides[0], column * size[0] / columns)
            down = min(sides[3], (row + 1) * size[1] / rows) - max(sides[1], row * size[1] / rows)
            cell = size[0] / columns * size[1] / rows
            total += gaze[row, column] * max(across, 0) * max(down, 0) / cell
    return total


def places_by_trial(
    gaze: NDArray[np.float64],
    size: tuple[int, int],
    window: tuple[int, int],
    things: Sequence[Thing],
    aversion: float = 0.0,
) -> dict[tuple[int, int], float]:
    """The value of every place of the window, by what it says: the gaze inside, less some of what one in the very
    middle has and it has not; and for each thing what its boxes are worth that are whole, the first once more where it
    has the room it wants, as far as the photo goes; less what it costs to cut through the first where it could be
    whole."""
    values = {}
    x, y = (size[0] - window[0]) / 2, (size[1] - window[1]) / 2
    for top in range(size[1] - window[1] + 1):
        for left in range(size[0] - window[0] + 1):
            place = Box(left, top, *window)
            value = gaze_inside(gaze, size, place)
            shared = max(left, x), max(top, y), min(left, x) + window[0], min(top, y) + window[1]
            value -= aversion * (
                exactly(gaze, size, (x, y, x + window[0], y + window[1])) - exactly(gaze, size, shared)
            )
            for thing in things:
                value += sum(worth for worth, box in parts_to_keep((thing,), window) if contains(place, box))
                box = thing.boxes[0]
                if box.width > window[0] or box.height > window[1]:
                    continue
                sides = (  # where the window begins and ends, the thing too, and how far the photo goes
                    (left, left + window[0], box.left, box.right, size[0]),
                    (top, top + window[1], box.top, box.bottom, size[1]),
                )
                if not contains(place, box) and shared_area(place.as_list(), box.as_list()) > 0:
                    value -= thing.cut
                free = [end - begin - (stop - start) for begin, end, start, stop, _ in sides]
                if thing.room and all(
                    (begin == 0 or start - begin >= int(thing.room * room))
                    and (end == length or end - stop >= int(thing.room * room))
                    and begin <= start
                    and stop <= end
                    for (begin, end, start, stop, length), room in zip(sides, free, strict=True)
                ):
                    value += thing.worths[0]
            values[left, top] = value
    return values


@given(seeds, sizes_small, st.sampled_from(ASPECTS), st.data())
def test_the_place_is_in_the_middle_of_the_best(
    seed: int, size: tuple[int, int], aspect: Aspect, data: st.DataObject
) -> None:
    """A slow loop over all places, then the mean of those around the best, weighed by what they are worth over ROOM;
    the centre, where that is near it and hardly worth less."""
    things, aversion = data.draw(things_in(size, room=0.5)), data.draw(st.sampled_from([0.0, 0.5, 2.0]))
    gaze = random_map(np.random.default_rng(seed), (4, 5)).astype(np.float64)
    gaze = gaze / gaze.sum()
    window = window_size(size, aspect)
    values = sorted(places_by_trial(gaze, size, window, things, aversion).items())
    most = max(value for _, value in values)
    found = place_widest(gaze, size, aspect, things, aversion=aversion)
    middles = []
    for best, (_, value) in enumerate(values):
        if value < most - EQUAL_GAZE:
            continue
        first, last = best, best
        while first > 0 and values[first - 1][1] > most - ROOM:
            first -= 1
        while last < len(values) - 1 and values[last + 1][1] > most - ROOM:
            last += 1
        around = values[first : last + 1]
        total = sum(value - (most - ROOM) for _, value in around)
        middles.append([sum(place[axis] * (v - most + ROOM) for place, v in around) / total for axis in (0, 1)])
    centre = center_window(size, aspect)
    twin = size[0] - window[0] - centre.left, size[1] - window[1] - centre.top
    if found == centre and max(dict(values)[at] for at in ((centre.left, centre.top), twin)) >= most - ROOM - 1e-9:
        far = NEAR * max(size) + 0.5 + 1e-3
        assert any(abs(centre.left - x) <= far and abs(centre.top - y) <= far for x, y in middles)
    else:
        assert any(abs(found.left - x) <= 0.5 + 1e-3 and abs(found.top - y) <= 0.5 + 1e-3 for x, y in middles)


@given(seeds, ratios, st.data())
def test_mirrored_maps_and_things_give_exactly_the_mirrored_crop(
    seed: int, aspect: Aspect, data: st.DataObject
) -> None:
    size = (261, 180)
    things = data.draw(things_in(size, room=0.4))
    other_way = [
        replace(one, boxes=tuple(Box(261 - box.right, box.top, box.width, box.height) for box in one.boxes))
        for one in things
    ]
    gaze = expected_gaze(random_map(np.random.default_rng(seed), (9, 13)))
    box = place_widest(gaze, size, aspect, things)
    mirrored = place_widest(gaze[:, ::-1], size, aspect, other_way)
    assert mirrored.top == box.top
    # the two places around the very middle are each other's mirror
    assert mirrored.left == 261 - box.right or abs(2 * box.left - (261 - box.width)) == 1


def test_worth_of_one_is_before_all_gaze() -> None:
    gaze = one_peak((1, 20), 0, 0).astype(np.float64)
    for worth, kept in ((0.99, 1.0), (1.01, 0.0)):
        thing = Thing("head", (Box(1500, 20, 100, 50),), (worth,))
        box = place_widest(gaze, (2000, 100), Aspect(10, 1), [thing])
        assert gaze_inside(gaze, (2000, 100), box) == kept
        assert (box.left <= 1500 and box.right >= 1600) == (worth > 1)


@pytest.mark.parametrize(("width", "left", "right"), [(500, 100, 500), (380, 150, 450), (120, 250, 350)])
def test_the_head_else_the_face_else_the_eyes(width: int, left: int, right: int) -> None:
    boxes = Box(100, 0, 400, 100), Box(150, 0, 300, 100), Box(250, 0, 100, 100)
    gaze = one_peak((1, 20), 0, 19).astype(np.float64)
    box = place_widest(gaze, (2000, 100), Aspect(width, 100), [Thing("head", boxes, (1.5, 1.5, 1.5))])
    assert box.width == width
    assert box.left <= left
    assert right <= box.right


def test_a_thing_of_which_no_part_fits_moves_nothing() -> None:
    gaze = random_map(np.random.default_rng(5), (6, 20)).astype(np.float64)
    thing = Thing("head", (Box(100, 0, 400, 100),), (5.0,), cut=5.0)
    assert place_widest(gaze, (2000, 100), Aspect(3, 1), [thing]) == place_widest(gaze, (2000, 100), Aspect(3, 1))


def test_the_share_that_gaze_covers() -> None:
    assert covered_share(flat((7, 9)).astype(np.float64)) == pytest.approx(1)
    assert covered_share(one_peak((7, 9), 3, 3).astype(np.float64)) == pytest.approx(1 / 63)
    half = np.zeros((8, 8))
    half[:, :4] = 1 / 32
    assert covered_share(half) == pytest.approx(0.5)


def test_only_a_spread_out_map_makes_averse() -> None:
    peak, even = (expected_gaze(one) for one in (one_peak((20, 20), 3, 3), flat((20, 20))))
    assert aversion_to_loss(peak) == 0
    assert aversion_to_loss(even) == AVERSION


def test_what_a_crop_keeps_is_of_the_map_as_it_is() -> None:
    saliency_map = random_map(np.random.default_rng(8), (12, 16))
    assert aversion_to_loss(expected_gaze(saliency_map)) > 0
    for crop in crop_to_gaze(saliency_map, (320, 240), ASPECTS):
        inside = kept_by_pixels(saliency_map, (320, 240), astuple(crop.box), 1)
        assert crop.kept == pytest.approx(inside, abs=1e-6)


def test_a_crop_moves_only_as_far_as_it_surely_pays() -> None:
    """To the right there is a little more than what is lost on the left: once and a half of that is not enough."""
    gaze = np.full((1, 30), 1.0)
    gaze[0, :10], gaze[0, 20:] = 1.0, 1.3
    gaze = gaze / gaze.sum()
    boxes = [place_widest(gaze, (300, 100), Aspect(2, 1), aversion=aversion) for aversion in (0.0, 0.5)]
    assert boxes[0].left > 95
    assert boxes[1] == center_window((300, 100), Aspect(2, 1))


def test_the_more_averse_the_nearer_the_centre() -> None:
    rng = np.random.default_rng(4)
    for _ in range(30):
        gaze = expected_gaze(random_map(rng, (6, 9)))
        boxes = [place_widest(gaze, (180, 120), Aspect(1, 1), aversion=value) for value in (0.0, 1.0, 1e3)]
        away = [abs(box.left - 30) for box in boxes]
        assert away[1] <= away[0] + ROOM * 180
        assert away[2] == 0


@given(st.floats(-1, 1), st.floats(0, 2))
def test_chances_are_those_of_a_normal_gain(gain: float, moved: float) -> None:
    helps, harms = chances(gain, moved)
    if moved > 1e-6:
        gained = NormalDist(gain, math.sqrt(SURPRISE * moved))
        assert helps == pytest.approx(1 - gained.cdf(CLEAR), abs=1e-6)
        assert harms == pytest.approx(gained.cdf(-CLEAR), abs=1e-6)
    assert (helps, harms) == pytest.approx(chances(-gain, moved)[::-1])


def test_the_centre_neither_helps_nor_harms() -> None:
    gaze = expected_gaze(random_map(np.random.default_rng(1), (9, 13)))
    crop = judge(gaze, (260, 180), Aspect(1, 1), center_window((260, 180), Aspect(1, 1)))
    assert (crop.helps, crop.harms) == (0, 0)
    lone = judge(expected_gaze(one_peak((10, 10), 5, 0)), (100, 100), Aspect(1, 2), Box(0, 0, 50, 100))
    assert lone.helps > 0.99
    assert lone.harms < 1e-6


def test_gain_is_kept_minus_the_centre() -> None:
    saliency_map = random_map(np.random.default_rng(3), (12, 16))
    gaze = expected_gaze(saliency_map)
    for crop in crop_to_gaze(saliency_map, (640, 480), ASPECTS):
        center = judge(gaze, (640, 480), crop.aspect, center_window((640, 480), crop.aspect))
        assert crop.gain == pytest.approx(crop.kept - center.kept)
        assert crop.gain >= -ROOM
        assert center.gain == 0


@pytest.mark.parametrize(
    "saliency_map", [np.zeros((3, 3)), np.full((2, 2), np.nan), np.array([[1.0, -1.0]]), np.zeros((0, 3)), np.ones(4)]
)
def test_a_map_that_is_none_is_refused(saliency_map: np.ndarray) -> None:
    with pytest.raises(ValueError, match="saliency map"):
        crop_to_gaze(saliency_map, (10, 10), [Aspect(1, 1)])


@pytest.mark.parametrize(
    ("point", "box"),
    [((500, 300), Box(200, 0, 600, 600)), ((20, 20), Box(0, 0, 600, 600)), ((400, 300), Box(100, 0, 600, 600))],
)
def test_a_window_at_a_point_is_centred_and_shifted_inside(point: tuple[int, int], box: Box) -> None:
    assert window_at(point, (800, 600), Aspect(1, 1)) == box


@given(st.data(), st.tuples(st.integers(1, 20_000), st.integers(1, 20_000)))
def test_a_window_s_middle_as_a_share_of_the_sides_gives_that_window(
    data: st.DataObject, size: tuple[int, int]
) -> None:
    width, height = (data.draw(st.integers(1, side)) for side in size)
    left, top = data.draw(st.integers(0, size[0] - width)), data.draw(st.integers(0, size[1] - height))
    box = Box(left, top, width, height)
    shares = box.center[0] / size[0], box.center[1] / size[1]
    assert place_window((shares[0] * size[0], shares[1] * size[1]), size, (width, height)) == box


@pytest.mark.parametrize(
    ("text", "ratio"), [("16:9", 16 / 9), ("1:1", 1), (" 4x5 ", 0.8), ("1.91:1", 1.91), ("3/2", 1.5), ("3 × 2", 1.5)]
)
def test_aspects_are_read(text: str, ratio: float) -> None:
    assert Aspect.parse(text).ratio == pytest.approx(ratio)


@pytest.mark.parametrize("text", ["", "16", "16:9:4", "a:b", "0:1", "1:-2", "nan:1", "inf:1", "1e9:1", "1:"])
def test_what_is_no_aspect_is_refused_by_name(text: str) -> None:
    with pytest.raises(ValueError, match="aspect ratio"):
        Aspect.parse(text)


def test_aspects_are_written_as_they_were_read() -> None:
    assert [str(Aspect.parse(text)) for text in ("16:9", "1.91:1", "4x5")] == ["16:9", "1.91:1", "4:5"]
