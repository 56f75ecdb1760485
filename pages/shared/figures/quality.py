"""The figures of Quality: paired differences, quality against time, and how single crops differ.

Each takes what `eval.report` gives and shows shares in per cent. Marks carry as customdata what a click on them means.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from eval.report import METRICS, POINTS
from pages.shared.figures.theme import BAD, FAINT, GOOD, NEUTRAL, styled
from pages.shared.figures.units import amount, between, difference, unit_of
from pages.shared.palette import method_look
from pages.shared.phrases import percent

ACROSS = ("human", "oracle")  # what takes no time: lines across, not marks
FASTEST = 1.0  # ms: what takes less is drawn here, since a log axis has no 0
BIN = 0.02  # of a share; POINTS is an edge of the bins, and no difference the middle of one
EDGE = 1e-6  # stored values are float32: 5 points more may be 0.0499999
ROW, BETWEEN = 30, 120  # pixels: of a method in a forest, and of its axis and headings together
ENDS = ("difference", "difference low", "difference high")
SIDES = {"better": GOOD, "worse": BAD}
ROOM = 0.16  # on either side of the outermost marks, of the distance between them
PLOT = (300, 400)  # pixels: of the plot on a phone, where there is least room for names
LETTER = (6.2, 14)  # pixels, at LABEL_SIZE
CLIPPED = 100  # what a pixel of a name beyond the plot counts, in square pixels of a name on another
MARK_COUNTS = 4  # a name on a mark as that on so many names
MOST_TURNS = 20
SHADE = 0.07  # opacity of a half plane
LABEL_SIZE = 12


def forest(board: pd.DataFrame, metric: str, reference: str) -> go.Figure:
    """Each method's mean difference to the reference on the same photos, with its 95 % interval, best on top.

    board: `eval.report.leaderboard` against that reference. customdata of a mark: the method.
    """
    unit, more = unit_of(metric), METRICS[metric].more_is_better
    rows = board.drop(index=reference, errors="ignore").dropna(subset=["difference"])
    rows = rows.sort_values("difference", ascending=more)
    figure = go.Figure()
    for method, row in rows.iterrows():
        name = str(method)
        look = method_look(name)
        middle, low, high = (unit.scale * row[column] for column in ENDS)
        hover = f"{difference(metric, row['difference'])}, 95 % interval "
        hover += between(metric, row["difference low"], row["difference high"], signed=True)
        figure.add_scatter(
            x=[middle],
            y=[look.label],
            error_x={
                "type": "data",
                "array": [high - middle],
                "arrayminus": [middle - low],
                "thickness": 2,
                "width": 5,
            },
            customdata=[name],
            name=look.label,
            mode="markers",
            marker={"color": look.color, "symbol": look.symbol, "size": 12},
            hovertemplate=f"<b>{look.label}</b><br>{hover}<extra></extra>",
        )
    ends = [0.0, *(unit.scale * rows[list(ENDS)]).to_numpy().ravel()]
    room = 0.06 * (np.nanmax(ends) - np.nanmin(ends)) or 1.0
    span = [float(np.nanmin(ends) - room), float(np.nanmax(ends) + room)]
    right, left = ("better", "worse") if more else ("worse", "better")
    for word, color, edge, arrow in ((left, SIDES[left], span[0], "← {}"), (right, SIDES[right], span[1], "{} →")):
        figure.add_vrect(0, edge, fillcolor=color, opacity=SHADE, line_width=0, layer="below")
        _above(figure, arrow.format(word), 0.0 if edge < 0 else 1.0)
    figure.add_vline(0, line={"color": NEUTRAL, "width": 1.5})
    against = method_look(reference).label
    styled(figure, BETWEEN + ROW * len(rows), f"Difference to {against}{', ' if unit.change else ''}{unit.change}")
    figure.update_xaxes(range=span, zeroline=False)
    figure.update_yaxes(showgrid=False, ticksuffix=" ")
    figure.update_layout(margin_t=28)
    return figure


def _above(figure: go.Figure, text: str, x: float, **font: object) -> None:
    """A word above the plot. x: 0 at its left end, 1 at its right."""
    figure.add_annotation(
        text=text,
        x=x,
        y=1,
        xref="paper",
        yref="paper",
        xanchor={0.0: "left", 1.0: "right"}.get(x, "center"),
        yanchor="bottom",
        showarrow=False,
        font={"size": LABEL_SIZE, **font},
    )


def pareto(points: pd.DataFrame, metric: str) -> go.Figure:
    """Quality against time on a log axis; the line joins the methods that none beats in both.

    points: index method; columns "quality", "low", "high" and "milliseconds" of one photo, NaN where there is no time:
    `human` and `oracle` become lines across. customdata of a mark: the method.
    """
    unit, more = unit_of(metric), METRICS[metric].more_is_better
    timed = points.dropna(subset=["quality", "milliseconds"])
    timed = timed.assign(shown=timed["milliseconds"].clip(lower=FASTEST))
    figure = go.Figure()
    front = _front(timed, more)
    figure.add_scatter(
        x=front["shown"],
        y=unit.scale * front["quality"],
        mode="lines",
        line={"color": NEUTRAL, "width": 1.5, "shape": "hv"},
        name="Best for its time",
        hoverinfo="skip",
    )
    sides = _sides(timed, front, points[["quality", "low", "high"]].to_numpy(float))
    for method, row in timed.iterrows():
        name = str(method)
        look = method_look(name)
        hover = f"{amount(metric, row['quality'])}, 95 % interval {between(metric, row['low'], row['high'])}"
        hover += f"<br>{milliseconds(row['milliseconds'])} a photo"
        figure.add_scatter(
            x=[row["shown"]],
            y=[unit.scale * row["quality"]],
            error_y={
                "type": "data",
                "array": [unit.scale * (row["high"] - row["quality"])],
                "arrayminus": [unit.scale * (row["quality"] - row["low"])],
                "thickness": 1.5,
                "width": 0,
            },
            customdata=[name],
            name=look.label,
            mode="markers+text",
            text=[f" {look.label} "],
            textposition=sides[name],
            textfont={"size": LABEL_SIZE},
            cliponaxis=False,
            marker={"color": look.color, "symbol": look.symbol, "size": 13},
            hovertemplate=f"<b>{look.label}</b><br>{hover}<extra></extra>",
        )
    for name in ACROSS:
        if name in points.index and np.isfinite(points.loc[name, "quality"]):
            label = "Human ceiling" if name == "human" and metric == "gaze kept" else method_look(name).label
            _across(figure, name, label, unit.scale * float(points.loc[name, "quality"]), metric)
    styled(figure, 460, "Median time a photo, ms (log scale)", f"{metric.capitalize()}, {unit.level}".rstrip(", "))
    _log_axis(figure, timed["shown"])
    if not more:
        figure.update_yaxes(autorange="reversed")
    return figure


def _across(figure: go.Figure, method: str, label: str, level: float, metric: str) -> None:
    look = method_look(method)
    dash = {"dashed": "dash", "dotted": "dot"}.get(look.line, "solid")
    figure.add_hline(
        level,
        line={"color": look.color, "width": 1.5, "dash": dash},
        annotation={
            "text": f"{label} {level:.1f}{unit_of(metric).short}",
            "font": {"size": LABEL_SIZE},
            "x": 0,
            "xanchor": "left",
            "yanchor": "bottom",
            "showarrow": False,
        },
    )


def _log_axis(figure: go.Figure, shown: pd.Series) -> None:
    """Ticks at 1, 10, 100, … milliseconds, with room for the names beside the outermost marks."""
    least, most = (np.log10(shown.min()), np.log10(shown.max())) if len(shown) else (0.0, 2.0)
    room = ROOM * max(most - least, 1.0)
    powers = np.arange(np.floor(least), np.ceil(most) + 1)
    figure.update_xaxes(
        type="log",
        range=[least - room, most + room],
        tickvals=list(10.0**powers),
        ticktext=[f"{FASTEST:g} or less" if p == np.log10(FASTEST) else f"{10**p:g}" for p in powers],
        zeroline=False,
    )


def _front(timed: pd.DataFrame, more_is_better: bool) -> pd.DataFrame:
    """The methods that no other beats in both quality and time, fastest first."""
    rows = timed.sort_values(["shown", "quality"], ascending=[True, not more_is_better])
    quality = rows["quality"] if more_is_better else -rows["quality"]
    return rows[quality > quality.cummax().shift(fill_value=-np.inf)]


def _sides(timed: pd.DataFrame, front: pd.DataFrame, levels: NDArray[np.float64]) -> dict[str, str]:
    """On which side of each mark its name has most room: inside the plot, off the front, marks and other names.

    Reckoned for a plot of PLOT pixels, with letters LETTER wide and high; each name in turn takes the side that is
    best beside the others, until none moves; from the best of some beginnings. levels: all that is drawn along the y
    axis.
    """
    if timed.empty:
        return {}
    width, height = PLOT
    x, y = np.log10(timed["shown"]), timed["quality"]
    share = (x - x.min()) / max(float(x.max() - x.min()), 1.0)
    left = width * (share + ROOM) / (1 + 2 * ROOM)
    low, high = np.nanmin(levels), np.nanmax(levels)
    top = height * (0.95 - 0.9 * (y - low) / (high - low or 1.0))
    taken = [(a - 7, b - 7, a + 7, b + 7) for a, b in zip(left, top, strict=True)] * MARK_COUNTS
    for one, other in pairwise(front.index):
        taken.append((left[one], top[one] - 1, left[other], top[one] + 1))
        taken.append((left[other] - 1, min(top[one], top[other]), left[other] + 1, max(top[one], top[other])))
    places = [
        _places(a, b, LETTER[0] * len(method_look(str(method)).label))
        for method, a, b in zip(timed.index, left, top, strict=True)
    ]
    sides = list(places[0])
    boxes = np.array([[place[side] for side in sides] for place in places])  # (names, sides, 4)
    outside = np.maximum(-boxes[..., 0], 0) + np.maximum(boxes[..., 2] - width, 0)
    alone = _shared(boxes, np.array(taken)).sum(axis=-1) + CLIPPED * outside + np.arange(len(sides))
    between = _shared(boxes, boxes.reshape(-1, 4)).reshape(*boxes.shape[:2], *boxes.shape[:2])
    between[range(len(places)), :, range(len(places))] = 0
    starts = [np.full(len(places), side) for side in range(len(sides))]
    chosen = min((_settled(alone, between, start) for start in starts), key=lambda found: found[1])[0]
    return {str(method): sides[side] for method, side in zip(timed.index, chosen, strict=True)}


def _settled(
    alone: NDArray[np.float64], between: NDArray[np.float64], chosen: NDArray[np.intp]
) -> tuple[NDArray[np.intp], float]:
    """The sides once no name is better on another one, and what they cost together.

    alone: what each side of a name costs by itself, (names, sides). between: what it costs beside a side of another
    name, (names, sides, names, sides), 0 for a name itself. chosen: where to begin, one side a name.
    """
    names = np.arange(len(alone))
    for _ in range(MOST_TURNS):
        before = chosen.copy()
        for name in names:
            chosen[name] = (alone[name] + between[name][:, names, chosen].sum(axis=1)).argmin()
        if (before == chosen).all():
            break
    beside = between[names, chosen][:, names, chosen].sum() / 2
    return chosen, float(alone[names, chosen].sum() + beside)


def _places(a: float, b: float, long: float) -> dict[str, tuple[float, ...]]:
    """Where a name of so many pixels lies on each side of a mark at (a, b): left, top, right, bottom."""
    high = LETTER[1]
    heights = {"middle": b - high / 2, "bottom": b + 8, "top": b - 8 - high}
    starts = {"right": a + 3, "left": a - 3 - long, "center": a - long / 2}
    beside = {"middle right": a + 8, "middle left": a - 8 - long}
    around = {f"{row} {column}": starts[column] for row in ("bottom", "top") for column in starts}
    return {
        side: (start, heights[side.split()[0]], start + long, heights[side.split()[0]] + high)
        for side, start in (beside | around).items()
    }


def _shared(boxes: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.float64]:
    """Square pixels that each box, left, top, right and bottom, has in common with each of the others."""
    one = boxes[..., None, :]
    across = np.minimum(one[..., 2], others[:, 2]) - np.maximum(one[..., 0], others[:, 0])
    down = np.minimum(one[..., 3], others[:, 3]) - np.maximum(one[..., 1], others[:, 1])
    return np.maximum(across, 0) * np.maximum(down, 0)


def milliseconds(value: float) -> str:
    """A time for people: "31 ms", "2.1 ms", "under 1 ms"."""
    if value < FASTEST:
        return f"under {FASTEST:g}\u00a0ms"
    return f"{value:.0f}\u00a0ms" if value >= 10 else f"{value:.1f}\u00a0ms"


def distribution(differences: pd.Series, method: str, reference: str, metric: str = "gaze kept") -> go.Figure:
    """How single crops differ: the share of crops by their difference to the reference, shaded where it helps or harms.

    differences: of a metric that is a share, method minus reference, by (dataset, image, aspect). Datasets weigh the
    same, as in the leaderboard. customdata of a bar: its row of `histogram`.
    """
    more = METRICS[metric].more_is_better
    bars = histogram(differences)
    middle = (bars["low"] + bars["high"]) / 2
    right, left = (GOOD, BAD) if more else (BAD, GOOD)
    hover = [
        f"{100 * bar.low:+.0f} to {100 * bar.high:+.0f} points<br>{100 * bar.share:.1f} % of crops ({bar.crops})"
        for bar in bars.itertuples()
    ]
    figure = go.Figure(
        go.Bar(
            x=100 * middle,
            y=100 * bars["share"],
            width=100 * BIN * 0.92,
            customdata=list(bars.index),
            marker_color=np.select([middle > POINTS, middle < -POINTS], [right, left], NEUTRAL),
            hovertext=hover,
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )
    reach = 100 * max(float(bars["high"].max()), -float(bars["low"].min()), 3 * POINTS) if len(bars) else 20.0
    figure.add_vrect(100 * POINTS, reach, fillcolor=right, opacity=SHADE, line_width=0, layer="below")
    figure.add_vrect(-reach, -100 * POINTS, fillcolor=left, opacity=SHADE, line_width=0, layer="below")
    figure.add_vrect(-100 * POINTS, 100 * POINTS, fillcolor=FAINT, opacity=0.5, line_width=0, layer="below")
    shares = bars["share"].groupby(np.select([middle > POINTS, middle < -POINTS], [1, -1], 0)).sum()
    for side, word in ((-1, "harms" if more else "helps"), (0, "no change"), (1, "helps" if more else "harms")):
        _above(figure, f"{word} {percent(shares.get(side, 0.0))}", (side + 1) / 2, weight="bold")
    against = method_look(reference).label
    styled(figure, 340, f"{method_look(method).label} minus {against}, percentage points a crop", "Crops, %")
    figure.update_xaxes(range=[-reach, reach], zeroline=False)
    figure.update_layout(margin_t=30)
    return figure


def histogram(differences: pd.Series) -> pd.DataFrame:
    """The bars of `distribution`: columns "low" and "high" (a bar holds low <= difference < high), "crops" and "share".

    A difference of POINTS helps and one of -POINTS harms, as in `eval.report.help_and_harm`.
    """
    known = differences.dropna()
    edges = np.round(np.arange(-1.01, 1.02, BIN), 2)  # …, -0.05, -0.03, -0.01, 0.01, 0.03, 0.05, …
    inner = edges - EDGE * np.sign(edges)
    number = np.searchsorted(inner, known.to_numpy(), side="right") - 1
    weight = 1 / known.groupby(level="dataset", observed=True).transform("size").to_numpy(float)
    weight /= weight.sum() or 1.0
    crops = np.bincount(number, minlength=len(edges) - 1)
    share = np.bincount(number, weight, minlength=len(edges) - 1)
    bars = pd.DataFrame({"low": inner[:-1], "high": inner[1:], "crops": crops, "share": share})
    return bars[bars["crops"] > 0].reset_index(drop=True)
