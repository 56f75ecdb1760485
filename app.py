"""The demo: `streamlit run app.py`."""

import streamlit as st

st.set_page_config(page_title="Gazecrop", page_icon="pages/_shared/icon.svg", layout="wide")
st.navigation([st.Page("pages/crop.py", title="Crop", icon=":material/crop:", default=True)], position="top").run()
