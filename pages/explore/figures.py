"""The figures of Explore: every crop of a method against the reference's, and what each method keeps of one photo."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from eval.report import METRICS
from pages.shared.escaping import in_plotly
from pages.shared.figures.theme import BAD, FAINT, GOOD, NEUTRAL, styled
from pages.shared.figures.units import amount, difference, unit_of
from pages.shared.palette import method_look

MOST_POINTS = 2500  # more are slow to draw and cover each other
OUTCOME_LOOKS = {"no change": (NEUTRAL, "circle"), "helps": (GOOD, "triangle-up"), "harms": (BAD, "triangle-down")}
ROW, BESIDE = 27, 64  # pixels: of a method, and of the axis


def against(crops: pd.DataFrame, metric: str, method: str, reference: str, least: float) -> go.Figure:
    """Each crop by what the reference has and what the method has; on the diagonal they have the same.

    crops: columns "dataset", "image", "aspect", "value", "against", "difference" and "outcome" ("helps", "no change",
    "harms"). least: the difference from which a crop helps or harms. customdata of a mark: ["dataset/image", aspect].
    """
    unit = unit_of(metric)
    shown = thinned(crops)
    one, other = method_look(method).label, method_look(reference).label
    low, high = _range(metric, crops)
    figure = go.Figure()
    if np.isfinite(low):
        _diagonal(figure, low, high, unit.scale * least)
    for outcome, (color, symbol) in OUTCOME_LOOKS.items():
        rows = shown[shown["outcome"] == outcome]
        figure.add_scatter(
            x=unit.scale * rows["against"],
            y=unit.scale * rows["value"],
            customdata=np.stack([rows["dataset"] + "/" + rows["image"], rows["aspect"]], axis=1) if len(rows) else None,
            hovertext=[_hover(row, metric, one, other) for row in rows.itertuples()],
            hovertemplate="%{hovertext}<extra></extra>",
            mode="markers",
            name=outcome,
            marker={"color": color, "symbol": symbol, "size": 6, "opacity": 0.55},
        )
    measure = _with_unit(metric, unit.level)
    styled(figure, 400, f"{other}: {measure}", f"{one}: {measure}")
    if np.isfinite(low):
        figure.update_xaxes(range=[low, high], zeroline=False)
        figure.update_yaxes(range=[low, high], zeroline=False)
    figure.update_layout(margin_t=24)
    above, below = (one, other) if METRICS[metric].more_is_better else (other, one)
    _corner(figure, f"{above} better", top=True)
    _corner(figure, f"{below} better", top=False)
    return figure


def thinned(crops: pd.DataFrame) -> pd.DataFrame:
    """At most MOST_POINTS of the crops, evenly over their differences, the outermost among them."""
    if len(crops) <= MOST_POINTS:
        return crops
    order = np.argsort(crops["difference"].to_numpy(), kind="stable")
    return crops.iloc[np.sort(order[np.linspace(0, len(crops) - 1, MOST_POINTS).round().astype(int)])]


def _range(metric: str, crops: pd.DataFrame) -> tuple[float, float]:
    """The ends of both axes."""
    values = unit_of(metric).scale * crops[["value", "against"]].to_numpy(float)
    if not values.size:
        return np.nan, np.nan
    low, high = float(values.min()), float(values.max())
    room = 0.04 * (high - low or 1.0)
    return low - room, high + room


def _diagonal(figure: go.Figure, low: float, high: float, least: float) -> None:
    """Where both have the same, and around it where the difference is too small to tell."""
    figure.add_scatter(
        x=[low, high, high, low],
        y=[low - least, high - least, high + least, low + least],
        fill="toself",
        fillcolor=FAINT,
        mode="none",
        hoverinfo="skip",
        showlegend=False,
    )
    figure.add_scatter(
        x=[low, high], y=[low, high], mode="lines", line={"color": NEUTRAL, "width": 1}, hoverinfo="skip"
    )


def _hover(row: Any, metric: str, one: str, other: str) -> str:
    aspect = f" · {row.aspect}" if row.aspect else ""
    return (
        f"<b>{in_plotly(f'{row.dataset}/{row.image}')}</b>{aspect}<br>"
        f"{one} {amount(metric, row.value)}<br>{other} {amount(metric, row.against)}<br>"
        f"{difference(metric, row.difference)}"
    )


def _corner(figure: go.Figure, text: str, *, top: bool) -> None:
    figure.add_annotation(
        text=f"<b>{text}</b>",
        x=0 if top else 0.98,
        y=1 if top else 0.02,
        xref="paper",
        yref="paper",
        xanchor="left" if top else "right",
        yanchor="bottom",
        showarrow=False,
        font={"size": 12},
    )


def by_method(values: pd.Series, metric: str, chosen: tuple[str, str]) -> go.Figure:
    """What each method has on one photo, best on top. values: by method. chosen: the two whose names stand out."""
    unit = unit_of(metric)
    rows = values.dropna()
    rows = rows.iloc[np.argsort(rows.to_numpy(), kind="stable")]
    if not METRICS[metric].more_is_better:
        rows = rows[::-1]
    figure = go.Figure()
    for method, value in rows.items():
        look = method_look(str(method))
        name = f"<b>{look.label}</b>" if method in chosen else look.label
        figure.add_scatter(
            x=[0, unit.scale * value],
            y=[name, name],
            mode="lines",
            line={"color": look.color, "width": 3 if method in chosen else 1.5},
            opacity=0.55,
            hoverinfo="skip",
        )
        figure.add_scatter(
            x=[unit.scale * value],
            y=[name],
            mode="markers+text",
            text=[f"  {amount(metric, value)}"],
            textposition="middle right" if value >= 0 else "middle left",
            cliponaxis=False,
            marker={"color": look.color, "symbol": look.symbol, "size": 11},
            hovertemplate=f"<b>{look.label}</b><br>{amount(metric, value)}<extra></extra>",
        )
    title = _with_unit(metric, unit.level)
    styled(figure, BESIDE + ROW * len(rows), title[0].upper() + title[1:])
    low, high = (unit.scale * f(0.0, *rows) for f in (min, max)) if len(rows) else (0.0, 1.0)
    figure.update_xaxes(range=[low * 1.2, (high or 1.0) * 1.2], zeroline=True, showgrid=False)
    figure.update_yaxes(showgrid=False, ticksuffix=" ")
    return figure


def _with_unit(metric: str, level: str) -> str:
    """The title of an axis: "gaze kept, %"; milliseconds say it themselves."""
    return f"{metric}, {level}" if level and not METRICS[metric].is_time else metric
