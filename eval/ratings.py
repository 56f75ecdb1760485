"""Blind comparisons of crops by people: how often one method is found better, and a ranking.

A table of votes has one row a comparison: "left_method", "right_method", "choice" ("left", "right", "none": no
difference, or "same": both crops were the same, so nobody was asked), "rater", "source" and "photo"; file names of
photos may repeat in another source, so a photo is one by both.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from eval.deciding import outlook
from eval.statistics import LEVEL
from saliency.registry import check

CHOICES = ("left", "right", "none", "same")
NEEDED = ("left_method", "right_method", "choice", "rater", "source", "photo")
RESAMPLES = 2000
SEED = 1952  # fixed, so that the same votes always give the same intervals
PRIOR = 1.0
FEWEST = 5  # photos or raters: to draw from fewer again and again says little of others
PRECISION = 1e-8  # of log strengths, from one step of the fit to the next
STEPS = 2000

Counts = NDArray[np.float64]


def wilson(count: int, of: int, level: float = LEVEL) -> tuple[float, float]:
    """Interval of a share that was seen `count` times out of `of`; (0, 1) when nothing was seen.

    Raises ValueError unless 0 <= count <= of. Wilson, "Probable inference, the law of succession, and statistical
    inference", 1927.
    """
    if not 0 <= count <= of:
        raise ValueError(f"a count lies between 0 and its total, got {count} of {of}")
    if of == 0:
        return 0.0, 1.0
    from scipy.stats import binomtest  # takes as long to import as all else together

    interval = binomtest(count, of).proportion_ci(level, method="wilson")
    return float(interval.low), float(interval.high)


def compare_pairs(votes: pd.DataFrame) -> pd.DataFrame:
    """One row a pair of methods, the one found better more often first; pairs with the most votes on top.

    Columns: "first" and "second"; the counts "votes", of which "better" (the first is), "none" (no difference) and
    "worse", and beside them "same" (the same crop twice, no vote); "share", better / votes, with its Wilson interval
    "low" and "high", all NaN without votes; and of eval.deciding "decided", whether one of the two is better, and
    "more", about how many more votes decide, NaN where that cannot be said. Raises ValueError for a missing column or
    an unknown choice.
    """
    methods, cells = _coded(votes)
    won, tied, same = _counts(cells, len(methods))
    rows = []
    for a, b in combinations(range(len(methods)), 2):
        first, second = (b, a) if won[b, a] > won[a, b] else (a, b)
        better, none, worse = int(won[first, second]), int(tied[a, b]), int(won[second, first])
        total = better + none + worse
        estimate = (better / total, *wilson(better, total)) if total else (np.nan, np.nan, np.nan)
        ahead = outlook(better, worse, none)
        more = np.nan if ahead.more is None else ahead.more
        if total or same[a, b]:
            counts = (total, better, none, worse, int(same[a, b]))
            rows.append((methods[first], methods[second], *counts, *estimate, ahead.decided, more))
    columns = ["first", "second", "votes", "better", "none", "worse", "same", "share", "low", "high", "decided", "more"]
    return pd.DataFrame(rows, columns=columns).sort_values("votes", ascending=False, kind="stable", ignore_index=True)


def rank(votes: pd.DataFrame) -> pd.DataFrame:
    """One row a method that was voted on, best first, by Davidson's form of the Bradley-Terry model (see `fit`).

    Columns: "method", "votes", "strength" (log, mean 0 over the methods), and "wins": how often it is expected to be
    the better one against the other methods, each as often as the others, where a difference is seen; 0..1, 0.5 for
    an average method. "low" and "high" are the 95 % percentile interval of "wins" when raters and photos are both
    drawn anew, with replacement (Owen, "The pigeonhole bootstrap", Annals of Applied Statistics 1(2), 2007); NaN with
    fewer than FEWEST photos and raters. Raises ValueError for a missing column or an unknown choice.
    """
    _check(votes)
    votes = votes[votes["choice"] != "same"]
    methods, cells = _coded(votes)
    if not methods:
        return pd.DataFrame(columns=["method", "votes", "strength", "wins", "low", "high"])
    won, tied, _ = _counts(cells, len(methods))
    strength, _ = fit(won, tied)
    low, high = _interval(votes, cells, len(methods))
    table = pd.DataFrame(
        {
            "method": methods,
            "votes": (won + won.T + tied).sum(axis=1).astype(int),
            "strength": strength,
            "wins": expected_wins(strength),
            "low": low,
            "high": high,
        }
    )
    return table.sort_values("strength", ascending=False, kind="stable", ignore_index=True)


def fit(won: Counts, tied: Counts, prior: float = PRIOR) -> tuple[Counts, Counts]:
    """Strengths of k methods and the weight of a tie, under Davidson's model of paired comparisons with ties:

    P(i better than j) = p_i / D, P(no difference) = v sqrt(p_i p_j) / D, with D = p_i + p_j + v sqrt(p_i p_j).

    won: (..., k, k), how often row was found better than column. tied: (..., k, k), symmetric, how often there was no
    difference. Returns log p, (..., k), mean 0, and v, (...).

    Each method gets `prior` imagined wins, as many losses and as many ties, shared out over the others: so the answer
    is finite after a few votes, and methods that never met can be compared. 0 is maximum likelihood, which is finite
    only where every method, and every group of them, has won and lost against the rest. Davidson, "On extending the
    Bradley-Terry model to accommodate ties in paired comparison experiments", JASA 65, 1970; fitted by steps of
    Hunter, "MM algorithms for generalized Bradley-Terry models", Annals of Statistics 32(1), 2004.
    """
    k = won.shape[-1]
    imagined = prior / (k - 1) * (1 - np.eye(k))
    won, tied = won + imagined, tied + imagined
    met = won + np.swapaxes(won, -1, -2) + tied
    score = won.sum(axis=-1) + tied.sum(axis=-1) / 2
    ties = tied.sum(axis=(-1, -2)) / 2
    log, v = np.zeros(score.shape), np.ones(ties.shape)
    for _ in range(STEPS):
        before, p = log, np.exp(log)
        root, total = _terms(p, v)
        pull = met * (1 + v[..., None, None] / 2 * root / p[..., :, None]) / total
        log = np.log(score / pull.sum(axis=-1))
        log -= log.mean(axis=-1, keepdims=True)
        root, total = _terms(np.exp(log), v)
        v = 2 * ties / (met * root / total).sum(axis=(-1, -2))
        if np.abs(log - before).max(initial=0.0) < PRECISION:
            break
    return log, v


def expected_wins(strength: Counts) -> Counts:
    """(..., k) log strengths -> (..., k) mean chance against each of the others where a difference is seen; k >= 2."""
    gap = strength[..., :, None] - strength[..., None, :]
    chance = 1 / (1 + np.exp(-gap))
    return np.asarray((chance.sum(axis=-1) - 0.5) / (strength.shape[-1] - 1))


def photos_of(votes: pd.DataFrame) -> NDArray[np.int64]:
    """(n,) the number, from 0 on, of the photo of each vote: "source" and "photo" together, both known in every row."""
    return votes.groupby(["source", "photo"], sort=False).ngroup().to_numpy(np.int64)


def _terms(p: Counts, v: Counts) -> tuple[Counts, Counts]:
    """sqrt(p_i p_j) and D of every pair, both (..., k, k)."""
    root = np.sqrt(p[..., :, None] * p[..., None, :])
    return root, p[..., :, None] + p[..., None, :] + v[..., None, None] * root


def _interval(votes: pd.DataFrame, cells: NDArray[np.int64], k: int) -> tuple[Counts, Counts]:
    """Percentile bounds of each method's expected wins, both (k,)."""
    raters, _ = pd.factorize(votes["rater"])
    photos = photos_of(votes)
    if max(raters.max(), photos.max()) + 1 < FEWEST:
        return np.full(k, np.nan), np.full(k, np.nan)
    rng = np.random.default_rng(SEED)
    drawn = [_counts(cells, k, _again(rng, raters) * _again(rng, photos)) for _ in range(RESAMPLES)]
    strength, _ = fit(np.array([won for won, _, _ in drawn]), np.array([tied for _, tied, _ in drawn]))
    low, high = np.quantile(expected_wins(strength), [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    return low, high


def _again(rng: np.random.Generator, units: NDArray[np.int64]) -> NDArray[np.int64]:
    """How often the unit of each row is drawn when as many units as there are get drawn with replacement."""
    count = int(units.max()) + 1
    return rng.multinomial(count, np.full(count, 1 / count))[units]


def _coded(votes: pd.DataFrame) -> tuple[list[str], NDArray[np.int64]]:
    """The methods, sorted, and each row's place in an array of (won, tied, same) x winner x loser."""
    _check(votes)
    methods = sorted({*votes["left_method"], *votes["right_method"]})
    places = {method: place for place, method in enumerate(methods)}
    left, right = (votes[c].map(places).to_numpy(np.int64) for c in ("left_method", "right_method"))
    kind = votes["choice"].map({"left": 0, "right": 0, "none": 1, "same": 2}).to_numpy(np.int64)
    lost = (votes["choice"] == "right").to_numpy()
    winner, loser = np.where(lost, right, left), np.where(lost, left, right)
    return methods, (kind * len(methods) + winner) * len(methods) + loser


def _counts(
    cells: NDArray[np.int64], k: int, weights: NDArray[np.int64] | None = None
) -> tuple[Counts, Counts, Counts]:
    """(k, k) arrays: how often row won against column; symmetric, how often there was no difference; one crop."""
    won, tied, same = np.bincount(cells, weights, minlength=3 * k * k).astype(np.float64).reshape(3, k, k)
    return won, tied + tied.T, same + same.T


def _check(votes: pd.DataFrame) -> None:
    missing = [column for column in NEEDED if column not in votes]
    if missing:
        raise ValueError(f"votes need the columns {', '.join(NEEDED)}; missing: {', '.join(missing)}")
    for choice in sorted(set(votes["choice"])):
        check("choice", choice, CHOICES)
