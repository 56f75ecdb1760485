"""Drawn scenes of which the right crops are known: the share right by kind and method, and the pictures behind it."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from eval.report import ALL
from eval.runs import Run
from eval.scenes import KINDS
from eval.types import SCENES
from pages.quality.cache import get_fingerprint
from pages.quality.kinds_table import CROPS, KIND, STAR, kinds_table, styled_kinds, widths
from pages.quality.scene_crops import SceneChoice, scene_metrics
from pages.quality.scene_gallery import show_gallery
from pages.quality.verdicts import show_standings
from pages.quality.words import about_metric, best_sentence
from pages.shared.address import set_address
from pages.shared.charts import show_download
from pages.shared.palette import method_look
from pages.shared.phrases import counted
from pages.shared.pickers import pick
from pages.shared.run_cache import RunFile, get_kinds, get_levels_of_scenes, get_values
from pages.shared.widgets import plain

TABLE = "quality-table-kinds"
ROW_HEIGHT = 35  # CSS pixels, of a table
WHERE = (("dataset", SCENES),)
LIMITS = (
    "Limits: the scenes are drawn by us, from shapes and this app's samples, and all their people have one real face. "
    "They show what a crop's border cuts, not how it does on people's photos: for that see **Crops**."
)


def choose_scenes(file: RunFile, run: Run) -> SceneChoice:
    """The pickers of a metric, a method, one to see beside it, and a kind of scene."""
    metric = pick("Metric", scene_metrics(run), "metric")
    board = get_kinds(file, metric)
    method = pick("Method", _gaze_first(board.columns), "method", methods=True)
    beside = pick("Beside", _gaze_first(board.columns.drop(method)) or [method], "beside", methods=True)
    return SceneChoice(file, run, metric, method, beside, pick("Kind", _kinds(board), "kind"))


def _kinds(board: pd.DataFrame) -> list[str]:
    """The kinds of a run that can be drawn, in their order."""
    return [kind for kind in KINDS if kind in board.index]


def _gaze_first(methods: pd.Index) -> list[str]:
    """Ours, then the others as they come: from the best on."""
    return sorted(map(str, methods), key=lambda name: name != "gaze")


def show_scenes(choice: SceneChoice, verdict: DeltaGenerator) -> None:
    """The table of kinds and methods, beside it the pictures of one number. verdict: where its sentence goes."""
    levels = get_levels_of_scenes(choice.file, choice.metric)
    values = get_values(choice.file, choice.metric, WHERE)
    date = plain(str(choice.run.manifest.get("date", "?")))
    scenes = values.index.unique("image")
    with verdict:
        st.markdown(best_sentence(levels, choice.metric, choice.method))
        of = f"{counted(len(values), 'crop')} of {counted(len(scenes), 'drawn scene')}"
        st.caption(f"{of} · measured {date}, run “{plain(choice.file.label)}”")
    if choice.run.manifest.get("data", {}).get(SCENES) != get_fingerprint():
        st.warning(
            "This run is of scenes that were drawn by another version: the pictures may be others than it judged. "
            "Make it again with `python -m eval run --scenes`.",
            icon=":material/history:",
        )
    st.caption(
        "A scene is a drawn picture of which it is known what a crop must not cut. Right is a crop that keeps it as "
        f"well as its shape can. {LIMITS}"
    )
    left, right = st.columns([3, 2], gap="large")
    with left:
        _show_kinds(choice, levels, values)
    with right:
        show_gallery(choice)


def _show_kinds(choice: SceneChoice, levels: pd.DataFrame, values: pd.DataFrame) -> None:
    st.header("By kind", anchor=False)
    st.caption(
        f"{about_metric(choice.metric)} In per cent; kinds count the same, in brackets 95 % intervals over scenes. "
        f"{STAR}best of its kind. A click on a number shows its pictures."
    )
    board = get_kinds(choice.file, choice.metric)
    kinds = _kinds(board)
    counts = values.groupby(values.index.get_level_values("image").astype(str).str.split("/").str[0]).size()
    methods = _gaze_first(board.columns)
    table = kinds_table(board.loc[[ALL, *kinds], methods], counts)
    labels = {method: method_look(method).label for method in methods}
    config: dict[str, Any] = {
        KIND: st.column_config.TextColumn(width=174, pinned=True),
    }
    config |= {
        method: st.column_config.NumberColumn(labels[method], width=width) for method, width in widths(labels).items()
    }
    config[CROPS] = st.column_config.NumberColumn(help="How many were judged: scenes by the shapes that can go wrong.")
    st.dataframe(
        styled_kinds(table, levels, choice.metric),
        key=TABLE,
        alt=f"{choice.metric} in per cent, {len(kinds)} kinds of scenes by {len(labels)} methods",
        column_config=config,
        hide_index=True,
        placeholder="",
        height=ROW_HEIGHT * (len(table) + 1) + 3,
        on_select=partial(_take_up, kinds, methods),
        selection_mode="single-cell",
    )
    show_download(table.set_index(KIND), "kinds")
    show_standings(choice.file, choice.metric, choice.method, scenes=True)


def _take_up(kinds: list[str], methods: list[str]) -> None:
    """The kind and the method of the clicked number become those of the pickers."""
    cells = st.session_state[TABLE]["selection"]["cells"]
    if cells:
        row, column = cells[0]
        chosen = {"kind": kinds[row - 1]} if row else {}
        set_address(chosen | ({"method": column} if column in methods else {}))
