"""The pictures: pairs as a method crops them, of the folder of faces where there is one, else of drawn stand-ins."""

from __future__ import annotations

import os

import streamlit as st

from eval.audit.make import FOLDER
from eval.audit.outcome import ALL
from eval.audit.pictures import SIDE_BY_SIDE
from eval.peers import PeerUnavailable
from pages.fairness.cache import get_cards
from pages.fairness.choice import Choice
from pages.shared.palette import method_look
from pages.shared.templates import fill
from pages.shared.widgets import plain

GIVEN = "Faces of the folder that this server was given; no group is written beside a face."
DRAWN = (
    "The faces of the audit may not be shown here. These are drawn, of nobody and of no group: they show what a "
    f"picture of the audit is, and nothing of its result. A server that has faces of its own (`{FOLDER}`) shows those."
)
TEMPLATE = "fairness/parts.html.jinja"


def show_pictures(choice: Choice) -> None:
    """A few pairs in both orders with the method's crop."""
    faces = os.environ.get(FOLDER, "")
    layout = SIDE_BY_SIDE if choice.layout == ALL else choice.layout
    st.header(f"{method_look(choice.method).label}, {layout}", anchor=False)
    st.caption(f"Each pair in both orders; what lies outside the crop is faded. {GIVEN if faces else DRAWN}")
    try:
        cards = get_cards(choice.method, layout, faces)
    except (ValueError, PeerUnavailable) as error:
        st.info(f"{plain(str(error)).capitalize()}.", icon=":material/info:")
        return
    st.html(fill(TEMPLATE, "pairs", cards=cards))
