"""Which model's map is on screen: the fast one paints first, the best one follows, or the visitor decides."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.crop.settings import FAST_FIRST, Settings
from pages.crop.shot import Shot
from pages.shared.photo_cache import FAST, MAIN, analyse
from pages.shared.photos import Photo
from pages.shared.turns import LATER

REFINED = "crop-refined"  # of the session: digests of the photos that the best model has seen


def model_for(photo: Photo, settings: Settings) -> str:
    """The model that this photo is shown by now."""
    if settings.model != FAST_FIRST:
        return settings.model
    return MAIN if photo.digest in st.session_state.get(REFINED, ()) else FAST


def refine(shots: Sequence[Shot], settings: Settings) -> None:
    """Once all photos are on screen by the fast model, have the best one look at them, and draw the page anew."""
    rough = [shot.photo for shot in shots if shot.model != model_at_last(settings)]
    if not rough:
        return
    for photo in rough:
        analyse(photo, settings.methods, (), MAIN, LATER)
        st.session_state.setdefault(REFINED, set()).add(photo.digest)
    st.rerun()


def model_at_last(settings: Settings) -> str:
    """The model by which photos are shown when nothing is left to do."""
    return MAIN if settings.model == FAST_FIRST else settings.model
