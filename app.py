"""The app: `streamlit run app.py`."""

import streamlit as st

from pages._shared.navigation import navigate

st.set_page_config(page_title="Gazecrop", page_icon="pages/_shared/icon.svg", layout="wide")
navigate().run()
