"""Whom croppers favour where two people are in one picture: the committed audit, and what it does not show."""

from __future__ import annotations

import streamlit as st

from eval.runs import RunError
from pages.fairness.cache import get_audit
from pages.fairness.choice import choose
from pages.fairness.groups import show_groups
from pages.fairness.outside import show_outside
from pages.fairness.pictures import show_pictures
from pages.fairness.places import show_places
from pages.fairness.words import about_audit, limits, verdict
from pages.shared.pickers import picker_row, tabs
from pages.shared.widgets import plain

st.title("Whom do crops favour?")
try:
    audit = get_audit()
except RunError as error:
    st.info(f"There is no audit to show: {plain(str(error))}.", icon=":material/science:")
    st.stop()
sentence = st.container(key="fairness-verdict")
pickers = picker_row()
groups, places, pictures, outside = tabs(["Groups", "Places", "Pictures", "Other audits"], "show")
with pickers:
    choice = choose(audit)
with sentence:
    st.markdown(verdict(audit, choice.method))
    st.caption(about_audit(audit))
if groups.open:
    with groups:
        show_groups(choice)
elif places.open:
    with places:
        show_places(choice)
elif pictures.open:
    with pictures:
        show_pictures(choice)
else:
    with outside:
        show_outside(choice)
st.header("What this does not show", anchor=False)
st.markdown(limits(audit))
