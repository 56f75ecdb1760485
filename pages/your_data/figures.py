"""The figure of a comparison of two bulk runs."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from pages.shared.figures.theme import BAD, NEUTRAL, styled

FAR = 0.5  # an overlap below it is another picture


def overlaps(bars: pd.DataFrame) -> go.Figure:
    """Photos by the overlap of their two crops. bars: "from", 0..1, evenly apart, and "photos"."""
    width = 1 / len(bars)
    share = 100 * bars["photos"] / max(int(bars["photos"].sum()), 1)
    hover = [
        f"overlap {100 * row.first:.0f} to {100 * (row.first + width):.0f} %<br>{row.photos:,} photos ({part:.1f} %)"
        for row, part in zip(bars.rename(columns={"from": "first"}).itertuples(), share, strict=True)
    ]
    figure = go.Figure(
        go.Bar(
            x=100 * (bars["from"] + width / 2),
            y=share,
            width=92 * width,
            marker_color=[BAD if start < FAR else NEUTRAL for start in bars["from"]],
            hovertext=hover,
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )
    styled(figure, 260, "Overlap of the two crops, %", "Photos, %")
    return figure.update_xaxes(range=[0, 100], tickvals=[0, 25, 50, 75, 100])
