"""The views of one photo. Adding one is a function, a line in SHOW, and its name in `settings.VIEWS`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from pages.crop.compare import show_compare
from pages.crop.crops import show_crops
from pages.crop.feed import show_feed
from pages.crop.settings import VIEWS, Settings
from pages.crop.shot import Shot
from pages.crop.take import show_take
from pages.shared.widgets import plain

Batch = Sequence[Shot]
SHOW: dict[str, Callable[[Shot, Batch, Settings], None]] = {
    "Crops": lambda shot, _, settings: show_crops(shot, settings),
    "Why": lambda shot, _, settings: _show_why(shot, settings),
    "Feed": lambda shot, batch, settings: show_feed(shot, [s for s in batch if s is not shot], settings),
    "Compare": lambda shot, _, settings: show_compare(shot, settings),
    "Take home": show_take,
}
NEEDS_BATCH = ("Feed", "Take home")  # the other views are drawn while the rest of the batch is analysed


def _show_why(shot: Shot, settings: Settings) -> None:
    from pages.crop.why import show_why  # brings pandas and plotly in: only those who ask why wait for them

    show_why(shot, settings)


def show_header() -> None:
    """What this is, in one breath."""
    st.title("Crop photos to what people look at")
    with st.container(key="crop-lead"):
        st.markdown(
            "A neural network predicts where eyes will land, and the crop keeps that part. "
            ":gray[Beside it: what a face detector and a plain centre crop would keep.]"
        )


def choose_view() -> str:
    """What to look at."""
    return str(
        st.segmented_control(
            "View",
            VIEWS,
            key="crop-view",
            required=True,
            label_visibility="collapsed",
            wrap=False,
            persist_state="session",
        )
    )


def show_title(shot: Shot) -> None:
    """What the photo is called."""
    st.header(plain(shot.photo.title), anchor=False)
