"""The tables of help and harm, cells as they are printed: by whom judged, how much is chance, on sets never seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from eval.harm import JUDGES, PLACED_BY_HALVES, REFERENCE, help_and_harm_by_judge, noise_table
from eval.report import ceilings, leaderboard, select, values_of
from eval.runs import Run
from eval.types import EVERYBODY

OWN_SETS, NEVER_SEEN = "test photos of its own datasets", "photos of datasets it never saw"
SHOWN = ("gaze", "gaze-only", "human")  # of those that a run of networks on what they never saw has


def judges_table(run: Run) -> pd.DataFrame:
    """One row a method, the best first: help, harm and the share of the human gain by each judge."""
    shares = help_and_harm_by_judge(run)
    table = pd.DataFrame(index=leaderboard(run).index.drop(REFERENCE))
    for effect, heading in (("help", "helps"), ("harm", "harms")):
        for judge in JUDGES:
            table[f"{heading}, {judge}"] = _intervals(shares[judge][effect], table.index)
    for judge, metric in JUDGES.items():
        ends = ceilings(values_of(select(run.table, metric))).set_axis(["mean", "low", "high"], axis=1)
        table[f"of the ceiling, {judge}"] = _intervals(ends, table.index)
    return table


def chance_table(run: Run) -> pd.DataFrame:
    """One row a method: harm as both halves find it, as chance alone would make it, and without chance."""
    names = {"both": "harms, by both halves", "chance": "harms by chance", "without noise": "harms, chance taken out"}
    return noise_table(run).map("{:.1%}".format).rename(columns=names)


def seen_table(seen: Run, unseen: Run) -> pd.DataFrame:
    """Two rows a method: on photos of the datasets that its network learned from, and of those that it never saw."""
    rows: dict[str, Mapping[str, str]] = {}
    for place, whole in ((OWN_SETS, seen), (NEVER_SEEN, unseen)):
        run = replace(whole, table=whole.table[whole.table["method"].isin([*SHOWN, REFERENCE])])
        shares, noise, board = help_and_harm_by_judge(run), noise_table(run), leaderboard(run, EVERYBODY)
        photos = run.table.loc[run.table["metric"] == EVERYBODY, ["dataset", "image"]].drop_duplicates()
        for method in SHOWN:
            rows[f"{method}, {place}"] = {
                "photos": f"{len(photos)}",
                "keeps": f"{board.loc[method, 'mean']:.3f}",
                "over the centre": f"{100 * board.loc[method, 'difference']:+.1f} points",
                **{
                    f"{heading}, {judge}": _interval(shares.loc[method, judge][effect])
                    for effect, heading in (("help", "helps"), ("harm", "harms"))
                    for judge in ("odd half", "all")
                },
                "harms, chance taken out": (
                    "" if method in PLACED_BY_HALVES else f"{noise.loc[method, 'without noise']:.1%}"
                ),
            }
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("method, on")
    return table.loc[[f"{method}, {place}" for method in SHOWN for place in (OWN_SETS, NEVER_SEEN)]]


def _intervals(estimates: pd.DataFrame, index: pd.Index) -> list[str]:
    return [_interval(row) for _, row in estimates.reindex(index).iterrows()]


def _interval(row: pd.Series) -> str:
    """ "3.4% [2.6, 4.3]"; "" for a missing number."""
    if pd.isna(row["mean"]):
        return ""
    return f"{row['mean']:.1%} [{100 * row['low']:.1f}, {100 * row['high']:.1f}]"
