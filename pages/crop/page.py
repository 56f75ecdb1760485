"""The demo: photos in, crops out."""

from __future__ import annotations

import streamlit as st

from pages.crop import choice
from pages.crop.crops import show_facts
from pages.crop.gallery import Failure, Strip, ranks
from pages.crop.intake import choose_photos
from pages.crop.model import model_for, refine
from pages.crop.settings import choose_settings, read_address, write_address
from pages.crop.shot import Shot
from pages.crop.take import ZIP_WIDTH, show_zip
from pages.crop.views import NEEDS_BATCH, SHOW, choose_view, show_header, show_title
from pages.shared import widgets
from pages.shared.photo_cache import analyse
from pages.shared.photos import unique_stems
from saliency import ImageError

show_header()
read_address()
photos = choose_photos()
choice.follow_address(photos)
settings = choose_settings()
if not photos:
    write_address()
    st.info("Drop a photo above, or click a sample.")
    st.stop()
if not (settings.formats and settings.methods):
    write_address()
    st.info("Choose at least one format and one method.")
    st.stop()
widgets.require_model()

strip = Strip(len(photos))
title, actions = st.columns(2, gap="medium")
with actions.container(horizontal=True, horizontal_alignment="right", gap="small", key="crop-actions"):
    view = choose_view()
    zip_place = st.container(width=ZIP_WIDTH, horizontal_alignment="right")
write_address()
place, facts = st.container(), st.container()
stems = unique_stems([photo.name for photo in photos])
shots: dict[int, Shot] = {}  # by rank, the open one first
for rank, photo in ranks(photos):
    strip.progress()
    try:
        with strip.looking(title):
            analysis = analyse(photo, settings.methods, (), model_for(photo, settings))
    except ImageError as error:
        strip.fail(rank, Failure(photo, error))
        continue
    framing = settings.framing(analysis.sight)
    point = choice.choice_or_file(photo, analysis.sight.marked)
    shot = shots[rank] = Shot(photo, stems[rank], analysis, framing, point, settings.pads)
    if len(shots) == 1:
        shot.place_all(settings.methods, settings.formats)
    strip.add(rank, shot, settings, opened=len(shots) == 1)
    if len(shots) == 1:
        with title:
            show_title(shot)
        with facts:
            show_facts(shot)
        if view not in NEEDS_BATCH:
            with place:
                SHOW[view](shot, (), settings)
strip.finish()
if shots:
    opened, batch = next(iter(shots.values())), [shots[rank] for rank in sorted(shots)]
    with zip_place:
        show_zip(batch, settings, "crop-zip")
    if view in NEEDS_BATCH:
        with place:
            SHOW[view](opened, batch, settings)
    refine(batch, settings)
widgets.show_credits()
