"""Intervals and paired tests over images.

The unit is the image. A value is a crop's or a map's; the values of a dataset are an array of images x formats (one
column for maps), NaN where an image is not cropped to a format. Formats weigh the same, however many images have them,
and so do datasets: a mean is the mean over datasets of the mean over formats of the mean over images. Resampling and
random signs go by image, within each dataset.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Values = NDArray[np.float64]
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


def mean_of(values: Values) -> float:
    """The mean over formats of the mean over images; NaN without values."""
    return float(_weighted_means(np.ones((1, len(values))), values)[0]) if len(values) else float("nan")


def bootstrap(groups: Sequence[Values]) -> Estimate:
    """The mean of the groups' means with its 95 % percentile interval, images resampled within each group.

    Empty groups are left out; NaN without values. Efron & Tibshirani, "An introduction to the bootstrap", 1993.
    """
    groups = [group for group in groups if len(group)]
    if not groups:
        return Estimate(np.nan, np.nan, np.nan)
    rng = np.random.default_rng(SEED)
    drawn = [rng.multinomial(len(g), np.full(len(g), 1 / len(g)), RESAMPLES).astype(np.float64) for g in groups]
    means = np.mean([_weighted_means(counts, group) for counts, group in zip(drawn, groups, strict=True)], axis=0)
    low, high = np.nanquantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Estimate(float(np.mean([mean_of(group) for group in groups])), float(low), float(high))


def permutation_p(groups: Sequence[Values]) -> float:
    """Two-sided p of paired differences: how often random signs, one an image, give a mean as far from 0. Fisher, 1935.

    The observed signs count as one of the draws, so p is never 0; NaN without values.
    """
    groups = [group for group in groups if len(group)]
    if not groups:
        return float("nan")
    rng = np.random.default_rng(SEED)
    observed = abs(np.mean([mean_of(group) for group in groups]))
    drawn = np.zeros(SIGNS)
    for group in groups:
        signs = rng.integers(0, 2, (SIGNS, len(group)), dtype=np.int8) * 2.0 - 1
        present = ~np.isnan(group)
        drawn += (signs @ np.nan_to_num(group) / np.maximum(present.sum(axis=0), 1))[:, present.any(axis=0)].mean(
            axis=1
        )
    return float((1 + (np.abs(drawn / len(groups)) >= observed - 1e-12).sum()) / (SIGNS + 1))


def holm(p: Sequence[float]) -> list[float]:
    """Holm's correction for testing several hypotheses: adjusted p, in the order given. Holm, 1979."""
    order = np.argsort(p)
    adjusted = np.empty(len(p))
    highest = 0.0
    for rank, index in enumerate(order):
        highest = max(highest, min(1.0, (len(p) - rank) * p[index]))
        adjusted[index] = highest
    return [float(value) for value in adjusted]


def by_dataset(values: pd.Series) -> list[Values]:
    """A Series indexed by (dataset, image, aspect) as one array of images x formats a dataset; NaN rows are dropped."""
    return [
        group.droplevel("dataset").unstack("aspect").dropna(how="all").to_numpy(np.float64)
        for _, group in values.dropna().groupby(level="dataset", observed=True)
    ]


def _weighted_means(counts: NDArray[np.float64], values: Values) -> NDArray[np.float64]:
    """(R, N) how often each image is drawn, (N, F) values -> (R,) means over formats of the means over drawn images."""
    present = ~np.isnan(values)
    with np.errstate(invalid="ignore"):
        by_format = counts @ np.nan_to_num(values) / (counts @ present)
    return np.asarray(np.nanmean(by_format, axis=1))
