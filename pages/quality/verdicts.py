"""Under each table of methods: which beats which, said of all pairs at once, and how firmly."""

from __future__ import annotations

import streamlit as st

from eval.verdict_words import ABOUT
from pages.shared.run_cache import RunFile, Where, get_method_words, get_pairs_words


def show_standings(file: RunFile, metric: str, method: str, where: Where = (), *, scenes: bool = False) -> None:
    """How one method stands among all, and every method beside the next; nothing where nothing is compared."""
    if words := get_method_words(file, metric, method, where, scenes=scenes):
        st.markdown("\n".join([words[0], "", *(f"- {sentence}" for sentence in words[1:])]))
    if pairs := get_pairs_words(file, metric, where, scenes=scenes):
        with st.expander("Every method and the next", type="compact"):
            st.markdown("\n".join([ABOUT, "", *(f"- {words}" for words in pairs)]))
