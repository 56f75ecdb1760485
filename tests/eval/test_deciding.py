"""Whether votes decide: against whole numbers and fractions, a numerical integral, and votes drawn by chance."""

from __future__ import annotations

from fractions import Fraction
from math import comb, exp, factorial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from eval.deciding import EARLY, MOST, POWER, evidence, is_decided, outlook


def ratio(wins: int, losses: int) -> Fraction:
    """2^n k! (n - k)! / (n + 1)!, exactly."""
    total = wins + losses
    return Fraction(2**total * factorial(wins) * factorial(losses), factorial(total + 1))


@given(wins=st.integers(0, 300), losses=st.integers(0, 300))
def test_evidence_is_the_fraction(wins: int, losses: int) -> None:
    exact = ratio(wins, losses)
    assert evidence(wins, losses) == pytest.approx(float(np.log(exact.numerator / exact.denominator)), abs=1e-8)
    assert is_decided(wins, losses) == (exact >= 20)


@pytest.mark.parametrize(("wins", "losses"), [(0, 0), (3, 1), (20, 8), (5, 40)])
def test_evidence_is_the_mean_of_the_likelihood_over_all_shares(wins: int, losses: int) -> None:
    over_half = quad(lambda p: p**wins * (1 - p) ** losses, 0, 1)[0] / 0.5 ** (wins + losses)
    assert exp(float(evidence(wins, losses))) == pytest.approx(over_half, rel=1e-6)


def test_who_looks_after_every_vote_is_misled_in_one_of_twenty() -> None:
    """4,000 pairs of equals, 1,000 votes each, looked at after each vote."""
    rng = np.random.default_rng(1)
    wins = rng.integers(0, 2, (4000, 1000)).cumsum(axis=1)
    ever = (evidence(wins, np.arange(1, 1001) - wins) >= np.log(20)).any(axis=1).mean()
    assert 0.005 < ever <= 0.05


def chance_to_decide(wins: int, losses: int, more: int) -> Fraction:
    """Term by term."""
    share = Fraction(wins + 1, wins + losses + 2)
    return sum(
        (
            comb(more, won) * share**won * (1 - share) ** (more - won)
            for won in range(more + 1)
            if ratio(wins + won, losses + more - won) >= 20
        ),
        Fraction(0),
    )


@pytest.mark.parametrize(("wins", "losses"), [(9, 2), (2, 9), (12, 5), (14, 5), (20, 9), (8, 3)])
def test_how_many_more_is_the_first_number_that_decides_often_enough(wins: int, losses: int) -> None:
    more = outlook(wins, losses, 0).more
    assert more is not None
    assert more > 0
    assert all(chance_to_decide(wins, losses, fewer) < POWER for fewer in range(1, more))
    assert chance_to_decide(wins, losses, more) >= POWER


def test_votes_for_no_difference_add_their_share() -> None:
    sides = outlook(60, 40, 0).more
    assert sides is not None
    assert outlook(60, 40, 50).more == -(-sides * 150 // 100)


def test_votes_drawn_as_before_decide_as_often_as_promised() -> None:
    """110 votes for libvips attention, 87 for the centre, 133 no difference: Gutenberg pull request 81766."""
    more = outlook(110, 87, 133).more
    assert more is not None
    rng = np.random.default_rng(2)
    share = 111 / 199
    sides = rng.binomial(more, 197 / 330, 4000)
    wins = 110 + rng.binomial(sides, share)
    assert np.mean(evidence(wins, 197 + sides - wins) >= np.log(20)) == pytest.approx(POWER, abs=0.03)


def test_both_directions_are_alike() -> None:
    assert outlook(40, 60, 7) == outlook(60, 40, 7)


def test_what_cannot_be_said_is_not_said() -> None:
    assert outlook(EARLY - 2, 1, 90).more is None, "too few that take sides"
    assert outlook(2 * MOST, 2 * MOST, 0).more is None, "no end in sight"
    assert outlook(30, 0, 500).decided
    assert outlook(30, 0, 500).more == 0
    assert not outlook(0, 0, 0).decided


@pytest.mark.parametrize("counts", [(-1, 0, 0), (0, -1, 0), (0, 0, -1)])
def test_negative_counts_are_refused(counts: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="0 or more, got"):
        outlook(*counts)
