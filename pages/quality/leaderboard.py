"""The crops of a run: leaderboard, differences, quality against time, and crop by crop."""

from __future__ import annotations

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from eval.report import METRICS, POINTS
from eval.runs import Run
from pages.quality.parts import (
    board_of,
    go_to_photos,
    link_to_photos,
    show_differences,
    show_methods,
    show_nothing,
    show_verdict,
)
from pages.quality.tables import leaderboard_table
from pages.quality.words import about_metric, sentence
from pages.shared.charts import show_chart
from pages.shared.figures.quality import distribution, histogram, pareto
from pages.shared.figures.units import unit_of
from pages.shared.filters import UNMEASURED, View, metrics_of
from pages.shared.palette import method_look
from pages.shared.run_cache import get_levels, get_times, get_values, get_verdict

BESIDE = ("gaze kept", "faces cut", "faces lost", "regions whole", "human crop IoU")  # in the leaderboard of any metric


def crop_metrics(run: Run) -> list[str]:
    """The metrics of a run that are not of maps: of crops, of face detectors, and of time."""
    return [name for name in metrics_of(run) if METRICS[name].kind not in ("map", "map time")]


def is_measured(run: Run) -> bool:
    """Whether a run has any metric of crops that people's gaze, faces or choices gave, not only our own expectation."""
    return any(name != UNMEASURED for name in metrics_of(run, crops_only=True))


def show_crops(view: View, verdict: DeltaGenerator) -> None:
    """Everything of one metric of crops. verdict: where its sentence goes."""
    board = board_of(view, view.metric)
    if board is None or view.method not in board.index:
        show_nothing(view)
        return
    values = get_values(view.file, view.metric, view.key)
    show_verdict(verdict, _verdict(view, board), view, values)
    times = get_times(view.file, view.key)
    _show_leaderboard(view, board, times)
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader(f"Difference to {method_look(view.reference).label}", anchor=False)
        show_differences(view, board, "differences")
    with right:
        _show_pareto(view, board, times)
    _show_distribution(view, values)


def _verdict(view: View, board: pd.DataFrame) -> str:
    if view.metric == "gaze kept" and view.reference == "center" != view.method:
        return get_verdict(view.file, view.method, view.key)
    return sentence(board, view.metric, view.method, view.reference)


def _show_leaderboard(view: View, board: pd.DataFrame, times: pd.DataFrame) -> None:
    others = {name: get_levels(view.file, name, view.key) for name in BESIDE if name != view.metric}
    table = leaderboard_table(board, view.metric, view.reference, others, times)
    st.subheader("Leaderboard", anchor=False)
    st.caption(
        f"{about_metric(view.metric)} In brackets 95 % intervals. ↓ less is better. "
        "A click on a number shows its photos."
    )
    show_methods(table, view, "leaderboard", f"Leaderboard of {len(board)} methods by {view.metric}")
    notes = {
        "human": "**Human**, the ceiling: the best window for what others looked at, about the most that can be had.",
        "oracle": "**Oracle**: knows the very fixations it is scored on.",
    }
    st.caption(" ".join(["Shaded: what methods are measured by.", *(notes[n] for n in notes if n in board.index)]))


def _show_pareto(view: View, board: pd.DataFrame, times: pd.DataFrame) -> None:
    st.subheader("Quality against time", anchor=False)
    if times.empty or view.metric == "milliseconds":
        st.caption("There is nothing to draw here: the metric is time itself, or the run holds no times.")
        return
    st.caption(
        "Up is better, left is faster; the grey line joins those that none beats in both. "
        "Time: one photo, all its formats, without opening the file; under 1 ms is drawn at 1."
    )
    points = board[["mean", "low", "high"]].rename(columns={"mean": "quality"})
    points = points.join(times["median"].rename("milliseconds"))
    alt = f"{view.metric} against the median milliseconds of a photo, with a mark for each method"

    def show_link() -> None:
        link_to_photos(f"Photos of {method_look(view.method).label}", view)

    figure = pareto(points, view.metric)
    clicked = show_chart(figure, points, "quality-against-time", alt, clickable=True, beside=show_link)
    if clicked:
        go_to_photos(view, str(clicked), {})


def _show_distribution(view: View, values: pd.DataFrame) -> None:
    """Of metrics that are shares of a crop."""
    is_crops = any(values.index.unique("aspect"))
    if view.method == view.reference or not is_crops or unit_of(view.metric).scale != 100:
        return
    method, against = method_look(view.method).label, method_look(view.reference).label
    differences = values[view.method] - values[view.reference]
    st.subheader(f"Crop by crop: {method} minus {against}", anchor=False)
    st.caption(
        f"Each bar: crops by how much their {view.metric} differs; within {100 * POINTS:.0f} points is no change. "
        "A click on a bar shows its photos."
    )

    def show_links() -> None:
        link_to_photos(f"Where {method} harms most", view, sort="worst")
        link_to_photos(f"Where {method} helps most", view, sort="best")

    bars = histogram(differences)
    figure = distribution(differences, view.method, view.reference, view.metric)
    zones = ", ".join(note["text"] for note in figure.to_dict()["layout"]["annotations"])
    alt = f"Crops by their difference in {view.metric}, {method} minus {against}: {zones}"
    clicked = show_chart(figure, bars, "crop-by-crop", alt, clickable=True, beside=show_links)
    if clicked is not None:
        low, high = (f"{bars.loc[int(clicked), end]:.6f}" for end in ("low", "high"))
        better = (float(low) >= 0) == METRICS[view.metric].more_is_better
        go_to_photos(view, view.method, {"sort": "best" if better else "worst", "low": low, "high": high})
