"""A figure on a page: its alt text, the data behind it, and what was clicked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pages.shared.escaping import spreadsheet
from pages.shared.keys import page_key

INK = {"light": "#4a4f56", "dark": "#c4c8cd"}  # of words on a figure: Streamlit's own is faint on white
CONFIG = {"displayModeBar": False, "responsive": True, "doubleClick": False}


def show_chart(
    figure: go.Figure,
    data: pd.DataFrame,
    name: str,
    alt: str,
    *,
    clickable: bool = False,
    beside: Callable[[], object] | None = None,
) -> Any:
    """The figure and a button for its data as `name`.csv. Returns the customdata of the mark clicked, None without one.

    name: unique on the page. alt: what the figure shows, for those who cannot see it. beside: draws what stands beside
    the button, such as a link to the photos for those who cannot click a mark.
    """
    _write_in(INK[st.context.theme.type or "light"], figure)
    event = st.plotly_chart(
        figure,
        key=page_key(f"chart-{name}"),
        alt=alt,
        config=CONFIG,
        on_select="rerun" if clickable else "ignore",
        selection_mode="points",
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        if beside:
            beside()
        show_download(data, name)
    if not clickable:
        return None
    points = cast("dict[str, Any]", event)["selection"]["points"]
    return points[0].get("customdata") if points else None


def _write_in(ink: str, figure: go.Figure) -> None:
    """All words of the figure in one colour, but for those that have one."""
    figure.update_layout(font_color=ink)
    figure.update_xaxes(tickfont_color=ink, title_font_color=ink)
    figure.update_yaxes(tickfont_color=ink, title_font_color=ink)


def show_download(data: pd.DataFrame, name: str) -> None:
    """A button for a table as `name`.csv, which is written when somebody asks for it."""
    st.download_button(
        "Data (CSV)",
        lambda: spreadsheet(data, index=True),
        f"{name}.csv",
        "text/csv",
        key=page_key(f"data-{name}"),
        on_click="ignore",
        type="tertiary",
        icon=":material/download:",
    )
