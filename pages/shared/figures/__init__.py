"""Figures of Plotly, what they share, and how their numbers are written. Pure: no streamlit, no files."""
