"""The crops of a run: leaderboard, differences, quality against time, and crop by crop."""

from __future__ import annotations

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from eval.readme_words import DEFINITIONS
from eval.report import METRICS, POINTS
from eval.runs import Run
from eval.types import GAZE_KEPT
from pages.quality.harm import show_harm
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
from pages.quality.verdicts import show_standings
from pages.quality.words import about_metric, sentence
from pages.shared.charts import show_chart
from pages.shared.figures.quality import distribution, histogram, pareto
from pages.shared.figures.units import unit_of
from pages.shared.filters import UNMEASURED, Selection, metrics_of
from pages.shared.palette import method_look
from pages.shared.run_cache import get_levels, get_standings, get_times, get_values, get_verdict

BESIDE = (
    "gaze kept",
    "heads cut",
    "heads lost a fifth",
    "faces cut",
    "faces cut by gaze",
    "faces lost",
    "regions whole",
    "human crop IoU",
)  # in the leaderboard of any metric, where the run has them


def crop_metrics(run: Run) -> list[str]:
    """The metrics of a run that are not of maps: of crops, of face detectors, and of time."""
    return [name for name in metrics_of(run) if METRICS[name].kind not in ("map", "map time")]


def is_measured(run: Run) -> bool:
    """Whether a run has any metric of crops that people's gaze, faces or choices gave, not only our own expectation."""
    return any(name != UNMEASURED for name in metrics_of(run, crops_only=True))


def show_crops(selection: Selection, verdict: DeltaGenerator) -> None:
    """Everything of one metric of crops. verdict: where its sentence goes."""
    board = board_of(selection, selection.metric)
    if board is None or selection.method not in board.index:
        show_nothing(selection)
        return
    values = get_values(selection.file, selection.metric, selection.key)
    show_verdict(verdict, _verdict(selection, board), selection, values)
    times = get_times(selection.file, selection.key)
    _show_leaderboard(selection, board, times)
    left, right = st.columns(2, gap="large")
    with left:
        st.header(f"Difference to {method_look(selection.reference).label}", anchor=False)
        show_differences(selection, board, "differences")
    with right:
        _show_pareto(selection, board, times)
    _show_distribution(selection, values)
    if selection.metric in GAZE_KEPT:
        show_harm(selection)


def _verdict(selection: Selection, board: pd.DataFrame) -> str:
    if selection.metric == "gaze kept" and selection.reference == "center" != selection.method:
        return get_verdict(selection.file, selection.method, selection.key)
    return sentence(board, selection.metric, selection.method, selection.reference)


def _show_leaderboard(selection: Selection, board: pd.DataFrame, times: pd.DataFrame) -> None:
    others = {name: get_levels(selection.file, name, selection.key) for name in BESIDE if name != selection.metric}
    found = get_standings(selection.file, selection.metric, selection.key)
    ranks = found.ranks() if found else pd.DataFrame()
    table = leaderboard_table(board, selection.metric, selection.reference, others, times, ranks)
    st.header("Leaderboard", anchor=False)
    st.caption(
        f"{about_metric(selection.metric)} In brackets 95 % intervals. ↓ less is better. "
        "A click on a number shows its photos; more columns are to the right."
    )
    show_methods(table, selection, "leaderboard", f"Leaderboard of {len(board)} methods by {selection.metric}")
    notes = {
        "human": "**Human**, the ceiling: the best window for what others looked at, about the most that can be had.",
        "oracle": "**Oracle**: knows the very fixations it is scored on.",
    }
    st.caption(" ".join(["Shaded: what methods are measured by.", *(notes[n] for n in notes if n in board.index)]))
    show_standings(selection.file, selection.metric, selection.method, selection.key)
    with st.expander("What the columns say", type="compact"):
        st.markdown(DEFINITIONS)


def _show_pareto(selection: Selection, board: pd.DataFrame, times: pd.DataFrame) -> None:
    st.header("Quality against time", anchor=False)
    if times.empty or selection.metric == "milliseconds":
        st.caption("There is nothing to draw here: the metric is time itself, or the run holds no times.")
        return
    st.caption(
        "Up is better, left is faster; the grey line joins those that none beats in both. "
        "Time: one photo, all its formats, without opening the file; under 1 ms is drawn at 1."
    )
    points = board[["mean", "low", "high"]].rename(columns={"mean": "quality"})
    points = points.join(times["median"].rename("milliseconds"))
    alt = f"{selection.metric} against the median milliseconds of a photo, with a mark for each method"

    def show_link() -> None:
        link_to_photos(f"Photos of {method_look(selection.method).label}", selection)

    figure = pareto(points, selection.metric)
    clicked = show_chart(figure, points, "quality-against-time", alt, clickable=True, beside=show_link)
    if clicked:
        go_to_photos(selection, str(clicked), {})


def _show_distribution(selection: Selection, values: pd.DataFrame) -> None:
    """Of metrics that are shares of a crop."""
    is_crops = any(values.index.unique("aspect"))
    if selection.method == selection.reference or not is_crops or unit_of(selection.metric).scale != 100:
        return
    method, against = method_look(selection.method).label, method_look(selection.reference).label
    differences = values[selection.method] - values[selection.reference]
    st.header(f"Crop by crop: {method} minus {against}", anchor=False)
    st.caption(
        f"Each bar: crops by how much their {selection.metric} differs; within {100 * POINTS:.0f} points is no change. "
        "A click on a bar shows its photos."
    )

    def show_links() -> None:
        link_to_photos(f"Where {method} harms most", selection, sort="worst")
        link_to_photos(f"Where {method} helps most", selection, sort="best")

    bars = histogram(differences)
    figure = distribution(differences, selection.method, selection.reference, selection.metric)
    zones = ", ".join(note["text"] for note in figure.to_dict()["layout"]["annotations"])
    alt = f"Crops by their difference in {selection.metric}, {method} minus {against}: {zones}"
    clicked = show_chart(figure, bars, "crop-by-crop", alt, clickable=True, beside=show_links)
    if clicked is not None:
        low, high = (f"{bars.loc[int(clicked), end]:.6f}" for end in ("low", "high"))
        better = (float(low) >= 0) == METRICS[selection.metric].more_is_better
        go_to_photos(selection, selection.method, {"sort": "best" if better else "worst", "low": low, "high": high})
