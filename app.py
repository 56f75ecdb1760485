"""The app: `streamlit run app.py`. What fails outside of a page's own lines, as in a click, is told like the rest."""

from __future__ import annotations

import sys

import streamlit as st
from starlette.middleware import Middleware

from pages.shared.faults import show_fault
from pages.shared.headers import SafeHeaders
from pages.shared.tending import tended
from saliency.limits import SettingError, check_settings

try:
    check_settings()
except SettingError as error:
    sys.exit(str(error))

app = st.App("frame.py", on_script_error=show_fault, lifespan=tended, middleware=[Middleware(SafeHeaders)])
