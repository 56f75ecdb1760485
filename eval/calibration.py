"""Whether crops do what is expected of them: what a run expected of each, against what its observers looked at.

A forecast is calibrated when of all crops of which the same is expected, that comes true on average: Murphy & Winkler,
"Reliability of subjective probability forecasts", Applied Statistics 26(1), 1977. The expected calibration error (ECE)
is how far the average of a bin is from what was expected there, over bins of equally many crops: Naeini, Cooper &
Hauskrecht, "Obtaining well calibrated probabilities using Bayesian binning", AAAI 2015. Averages hide how far a single
crop is off, so the mean absolute error (MAE) stands beside it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from eval.report import ALL, CHANGED, select, values_of
from eval.runs import Run
from eval.statistics import bootstrap_by_crop, by_dataset
from eval.types import EVERYBODY, EXPECTED, HARM_EXPECTED, HELP_EXPECTED

SAID = {
    "kept": "the share of gaze inside",
    "gain": "that above the centre crop's",
    "help": "how likely it is to keep five points more than the centre crop",
    "harm": "how likely it is to keep five points less",
}
"""What is said of a crop, and what that is."""

BINS = 10
CENTRE = "center"


def forecasts(run: Run, method: str = "gaze") -> pd.DataFrame:
    """What was said of each crop of a method and what became of it, by all observers: index (dataset, image, aspect),
    columns (one of SAID, "expected" or "seen"). Empty where the run has no such crops.

    `kept` and `gain` are what the map of `gaze` expects, so `method` is one that crops by it.
    """
    seen, expected = (_values(run, metric) for metric in (EVERYBODY, EXPECTED))
    if not {method, CENTRE} <= set(seen.columns) & set(expected.columns):
        return pd.DataFrame()
    gain = seen[method] - seen[CENTRE]
    columns = {
        ("kept", "expected"): expected[method],
        ("kept", "seen"): seen[method],
        ("gain", "expected"): expected[method] - expected[CENTRE],
        ("gain", "seen"): gain,
    }
    for what, metric, happened in (("help", HELP_EXPECTED, gain >= CHANGED), ("harm", HARM_EXPECTED, gain <= -CHANGED)):
        said = _values(run, metric)
        if method in said:
            columns[what, "expected"] = said[method]
            columns[what, "seen"] = happened.astype("float64").where(gain.notna())
    return pd.DataFrame(columns).dropna()


def _values(run: Run, metric: str) -> pd.DataFrame:
    try:
        return values_of(select(run.table, metric))
    except ValueError:
        return pd.DataFrame()


def reliability(told: pd.DataFrame, what: str, bins: int = BINS) -> pd.DataFrame:
    """One row a bin of equally many crops, least expected first: "expected" and "seen", their means, "low" and "high"
    of what was seen (95 % over images), "crops". told: of `forecasts`; what: of SAID."""
    said = told[what]
    rows = []
    for _, crops in said.groupby(_bins(said["expected"], bins), observed=True):
        estimate = bootstrap_by_crop([np.vstack(_padded(by_dataset(crops["seen"])))])
        rows.append((crops["expected"].mean(), crops["seen"].mean(), estimate.low, estimate.high, len(crops)))
    return pd.DataFrame(rows, columns=["expected", "seen", "low", "high", "crops"])


def _padded(groups: list[np.ndarray]) -> list[np.ndarray]:
    """The groups with as many columns each."""
    most = max(group.shape[1] for group in groups)
    return [np.pad(group, ((0, 0), (0, most - group.shape[1])), constant_values=np.nan) for group in groups]


def errors(told: pd.DataFrame, by: str = "dataset") -> pd.DataFrame:
    """How far off it is: one row a value of `by`, "dataset" or "aspect", and ALL last.

    Columns: "crops"; for each of SAID "NAME ECE", for shares also "NAME MAE", and "NAME bias", the mean of what was
    seen less what was expected.
    """
    parts = {str(value): part for value, part in told.groupby(level=by, observed=True)}
    rows = {}
    for value, part in (parts | {ALL: told}).items():
        row: dict[str, float] = {"crops": len(part)}
        for what in told.columns.unique(0):
            error = part[what, "seen"] - part[what, "expected"]
            of_bin = error.groupby(_bins(part[what, "expected"], BINS), observed=True)
            row[f"{what} ECE"] = float((of_bin.mean().abs() * of_bin.size()).sum() / len(part))
            row[f"{what} bias"] = float(error.mean())
            if what in ("kept", "gain"):
                row[f"{what} MAE"] = float(error.abs().mean())
        rows[value] = row
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis(by)


def _bins(expected: pd.Series, bins: int) -> pd.Series:
    """Which of so many bins each value falls into: by rank, so that they hold equally many; equals in their order."""
    rank = expected.rank(method="first") - 1
    return (rank * bins // len(expected)).astype(int)
