"""Intervals and paired tests over images.

The unit is the image: its value is the mean over its formats. Datasets weigh the same whatever their size: a mean over
several is the mean of their means, and resampling draws images within each dataset.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

RESAMPLES = 4000
SIGNS = 9999
LEVEL = 0.95
SEED = 20180124  # fixed, so that a report of a run is always the same


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean and its bootstrap interval."""

    mean: float
    low: float
    high: float


def bootstrap(groups: Sequence[NDArray[np.floating]]) -> Estimate:
    """The mean of the groups' means with its 95 % percentile interval, images resampled within each group.

    groups: one 1-D array of image values a dataset; empty ones are left out. NaN without values. Efron &
    Tibshirani, "An introduction to the bootstrap", 1993.
    """
    groups = [np.asarray(group, dtype=np.float64) for group in groups if len(group)]
    if not groups:
        return Estimate(np.nan, np.nan, np.nan)
    rng = np.random.default_rng(SEED)
    means = np.mean(
        [group[rng.integers(0, len(group), (RESAMPLES, len(group)))].mean(axis=1) for group in groups], axis=0
    )
    low, high = np.quantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Estimate(float(np.mean([group.mean() for group in groups])), float(low), float(high))


def permutation_p(groups: Sequence[NDArray[np.floating]]) -> float:
    """Two-sided p of paired differences: how often random signs give a mean as far from 0. Fisher, 1935.

    groups: one 1-D array of differences a dataset. The observed signs count as one of the draws, so p is never 0.
    """
    groups = [np.asarray(group, dtype=np.float64) for group in groups if len(group)]
    if not groups:
        return float("nan")
    rng = np.random.default_rng(SEED)
    observed = abs(np.mean([group.mean() for group in groups]))
    drawn = np.mean(
        [(rng.integers(0, 2, (SIGNS, len(g)), dtype=np.int8) * 2.0 - 1) @ g / len(g) for g in groups], axis=0
    )
    return float((1 + (np.abs(drawn) >= observed - 1e-12).sum()) / (SIGNS + 1))


def holm(p: Sequence[float]) -> list[float]:
    """Holm's correction for testing several hypotheses: adjusted p, in the order given. Holm, 1979."""
    order = np.argsort(p)
    adjusted = np.empty(len(p))
    highest = 0.0
    for rank, index in enumerate(order):
        highest = max(highest, min(1.0, (len(p) - rank) * p[index]))
        adjusted[index] = highest
    return [float(value) for value in adjusted]


def by_dataset(values: pd.Series) -> list[NDArray[np.float64]]:
    """A Series indexed by (dataset, image) as one array a dataset, without NaN."""
    return [group.dropna().to_numpy(np.float64) for _, group in values.groupby(level="dataset", observed=True)]
