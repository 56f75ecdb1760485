"""What people voted: one bar a pair of methods, and the ranking."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from eval.deciding import EARLY, MOST
from pages.shared.figures.theme import FAINT, NEUTRAL, styled
from pages.shared.palette import method_look
from pages.shared.phrases import counted, percent

PAIR_HEIGHT, RANK_HEIGHT, AXIS_HEIGHT = 148, 44, 56  # pixels
BAR, BELOW, ABOVE = 0.18, 0.17, 0.13  # of a row: the bar, its interval's line below the middle, the words above


def pairs_figure(pairs: pd.DataFrame) -> go.Figure:
    """The table of eval.ratings.compare_pairs, pairs without votes left out, as one bar a pair of 100 % of its votes.

    From the left: the first method better, no difference, the second better; below it the interval of the first share.
    """
    pairs = pairs[pairs["votes"] > 0].reset_index(drop=True)
    figure = go.Figure()
    for place, row in pairs.iterrows():
        first, second = method_look(row["first"]), method_look(row["second"])
        parts = [
            (row["better"], first.color, f"{first.label} better"),
            (row["none"], FAINT, "No difference"),
            (row["worse"], second.color, f"{second.label} better"),
        ]
        start = 0.0
        for count, color, label in parts:
            share = count / row["votes"]
            text = f"{label}: {percent(share)}, {count} of {row['votes']}"
            figure.add_bar(
                x=[share], y=[place], base=[start], width=BAR, orientation="h", marker={"color": color},
                hovertext=[text], hoverinfo="text",
            )  # fmt: skip
            start += share
        figure.add_scatter(
            x=[row["share"]], y=[place + BELOW], mode="markers", hoverinfo="skip",
            marker={"color": first.color, "size": 7, "symbol": first.symbol},
            error_x=_whisker(row, "share", first.color),
        )  # fmt: skip
        figure.add_annotation(
            x=0,
            y=place - ABOVE,
            text=_sentence(row),
            showarrow=False,
            xanchor="left",
            yanchor="bottom",
            align="left",
            font={"size": 13},
        )
    styled(figure, AXIS_HEIGHT + PAIR_HEIGHT * len(pairs), x="share of votes")
    _as_shares(figure)
    figure.update_layout(barmode="overlay")
    figure.update_yaxes(range=[len(pairs) - 0.55, -0.75], visible=False)
    return figure


def ranking_figure(ranking: pd.DataFrame) -> go.Figure:
    """The table of eval.ratings.rank as one mark a method with its interval, the best on top."""
    looks = [method_look(name) for name in ranking["method"]]
    figure = go.Figure()
    for place, look in enumerate(looks):
        row = ranking.iloc[place]
        figure.add_scatter(
            x=[row["wins"]], y=[place], mode="markers", error_x=_whisker(row, "wins", look.color), hoverinfo="text",
            marker={"color": look.color, "size": 12, "symbol": look.symbol},
            hovertext=[f"{look.label}: {percent(row['wins'])}{_interval(row)}, {row['votes']} votes"],
        )  # fmt: skip
    figure.add_vline(x=0.5, line={"color": NEUTRAL, "width": 1, "dash": "dot"})
    styled(figure, AXIS_HEIGHT + RANK_HEIGHT * len(ranking), x="expected wins")
    _as_shares(figure)
    labels = [look.label for look in looks]
    figure.update_yaxes(
        range=[len(looks) - 0.5, -0.5], tickvals=list(range(len(looks))), ticktext=labels, showgrid=False
    )
    return figure


def _as_shares(figure: go.Figure) -> None:
    """0 to 100 %, with room for the last number."""
    figure.update_layout(margin={"l": 16, "r": 24})
    figure.update_xaxes(range=[0, 1], tickformat=".0%", tickvals=[0, 0.25, 0.5, 0.75, 1])


def _sentence(row: pd.Series) -> str:
    """Four short lines, so that they fit on a phone."""
    first, second = method_look(row["first"]).label, method_look(row["second"]).label
    return (
        f"{first} better than {second}<br>"
        f"in <b>{percent(row['share'])}</b>{_interval(row)} of {counted(row['votes'], 'vote')}:<br>"
        f"{row['better']} for, {row['worse']} against, {row['none']} no difference"
        f"<br>{verdict(row)}"
    )


def verdict(row: pd.Series) -> str:
    """Whether the votes of a pair decide, and about how many more it takes."""
    if row["decided"]:
        return "Decided"
    if not np.isnan(row["more"]):
        return f"About {counted(_rounded(row['more']), 'more vote')} to decide"
    if row["better"] + row["worse"] < EARLY:
        return "Too early to say how many more decide"
    return f"More than {MOST:,} more votes to decide"


def _rounded(number: float) -> int:
    """To two digits: the number is an estimate from an estimate."""
    return int(float(f"{number:.1e}"))


def _interval(row: pd.Series) -> str:
    return "" if np.isnan(row["low"]) else f" [{row['low'] * 100:.0f}, {row['high'] * 100:.0f}]"


def _whisker(row: pd.Series, value: str, color: str) -> dict[str, object]:
    if np.isnan(row["low"]):
        return {"visible": False}
    return {
        "array": [row["high"] - row[value]],
        "arrayminus": [row[value] - row["low"]],
        "color": color,
        "thickness": 2,
        "width": 4,
    }
