"""The app: `streamlit run app.py`."""

from pages._shared.navigation import navigate

navigate().run()
