"""The maps fitted to a visitor's own people: the button, its progress, and the file that comes out."""

from __future__ import annotations

import json

import streamlit as st

from eval.adapt import FEWEST
from pages.shared.phrases import counted
from pages.shared.widgets import plain
from pages.your_data.job import Fit, NotStarted
from pages.your_data.photo_set import PhotoSet
from pages.your_data.words import clock

ABOUT = (
    "People differ in few numbers: how much they look at the middle, how far their gaze scatters, how sure a map of it "
    "may be. These can be fitted to where people looked on your photos. You see what that gains on photos that the fit "
    "did not see, and get a small file for the command line."
)
USE = "gazecrop crop --adapt adaptation.json photo.jpg"


def show_adapting(photos: PhotoSet) -> None:
    """What adapting is and what came out, where people looked at the photos; the button that starts it."""
    looked_at = photos.facts.looked_at if photos.facts else 0
    if not looked_at:
        return
    st.divider()
    st.header("Adapt to these photos", anchor=False)
    st.caption(ABOUT)
    fit = photos.fit
    if fit and fit.state == "done":
        _show_result(fit)
    elif fit and fit.state == "failed":
        st.error(f"The fit ended early: {plain(fit.problem)}.", icon=":material/error:")
    if looked_at < FEWEST:
        st.caption(f"It needs gaze on at least {counted(FEWEST, 'photo')}; here it is on {looked_at}.")
    label = "Adapt again" if fit else "Adapt to these photos"
    if st.button(label, icon=":material/tune:", disabled=looked_at < FEWEST, key="your-data-adapt"):
        try:
            photos.start_fit()
        except NotStarted as error:
            st.warning(f"{error}.", icon=":material/hourglass_top:")
            return
        st.rerun()


@st.fragment(run_every=1)
def show_fitting(fit: Fit) -> None:
    """How far the fit is, each second; when it has ended the page starts again."""
    if fit.state != "running":
        st.rerun()
    share, said = fit.progress
    st.progress(share, f"Adapting · {said} · {clock(fit.elapsed)} so far")
    if st.button("Cancel", icon=":material/stop:", key="your-data-adapt-cancel"):
        fit.cancel()
        st.rerun()


def _show_result(fit: Fit) -> None:
    manifest = json.loads(fit.result.read_text())
    words = plain(manifest["in words"]).replace(" %", "\u00a0%")
    if manifest["helps"]:
        st.success(words, icon=":material/trending_up:")
    else:
        st.info(words, icon=":material/trending_flat:")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            "Adaptation (JSON)",
            fit.result.read_text,
            "adaptation.json",
            "application/json",
            key="your-data-adaptation",
            help="The fitted numbers, what they gain, and what they were fitted to; no photo and no fixation",
            on_click="ignore",
            icon=":material/download:",
        )
        st.code(USE, language="sh")
