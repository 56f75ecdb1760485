"""The card's section on whether crops do what is said of them: two diagrams, and a sentence on each."""

from __future__ import annotations

import streamlit as st

from eval.card import Card
from pages.method.cache import get_diagrams
from pages.method.html import commands_html
from pages.shared.charts import show_chart
from pages.shared.figures.calibration import reliability_diagram
from pages.shared.reliability_words import MARKS, reliability_sentence


def show_reliability(card: Card) -> None:
    """What was said of crops on test photos, and what came of it."""
    st.header("What a crop is said to do", anchor="said")
    diagrams = get_diagrams()
    if not diagrams:
        st.markdown(
            "The results do not hold what was expected of crops beside what all observers looked at: make them again "
            "with `python -m eval run`."
        )
        return
    for place, (what, table) in zip(st.columns(2, gap="large"), diagrams.items(), strict=False):
        with place:
            sentence = reliability_sentence(table, what)
            st.markdown(sentence)
            show_chart(reliability_diagram({what: table}, what), table, f"said-{what}", sentence.replace("**", ""))
    st.caption(f"{MARKS} Test photos, gaze of all observers.")
    st.html(commands_html([f"python -m eval calibration {card.run}"]))
    st.page_link(
        "pages/quality/page.py",
        label="By dataset and format, and on datasets never seen: Quality",
        icon=":material/rule:",
        query_params={"show": "Calibration"},
    )
