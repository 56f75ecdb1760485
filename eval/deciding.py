"""Whether votes decide between two methods, and about how many more it takes; votes for no difference take no side.

The test may be looked at after every vote, as a page of results is: were both methods equally good, the chance that it
ever decides, however long people vote, is at most 1 - LEVEL. It compares what a share of wins of 1/2 makes of the votes
with what all shares make of them, taken as equally likely. With n votes that take sides, k of them for one method,
their ratio is 2^n k! (n - k)! / (n + 1)!, which must reach 1 / (1 - LEVEL) = 20. Robbins, "Statistical methods related
to the law of the iterated logarithm", Annals of Mathematical Statistics 41(5), 1970; the bound is Ville's, 1939.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from eval.statistics import LEVEL

POWER = 0.8  # the chance with which that many more votes decide
EARLY = 10  # with fewer votes that take sides, nothing is said of how many more
MOST = 10_000  # votes that take sides; beyond, two methods are as good as one another


@dataclass(frozen=True, slots=True)
class Outlook:
    """decided: whether one method is better. more: about how many votes it takes until then, those for no difference
    among them; 0 once decided, None with fewer than EARLY votes that take sides, or where MOST would not do."""

    decided: bool
    more: int | None


def evidence(wins: ArrayLike, losses: ArrayLike) -> NDArray[np.float64]:
    """The log of the ratio of the module's text: how much more the votes look like a difference than like none."""
    from scipy.special import betaln  # takes as long to import as all else together

    wins, losses = np.asarray(wins, np.float64), np.asarray(losses, np.float64)
    return np.asarray(betaln(wins + 1, losses + 1) + (wins + losses) * np.log(2))


def is_decided(wins: int, losses: int) -> bool:
    """Whether the votes that take sides tell which method is better."""
    return bool(evidence(wins, losses) >= -np.log(1 - LEVEL))


def outlook(wins: int, losses: int, none: int) -> Outlook:
    """What is to be expected if people go on voting as they did. Raises ValueError for a negative count.

    The fewest more votes after which the test decides with a chance of POWER or more, at a share of wins of
    (wins + 1) / (wins + losses + 2) of those that take sides, Laplace's estimate, and with as many votes for no
    difference beside them as until now. That is an estimate from an estimate: good for "some hundred", not for "217".
    """
    if min(wins, losses, none) < 0:
        raise ValueError(f"counts of votes are 0 or more, got {wins}, {losses}, {none}")
    sides = wins + losses
    if is_decided(wins, losses):
        return Outlook(decided=True, more=0)
    if sides < EARLY:
        return Outlook(decided=False, more=None)
    share = (wins + 1) / (sides + 2)
    more = np.arange(1, MOST + 1)
    enough = np.flatnonzero(_power(wins, losses, share, more) >= POWER)
    if not enough.size:
        return Outlook(decided=False, more=None)
    return Outlook(decided=False, more=int(np.ceil(more[enough[0]] * (sides + none) / sides)))


def _power(wins: int, losses: int, share: float, more: NDArray[np.int64]) -> NDArray[np.float64]:
    """The chance that the test decides, for either, at so many more votes, each a win with the chance `share`."""
    from scipy.stats import binom

    total = wins + losses + more
    needed = _fewest_wins(total)
    return np.asarray(binom.sf(needed - wins - 1, more, share) + binom.cdf(total - needed - wins, more, share))


def _fewest_wins(total: NDArray[np.int64]) -> NDArray[np.int64]:
    """The fewest wins of so many votes that decide, more than half of them; total + 1 where not even all do."""
    low, high = (total + 1) // 2, total + 1  # evidence grows from the middle on: halve where it is just enough
    while (low < high).any():
        middle = (low + high) // 2
        enough = evidence(middle, np.maximum(total - middle, 0)) >= -np.log(1 - LEVEL)
        low, high = np.where(enough, low, np.minimum(middle + 1, high)), np.where(enough, middle, high)
    return low
