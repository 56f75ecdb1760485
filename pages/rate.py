"""Blind comparison of crops by people."""

from __future__ import annotations

import streamlit as st

from pages._shared import widgets
from pages._shared.filters import expander
from pages._shared.navigation import come_through_app
from pages._shared.ratings import widgets as rating
from pages._shared.ratings.results import show_results
from pages._shared.ratings.session import current_round, next_pair
from pages._shared.style import stylesheet

come_through_app()
st.html(stylesheet())
rating.show_header()
connection = rating.require_ratings()
setup, candidates = rating.choose()
if not setup.photos:
    st.info("Drop your photos above, or choose the samples.")
elif len(setup.methods) < 2 or not setup.aspects:
    st.info("Choose at least two ways to crop and one format.")
else:
    widgets.require_model()
    round = current_round(connection, setup)
    pair = next_pair(connection, round, candidates)
    if pair:
        rating.show_pair(connection, round, pair)
    else:
        rating.show_end(connection, round, setup)
    rating.show_problems(round, candidates)

results = expander("Results", ":material/bar_chart:", "results")
if results.open:
    with results:
        show_results(connection)
