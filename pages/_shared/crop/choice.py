"""The visitor's own focal points, by photo: kept for the session, for every format and for what is taken home."""

from __future__ import annotations

import streamlit as st

from pages._shared.crop.shot import Point
from pages._shared.filters import set_query
from pages._shared.photos import Photo

CHOICES = "choices"  # of the session: digest -> point
LOOK = "look"  # in the address: the point chosen on a sample, which the link brings too


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


def read_address(photo: Photo) -> None:
    """Take up the point that a link gives for a sample, at the first sight of it."""
    if CHOICES in st.session_state or not photo.is_sample:
        return
    try:
        x, y = (float(value) for value in st.query_params[LOOK].split(","))
    except (KeyError, ValueError):
        return
    if 0 <= x <= 1 and 0 <= y <= 1:
        choose(photo.digest, (x, y))


def write_address(photo: Photo) -> None:
    """The point chosen on a sample, for a link."""
    point = choice_of(photo) if photo.is_sample else None
    set_query({LOOK: f"{point[0]:.4f},{point[1]:.4f}" if point else ""})
