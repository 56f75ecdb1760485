"""A visitor's own photos: upload, choose methods, measure, see what came out, and adapt the maps to them."""

from __future__ import annotations

import streamlit as st

from pages.your_data import adapting, parts, running, uploads
from pages.your_data.results import show_results

parts.show_header()
photos = uploads.current_set()
if photos is None:
    uploads.choose_photos()
    st.stop()

parts.show_set(photos)
job, finished = photos.job, photos.finished
if job and job.state == "running":
    running.show_progress(job)
    st.stop()
if photos.fit and photos.fit.state == "running":
    adapting.show_fitting(photos.fit)
    st.stop()
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
