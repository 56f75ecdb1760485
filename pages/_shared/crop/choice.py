"""The visitor's own focal points, by photo: kept for the session, for every format and for what is taken home."""

from __future__ import annotations

import streamlit as st

from pages._shared.crop.shot import Point
from pages._shared.photos import Photo

CHOICES = "choices"  # of the session: digest -> point


def choice_of(photo: Photo) -> Point | None:
    """Where this visitor wants the photo to be looked at, (x, y) in 0..1; None while the machine decides."""
    choices: dict[str, Point] = st.session_state.get(CHOICES, {})
    return choices.get(photo.digest)


def choose(digest: str, point: Point | None) -> None:
    """Keep a focal point, or with None leave it to the machine again."""
    choices: dict[str, Point] = dict(st.session_state.get(CHOICES, {}))
    choices.pop(digest, None)
    if point:
        choices[digest] = point
    st.session_state[CHOICES] = choices
