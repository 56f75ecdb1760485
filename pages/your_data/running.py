"""A run of the visitor's photos: which methods, its start, its progress, and its early end."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from eval.methods import NAMES, load_methods
from eval.peers import PEERS
from pages.shared.palette import method_look
from pages.shared.phrases import counted
from pages.shared.run_cache import add_own_run, run_files
from pages.shared.widgets import FIRST_METHODS, plain
from pages.your_data.job import TIME_LIMIT, Job, NotStarted
from pages.your_data.photo_set import PhotoSet
from pages.your_data.words import clock
from saliency import METHODS, MODELS


def choose_methods(first: Sequence[str] = FIRST_METHODS) -> tuple[str, ...]:
    """The methods to measure, the centre crop always among them; and how to get those that are not here.

    first: those that are picked before the visitor chooses.
    """
    _, missing = load_methods(PEERS)
    picked = st.pills(
        "Methods",
        [name for name in NAMES if name not in missing and name != "center"],
        selection_mode="multi",
        default=[name for name in first if name not in missing and name != "center"],
        format_func=lambda name: method_look(name).label,
        key="your-data-measure",
        persist_state="session",
        help="The centre crop is always measured: the others are compared with it.",
    )
    notes = []
    if not any(name in METHODS and METHODS[name].eye in MODELS for name in picked):
        notes.append("Without Saliency there is no expected gaze kept: its network does the expecting.")
    if missing:
        names = ", ".join(method_look(name).label for name in missing)
        needs = "; ".join(dict.fromkeys(PEERS[name].requires for name in missing))
        notes.append(f"Not on this server: {names}. To have them: {plain(needs)}.")
    if notes:
        st.caption(" ".join(notes))
    return tuple(name for name in NAMES if name in picked or name == "center")


def measure(photos: PhotoSet, methods: tuple[str, ...]) -> None:
    """The button that starts a run."""
    label = f"Measure {counted(len(photos.unpacked.photos), 'photo')}"
    if st.button(
        label, type="primary", icon=":material/play_arrow:", disabled=photos.facts is None, key="your-data-go"
    ):
        run_label = free_label(photos.name)
        try:
            job = photos.start_job(run_label, methods)
        except NotStarted as error:
            _show_why(error)
            return
        add_own_run(run_label, job.out)  # pages show it once it is finished
        st.rerun()


def free_label(name: str) -> str:
    """The name, with a number where a run has it already."""
    taken = {label.casefold() for label in run_files()}
    label, count = name, 1
    while label.casefold() in taken:
        count += 1
        label = f"{name} {count}"
    return label


def _show_why(error: NotStarted) -> None:
    st.warning(f"{error}.", icon=":material/hourglass_top:")


def show_stopped(photos: PhotoSet, job: Job) -> None:
    """Why the run ended early, and the way to go on."""
    if job.state == "stopped":
        kept = " What was measured is kept." if job.done else ""
        text = f"Stopped after {job.done} of {counted(job.total, 'photo')}.{kept}"
        st.info(text, icon=":material/pause_circle:")
    else:
        st.error(f"The run ended early: {plain(job.problem)}.", icon=":material/error:")
    if st.button("Go on", icon=":material/resume:", disabled=photos.facts is None, key="your-data-resume"):
        try:
            job.start()
        except NotStarted as error:
            _show_why(error)
            return
        st.rerun()


@st.fragment(run_every=1)
def show_progress(job: Job) -> None:
    """How far the run is, each second; when it has ended the page starts again."""
    if job.state != "running":
        st.rerun()
    st.progress(job.done / max(1, job.total), progress_text(job))
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Cancel", icon=":material/stop:", key="your-data-cancel"):
            job.cancel()
            st.rerun()
        st.caption(f"You can look at other pages meanwhile. A run may take {TIME_LIMIT / 60:.0f} minutes at most.")


def progress_text(job: Job) -> str:
    """ "12 of 40 photos · 0:35 so far · about 1:20 left"."""
    if job.remaining is None:
        return f"{job.done} of {counted(job.total, 'photo')} · loading the networks · {clock(job.elapsed)} so far"
    left = f"about {clock(job.remaining)} left" if job.done < job.total else "writing the results"
    return f"{job.done} of {counted(job.total, 'photo')} · {clock(job.elapsed)} so far · {left}"
