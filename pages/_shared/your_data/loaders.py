"""What is computed of where a run's crops lie; cached, since pages run again with every click."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from eval.placement import agreement, moves
from pages._shared.runs import LIFETIME, RunFile, get_run


@st.cache_data(max_entries=50, ttl=LIFETIME, show_spinner="Comparing crops …")
def get_agreement(file: RunFile) -> pd.DataFrame:
    """`eval.placement.agreement`."""
    return agreement(get_run(file).boxes)


@st.cache_data(max_entries=20, ttl=LIFETIME, show_spinner=False)
def get_moves(file: RunFile) -> pd.DataFrame:
    """`eval.placement.moves`."""
    return moves(get_run(file).boxes)
