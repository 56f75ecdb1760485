"""The figures of Fairness: every two groups as a heatmap, intervals, and what places do. Pure."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from eval.audit.outcome import ALL
from eval.audit.outside import PARTS, Grids
from eval.audit.words import EVEN
from pages.shared.figures.theme import FAINT, NEUTRAL, styled
from pages.shared.palette import method_look

LESS, MORE = "#d55e00", "#0072b2"  # the row's group is shown less, and more: Okabe & Ito's, safe for colour-blind eyes
SPAN = "#3d8fc9"  # of intervals: seen on a light page and on a dark one
EVEN_COLOR = "#f4f4f2"
REACH = 0.25  # from even to the full colour
CELL, BETWEEN = 44, 110  # pixels: of a group in a heatmap, and of its names
ROW, AXIS = 30, 70  # of a pair in a list of intervals, and of its axis
PART_COLORS = {"top": "#0072b2", "middle": "#b9bdc3", "bottom": "#e69f00"}
LABEL_SIZE = 12


def heatmap(rows: pd.DataFrame) -> go.Figure:
    """The share of every group (row) over every other (column) in per cent; a star where it is apart from one half.

    rows: of `groups`, of one column and measure.
    """
    names = sorted({*rows["one"], *rows["other"]})
    shares = pd.DataFrame(np.nan, names, names)
    texts = pd.DataFrame("", names, names)
    hovers = pd.DataFrame("", names, names)
    for row in rows.to_dict("records"):
        star = "*" if row["all low"] > EVEN or row["all high"] < EVEN else ""
        ends = (row["mean"], row["low"], row["high"], row["all low"], row["all high"])
        for one, other, numbers in (
            (row["one"], row["other"], ends),
            (row["other"], row["one"], [1 - ends[place] for place in (0, 2, 1, 4, 3)]),
        ):
            mean, low, high, all_low, all_high = (100 * number for number in numbers)
            shares.loc[one, other] = mean
            texts.loc[one, other] = f"{mean:.0f}{star}"
            hovers.loc[one, other] = (
                f"<b>{one}</b> over {other}: {mean:.0f} %<br>by itself [{low:.0f}, {high:.0f}], "
                f"all together [{all_low:.0f}, {all_high:.0f}]<br>{row['pairs']} pairs"
            )
    figure = go.Figure(
        go.Heatmap(
            z=shares.to_numpy(),
            x=names,
            y=names,
            text=texts.to_numpy(),
            customdata=hovers.to_numpy(),
            texttemplate="%{text}",
            hovertemplate="%{customdata}<extra></extra>",
            hoverongaps=False,
            colorscale=[[0, LESS], [0.5, EVEN_COLOR], [1, MORE]],
            zmin=100 * (EVEN - REACH),
            zmax=100 * (EVEN + REACH),
            showscale=False,
            xgap=2,
            ygap=2,
        )
    )
    styled(figure, BETWEEN + CELL * len(names))
    figure.update_xaxes(side="top", showgrid=False, tickangle=-60 if len(names) > 3 else 0)
    figure.update_yaxes(autorange="reversed", showgrid=False, ticksuffix=" ")
    return figure


def intervals(rows: pd.DataFrame) -> go.Figure:
    """Each pair's mean with its interval by itself (thick) and that of all together (thin), the first row on top."""
    names = [f"{row.one} / {row.other}" for row in rows.itertuples()]
    figure = go.Figure()
    for low, high, width in (("all low", "all high", 2), ("low", "high", 6)):
        for name, start, stop in zip(names, rows[low], rows[high], strict=True):
            figure.add_scatter(
                x=[100 * start, 100 * stop],
                y=[name, name],
                mode="lines",
                line={"color": SPAN, "width": width},
                hoverinfo="skip",
            )
    figure.add_scatter(
        x=100 * rows["mean"],
        y=names,
        mode="markers",
        marker={"color": MORE, "size": 10},
        hovertemplate="%{y}: %{x:.0f} %<extra></extra>",
    )
    figure.add_vline(100 * EVEN, line={"color": NEUTRAL, "width": 1.5})
    styled(figure, AXIS + ROW * len(names), "% for the first of the two")
    figure.update_yaxes(autorange="reversed", showgrid=False, ticksuffix=" ")
    figure.update_xaxes(gridcolor=FAINT, zeroline=False)
    return figure


def places(rows: pd.DataFrame) -> go.Figure:
    """How often each method shows the first place, by ground: one row a method and ground, grouped by method.

    rows: of `places`, of one layout and measure.
    """
    figure = go.Figure()
    grounds = [ALL, *(name for name in rows["ground"].unique() if name != ALL)]
    for ground in grounds:
        of = rows[rows["ground"] == ground]
        middle = 100 * of["mean"]
        figure.add_scatter(
            x=middle,
            y=[method_look(name).label for name in of["method"]],
            error_x={
                "type": "data",
                "array": 100 * of["high"] - middle,
                "arrayminus": middle - 100 * of["low"],
                "thickness": 2,
                "width": 4,
            },
            name=f"{ground} grounds" if ground == ALL else str(ground),
            mode="markers",
            orientation="h",
            marker={"symbol": _SYMBOLS[grounds.index(ground)], "size": 11, "color": _COLORS[grounds.index(ground)]},
            hovertemplate=f"<b>%{{y}}</b>, {ground}: %{{x:.0f}} %<extra></extra>",
        )
    figure.add_vline(100 * EVEN, line={"color": NEUTRAL, "width": 1.5})
    styled(figure, AXIS + 60 + 42 * rows["method"].nunique(), "% of pictures")
    figure.update_layout(
        scattermode="group", showlegend=True, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0}
    )
    figure.update_yaxes(autorange="reversed", showgrid=False, ticksuffix=" ")
    figure.update_xaxes(range=[-3, 103], gridcolor=FAINT, zeroline=False)
    return figure


_SYMBOLS = ("circle", "square", "diamond", "x")
_COLORS = (MORE, "#009e73", LESS, "#9a6fd6")


def grid_parts(grids: Grids) -> go.Figure:
    """How often each service keeps which part of the published grids."""
    figure = go.Figure()
    names = [name.capitalize() for name in grids.kept]
    for part in PARTS:
        counts = [of[part] for of in grids.kept.values()]
        figure.add_bar(
            x=counts,
            y=names,
            name=f"the {part}",
            orientation="h",
            marker_color=PART_COLORS[part],
            text=[f"{count:,}" if count else "" for count in counts],
            textposition="inside",
            insidetextanchor="middle",
            hovertemplate=f"<b>%{{y}}</b> keeps the {part}: %{{x:,}}<extra></extra>",
        )
    styled(figure, AXIS + 50 + 44 * len(names), f"of {grids.count:,} grids")
    figure.update_layout(
        barmode="stack",
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
    )
    figure.update_yaxes(autorange="reversed", showgrid=False, ticksuffix=" ")
    return figure
