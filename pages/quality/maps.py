"""The saliency maps of a run against people's fixations."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from eval.report import MAP_METRICS, REFERENCES
from eval.runs import Run
from pages.quality.parts import board_of, show_differences, show_methods, show_nothing, show_verdict
from pages.quality.tables import maps_table
from pages.quality.verdicts import show_standings
from pages.quality.words import about_metric, sentence
from pages.shared.filters import Selection, choose_where
from pages.shared.palette import method_look
from pages.shared.pickers import pick
from pages.shared.run_cache import RunFile, get_values

PRIOR = REFERENCES["map"]
SCALES = {
    "NSS": "0 is chance",
    "AUC-Judd": "0.5 is chance, 1 is perfect",
    "sAUC": "0.5 is chance, or to know no more than the centre",
    "IG": "0 is as good as the centre prior",
    "CC": "0 has nothing in common, 1 is the same",
    "KL": "0 is the same",
    "SIM": "0 has nothing in common, 1 is the same",
}


def map_metrics(run: Run) -> list[str]:
    """Those that a run holds."""
    present = set(run.table["metric"].unique())
    return [name for name in MAP_METRICS if name in present]


def choose_maps(file: RunFile, run: Run) -> Selection:
    """The pickers of a metric, a model, and which photos."""
    metric = pick("Metric", map_metrics(run), "map")
    rows = run.table[run.table["metric"] == metric]
    names = [str(name) for name in rows["method"].unique()]
    models = sorted(names, key=lambda name: (name != "gaze", name in (PRIOR, "uniform", "human"), name))
    method = pick("Model", models, "model", methods=True)
    return Selection(file, run, metric, method, PRIOR if PRIOR in names else names[0], choose_where(rows))


def show_maps(selection: Selection, verdict: DeltaGenerator) -> None:
    """All metrics of maps in a table, one of them as a figure. verdict: where its sentence goes."""
    boards = {name: board for name in map_metrics(selection.run) if (board := board_of(selection, name)) is not None}
    board = boards.get(selection.metric)
    if board is None or selection.method not in board.index:
        show_nothing(selection)
        return
    values = get_values(selection.file, selection.metric, selection.key)
    show_verdict(verdict, sentence(board, selection.metric, selection.method, selection.reference), selection, values)
    st.header("Maps against fixations", anchor=False)
    st.caption(
        "How well a map tells where people looked, before any cropping. In brackets 95 % intervals; ↓ less is better. "
        "A click on a number shows its photos."
    )
    show_methods(maps_table(boards), selection, "maps", f"{len(boards)} metrics of saliency maps by model")
    st.caption(
        "Shaded: what models are measured by. **Human**: one observer's fixations foretold from the others'. "
        "**Centre prior**: where people look in any photo. **Uniform**: everywhere alike."
    )
    show_standings(selection.file, selection.metric, selection.method, selection.key)
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.header(f"{selection.metric}: difference to {method_look(selection.reference).label}", anchor=False)
        show_differences(selection, board, "map-differences")
    with right:
        st.header("What the metrics say", anchor=False)
        st.markdown("\n".join(f"- {about_metric(name)[:-1]}; {SCALES[name]}." for name in boards))
