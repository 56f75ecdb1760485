"""The app: `streamlit run app.py`. What fails outside of a page's own lines, as in a click, is told like the rest."""

from __future__ import annotations

import streamlit as st

from pages.shared.faults import show_fault

app = st.App("frame.py", on_script_error=show_fault)
