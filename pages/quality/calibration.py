"""Whether crops do what is said of them, on the run's photos and on datasets that a network never saw."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from eval.calibration import SAID
from eval.harm_tables import NEVER_SEEN, OWN_SETS
from eval.report import ALL
from pages.quality.jumps import show_jumps
from pages.quality.parts import ROW_HEIGHT
from pages.shared.charts import show_chart
from pages.shared.figures.calibration import reliability_diagram
from pages.shared.palette import method_look
from pages.shared.phrases import counted
from pages.shared.pickers import pick
from pages.shared.reliability_words import ERRORS, MARKS, reliability_sentence
from pages.shared.run_cache import RunFile, about_run, get_errors, get_reliability, get_told, unseen_beside
from pages.shared.widgets import plain

METHODS = ("gaze", "gaze-only")  # those that crop by the map which says what is kept
LEVELS = {ALL: "", "format": "aspect", "dataset": "dataset"}  # what diagrams are by -> the level of the crops' index
MEASURES = ("bias", "ECE", "MAE")
AGAIN = "`python -m eval run --methods gaze gaze-only center`"


@dataclass(frozen=True, slots=True)
class Told:
    """What is looked at. what: of SAID. by: of LEVELS."""

    file: RunFile
    method: str
    what: str
    by: str


def choose_told(file: RunFile) -> Told | None:
    """The pickers of what was said, by which method, and by what crops are told apart; None where nothing was said."""
    said = {name: told for name in METHODS if (told := get_told(file, name))}
    if not said:
        return None
    about = "\n\n".join(f"**{name}**: {words}" for name, words in SAID.items())
    what = pick("Said of a crop", [name for name in SAID if name in set().union(*said.values())], "said", about=about)
    method = pick("Method", [name for name, told in said.items() if what in told], "method", methods=True)
    return Told(file, method, what, pick("By", list(LEVELS), "by"))


def show_calibration(told: Told | None, verdict: DeltaGenerator) -> None:
    """The diagram and the errors, and how far crops jump. verdict: where its sentence goes."""
    if told is None:
        st.info(
            "This run does not hold both what was expected of crops and what all observers looked at, so it cannot be "
            f"told whether the one came as the other. Make one that does with {AGAIN}.",
            icon=":material/rule:",
        )
    else:
        _show_told(told, verdict)
    show_jumps()


def _show_told(told: Told, verdict: DeltaGenerator) -> None:
    unseen = unseen_beside(told.file)
    other = Told(unseen, told.method, told.what, told.by) if unseen else None
    beside = other is not None and told.what in get_told(other.file, other.method)
    sentence = reliability_sentence(_tables(told, ALL)[ALL], told.what)
    if other and beside:
        theirs = reliability_sentence(_tables(other, ALL)[ALL], told.what)
        sentence += f" On photos of datasets it never saw: {theirs[0].lower()}{theirs[1:]}"
    with verdict:
        st.markdown(sentence)
        crops = int(get_errors(told.file, told.method, "dataset").loc[ALL, "crops"])
        st.caption(f"{counted(crops, 'crop')} of {plain(about_run(told.file))} · judged by all observers")
    left, right = st.columns(2, gap="large")
    if other and beside:
        with left:
            _show_diagram(told, OWN_SETS.capitalize(), "seen")
            _show_errors(told, "seen")
        with right:
            _show_diagram(other, NEVER_SEEN.capitalize(), "unseen")
            _show_errors(other, "unseen")
    else:
        with left:
            _show_diagram(told, "Said and seen", "seen")
        with right:
            st.header("How far it is off", anchor=False)
            _show_errors(told, "seen")
    st.caption(f"{MARKS} {ERRORS}")
    if told.what in ("kept", "gain") and "help" not in get_told(told.file, told.method):
        st.caption(f"How likely crops are to help and to harm, this run does not say: make it again with {AGAIN}.")


def _show_diagram(told: Told, title: str, name: str) -> None:
    st.header(title, anchor=False)
    tables = _tables(told, told.by)
    parts = (
        f"{part}: "
        + ", ".join(f"said {100 * row.expected:.1f}, seen {100 * row.seen:.1f}" for row in table.itertuples())
        for part, table in tables.items()
    )
    alt = f"What was said of crops by {method_look(told.method).label} ({told.what}) and what was seen: " + "; ".join(
        parts
    )
    show_chart(
        reliability_diagram(tables, told.what, told.method), pd.concat(tables, names=[told.by]), f"said-{name}", alt
    )


def _show_errors(told: Told, name: str) -> None:
    """A row a dataset or format, and all; in percentage points."""
    by = told.by if told.by != ALL else "dataset"
    errors = get_errors(told.file, told.method, LEVELS[by])
    columns = {
        f"{told.what} {name}": f"{name[0].upper()}{name[1:]}, points"
        for name in MEASURES
        if f"{told.what} {name}" in errors
    }
    table = (100 * errors[list(columns)]).rename(columns=columns).assign(Crops=errors["crops"].astype(int))
    st.dataframe(
        table.rename_axis(by.capitalize()),
        column_config={column: st.column_config.NumberColumn(format="%.1f") for column in columns.values()},
        alt=f"How far what is said ({told.what}) is off, by {by}",
        key=f"quality-table-said-{name}",
        height=ROW_HEIGHT * (len(table) + 1) + 3,
    )


def _tables(told: Told, by: str) -> dict[str, pd.DataFrame]:
    return get_reliability(told.file, told.method, told.what, LEVELS[by])
