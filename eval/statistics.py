"""Intervals and paired tests over images.

The unit is the image. A value is a crop's or a map's; the values of a dataset are an array of images x formats (one
column for maps), NaN where an image is not cropped to a format. Formats weigh the same, however many images have them,
and so do datasets: a mean is the mean over datasets of the mean over formats of the mean over images. Resampling and
random signs go by image, within each dataset.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Values = NDArray[np.float64]
RESAMPLES = 4000
SIGNS = 9999
LEVEL = 0.95
SEED = 20180124  # fixed, so that a report of a run is always the same
BLOCK = 500  # resamples at a time: a run of 10,000 photos fits into memory


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean and its bootstrap interval."""

    mean: float
    low: float
    high: float


def mean_of(values: Values, *, by_crop: bool = False) -> float:
    """The mean over formats of the mean over images, or by_crop that over all values; NaN without values."""
    means_of = _weighted_means_by_crop if by_crop else _weighted_means
    return float(means_of(np.ones((1, len(values))), values)[0]) if len(values) else float("nan")


def bootstrap(groups: Sequence[Values]) -> Estimate:
    """The mean of the groups' means with its 95 % percentile interval, images resampled within each group.

    Empty groups are left out; NaN without values. Efron & Tibshirani, "An introduction to the bootstrap", 1993.
    """
    return _bootstrap(groups, _weighted_means)


def bootstrap_by_crop(groups: Sequence[Values]) -> Estimate:
    """The same, but within a group each value counts the same: a format weighs as many values as it has."""
    return _bootstrap(groups, _weighted_means_by_crop)


def _bootstrap(groups: Sequence[Values], means_of: Callable[[NDArray[np.number], Values], Values]) -> Estimate:
    groups = [group for group in groups if len(group)]
    if not groups:
        return Estimate(np.nan, np.nan, np.nan)
    mean = np.mean([means_of(np.ones((1, len(group))), group)[0] for group in groups])
    return Estimate(float(mean), *percentiles(_resampled_means(groups, means_of)))


def resampled_means(groups: Sequence[Values], *, by_crop: bool = False) -> NDArray[np.float64]:
    """(RESAMPLES,) the mean of the groups' means in each resample of `bootstrap`, or of `bootstrap_by_crop`: of groups
    of the same sizes the n-th is of the same images. Empty groups are left out; there is at least one other."""
    means_of = _weighted_means_by_crop if by_crop else _weighted_means
    return _resampled_means([group for group in groups if len(group)], means_of)


def percentiles(resampled: NDArray[np.float64]) -> tuple[float, float]:
    """The ends of the 95 % interval of what resamples gave; NaN among them are left out."""
    low, high = np.nanquantile(resampled, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def _resampled_means(
    groups: Sequence[Values], means_of: Callable[[NDArray[np.number], Values], Values]
) -> NDArray[np.float64]:
    drawn = _resamples(tuple(len(group) for group in groups))
    means = [means_of(counts, group) for counts, group in zip(drawn, groups, strict=True)]
    return np.asarray(np.mean(means, axis=0), dtype=np.float64)


def permutation_p(groups: Sequence[Values]) -> float:
    """Two-sided p of paired differences: how often random signs, one an image, give a mean as far from 0. Fisher, 1935.

    The observed signs count as one of the draws, so p is never 0; NaN without values.
    """
    groups = [group for group in groups if len(group)]
    if not groups:
        return float("nan")
    observed = abs(np.mean([mean_of(group) for group in groups]))
    drawn = np.zeros(SIGNS)
    for signs, group in zip(_signs(tuple(len(group) for group in groups)), groups, strict=True):
        present = ~np.isnan(group)
        used = present.any(axis=0)
        scaled = np.nan_to_num(group[:, used]) / present[:, used].sum(axis=0)
        drawn += np.concatenate([(block @ scaled).mean(axis=1) for block in _blocks(signs)])
    return float((1 + (np.abs(drawn / len(groups)) >= observed - 1e-12).sum()) / (SIGNS + 1))


# The draws depend on nothing but the numbers of images: the methods of a leaderboard share them.
@lru_cache(maxsize=16)
def _resamples(sizes: tuple[int, ...]) -> list[NDArray[np.uint8]]:
    """For each group (RESAMPLES, images): how often each image is drawn. (255 times never happens.)"""
    rng = np.random.default_rng(SEED)
    return [
        np.concatenate(
            [rng.multinomial(size, np.full(size, 1 / size), BLOCK).astype(np.uint8) for _ in range(RESAMPLES // BLOCK)]
        )
        for size in sizes
    ]


@lru_cache(maxsize=8)
def _signs(sizes: tuple[int, ...]) -> list[NDArray[np.int8]]:
    """For each group (SIGNS, images): -1 or 1."""
    rng = np.random.default_rng(SEED)
    return [rng.integers(0, 2, (SIGNS, size), dtype=np.int8) * np.int8(2) - np.int8(1) for size in sizes]


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
    """A Series indexed by (dataset, image, aspect) as one array of images x formats a dataset; NaN rows are dropped.

    Raises ValueError where an image has two values of one format.
    """
    values = values.dropna()
    assert isinstance(values.index, pd.MultiIndex)
    datasets, images, aspects = (
        values.index.codes[values.index.names.index(level)] for level in ("dataset", "image", "aspect")
    )
    names = values.index.levels[values.index.names.index("dataset")]
    numbers = values.to_numpy(np.float64)
    of = [datasets == code for code in np.unique(datasets)[np.argsort(names[np.unique(datasets)])]]
    return [_grid(images[here], aspects[here], numbers[here]) for here in of]


def _grid(images: NDArray[np.integer], aspects: NDArray[np.integer], numbers: NDArray[np.float64]) -> Values:
    """The numbers by image and format, both in the order of their codes; NaN where there is none."""
    rows, columns = (np.unique(codes, return_inverse=True) for codes in (images, aspects))
    grid = np.full((len(rows[0]), len(columns[0])), np.nan)
    grid[rows[1], columns[1]] = numbers
    if np.isfinite(grid).sum() < np.isfinite(numbers).sum():
        raise ValueError("an image has two values of one format")
    return grid


def _weighted_means(counts: NDArray[np.number], values: Values) -> NDArray[np.float64]:
    """(R, N) how often each image is drawn, (N, F) values -> (R,) means over formats of the means over drawn images."""
    if not np.isnan(values).any():
        return np.concatenate(
            [(block @ values / block.sum(axis=1, keepdims=True)).mean(axis=1) for block in _blocks(counts)]
        )
    present = (~np.isnan(values)).astype(np.float64)
    filled = np.nan_to_num(values)
    with np.errstate(invalid="ignore"):
        return np.concatenate([np.nanmean(block @ filled / (block @ present), axis=1) for block in _blocks(counts)])


def _weighted_means_by_crop(counts: NDArray[np.number], values: Values) -> NDArray[np.float64]:
    """(R, N) how often each image is drawn, (N, F) values -> (R,) means over all values of the drawn images."""
    sums, present = np.nansum(values, axis=1), (~np.isnan(values)).sum(axis=1)
    return np.concatenate([block @ sums / (block @ present) for block in _blocks(counts)])


def _blocks(drawn: NDArray[np.number]) -> Iterator[NDArray[np.float64]]:
    return (drawn[start : start + BLOCK].astype(np.float64) for start in range(0, len(drawn), BLOCK))
