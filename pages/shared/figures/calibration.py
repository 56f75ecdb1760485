"""What was said of crops against what became of them: a reliability diagram."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from pages.shared.figures.theme import NEUTRAL, styled
from pages.shared.palette import method_look

AXES = {
    "kept": ("Said to keep, % of gaze", "Kept, % of gaze"),
    "gain": ("Said to gain, points", "Gained, points"),
    "help": ("Said to help, % likely", "Helped, % of them"),
    "harm": ("Said to harm, % likely", "Harmed, % of them"),
}
"""What is said of a crop, of `eval.calibration.SAID` -> the titles of the axes."""

ACROSS = 2  # panels beside each other, where there are more than one
HEIGHTS = {1: 380, ACROSS: 270}  # pixels of a panel, by how many are beside each other
ROOM = 0.06  # around the outermost marks, of the distance between them


def reliability_diagram(tables: Mapping[str, pd.DataFrame], what: str, method: str = "gaze") -> go.Figure:
    """One panel a table, alike in their axes: a mark for each bin with its 95 % interval, and the line on which what
    was said is what became of it.

    tables: by the name of the panel, `eval.calibration.reliability` of `what`, shares.
    """
    across = min(len(tables), ACROSS)
    down = -(-len(tables) // across)
    figure = make_subplots(
        down,
        across,
        subplot_titles=list(tables) if len(tables) > 1 else None,
        shared_xaxes="all",
        shared_yaxes="all",
        horizontal_spacing=0.05,
        vertical_spacing=0.16 / down,
    )
    low, high = _range(tables)
    for rank, (name, table) in enumerate(tables.items()):
        place = {"row": rank // across + 1, "col": rank % across + 1}
        figure.add_scatter(
            x=[low, high], y=[low, high], mode="lines", line={"color": NEUTRAL, "width": 1.5, "dash": "dash"},
            name="as said", hoverinfo="skip", **place,
        )  # fmt: skip
        figure.add_trace(_marks(table, name, method), **place)
    said, seen = AXES[what]
    styled(figure, HEIGHTS[across] * down)
    figure.update_xaxes(range=[low, high], zeroline=False)
    figure.update_yaxes(range=[low, high], zeroline=False)
    figure.update_xaxes(title=said, row=down)
    figure.update_yaxes(title=seen, col=1)
    figure.update_annotations(font_size=13)
    figure.update_layout(margin_t=28 if len(tables) > 1 else 8)
    return figure


def _marks(table: pd.DataFrame, name: str, method: str) -> go.Scatter:
    look, shown = method_look(method), 100 * table[["expected", "seen", "low", "high"]]
    return go.Scatter(
        x=shown["expected"],
        y=shown["seen"],
        error_y={
            "type": "data",
            "array": shown["high"] - shown["seen"],
            "arrayminus": shown["seen"] - shown["low"],
            "thickness": 1.5,
            "width": 3,
        },
        customdata=table[["crops"]],
        name=name,
        mode="markers",
        marker={"color": look.color, "symbol": look.symbol, "size": 9},
        hovertemplate="said %{x:.1f}, came to %{y:.1f}<br>%{customdata[0]} crops<extra></extra>",
    )


def _range(tables: Mapping[str, pd.DataFrame]) -> tuple[float, float]:
    """The ends of both axes, which are alike, so that the line is a diagonal."""
    every = 100 * pd.concat(tables.values())[["expected", "low", "high"]].to_numpy(float)
    room = ROOM * float(every.max() - every.min()) or 1.0
    return float(every.min() - room), float(every.max() + room)
