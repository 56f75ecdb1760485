"""What a visitor sees where the app itself fails: a sentence and the way back. The trace is in the log."""

from __future__ import annotations

import contextlib
import logging
from uuid import uuid4

import streamlit as st
from streamlit.errors import StreamlitAPIException

from pages.shared.keys import PAGE
from pages.shared.phrases import no_network
from saliency.models.weights import WeightsError

HOME = "pages/crop/page.py"
log = logging.getLogger("gazecrop")


def _words(error: Exception, number: str) -> str:
    if isinstance(error, WeightsError):  # to try again would not help, to know which file does
        return f"{no_network(error)} It is fault {number} in the log."
    return (
        "**Something went wrong on this page.** It is our fault, not that of your photos, which are still here. "
        "Please try again. If it fails once more, start anew; "
        f"whoever runs this server finds fault {number} in its log."
    )


def show_fault(error: Exception) -> bool:
    """Say that something failed, under a number by which the log knows it. Returns True: it has been shown."""
    number, room = uuid4().hex[:8], st.session_state.get(PAGE, "")
    log.error("fault %s on page %r", number, room, exc_info=error)
    st.error(_words(error, number), icon=":material/error:")
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.button("Try again", icon=":material/refresh:", key=f"shared-again-{number}")
        st.button(
            "Start anew",
            icon=":material/restart_alt:",
            key=f"shared-anew-{number}",
            help="Forgets the settings and the photos of this visit",
            on_click=st.session_state.clear,
        )
        with contextlib.suppress(StreamlitAPIException):  # before the navigation there are no pages to link to
            st.page_link(HOME, label="To Crop", icon=":material/crop:")
    return True
