"""Plain bars and frames on the Crop page: said when they are left out or may be there, with the way back."""

from __future__ import annotations

import streamlit as st

from pages.crop.shot import Shot
from saliency.borders import left_out


def show_bars(shot: Shot) -> None:
    """What was done with the bars of this photo, and a button that does the opposite; nothing where there are none. How
    much is left out, the words on each crop say."""
    borders, within, damage = shot.analysis.sight.borders, shot.framing.within, shot.analysis.sight.damage
    if damage:
        st.markdown(f"**The file is damaged**: {damage}. What it still has is shown.")
    part = within or borders.perhaps
    if part is None:
        return
    if within:
        words, label, wish = "**Plain bars left out**, in every format.", "Keep the bars", "never"
    elif borders.sure:
        words, label, wish = f"**Plain bars kept**: {left_out(borders.sure, shot.size)}.", "Leave the bars out", "auto"
    else:
        words, label, wish = f"There **may be plain bars**: {left_out(part, shot.size)}.", "Leave them out", "always"
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="crop-bars"):
        st.markdown(words)
        st.button(
            label,
            key=f"crop-bars-{shot.photo.key}",
            icon=":material/crop_free:" if within else ":material/crop:",
            type="tertiary",
            on_click=_wish,
            args=(wish,),
        )


def _wish(wish: str) -> None:
    st.session_state["crop-trim"] = wish
