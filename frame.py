"""The frame of every page: the window, the stylesheet and the navigation. Streamlit runs it for every click."""

from __future__ import annotations

import streamlit as st

from pages.shared.address import come_back
from pages.shared.faults import show_fault
from pages.shared.first import ONCE_MORE, came_first
from pages.shared.keys import enter
from pages.shared.style import stylesheet
from saliency.files.floors import known_bad
from saliency.locked import doors

PAGES = {  # room -> title and icon; the first is the one that opens
    "crop": ("Crop", ":material/crop:"),
    "quality": ("Quality", ":material/leaderboard:"),
    "explore": ("Explore", ":material/photo_library:"),
    "rate": ("Rate", ":material/thumbs_up_down:"),
    "your_data": ("Your data", ":material/upload_file:"),
    "fairness": ("Fairness", ":material/balance:"),
    "method": ("Method", ":material/description:"),
}
FIRST = next(iter(PAGES))

doors.warm()
st.set_page_config(page_title="Gazecrop", page_icon="pages/shared/icon.svg", layout="wide")
if wrong := known_bad():
    st.error(f"This server must be mended first: {wrong}.", icon=":material/error:")
    st.stop()
page = st.navigation(
    [
        st.Page(f"pages/{room}/page.py", title=title, icon=icon, url_path=room, default=room == FIRST)
        for room, (title, icon) in PAGES.items()
    ],
    position="top",
)
if came_first() and page.url_path:
    st.html(ONCE_MORE, unsafe_allow_javascript=True)
    st.stop()
room = page.url_path or FIRST
come_back(room, new=enter(room))
st.html(stylesheet(room))
try:
    page.run()
except Exception as error:  # no fault of one page takes the way to the others away
    show_fault(error)
