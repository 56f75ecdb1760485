"""Which pair comes next: against a rule applied step by step, and against what must hold for any pairs."""

from __future__ import annotations

import itertools
import random
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare

from eval.pairs import TELLING, Comparison, likeness, overlap, place_of_next
from saliency.types import Aspect, Box

WIDE, SQUARE = Aspect(16, 9), Aspect(1, 1)
METHODS = ("gaze", "face", "center")


def pairs_of(seed: int, photos: int = 6) -> list[Comparison]:
    """Every two methods for each photo in two formats, overlapping by chance."""
    rng = random.Random(seed)
    return [
        Comparison(f"p{n}", aspect, left, right, rng.random() * 0.9)
        for n in range(photos)
        for aspect in (WIDE, SQUARE)
        for two in itertools.combinations(METHODS, 2)
        for left, right in [rng.sample(two, 2)]
    ]


def all_in_order(ready: list[Comparison], seed: int, *, telling: bool = True) -> list[Comparison]:
    """Asked one after the other until none is left."""
    left, asked, chance = list(ready), list[Comparison](), random.Random(seed)
    while left:
        asked.append(left.pop(place_of_next(left, asked, chance, telling=telling)))
    return asked


@given(left=st.tuples(st.integers(0, 30), st.integers(0, 30)), right=st.tuples(st.integers(0, 30), st.integers(0, 30)))
def test_overlap_is_counted_pixel_by_pixel(left: tuple[int, int], right: tuple[int, int]) -> None:
    pixels = []
    for x, y in (left, right):
        canvas = np.zeros((80, 80), bool)
        canvas[y : y + 40, x : x + 50] = True
        pixels.append(canvas)
    shared = (pixels[0] & pixels[1]).sum() / (pixels[0] | pixels[1]).sum()
    assert overlap(Box(*left, 50, 40), Box(*right, 50, 40)) == pytest.approx(shared)


@pytest.mark.parametrize(("slid", "bound"), [(1 / 3, TELLING[0]), (3 / 17, TELLING[1])])
def test_classes_are_those_of_crops_slid_by_a_part_of_their_side(slid: float, bound: float) -> None:
    """Two windows of one size, one slid by a part s of its side, share (1 - s) / (1 + s)."""
    side = 10_200
    assert overlap(Box(0, 0, side, 10), Box(round(slid * side), 0, side, 10)) == pytest.approx(bound)
    assert likeness(bound - 0.01) == likeness(bound) - 1


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("telling", [True, False])
def test_each_next_one_obeys_the_rule_literally(seed: int, telling: bool) -> None:
    """Keep those of the least-met methods, of these the most telling, of these the photos and formats asked least."""
    left, asked = pairs_of(seed), list[Comparison]()
    chance = random.Random(seed)
    while left:
        chosen = left[place_of_next(left, asked, chance, telling=telling)]
        kept = list(left)
        least = min(sum(a.methods == c.methods for a in asked) for c in kept)
        kept = [c for c in kept if sum(a.methods == c.methods for a in asked) == least]
        if telling:
            for low, high in ((0, 0.5), (0.5, 0.7), (0.7, 1)):
                if some := [c for c in kept if low <= c.overlap < high]:
                    kept = some
                    break
        least = min(sum(a.photo == c.photo for a in asked) for c in kept)
        kept = [c for c in kept if sum(a.photo == c.photo for a in asked) == least]
        least = min(sum(a.aspect == c.aspect for a in asked) for c in kept)
        kept = [c for c in kept if sum(a.aspect == c.aspect for a in asked) == least]
        assert chosen in kept
        asked.append(chosen)
        left.remove(chosen)


def test_equally_telling_ones_come_in_any_order() -> None:
    ready = [Comparison(f"p{n}", WIDE, "gaze", "center", 0.1 + n / 50) for n in range(10)]
    first = Counter(place_of_next(ready, [], random.Random(f"rater {n}")) for n in range(2000))
    assert chisquare([first[n] for n in range(10)]).pvalue > 1e-4


def test_methods_photos_and_formats_are_balanced_at_every_step() -> None:
    asked = all_in_order(pairs_of(3), 1, telling=False)
    for until in range(1, len(asked) + 1):
        met = Counter(c.methods for c in asked[:until])
        assert max(met.values()) - (min(met.values()) if len(met) == 3 else 0) <= 1
    assert Counter(c.photo for c in asked[:18]) == {f"p{n}": 3 for n in range(6)}


def test_two_methods_met_elsewhere_wait_for_the_others() -> None:
    ready = pairs_of(0)
    met = {frozenset(("gaze", "face")): 5, frozenset(("gaze", "center")): 5}
    asked: list[Comparison] = []
    for _ in range(5):
        asked.append(ready.pop(place_of_next(ready, asked, random.Random(1), met=met)))
    assert {c.methods for c in asked} == {frozenset(("face", "center"))}


def test_which_side_a_method_is_on_plays_no_part() -> None:
    ready = pairs_of(5)
    turned = [Comparison(c.photo, c.aspect, c.right, c.left, c.overlap) for c in ready]
    assert [c.question for c in all_in_order(ready, 2)] == [c.question for c in all_in_order(turned, 2)]
