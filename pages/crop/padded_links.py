"""The whole photo with a border for other software, in a tab each."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.crop.shot import Shot
from pages.shared.widgets import plain
from saliency.formats import Format
from saliency.links import LINKS
from saliency.pad import Canvas, canvas_for
from saliency.pad_links import PAD_LINKS, css, fill_of


def show_whole_links(shot: Shot, target: Format, canvas: Canvas, tabs: Mapping[str, DeltaGenerator]) -> None:
    """Where a service cannot draw such a border, that is said."""
    border = shot.pads.border
    preview = shot.clear_preview  # its edges have the colours of the photo's
    with tabs["CSS"]:
        st.code(css(target.aspect, preview, canvas_for(shot.size, target.aspect), border), "css")
        if shot.framing.within:
            st.caption("CSS cannot leave the bars out: it shows the photo with them.")
        if border.background == "blurred":
            st.caption("Put the photo twice into an element of the class `frame`, the first one of the class `behind`.")
    fill = fill_of(shot.part_of(preview), canvas, border)
    for name in LINKS:
        with tabs[name]:
            text = PAD_LINKS[name](canvas, fill, shot.framing.within) if name in PAD_LINKS else ""
            if not text:
                st.info(f"{plain(name)} cannot draw this border. Choose another, or take the file.")
                continue
            st.code(text, None)
            st.caption(f"This canvas, as part of the photo's address at {plain(name)}.{_differs(border.background)}")


def _differs(background: str) -> str:
    """In what a service's border is not that of the file."""
    return {"blurred": " It blurs in its own way.", "edge": " It has one colour for both sides."}.get(background, "")
