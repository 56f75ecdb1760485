"""The model card: what it does, data, scores, limits, failures, licences, and how to run it all again."""

from __future__ import annotations

import streamlit as st

from eval.runs import RunError
from pages.method import sections
from pages.method.cache import get_card
from pages.method.reliability import show_reliability
from pages.shared import widgets
from pages.shared.widgets import plain
from saliency.models.weights import WeightsError

sections.show_header()
try:
    card = get_card()
except (RunError, WeightsError, ValueError) as error:
    st.error(f"The card has no numbers: {plain(str(error))}.", icon=":material/error:")
    st.stop()
sections.show_facts(card)
widgets.require_model()
sections.show_pipeline()
sections.show_scores(card)
show_reliability(card)
sections.show_complaints(card)
sections.show_data(card)
sections.show_limits(card)
sections.show_licences(card)
sections.show_citation(card)
sections.show_again(card)
