"""The whole photo in a format, in place of a crop: the offer, what is said of it, its border, and the way back."""

from __future__ import annotations

import streamlit as st

from pages.crop.pads import BACKGROUND, COLOUR, PLAIN, show_whole
from pages.crop.shot import Shot
from pages.crop.words import spread
from pages.shared.address import Parameter
from pages.shared.widgets import plain
from saliency.formats import Format
from saliency.pad import BACKGROUNDS, Canvas

LABELS = {"plain": "One colour", "blurred": "The photo, blurred", "edge": "Edge colour"}


def warn_of_loss(shot: Shot, target: Format) -> None:
    """Where even the best crop loses much, that, with the one click that cuts nothing off; else nothing."""
    if lost := spread(shot, target):
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"crop-loss-{target.label}"):
            st.markdown(f"**{plain(lost)}.**", width="content")
            offer_whole(shot, target)


def offer_whole(shot: Shot, target: Format) -> None:
    """The button that shows the whole photo in this format."""
    st.button(
        "Show the whole photo with a border",
        key=f"crop-pad-{shot.photo.key}-{target.label}",
        icon=":material/fit_screen:",
        type="tertiary",
        on_click=show_whole,
        args=(target, True),
    )


def title_of(shot: Shot) -> str:
    """What is shown in place of a crop, in two words."""
    return "Whole picture" if shot.framing.within else "Whole photo"


def explain_whole(shot: Shot, canvas: Canvas) -> str:
    """What is shown, and where its border is. Plain text."""
    without = " without its plain bars" if shot.framing.within else ""
    if canvas.size == (shot.part.width, shot.part.height):
        return f"The whole photo{without}: it has this shape, so there is no border."
    nothing = "nothing else" if shot.framing.within else "nothing"
    return f"The whole photo{without}, {nothing} cut off, with a border {canvas.where}."


def show_words(shot: Shot, target: Format, canvas: Canvas) -> None:
    """What is shown, with the way back."""
    st.markdown(plain(explain_whole(shot, canvas)))
    st.button(
        "Crop it instead",
        key=f"crop-unpad-{shot.photo.key}-{target.label}",
        icon=":material/crop:",
        type="tertiary",
        on_click=show_whole,
        args=(target, False),
    )


def show_crops_of(shot: Shot, target: Format, canvas: Canvas) -> None:
    """The same above a view that is about crops only."""
    show_words(shot, target, canvas)
    st.caption(f"What follows is about the crops of {plain(target.label)} that it stands in place of.")


def choose_border(target: Format) -> None:
    """One border for all formats, to be chosen beside each."""
    background = _shown(BACKGROUND, target)
    st.segmented_control(
        "Border",
        list(BACKGROUNDS),
        format_func=LABELS.__getitem__,
        required=True,
        key=background,
        on_change=_keep,
        args=(BACKGROUND.key, background),
    )
    if st.session_state[BACKGROUND.key] == PLAIN:
        colour = _shown(COLOUR, target)
        st.color_picker("Colour of the border", key=colour, on_change=_keep, args=(COLOUR.key, colour))


def _shown(parameter: Parameter[str], target: Format) -> str:
    """The key of the parameter's widget beside this format, which is to be drawn next and shows what holds now."""
    key = f"{parameter.key}-{target.label}"
    st.session_state[key] = st.session_state[parameter.key]
    return key


def _keep(kept: str, key: str) -> None:
    st.session_state[kept] = st.session_state[key]
