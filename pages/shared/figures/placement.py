"""What can be drawn of photos that nobody looked at: what our model expects, where crops lie, and the time they take.

Shares are shown in per cent.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from pages.shared.escaping import in_plotly
from pages.shared.figures.quality import milliseconds
from pages.shared.figures.theme import styled
from pages.shared.figures.units import amount, between
from pages.shared.palette import method_look

EXPECTED = "expected gaze kept"
NOT_ACCURACY = "Nobody looked at these photos: this is what our own model expects, not accuracy."
ROW, AXIS = 30, 66  # pixels: of a method, and of the axis below
BOX_ROW = 46
CELL, NAMES = 44, 96  # pixels of the table of agreement: a cell, and the names below it
MOST_POINTS = 400  # of a method: more are drawn as a box alone
PALEST = 50  # per cent: smaller overlaps are shaded like it
BLUES = [[0, "#667784"], [0.5, "#3f7396"], [1, "#00507f"]]  # white numbers have a contrast of 4.5:1 and more on them
HOLLOW = "rgba(0, 0, 0, 0)"


def expected(levels: pd.DataFrame) -> go.Figure:
    """What our model expects each method to keep: a mark with its 95 % interval, the most on top.

    levels: of "expected gaze kept", by method; columns "mean", "low", "high".
    """
    levels = levels.sort_values("mean", ascending=False)
    figure = go.Figure()
    for method, row in levels.iterrows():
        text = f"{amount(EXPECTED, row['mean'])}, 95 % interval {between(EXPECTED, row['low'], row['high'])}"
        _mark(figure, str(method), text, *(100 * row[column] for column in ("mean", "low", "high")))
    styled(figure, AXIS + ROW * len(levels), "Expected gaze kept, %")
    return _rows(figure)


def times(taken: pd.DataFrame) -> go.Figure:
    """The time of a typical photo, the median, and a line to the time that 95 % of photos stay under; fastest on top.

    taken: milliseconds by method; columns "median", "p95".
    """
    taken = taken.sort_values("median")
    figure = go.Figure()
    for method, row in taken.iterrows():
        text = f"{milliseconds(row['median'])}, 95 % of photos under {milliseconds(row['p95'])}"
        _mark(figure, str(method), text, row["median"], row["median"], row["p95"])
    styled(figure, AXIS + ROW * len(taken), "Milliseconds a photo")
    figure.update_traces(cliponaxis=False)
    figure.update_xaxes(rangemode="tozero", zeroline=False)
    return _rows(figure)


def agreement(shared: pd.DataFrame) -> go.Figure:
    """A shaded table: the overlap of each pair of methods' crops in per cent, those most like the others first.

    shared: `eval.placement.agreement`.
    """
    order = shared.mean().sort_values(ascending=False, kind="stable").index
    shared = shared.loc[order, order]
    labels = [method_look(str(name)).label for name in shared.index]
    values = 100 * shared.to_numpy(dtype=np.float64)
    np.fill_diagonal(values, np.nan)
    figure = go.Figure(
        go.Heatmap(
            x=labels,
            y=labels,
            z=values,
            zmin=PALEST,
            zmax=100,
            colorscale=BLUES,
            showscale=False,
            xgap=2,
            ygap=2,
            texttemplate="%{z:.0f}",
            textfont={"color": "#ffffff", "size": 12},
            hovertemplate="%{y} and %{x}<br>overlap %{z:.1f} %<extra></extra>",
            hoverongaps=False,
        )
    )
    styled(figure, NAMES + CELL * len(labels))
    figure.update_xaxes(showgrid=False, tickangle=-45 if len(labels) > 4 else 0, ticks="")
    figure.update_yaxes(showgrid=False, autorange="reversed", ticksuffix=" ", ticks="")
    return figure


def movement(moves: pd.DataFrame) -> go.Figure:
    """How far each method's crops are from the centre: a box, the mean dashed; single crops where they are few.

    moves: `eval.placement.moves`.
    """
    order = moves.mean().sort_values(ascending=False).index
    figure = go.Figure()
    for method in order:
        look, values = method_look(str(method)), moves[method].dropna()
        few = len(values) <= MOST_POINTS
        figure.add_box(
            x=100 * values,
            orientation="h",
            name=look.label,  # also its row
            width=0.5,
            boxmean=True,
            boxpoints="all" if few else False,
            jitter=0.7,
            pointpos=0,
            marker={"color": look.color, "size": 4, "opacity": 0.4, "symbol": look.symbol},
            line={"color": look.color, "width": 1.5},
            fillcolor=HOLLOW,
            # Plotly takes <b> and the like in names of files for tags
            hovertext=[f"{in_plotly(str(image))}, {aspect}" for _, image, aspect in values.index] if few else None,
            hovertemplate="%{hovertext}<br>%{x:.1f} %<extra></extra>",
        )
    styled(figure, AXIS + BOX_ROW * len(order), "From the centre, % of the side")
    figure.update_xaxes(range=[-1.5, 51.5], zeroline=False)
    return _rows(figure)


def _mark(figure: go.Figure, method: str, text: str, middle: float, low: float, high: float) -> None:
    """A mark in the method's look with a line from low to high."""
    look = method_look(method)
    figure.add_scatter(
        x=[middle],
        y=[look.label],
        error_x={"type": "data", "array": [high - middle], "arrayminus": [middle - low], "thickness": 2, "width": 5},
        name=look.label,
        mode="markers",
        marker={"color": look.color, "symbol": look.symbol, "size": 12},
        hovertemplate=f"<b>{in_plotly(look.label)}</b><br>{text}<extra></extra>",
    )


def _rows(figure: go.Figure) -> go.Figure:
    """A row a method, in the order in which they were drawn, the first on top."""
    labels: Iterable[str] = dict.fromkeys(str(trace.name) for trace in figure.data)
    figure.update_yaxes(
        categoryorder="array", categoryarray=list(labels), autorange="reversed", showgrid=False, ticksuffix=" "
    )
    return figure
