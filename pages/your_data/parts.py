"""The top of Your data: what the page does, and what is known of the photos."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.shared.phrases import counted
from pages.shared.templates import fill
from pages.shared.widgets import plain
from pages.your_data.photo_set import Facts, PhotoSet
from pages.your_data.uploads import MOST_TAKEN, drop, take_along

NAMED = 20  # files named in a list
LONGEST = 100  # characters of such a name


def show_header() -> None:
    """What this page does, and who sees the photos."""
    st.title("Measure your own photos")
    st.markdown("How do the methods differ on your photos? And if you know where people looked: which one keeps that?")


def show_set(photos: PhotoSet) -> None:
    """What was found: how many photos, what is known of them, a glimpse, and what was left out."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.header(plain(photos.name), anchor=False, width="content")
        st.button("Choose other photos", icon=":material/restart_alt:", type="tertiary", on_click=drop, args=[photos])
    _show_ways(photos)
    st.html(fill("your_data/parts.html.jinja", "glimpse", photos=photos.thumbnails))
    if photos.facts:
        st.markdown(facts_text(photos.facts))
        _show_warnings(photos.facts, photos.unpacked.tables)
    else:
        st.error(
            f"The annotations cannot be used. {plain(photos.problem)}.\n\nCorrect the file and add it again below.",
            icon=":material/error:",
        )
    if photos.unpacked.left_out:
        with st.expander(f"{counted(len(photos.unpacked.left_out), 'file')} left out", type="compact"):
            _show_names(photos.unpacked.left_out)


def _show_ways(photos: PhotoSet) -> None:
    """To the pages that take photos one by one."""
    count = len(photos.unpacked.photos)
    which = f"the first {MOST_TAKEN}" if count > MOST_TAKEN else "these"
    with st.container(horizontal=True, gap="small"):
        if st.button(f"Open {which} in Crop", icon=":material/crop:", key="your-data-to-crop"):
            take_along(photos)
            st.switch_page("pages/crop/page.py")
        if st.button(f"Rate {which}", icon=":material/thumbs_up_down:", key="your-data-to-rate"):
            take_along(photos)
            st.switch_page("pages/rate/page.py")


def facts_text(facts: Facts) -> str:
    """What is known of the photos, in one line of Markdown."""
    known = []
    if facts.looked_at:
        known.append(f"{facts.looked_at} with the gaze of {counted(facts.people, 'person', 'people')}")
    if facts.boxes:
        known.append(f"{facts.boxes} with boxes")
    if facts.crops:
        known.append(f"{facts.crops} with crops that people chose")
    opening = f"**{counted(facts.photos, 'photo')}**"
    if facts.unreadable:
        opening += f", {facts.unreadable} of which cannot be opened and will be skipped"
    text = " · ".join([opening, *known])
    return text if known else f"{text} · no annotations, so this will show how methods differ, not which is better"


def _show_warnings(facts: Facts, tables: Sequence[str]) -> None:
    """What about the annotations would be a surprise later."""
    if "fixations.csv" in tables and not facts.looked_at:
        st.warning("No fixation in fixations.csv lies inside its photo. Are x and y in pixels of the upright photo?")
    elif facts.outside:
        st.warning(facts.outside)
    if facts.looked_at and not facts.judged:
        st.warning(
            "All fixations are of one person. Methods are judged on every second person, so two or more are needed; "
            "as it is, you will not see gaze kept."
        )


def _show_names(rows: Sequence[tuple[str, str]]) -> None:
    """(name, what about it), as a list."""
    lines = [f"- {plain(' '.join(name.split())[:LONGEST])}: {plain(why)}" for name, why in rows[:NAMED]]
    if len(rows) > NAMED:
        lines.append(f"- and {len(rows) - NAMED} more")
    st.markdown("\n".join(lines))
