"""What Quality and Explore compare, and its pickers: run, metric, methods, dataset, format and slices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd
import streamlit as st

from eval.report import ALL, METRICS, default_reference
from eval.runs import Run
from eval.types import SLICES
from pages.shared.address import drop, in_address, one_of
from pages.shared.pickers import pick
from pages.shared.run_cache import RunFile, Where, about_run, as_where, runs_of_photos, runs_of_scenes, unfinished_runs
from pages.shared.widgets import plain

EXPLORE = "pages/explore/page.py"
UNMEASURED = "expected gaze kept"  # the only number of a crop that photos without labels have


@dataclass(frozen=True, slots=True)
class Selection:
    """What the visitor looks at. where: column of the run's table -> value, for `eval.report.select`."""

    file: RunFile
    run: Run
    metric: str
    method: str
    reference: str
    where: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> Where:
        return as_where(self.where)


def choose_run(*, scenes: bool = False) -> RunFile:
    """The picker of a run; without any how to make one, and the page ends here.

    scenes: of drawn scenes, where there is one; else of photos.
    """
    files = (runs_of_scenes() if scenes else {}) or runs_of_photos()
    if not files:
        show_unfinished()
        st.info(
            "There is no run to show. Make one with `python -m eval run`, or with your own photos on **Your data**.",
            icon=":material/science:",
        )
        st.stop()
    about = "\n\n".join(f"**{plain(label)}**: {plain(about_run(file))}" for label, file in files.items())
    return files[pick("Run", list(files), "run", about=f"One judgement of all methods.\n\n{about}")]


def show_unfinished() -> None:
    """The runs that cannot be chosen yet, and how to finish them."""
    for folder in unfinished_runs():
        st.caption(
            f"{plain(str(folder))} is unfinished: run the same `python -m eval run` command again and it goes on."
        )


def metrics_of(run: Run, *, crops_only: bool = False) -> list[str]:
    """The metrics of a run by which methods are told apart, measured ones first. crops_only: leave out those that are
    not of a crop."""
    table = run.table[run.table["aspect"] != ""] if crops_only else run.table
    present = set(table["metric"].unique())
    shown = (name for name, metric in METRICS.items() if name in present and metric.kind != "chance")
    return sorted(shown, key=lambda name: name == UNMEASURED)


def choose_comparison(file: RunFile, run: Run, metrics: Sequence[str]) -> Selection:
    """The pickers of a metric, a method, what it is compared with, and which photos."""
    metric = pick("Metric", metrics, "metric")
    rows = run.table[run.table["metric"] == metric]
    methods = [str(name) for name in rows["method"].unique()]
    usual = default_reference(metric)
    others = [name for name in methods if name != usual]
    first = "gaze" if "gaze" in others else min(others, default=usual)
    method = pick("Method", _first(methods, first), "method", methods=True)
    reference = pick("Against", _first(methods, usual), "reference", methods=True)
    return Selection(file, run, metric, method, reference, choose_where(rows))


def choose_where(rows: pd.DataFrame) -> dict[str, str]:
    """Dataset and format, and behind a button the slices: only what the rows have more than one of."""
    picked = {"dataset": _value(rows, "dataset", "Dataset"), "aspect": _value(rows, "aspect", "Format", "format")}
    chosen = sum(st.query_params.get(name) in set(rows[name].unique()) for name in SLICES)
    with st.popover(f"Slices ({chosen})" if chosen else "Slices", icon=":material/filter_alt:"):
        for name in SLICES:
            picked[name] = _value(rows, name, name.capitalize())
    return {column: value for column, value in picked.items() if value != ALL}


def clear_filters() -> None:
    """All photos and formats again: for a button's on_click."""
    drop("dataset", "format", *SLICES)


def _value(rows: pd.DataFrame, column: str, label: str, key: str = "") -> str:
    values = [ALL, *sorted(str(value) for value in rows[column].unique() if str(value))]
    if len(values) < 3:
        return in_address(one_of(key or column, values))
    return pick(label, values, key or column)


def _first(names: list[str], first: str) -> list[str]:
    """The names, with `first` in front where it is among them."""
    return sorted(names, key=lambda name: (name != first, name))


def explore_query(selection: Selection, **changes: str) -> dict[str, str]:
    """The query parameters of Explore for this selection; a change to "all" or "" drops one."""
    query = {
        "run": selection.file.label,
        "metric": selection.metric,
        "method": selection.method,
        "reference": selection.reference,
    }
    query |= {"format" if column == "aspect" else column: value for column, value in selection.where.items()}
    query |= changes
    return {name: value for name, value in query.items() if value not in ("", ALL)}
