"""Why a crop lies where it does: the expected gaze kept at every position along its free axis."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from pages.shared.figures.theme import FAINT, styled
from pages.shared.palette import Look

ALONG_X, ALONG_Y = 190, 430  # pixels of height: below the photo, and beside it
PIXELS, SHARE = "%{customdata[0]:,} px", "%{customdata[1]:.0%}"


def strip(curve: pd.DataFrame, marks: dict[str, float], looks: dict[str, Look], *, axis: str, length: int) -> go.Figure:
    """The curve as an area, aligned with the photo: across below it for axis "x", upright beside it for "y".

    curve: `position`, the middle of the window in pixels along the axis, and `kept`, 0..1. marks: method -> the
    middle of its crop, in pixels. length: of the photo along the axis, in pixels.
    """
    along, kept = curve["position"], curve["kept"]
    x, y = (along, kept) if axis == "x" else (kept, along)
    figure = go.Figure(
        go.Scatter(
            x=x,
            y=y,
            mode="lines",
            line={"color": looks["gaze"].color, "width": 2},
            fill="tozeroy" if axis == "x" else "tozerox",
            fillcolor=FAINT,
            customdata=curve[["position", "kept"]],
            hovertemplate=f"middle at {PIXELS}: keeps {SHARE}<extra></extra>",
        )
    )
    for method, at in marks.items():
        nearest = curve.iloc[(along - at).abs().argmin()]
        point = (at, nearest["kept"]) if axis == "x" else (nearest["kept"], at)
        figure.add_trace(
            go.Scatter(
                x=[point[0]],
                y=[point[1]],
                mode="markers",
                name=looks[method].label,
                marker={"color": looks[method].color, "symbol": looks[method].symbol, "size": 12, "line_width": 2},
                customdata=[[at, nearest["kept"]]],
                hovertemplate=f"{looks[method].label}: middle at {PIXELS}, keeps {SHARE}<extra></extra>",
            )
        )
    shares = {"range": [0, 1.04], "tickformat": ".0%", "title": "expected gaze kept"}
    places = {"range": [0, length] if axis == "x" else [length, 0], "title": "middle of the crop, in pixels"}
    styled(figure, ALONG_X if axis == "x" else ALONG_Y)
    figure.update_layout(xaxis=places if axis == "x" else shares, yaxis=shares if axis == "x" else places)
    return figure
