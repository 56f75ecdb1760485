"""The numbers of one photo: every method in one format as a figure, and everything as tables."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from eval.report import MAP_METRICS, METRICS, select, values_of
from pages.explore.differences import by_aspect
from pages.explore.figures import by_method
from pages.shared.charts import show_chart, show_download
from pages.shared.figures.units import amount, unit_of
from pages.shared.filters import Selection
from pages.shared.palette import method_look
from pages.shared.widgets import plain


def values_by_format(rows: pd.DataFrame, metric: str) -> pd.DataFrame:
    """The photo's values of one metric: a row a format, a column a method."""
    try:
        values = values_of(select(rows, metric))
    except ValueError:
        return pd.DataFrame()
    return values.droplevel(["dataset", "image"]).dropna(axis="columns", how="all").rename(index=str)


def show_methods(selection: Selection, photo: str, values: pd.Series, aspect: str) -> None:
    """What each method has on this photo in this format."""
    name = method_look(selection.method).label
    title = f"{selection.metric} in {aspect}" if aspect else selection.metric
    st.markdown(f"**{plain(title[0].upper() + title[1:])}**: {METRICS[selection.metric].about}")
    show_chart(
        by_method(values, selection.metric, (selection.method, selection.reference)),
        values.rename(selection.metric).to_frame(),
        "photo",
        f"{title} of {photo} by method; {name}: {amount(selection.metric, values.get(selection.method, float('nan')))}",
    )


def show_tables(selection: Selection, rows: pd.DataFrame, values: pd.DataFrame) -> None:
    """Every method and format, and every measure of the maps."""
    unit = unit_of(selection.metric)
    if values.index[0]:
        st.markdown("### In every format")
        table = values.loc[by_aspect(list(values.index))].T.assign(mean=values.mean())
        table = table.sort_values("mean", ascending=not METRICS[selection.metric].more_is_better, kind="stable")
        st.caption(selection.metric + (f", {unit.level}" if unit.level else ""))
        _show_table(unit.scale * table, unit.places, f"{selection.metric} by method and format")
        show_download(table, "photo-formats")
    maps = pd.DataFrame(
        {metric: found.iloc[0] for metric in MAP_METRICS if len(found := values_by_format(rows, metric))}
    )
    if len(maps):
        maps = maps.rename_axis("method").sort_values(maps.columns[0], ascending=False)
        st.markdown("### Saliency maps against fixations")
        _show_table(maps, 2, "Measures of each map")
        show_download(maps, "photo-maps")


def _show_table(table: pd.DataFrame, places: int, alt: str) -> None:
    labels = [method_look(str(method)).label for method in table.index]
    shown = table.set_axis(labels).rename_axis("method")
    st.dataframe(shown.style.format(precision=places), height="content", placeholder="–", alt=alt)
