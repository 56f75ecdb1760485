"""Figures: DataFrame -> plotly Figure. Pure: no streamlit, and no numbers but those they are given."""
