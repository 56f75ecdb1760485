"""Which method beats which, said of all pairs of a table at once, and how firm that stands.

Seventeen methods are 136 pairs, and of so many intervals of 95 % some miss by chance. Here all hold together with 95 %:
each pair's bootstrap differences are divided by their standard deviation, and the interval is so many of these as the
largest of them stays within (max-t: Westfall & Young, "Resampling-based multiple testing", 1993). Two methods whose
interval holds 0 are not told apart. A method's rank is at best one more than how many beat it, and at worst all but how
many it beats (Mogstad, Romano, Shaikh & Wilhelm, "Inference for ranks", Review of Economic Studies 91(1), 2024).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil
from statistics import NormalDist

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from eval.deciding import MOST, POWER
from eval.statistics import LEVEL, Values, by_dataset, mean_of, resampled_means


@dataclass(frozen=True, slots=True)
class Pair:
    """Two methods, the better first. lead: by how much it is better, at least 0, in the metric's unit, with its
    simultaneous interval low .. high. photos: how many both are judged on.

    more: 0 where the lead is decided, else about how many more photos like these it takes until it is, with a chance of
    POWER, if the lead is what it seems; None where MOST would not do. turned_by: of how few photos the other is as good
    or better once they are left out; None where no such photos are found."""

    better: str
    worse: str
    lead: float
    low: float
    high: float
    photos: int
    more: int | None
    turned_by: int | None

    @property
    def decided(self) -> bool:
        """Whether the better one beats the other."""
        return self.low > 0


@dataclass(frozen=True)
class Standings:
    """The methods of a table. names: the best first. leads: (K, K) by how much each row is better than each column.
    errors: (K, K) their standard deviations in the bootstrap. reach: so many of these the intervals go to either side.
    values: of each method by name, signed so that more is better, an array of images x formats a dataset. by_crop: see
    `standings`."""

    names: tuple[str, ...]
    leads: NDArray[np.float64]
    errors: NDArray[np.float64]
    reach: float
    values: dict[str, list[Values]]
    by_crop: bool = False

    @cached_property
    def photos(self) -> int:
        """How many all methods are judged on."""
        return sum(map(len, self.values[self.names[0]]))

    def ranks(self) -> pd.DataFrame:
        """Of each method the best and the worst rank it may have: columns "best" and "worst", 1 is the first."""
        sure = self.leads - self.reach * self.errors > 0
        worst = len(self.names) - sure.sum(axis=1)
        ranks = {"best": 1 + sure.sum(axis=0), "worst": worst}
        return pd.DataFrame(ranks, index=pd.Index(self.names, name="method"))

    def pair(self, one: str, other: str) -> Pair:
        """How two of the methods stand. Raises ValueError for a name that is not there."""
        first, second = sorted((self.names.index(one), self.names.index(other)))
        lead, error = float(self.leads[first, second]), float(self.errors[first, second])
        better, worse = self.names[first], self.names[second]
        differences = [a - b for a, b in zip(self.values[better], self.values[worse], strict=True)]
        low, high = lead - self.reach * error, lead + self.reach * error
        more = 0 if low > 0 else more_photos(lead, error, self.photos, self.reach)
        return Pair(better, worse, lead, low, high, self.photos, more, turned_by(differences, by_crop=self.by_crop))

    def neighbours(self) -> list[Pair]:
        """Each method and the next."""
        return [self.pair(*names) for names in zip(self.names, self.names[1:], strict=False)]


def standings(values: pd.DataFrame, *, more_is_better: bool = True, by_crop: bool = False) -> Standings:
    """How the methods of `eval.report.values_of` stand, on the crops that all of them have.

    by_crop: within a dataset each crop counts the same, not each format: see `eval.statistics.bootstrap_by_crop`.
    Raises ValueError where there are fewer than two methods or no such crops.
    """
    shared = values.dropna() * (1 if more_is_better else -1)
    if len(shared) == 0 or shared.shape[1] < 2:
        raise ValueError(f"a verdict takes two methods on the same photos, got {', '.join(map(str, values)) or 'none'}")
    groups = {str(name): by_dataset(shared[name]) for name in shared}
    means = {name: float(np.mean([mean_of(group, by_crop=by_crop) for group in of])) for name, of in groups.items()}
    names = tuple(sorted(groups, key=lambda name: -means[name]))
    resampled = np.array([resampled_means(groups[name], by_crop=by_crop) for name in names])
    observed = np.array([means[name] for name in names])
    leads = observed[:, None] - observed
    errors = np.array([np.std(row - resampled, axis=1) for row in resampled])
    return Standings(names, leads, errors, _reach(resampled - observed[:, None], errors), groups, by_crop)


def _reach(deviations: NDArray[np.float64], errors: NDArray[np.float64]) -> float:
    """What the largest deviation of any pair, in its own errors, stays within in LEVEL of the resamples.

    deviations: (K, resamples) of each method's mean from the observed. errors: (K, K) of the pairs' differences.
    """
    largest = np.zeros(deviations.shape[1])
    for first, second in zip(*np.triu_indices(len(errors), 1), strict=True):
        if errors[first, second] > 0:
            apart = np.abs(deviations[first] - deviations[second]) / errors[first, second]
            largest = np.maximum(largest, apart)
    return float(np.quantile(largest, LEVEL))


def more_photos(lead: float, error: float, photos: int, reach: float) -> int | None:
    """About how many more photos decide a lead with a chance of POWER, if it is what it seems; None beyond MOST.

    An error shrinks with the root of the photos; the lead must be `reach` of them, and as many more as chance takes.
    """
    if lead <= 0:
        return None
    times = ((reach + NormalDist().inv_cdf(POWER)) * error / lead) ** 2
    more = max(ceil(photos * (times - 1)), 1) if photos * (times - 1) <= MOST else MOST + 1
    return more if more <= MOST else None


def turned_by(differences: Sequence[Values], *, by_crop: bool = False) -> int | None:
    """How few images' removal makes the mean of the groups' means 0 or less; None where none does.

    differences: a group's, images x formats, NaN where an image has no such format. At each step that image goes whose
    removal lowers the mean the most, which finds the fewest where there is one format, and hardly more elsewhere.
    Broderick, Giordano & Meager, "An automatic finite-sample robustness metric", 2020.
    """
    groups = [np.asarray(group, np.float64) for group in differences if len(group)]
    means = [mean_of(group, by_crop=by_crop) for group in groups]
    removed = 0
    while np.mean(means) > 0:
        without = [_means_without_each(group, by_crop) - mean for group, mean in zip(groups, means, strict=True)]
        lowest = [float(change.min(initial=np.inf)) for change in without]
        chosen = int(np.argmin(lowest))
        if not lowest[chosen] < 0:
            return None
        groups[chosen] = np.delete(groups[chosen], int(np.argmin(without[chosen])), axis=0)
        means[chosen] = mean_of(groups[chosen], by_crop=by_crop)
        removed += 1
    return removed


def _means_without_each(group: Values, by_crop: bool) -> NDArray[np.float64]:
    """(N,) `mean_of` the group without each image in turn; inf where that leaves nothing."""
    values, present = np.nan_to_num(group), (~np.isnan(group)).astype(np.int64)
    if by_crop:  # as if all formats were one
        values, present = values.sum(axis=1, keepdims=True), present.sum(axis=1, keepdims=True)
    sums, counts = values.sum(axis=0) - values, present.sum(axis=0) - present
    by_format = np.where(counts > 0, sums / np.maximum(counts, 1), 0.0)
    formats = (counts > 0).sum(axis=1)
    return np.where(formats > 0, by_format.sum(axis=1) / np.maximum(formats, 1), np.inf)
