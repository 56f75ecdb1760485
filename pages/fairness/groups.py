"""Every two groups: whom a method favours, by how much, and what becomes of their faces."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from eval.audit.judge import FATES
from eval.audit.words import chosen, finding, single
from pages.fairness.choice import MEASURES, Choice
from pages.fairness.figures import heatmap, intervals
from pages.shared.charts import show_chart, show_download
from pages.shared.palette import method_look

ROW_HEIGHT = 35  # CSS pixels, of a table
FURTHEST = 12  # pairs of groups in the list


def show_groups(choice: Choice) -> None:
    """The heatmap, the pairs furthest from even, and the fates."""
    try:
        found = finding(choice.audit, choice.method, choice.by, choice.measure, choice.layout, choice.ground)
    except ValueError:
        st.info(
            "Of this the audit has no numbers: the method has no map of gaze, or there are too few pairs on one "
            "ground. Choose another measure, ground or way to group.",
            icon=":material/balance:",
        )
        return
    rows = found.rows
    what, label = MEASURES[choice.measure], method_look(choice.method).label
    alt = "; ".join(f"{row['one']} over {row['other']} {single(row)}" for _, row in rows.head(FURTHEST).iterrows())
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.header(f"Every two groups: {what}", anchor=False)
        st.caption(
            "Per cent for the group of the row over that of the column; 50 is even. Blue: the row's more, orange: "
            f"less. A star: apart from 50, all {len(rows)} taken together. Each two were shown in both orders, so "
            "places cancel out."
        )
        show_chart(heatmap(rows), rows, "groups", f"{label}, {what}: {alt}")
    with right:
        st.header("The furthest from even", anchor=False)
        st.caption(
            "Thick: the 95 % interval of each by itself. Thin: those that hold for all at once. A difference under "
            f"{100 * found.seen:.0f} points from 50 could not be seen with these people."
        )
        shown = rows.head(FURTHEST)
        show_chart(intervals(shown), shown, "furthest", f"The furthest from even: {alt}")
    _show_fates(choice)


def _show_fates(choice: Choice) -> None:
    st.header("What becomes of a face", anchor=False)
    st.caption("Of each group's faces in the crop: whole, cut by its border, or lost. Per cent, 95 % intervals.")
    table = fates_table(choice)
    st.dataframe(
        table,
        key="fairness-table-fates",
        alt=f"Whole, cut and lost for {len(table)} groups",
        hide_index=True,
        height=ROW_HEIGHT * (len(table) + 1) + 3,
    )
    show_download(table.set_index("Group"), "fates")


def fates_table(choice: Choice) -> pd.DataFrame:
    """One row a group, cells as they are printed."""
    rows = chosen(choice.audit.tables.fates, **choice.view)
    groups = list(dict.fromkeys(rows.loc[rows["fate"].isin(FATES), "group"].astype(str)))
    cells = {(row["group"], row["fate"]): single(row) for _, row in rows.iterrows()}
    return pd.DataFrame([{"Group": name, **{fate: cells.get((name, fate), "") for fate in FATES}} for name in groups])
