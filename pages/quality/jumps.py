"""How far crops move when a photo changes in a way that nobody sees: the committed bench of stability."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from eval.stability import ANY, JUMP, MIRRORED, load_stability
from pages.quality.parts import ROW_HEIGHT
from pages.shared.palette import method_look
from pages.shared.phrases import percent

FAR, JUMPS = "p95", "photos that jump"


def show_jumps() -> None:
    """A sentence and two small tables; nothing where there is no bench."""
    try:
        moved = load_stability()
    except (OSError, ValueError):
        return
    st.header("Whether crops jump", anchor=False)
    st.markdown(jumps_sentence(moved))
    left, right = st.columns(2, gap="large")
    with left:
        st.caption("How far 95 % of crops move at the most, in % of the side along which they slide")
        _show(jumps_table(moved, FAR), "How far crops move, by change and method", "far")
    with right:
        st.caption(f"Photos with a crop that moves by more than {percent(JUMP)} of that side, in %")
        _show(jumps_table(moved, JUMPS), "Photos with a crop that jumps, by change and method", "photos")


def jumps_sentence(moved: pd.DataFrame) -> str:
    """How many photos have a crop that jumps, by the first method. moved: `eval.stability.stability_table`."""
    method = moved["method"].iloc[0]
    of_method = moved[moved["method"] == method].set_index("change")
    return (
        f"On **{percent(of_method.loc[ANY, JUMPS])}** of photos some crop by `{method}` moves by more than "
        f"{percent(JUMP)} of the side when the photo changes in one of these ways, which nobody would see. Mirrored, "
        f"95 % of crops lie within {100 * of_method.loc[MIRRORED, FAR]:.1f}\u00a0% of where their mirror image would."
    )


def jumps_table(moved: pd.DataFrame, column: str) -> pd.DataFrame:
    """One row a change, one column a method, in per cent. column: FAR or JUMPS."""
    table = 100 * moved.pivot(index="change", columns="method", values=column)
    table = table.loc[list(moved["change"].unique()), list(moved["method"].unique())]
    return table.rename(index=_headed, columns=lambda name: method_look(name).label).rename_axis("Change")


def _show(table: pd.DataFrame, alt: str, name: str) -> None:
    st.dataframe(
        table.rename_axis(None, axis=1),
        column_config={column: st.column_config.NumberColumn(format="%.1f") for column in table},
        alt=alt,
        key=f"quality-table-jumps-{name}",
        height=ROW_HEIGHT * (len(table) + 1) + 3,
    )


def _headed(change: str) -> str:
    """The name of a change as a heading; "JPEG" stays."""
    return change[0].upper() + change[1:]
