"""Test photos of a series that training photos belong to: the same street, drive or room, some metres apart.

The split was drawn photo by photo, and cuts through such series. The list was made by eye, among the pairs of test and
training photos that are most alike at 24 x 24 pixels and in their colours; there may be more. What it changes to leave
them out is printed by `python -m eval report RUN --without-series` and under the leaderboard in docs/results.md.
"""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pandas as pd

from eval.runs import Run

SERIES_FILE = Path(__file__).parent / "datasets" / "series.csv"


def series() -> dict[tuple[str, str], str]:
    """(dataset, test photo) -> a training photo of the same series."""
    with SERIES_FILE.open(newline="") as file:
        return {(row["dataset"], row["image"]): row["other"] for row in csv.DictReader(file)}


def without_series(run: Run) -> Run:
    """The run without the photos of `series`."""
    return replace(run, table=_without(run.table), boxes=_without(run.boxes))


def _without(table: pd.DataFrame) -> pd.DataFrame:
    photos = pd.MultiIndex.from_frame(table[["dataset", "image"]].astype(str))
    return table[~photos.isin(list(series()))]
