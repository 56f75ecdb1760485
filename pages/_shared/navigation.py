"""The pages of the app, and the way to them."""

from __future__ import annotations

import streamlit as st
from streamlit.navigation.page import Page

from pages._shared.keys import enter

_began: list[bool] = []  # not empty once this process has been through app.py


def navigate() -> Page:
    """Set the window up, and give the page that was asked for."""
    _began.append(True)
    st.set_page_config(page_title="Gazecrop", page_icon="pages/_shared/icon.svg", layout="wide")
    pages = [
        st.Page("pages/crop.py", title="Crop", icon=":material/crop:", default=True),
        st.Page("pages/quality.py", title="Quality", icon=":material/leaderboard:"),
        st.Page("pages/explore.py", title="Explore", icon=":material/photo_library:"),
        st.Page("pages/rate.py", title="Rate", icon=":material/thumbs_up_down:"),
        st.Page("pages/your_data.py", title="Your data", icon=":material/upload_file:"),
        st.Page("pages/method.py", title="Method", icon=":material/description:"),
    ]
    page = st.navigation(pages, position="top")
    enter((page.url_path or "crop").replace("_", "-"))
    return page


def come_through_app() -> None:
    """Go back to app.py where a page was run without it: Streamlit finds `pages/` by itself until st.navigation was
    called once, so the first visitor of a new server who follows a link to a page would see it bare."""
    if not _began:
        navigate()
        st.rerun()
