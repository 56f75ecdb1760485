"""Means over pairs of people with their intervals over people, one by one and all together.

Two pairs that share a person are not independent, and 2,000 pairs of 600 people say less than 2,000 would of 4,000:
intervals over pairs (Wilson's, say) are too narrow. Here a mean's variance counts each person once with all his or her
pairs, which is that of resampling people; what two people share as a pair would so be counted twice and is taken off
once. Aronow, Samii & Assenova, "Cluster-robust variance estimation for dyadic data", Political Analysis 23(4), 2015.
(Drawing people with replacement and weighing a pair by both its people's counts has up to three times that variance
where each meets few others, which no number of resamples mends.)

All together: the largest of all standardised deviations, in draws that give each person one random weight, is below
the limit in LEVEL of them. Chernozhukov, Chetverikov & Kato, "Gaussian approximations and multiplier bootstrap for
maxima of sums of high-dimensional random vectors", Annals of Statistics 41(6), 2013.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from eval.statistics import LEVEL, SEED

DRAWS = 2000
SINGLE = 1.96
"""Standard errors on each side of one interval by itself: the normal quantile at LEVEL."""

POWERED = 0.84
"""Standard errors more from where a true difference is found in four audits of five."""

FEWEST_PAIRS = 20
"""Of fewer pairs no mean is given: their spread says too little of how far it may be off."""

CERTAIN = 1e-9  # a mean with a smaller standard error does not vary


@dataclass(frozen=True, slots=True)
class Estimates:
    """Of K means, (K,) each. count: of pairs. low, high: the interval of each by itself. all_low, all_high: those that
    hold all together. seen: the smallest difference that would be found, in four audits of five, with these people."""

    mean: NDArray[np.float64]
    count: NDArray[np.int64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    all_low: NDArray[np.float64]
    all_high: NDArray[np.float64]
    seen: NDArray[np.float64]


def estimate(values: NDArray[np.float64], people: NDArray[np.int64]) -> Estimates:
    """The means over pairs with their intervals.

    values: (P, K), 0..1, NaN where a pair takes no part in a mean; people: (P, 2), who they are, as numbers from 0; no
    two people twice. A mean of fewer than FEWEST_PAIRS is NaN. Intervals stay within 0..1.
    """
    count = (~np.isnan(values)).sum(axis=0)
    values = np.where(count < FEWEST_PAIRS, np.nan, values)
    there = count >= FEWEST_PAIRS
    mean = np.where(there, np.nansum(values, axis=0) / np.maximum(count, 1), np.nan)
    parts = np.nan_to_num((values - mean) / np.maximum(count, 1))  # what each pair adds to the mean
    by_person = np.zeros((people.max() + 1, values.shape[1]))
    np.add.at(by_person, people[:, 0], parts)
    np.add.at(by_person, people[:, 1], parts)
    alone = (parts**2).sum(axis=0)
    shared = (by_person**2).sum(axis=0)
    taking_part = np.maximum((by_person != 0).sum(axis=0), 2)
    error = np.sqrt(np.maximum(shared - alone, alone) * taking_part / (taking_part - 1))
    single, limit = (_of_few(times, taking_part - 1) for times in (SINGLE, together(by_person)))
    (low, high), (all_low, all_high) = (
        np.clip([mean - times * error, mean + times * error], 0, 1) for times in (single, limit)
    )
    return Estimates(mean, count, low, high, all_low, all_high, (limit + POWERED) * error)


def together(by_person: NDArray[np.float64]) -> float:
    """How many standard errors on each side hold all K means together. by_person: (N, K) what each adds to them."""
    spread = np.sqrt((by_person**2).sum(axis=0))
    varying = spread > CERTAIN
    if not varying.any():
        return SINGLE
    largest = np.abs(_weights(len(by_person)) @ (by_person[:, varying] / spread[varying])).max(axis=1)
    return max(float(np.quantile(largest, LEVEL)), SINGLE)


def _of_few(times: float, freedom: NDArray[np.int64]) -> NDArray[np.float64]:
    """(K,) a normal quantile as Student's, for standard errors that are themselves estimated from few people: the first
    term of Fisher's expansion."""
    return times + (times**3 + times) / (4 * freedom)


@lru_cache(maxsize=2)
def _weights(people: int) -> NDArray[np.float64]:
    """(DRAWS, people): the draws depend on nothing else."""
    return np.random.default_rng(SEED).standard_normal((DRAWS, people))
