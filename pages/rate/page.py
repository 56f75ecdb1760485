"""Blind comparison of crops by people."""

from __future__ import annotations

import streamlit as st

from pages.rate import widgets as rating
from pages.rate.looking import look_ahead
from pages.rate.results import show_results
from pages.rate.session import current_round, next_pair, rater
from pages.shared import widgets
from pages.shared.pickers import expander

rating.show_header()
connection = rating.require_ratings()
setup, candidates = rating.choose()
current = None
if not setup.photos:
    st.info("Drop your photos above, or choose the samples.")
elif not setup.pairs or not setup.aspects:
    st.info("Choose at least two methods and one format.")
else:
    widgets.require_model()
    current = current_round(connection, setup)
    pair = next_pair(connection, current, candidates)
    if pair:
        rating.show_pair(connection, current, pair)
    else:
        rating.show_end(connection, current, setup)
    rating.show_problems(current, candidates)

results = expander("Results", ":material/bar_chart:", "results")
if results.open:
    with results:
        show_results(connection)

if current:
    with st.container(key="rate-ahead"):  # not drawn: the visitor waits for none of it
        look_ahead(current, candidates, rater())
