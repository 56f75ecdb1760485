"""Blind comparison of crops by people."""

from __future__ import annotations

import streamlit as st

from pages.rate import widgets as rating
from pages.rate.results import show_results
from pages.rate.session import current_round, next_pair
from pages.shared import widgets
from pages.shared.pickers import expander

rating.show_header()
connection = rating.require_ratings()
setup, candidates = rating.choose()
if not setup.photos:
    st.info("Drop your photos above, or choose the samples.")
elif len(setup.methods) < 2 or not setup.aspects:
    st.info("Choose at least two methods and one format.")
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
