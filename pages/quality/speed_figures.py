"""The figures of speed: quality against the time of the network, and how long each step takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from pages.shared.figures.theme import styled
from pages.shared.palette import method_look

LABEL_SIZE = 12
ROOM = 0.2  # on either side of the outermost marks, of the distance between them
STAGES = {
    "decode": ("opening the file", "#9aa0a8"),
    "resize": ("reducing", "#56b4e9"),
    "network": ("network", "#0072b2"),
    "crop": ("choosing crops", "#e69f00"),
}
ROW, BETWEEN = 36, 90  # pixels: of a method, and of the axis and legend together


def curve(points: pd.DataFrame) -> go.Figure:
    """Quality against the network's time on a log axis; a line joins the sizes and resolutions of one family.

    points: columns "family" (a method's name), "label", "milliseconds", "NSS".
    """
    figure = go.Figure()
    for family, rows in points.groupby("family", sort=False):
        look = method_look(str(family))
        rows = rows.sort_values("milliseconds")
        dash = {"dashed": "dash", "dotted": "dot"}.get(look.line, "solid")
        figure.add_scatter(
            x=rows["milliseconds"],
            y=rows["NSS"],
            name=look.label,
            mode="lines+markers",
            line={"color": look.color, "width": 2, "dash": dash},
            marker={"color": look.color, "symbol": look.symbol, "size": 12},
            cliponaxis=False,
            customdata=rows["label"],
            hovertemplate="<b>%{customdata}</b><br>NSS %{y:.2f}, %{x:.1f}\u00a0ms<extra></extra>",
        )
        first, is_line = rows.iloc[0], len(rows) > 1  # the name hangs from the foot of a line, and stands on a mark
        figure.add_annotation(
            x=float(np.log10(first["milliseconds"])),
            y=first["NSS"],
            text=look.label,
            showarrow=False,
            xanchor="center",
            yanchor="top" if is_line else "bottom",
            yshift=-9 if is_line else 9,
            font={"size": LABEL_SIZE},
        )
    styled(figure, 420, "Network alone, ms on one core (log scale)", "NSS, mean of three datasets (val photos)")
    least, most = np.log10(points["milliseconds"].min()), np.log10(points["milliseconds"].max())
    room = ROOM * max(most - least, 1.0)
    ticks = [tick for tick in (0.5, 1, 2, 5, 10, 20, 50, 100, 200) if least - room <= np.log10(tick) <= most + room]
    figure.update_xaxes(
        type="log",
        range=[least - room, most + room],
        tickvals=ticks,
        ticktext=[f"{tick:g}" for tick in ticks],
        zeroline=False,
    )
    return figure


def stages(methods: Mapping[str, Mapping[str, Mapping[str, float]]]) -> go.Figure:
    """A bar a method, the quickest on top, of the medians of its steps from a file's bytes to six crops.

    methods: as in a bench: method -> step -> "median" in milliseconds; "total" orders them.
    """
    names = sorted(methods, key=lambda name: -methods[name]["total"]["median"])
    figure = go.Figure()
    for stage, (words, color) in STAGES.items():
        figure.add_bar(
            x=[methods[name].get(stage, {}).get("median", 0.0) for name in names],
            y=[method_look(name).label for name in names],
            name=words,
            orientation="h",
            marker_color=color,
            hovertemplate=f"<b>%{{y}}</b><br>{words}: %{{x:.1f}}\u00a0ms<extra></extra>",
        )
    for name in names:
        total = methods[name]["total"]["median"]
        figure.add_annotation(
            x=total,
            y=method_look(name).label,
            text=f" {total:.0f}\u00a0ms" if total >= 10 else f" {total:.1f}\u00a0ms",
            showarrow=False,
            xanchor="left",
            font={"size": LABEL_SIZE},
        )
    styled(figure, BETWEEN + ROW * len(names), "ms a photo of 0.5 megapixels, one core, six formats")
    figure.update_layout(
        barmode="stack",
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
        margin={"t": 40, "r": 60},
    )
    figure.update_yaxes(showgrid=False, ticksuffix=" ")
    return figure


def as_points(entries: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    """The curve of a bench as `curve` takes it: "NSS" and "gaze kept" are the means of the datasets."""
    return pd.DataFrame(
        {
            "family": [entry["family"] for entry in entries],
            "label": [entry["label"] for entry in entries],
            "milliseconds": [entry["milliseconds"] for entry in entries],
            "NSS": [_mean(entry["nss"]) for entry in entries],
            "gaze kept": [_mean(entry["kept"]) for entry in entries],
        }
    )


def _mean(by_dataset: object) -> float:
    assert isinstance(by_dataset, Mapping)
    return float(np.mean(list(by_dataset.values())))
