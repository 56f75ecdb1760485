"""A visitor's own photos: upload, choose methods, measure, see what came out, and adapt the maps to them; or how two
runs of `gazecrop bulk` over them differ."""

from __future__ import annotations

import streamlit as st

from pages.shared.pickers import tabs
from pages.your_data import adapting, parts, running, uploads
from pages.your_data.comparing import show_comparing
from pages.your_data.results import show_results


def show_photos() -> None:
    """One after the other: the photos, a run of them, what came of it."""
    photos = uploads.current_set()
    if photos is None:
        uploads.choose_photos()
        return
    parts.show_set(photos)
    job, finished = photos.job, photos.finished
    if job and job.state == "running":
        running.show_progress(job)
        return
    if photos.fit and photos.fit.state == "running":
        adapting.show_fitting(photos.fit)
        return
    if job and job.state != "done":
        running.show_stopped(photos, job)
    if finished:
        show_results(photos, finished)
        st.divider()
        st.header("Measure again", anchor=False)
    methods = running.choose_methods(job.methods) if job else running.choose_methods()
    uploads.add_annotations(photos)
    running.measure(photos, methods)
    adapting.show_adapting(photos)


parts.show_header()
measured, compared = tabs(["Measure photos", "Compare bulk runs"], "show")
if compared.open:
    with compared:
        show_comparing()
else:
    with measured:
        show_photos()
