"""Both judgements of a crop, and that no better crop is marked as worse: words against counts made here."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.crop.judgement import gain_points, gaze_beside_centre, kept_things, rest_of_note, things_beside_centre
from pages.crop.words import explain
from saliency import FORMATS, METHODS, Box, Crop, Framing
from saliency.types import Thing
from tests.pages.app import open_page
from tests.pages.crop_page import captions, shot_of
from tests.scenes import one_peak, random_map

SQUARE, SIZE = FORMATS["square"], (400, 200)
LEFT, MIDDLE, RIGHT = (Box(left, 60, 40, 40) for left in (0, 180, 360))
IN_THE_MIDDLE = 0.5 * one_peak((4, 8), 1, 3) + 0.5 * one_peak((4, 8), 1, 4)
seeds = st.integers(0, 2**32 - 1)


def heads(*boxes: Box, worth: float = 1.5) -> tuple[Thing, ...]:
    return tuple(Thing("head", (box,), (worth,)) for box in boxes)


def crop_at(left: int, kept: float = 0.5, gain: float = 0.0) -> Crop:
    """A square of 200 pixels."""
    return Crop(SQUARE.aspect, Box(left, 0, 200, 200), kept, gain)


def test_less_gaze_for_a_whole_head_is_told_as_the_price_of_it() -> None:
    shot = shot_of(IN_THE_MIDDLE, SIZE, Framing(whole=heads(LEFT)), things=heads(LEFT))
    crop, centre = (shot.crop_of(name, SQUARE) for name in ("gaze", "center"))
    points = gain_points(crop)
    assert points < 0
    assert gaze_beside_centre(shot, "gaze", SQUARE, crop) == (f"{-points} less, for the head", False)
    assert things_beside_centre(shot, SQUARE, crop) == "Head whole; the centre crop cuts it"
    assert gaze_beside_centre(shot, "center", SQUARE, centre) == ("the usual crop", False)
    assert things_beside_centre(shot, SQUARE, centre) == "Cuts off the head"
    assert re.search(r"the centre would keep \d+\s%, and cut off the head\.", explain(shot, SQUARE))


def test_more_gaze_with_a_head_cut_is_no_gain_to_mark() -> None:
    shot = shot_of(one_peak((4, 8), 1, 7), SIZE, things=heads(MIDDLE))
    crop = crop_at(200, 0.9, 0.6)
    assert gaze_beside_centre(shot, "gaze", SQUARE, crop) == ("+60 vs centre", False)
    assert things_beside_centre(shot, SQUARE, crop) == "Cuts off the head; the centre crop does not"


def test_of_several_heads_those_are_counted_that_the_centre_crop_cuts() -> None:
    shot = shot_of(IN_THE_MIDDLE, SIZE, things=heads(LEFT, Box(60, 60, 40, 40), MIDDLE))
    crop = crop_at(0, 0.4, -0.3)
    assert kept_things(shot, crop) == "Cuts off 1 of 3 heads"
    assert things_beside_centre(shot, SQUARE, crop) == "Cuts off 1 of 3 heads; the centre crop cuts 2"
    assert gaze_beside_centre(shot, "gaze", SQUARE, crop) == ("30 less, for 1 head", False)
    shot = shot_of(IN_THE_MIDDLE, SIZE, things=heads(MIDDLE, Box(140, 60, 40, 40)))
    assert things_beside_centre(shot, SQUARE, crop_at(200)) == "Cuts off 2 of 2 heads; the centre crop cuts none"
    assert things_beside_centre(shot, SQUARE, crop_at(50)) == "2 heads whole"


@pytest.mark.parametrize(
    ("gain", "words", "decides"),
    [(0.03, "+3 vs centre", True), (-0.1, "-10 vs centre", True), (0.001, "same as centre", False)],
)
def test_where_both_cut_alike_gaze_decides(gain: float, words: str, decides: bool) -> None:
    for things in ((), heads(MIDDLE)):
        shot = shot_of(IN_THE_MIDDLE, SIZE, things=things)
        assert gaze_beside_centre(shot, "face", SQUARE, crop_at(80, 0.5, gain)) == (words, decides)


def test_room_around_a_head_is_no_loss_either() -> None:
    for things, words in (
        (heads(MIDDLE), "10 less, for room around the head"),
        (heads(MIDDLE, Box(140, 60, 40, 40)), "10 less, for room around 2 heads"),
    ):
        shot = shot_of(IN_THE_MIDDLE, SIZE, Framing(whole=things), things=things)
        assert gaze_beside_centre(shot, "gaze", SQUARE, crop_at(80, 0.5, -0.1)) == (words, False)
        assert gaze_beside_centre(shot, "face", SQUARE, crop_at(80, 0.5, -0.1)) == ("-10 vs centre", True)
    nameless = (Thing("", (MIDDLE,), (0.5,)),)
    shot = shot_of(IN_THE_MIDDLE, SIZE, Framing(whole=nameless), things=nameless)
    words = "10 less, for room around what is looked at"
    assert gaze_beside_centre(shot, "gaze", SQUARE, crop_at(80, 0.5, -0.1)) == (words, False)


@given(seeds, st.sampled_from(["gaze", "face"]))
def test_only_a_crop_that_is_worse_in_both_is_marked_as_worse(seed: int, method: str) -> None:
    rng = np.random.default_rng(seed)
    things = heads(*(Box(int(left), 60, 40, 40) for left in rng.integers(0, 360, rng.integers(0, 4))), worth=0.1)
    shot = shot_of(random_map(rng, (6, 12)), SIZE, Framing(whole=things), things=things)
    crop = crop_at(int(rng.integers(0, 200)), 0.5, float(rng.uniform(-0.4, 0.4)))

    def cut(left: int) -> int:
        seen = np.zeros(SIZE[0], bool)
        seen[left : left + 200] = True
        return sum(not seen[thing.box.left : thing.box.right].all() for thing in things)

    words, decides = gaze_beside_centre(shot, method, SQUARE, crop)
    if decides and words.startswith("-"):
        assert gain_points(crop) < 0
        assert cut(crop.box.left) >= cut(100)
    if decides and words.startswith("+"):
        assert gain_points(crop) > 0
        assert cut(crop.box.left) <= cut(100)
    if words.startswith("-"):
        assert cut(crop.box.left) >= cut(100), "a whole head more is never a loss"


def test_a_note_is_not_told_twice() -> None:
    shot = shot_of(IN_THE_MIDDLE, SIZE, Framing(whole=heads(LEFT)), things=heads(LEFT))
    crop = replace(crop_at(100), note="no crop of this shape keeps 90 %, so the widest; the head is cut")
    assert kept_things(shot, crop) == "Cuts off the head"
    assert rest_of_note(shot, crop) == "no crop of this shape keeps 90 %, so the widest"
    assert rest_of_note(shot, replace(crop_at(0), note="no face found, so the centre")) == (
        "no face found, so the centre"
    )


def test_a_crop_left_at_the_centre_says_so_in_three_words() -> None:
    shot = shot_of(IN_THE_MIDDLE, SIZE)
    crop = shot.crop_of("gaze", SQUARE)
    assert crop.note.startswith("left at the centre, as no crop is clearly better")
    assert gaze_beside_centre(shot, "gaze", SQUARE, crop) == ("left at the centre", False)
    assert rest_of_note(shot, crop) == ""
    assert rest_of_note(shot, replace(crop, note=f"{crop.note}; no face found")) == "no face found"
    assert gaze_beside_centre(shot, "face", SQUARE, replace(crop, note="")) == ("same as centre", False)


def test_the_page_shows_both_judgements_of_each_crop() -> None:
    page = open_page(sample="astronaut_eileen_collins.jpg", formats="single,square", methods=",".join(METHODS))
    assert not page.exception
    about = [text for text in captions(page).splitlines() if re.search(r"\b[Hh]ead whole|Cuts off the head", text)]
    assert len(about) == 2 * len(METHODS)
    assert any("the centre crop cuts it" in text for text in about)
