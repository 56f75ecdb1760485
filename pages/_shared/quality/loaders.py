"""What Quality needs of a run beside the leaderboard; cached, since pages run again with every click."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from eval.report import changed_images, select, values_of
from eval.statistics import bootstrap, by_dataset
from pages._shared.runs import LIFETIME, RunFile, Where, get_run


@st.cache_data(max_entries=400, ttl=LIFETIME, show_spinner="Comparing methods …")
def get_levels(file: RunFile, metric: str, where: Where = ()) -> pd.DataFrame:
    """One row a method: "mean", "low", "high" as in `eval.report.leaderboard`. Empty where the run has no such rows."""
    values = _values(file, metric, where)
    estimates = {method: bootstrap(by_dataset(values[method])) for method in values}
    rows = {method: (e.mean, e.low, e.high) for method, e in estimates.items()}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["mean", "low", "high"]).rename_axis("method")


@st.cache_data(max_entries=200, ttl=LIFETIME, show_spinner=False)
def get_times(file: RunFile, where: Where = ()) -> pd.DataFrame:
    """One row a method: "median" and "p95" of the milliseconds of a photo. Empty where the run has no such rows."""
    times = _values(file, "milliseconds", tuple((column, value) for column, value in where if column != "aspect"))
    return pd.DataFrame({"median": times.quantile(0.5), "p95": times.quantile(0.95)}) if len(times) else times


def _values(file: RunFile, metric: str, where: Where) -> pd.DataFrame:
    try:
        return values_of(select(get_run(file).table, metric, dict(where)))
    except ValueError:
        return pd.DataFrame()


@st.cache_data(max_entries=100, ttl=LIFETIME, show_spinner=False)
def get_changed_images(old: RunFile, new: RunFile, method: str, metric: str) -> pd.Series:
    """`eval.report.changed_images`."""
    return changed_images(get_run(old), get_run(new), method, metric)
