"""Pasting pictures: from the clipboard into the page's own uploader."""

from __future__ import annotations

import streamlit as st

from pages.shared.components.assets import asset

_paste = st.components.v2.component(
    "gazecrop_paste", html=asset("paste.html"), css=asset("paste.css"), js=asset("paste.js")
)


def paste_zone(key: str) -> None:
    """A quiet line that says one can paste, a button where the browser allows it, and an ear for Ctrl+V on the page.

    What is pasted goes to the file uploader with the key "uploads", as if it had been chosen there; the limits are that
    uploader's. Text pasted into a text field is left alone. key: unique on the page.
    """
    _paste(key=key)
