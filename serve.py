"""The app as it is served: `streamlit run serve.py`. What fails outside of a page's own lines is told like the rest."""

from __future__ import annotations

import streamlit as st

from pages.shared.faults import show_fault

app = st.App("app.py", on_script_error=show_fault)
