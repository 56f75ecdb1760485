"""The demo: photos in, crops out."""

from __future__ import annotations

import streamlit as st

from pages._shared import widgets
from pages._shared.downloads import CropFile, crop_files
from pages._shared.loaders import analyse
from pages._shared.photos import unique_stems
from pages._shared.style import stylesheet
from saliency import ImageError

OPEN_AT_FIRST = 3  # of many photos: the rest wait, closed, for a click

st.html(stylesheet())
widgets.show_header()
photos = widgets.choose_photos()
settings = widgets.choose_settings()
if not photos:
    st.info("Drop a photo above, or click a sample.")
    st.stop()
if not (settings.aspects and settings.methods):
    st.info("Choose at least one format and one way to crop.")
    st.stop()
widgets.require_model()

left, right = st.columns([3, 2], vertical_alignment="bottom")
heading, zip_place = left.empty(), right.empty()
alone = len(photos) == 1
everything: list[CropFile] = []
problems = 0
for number, (photo, stem) in enumerate(zip(photos, unique_stems([p.name for p in photos]), strict=True), start=1):
    if not alone:
        heading.progress((number - 1) / len(photos), f"Photo {number} of {len(photos)}")
    try:
        analysis = analyse(photo, settings.methods, (*widgets.PRESETS, *settings.custom))
    except ImageError as error:
        widgets.show_problem(photo, error)
        problems += 1
        continue
    files = crop_files(photo, stem, analysis.crops, settings.aspects)
    everything += files.values()
    if alone:
        with heading.container():
            widgets.show_title(photo, analysis)
        widgets.show_photo(photo, analysis, settings, files)
    elif frame := widgets.photo_frame(photo, analysis, settings, first=number <= OPEN_AT_FIRST):
        with frame:
            widgets.show_facts(photo, analysis)
            widgets.show_photo(photo, analysis, settings, files)
if not alone:
    with heading.container():
        widgets.show_summary(len(photos), problems)
if everything:
    with zip_place:
        widgets.show_zip(everything)
widgets.show_credits()
