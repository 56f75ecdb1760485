"""The views of one photo: adding one is a line in VIEWS and its name in `settings.VIEWS`."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages._shared.crop.compare import show_compare
from pages._shared.crop.crops import show_crops, show_facts
from pages._shared.crop.feed import show_feed
from pages._shared.crop.settings import VIEWS, Settings
from pages._shared.crop.shot import Shot
from pages._shared.crop.take import show_take
from pages._shared.crop.why import show_why
from pages._shared.widgets import plain

NEEDS_ALL = ("Feed", "Take home")  # the other views are drawn while the rest of the batch is analysed


def choose_view() -> str:
    """What to look at."""
    return str(st.segmented_control("View", VIEWS, key="view", required=True, label_visibility="collapsed"))


def show_title(shot: Shot) -> None:
    """What the photo is called, and the facts of its analysis."""
    st.subheader(plain(shot.photo.title), anchor=False)
    show_facts(shot)


def show_view(view: str, shot: Shot, batch: Sequence[Shot], settings: Settings) -> None:
    """One view of `shot`. batch: all photos in order, empty while they are not all known."""
    match view:
        case "Why":
            show_why(shot, settings)
        case "Feed":
            show_feed(shot, [other for other in batch if other is not shot], settings)
        case "Compare":
            show_compare(shot, settings)
        case "Take home":
            show_take(shot, batch, settings)
        case _:
            show_crops(shot, settings)
