"""What all figures share. On a page Streamlit supplies fonts and colours, light or dark; here is the rest, and for the
report file the light colours too. Marks are coloured by `pages/shared/palette.py`, which is readable on both."""

from __future__ import annotations

import plotly.graph_objects as go

NEUTRAL = "#82878f"  # lines of reference: 3:1 and more on the light background and on the dark one
FAINT = "rgba(130, 135, 143, 0.22)"
GOOD, BAD = "#009e73", "#d55e00"  # helps and harms; always with words beside them

REPORT = go.layout.Template(
    layout={
        "font": {"family": "system-ui, sans-serif", "color": "#17191c", "size": 13},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "xaxis": {"gridcolor": "#e3e5e8", "zerolinecolor": "#d9dcdf"},
        "yaxis": {"gridcolor": "#e3e5e8", "zerolinecolor": "#d9dcdf"},
    }
)


def styled(figure: go.Figure, height: int, x: str = "", y: str = "") -> go.Figure:
    """The figure with this height in pixels, axis titles with units, no legend and no room wasted around it."""
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        showlegend=False,
        hoverlabel={"align": "left"},
        dragmode=False,
        bargap=0.08,
        clickmode="event+select",
    )
    figure.update_xaxes(title=x or None, automargin=True, fixedrange=True)
    figure.update_yaxes(title=y or None, automargin=True, fixedrange=True)
    return figure
