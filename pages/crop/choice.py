"""The focal points that people chose, by photo: the visitor's own, kept for the session, for every format and for what
is taken home; else what the photo's file says, until the visitor leaves it to the machine."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.crop.shot import Point
from pages.shared.address import Parameter, in_address, set_address
from pages.shared.photos import Photo
from saliency.regions import Marked

CHOICES = "crop-choices"  # of the session: digest -> point
PASSED = "crop-passed"  # of the session: digests of the photos whose files are not followed


def _read(text: str) -> Point | None:
    x, y = (float(value) for value in text.split(","))
    if not (0 <= x <= 1 and 0 <= y <= 1):
        raise ValueError(f"a focal point is x,y in 0..1 of the photo, got {text!r}")
    return x, y


def _write(point: Point | None) -> str:
    return f"{point[0]:.4f},{point[1]:.4f}" if point else ""


# the point chosen on a sample, which the link brings too
LOOK: Parameter[Point | None] = Parameter("look", None, _read, _write)


def choice_of(photo: Photo) -> Point | None:
    """Where this visitor wants the photo to be looked at, (x, y) in 0..1; None while the machine decides."""
    choices: dict[str, Point] = st.session_state.get(CHOICES, {})
    return choices.get(photo.digest)


def choice_or_file(photo: Photo, marked: Marked | None) -> Point | None:
    """The same, or where its file says, unless that was passed over."""
    if (own := choice_of(photo)) or marked is None:
        return own
    return None if photo.digest in st.session_state.get(PASSED, ()) else marked.point


def follow_file(digest: str) -> None:
    """Look where the file says, again."""
    st.session_state[PASSED] = {*st.session_state.get(PASSED, ())} - {digest}


def choose(digest: str, point: Point | None) -> None:
    """Keep a focal point, or with None leave it to the machine, whatever the file says."""
    if point is None:
        st.session_state[PASSED] = {*st.session_state.get(PASSED, ()), digest}
    choices: dict[str, Point] = dict(st.session_state.get(CHOICES, {}))
    choices.pop(digest, None)
    if point:
        choices[digest] = point
    st.session_state[CHOICES] = choices


def follow_address(photos: Sequence[Photo]) -> None:
    """Take up the point that a link gives for a sample, at the first sight of it; then have the address give the point
    that holds now. The sample, where there is one, is the first of the photos, and in the address too."""
    sample = photos[0] if photos and photos[0].is_sample else None
    point = in_address(LOOK)
    if sample and point and CHOICES not in st.session_state:
        choose(sample.digest, point)
    set_address({LOOK.name: LOOK.text(choice_of(sample) if sample else None)})
