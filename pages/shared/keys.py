"""The keys of widgets and of what a session keeps: one namespace over all pages, so each page's begin with its name."""

from __future__ import annotations

import streamlit as st

PAGE = "shared-page"  # of the session: the page that it is on


def enter(room: str) -> bool:
    """The session is on this page now; between runs, as in callbacks, it stays there. Returns whether it just came."""
    before, st.session_state[PAGE] = st.session_state.get(PAGE), room.replace("_", "-")
    return before != st.session_state[PAGE]


def page_key(name: str) -> str:
    """The key of a part that several pages have, on this one: "quality-metric"."""
    return f"{st.session_state[PAGE]}-{name}"
