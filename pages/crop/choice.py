"""The visitor's own focal points, by photo: kept for the session, for every format and for what is taken home."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.crop.shot import Point
from pages.shared.filters import set_query
from pages.shared.photos import Photo

CHOICES = "crop-choices"  # of the session: digest -> point
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


def follow_address(photos: Sequence[Photo]) -> None:
    """Take up the point that a link gives for a sample, at the first sight of it; then have the address give the point
    that holds now. The sample, where there is one, is the first of the photos, and in the address too."""
    sample = photos[0] if photos and photos[0].is_sample else None
    point = _read(st.query_params.get(LOOK, ""))
    if sample and point and CHOICES not in st.session_state:
        choose(sample.digest, point)
    point = choice_of(sample) if sample else None
    set_query({LOOK: f"{point[0]:.4f},{point[1]:.4f}" if point else ""})


def _read(text: str) -> Point | None:
    """The point that "x,y" means; None where it means none."""
    try:
        x, y = (float(value) for value in text.split(","))
    except ValueError:
        return None
    return (x, y) if 0 <= x <= 1 and 0 <= y <= 1 else None
