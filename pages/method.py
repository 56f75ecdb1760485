"""The model card: what it does, data, scores, limits, failures, licences, and how to run it all again."""

from __future__ import annotations

import streamlit as st

from eval.runs import RunError
from pages._shared import widgets
from pages._shared.card import sections
from pages._shared.card.loaders import get_card
from pages._shared.navigation import come_through_app
from pages._shared.style import stylesheet
from pages._shared.widgets import plain
from saliency.models.weights import WeightsError

come_through_app()
st.html(stylesheet())
sections.show_style()
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
sections.show_complaints(card)
sections.show_data(card)
sections.show_limits(card)
sections.show_licences(card)
sections.show_citation(card)
sections.show_again(card)
