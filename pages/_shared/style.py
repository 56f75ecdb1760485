"""The few rules of style that Streamlit's theme has no option for."""

from __future__ import annotations

from pages._shared.palette import METHOD_LOOKS

_PAGE = """
.stMainBlockContainer { max-width: 80rem; padding: 3.5rem 2.5rem 4rem; }
h1 { letter-spacing: -0.02em; text-wrap: balance; }
[data-testid="stMetricDelta"] { padding-left: 0; background: none; }
[data-testid="stMetricValue"] { font-variant-numeric: tabular-nums; line-height: 1.1; }

[class*="st-key-cards-"] [data-testid="stColumn"] { min-width: 0; }
@media (max-width: 640px) {
  .stMainBlockContainer { padding: 3.5rem 1rem 3rem; }
  .stHeading h1 { font-size: 1.9rem; }
  [class*="st-key-cards-"] [data-testid="stMetricValue"] { font-size: 1.75rem; }
}

.st-key-sample button { height: auto; min-height: 0; padding: 3px; border-radius: 6px; }
.st-key-sample button img { height: 3.75rem; max-height: none; width: auto; vertical-align: top; margin: 0; }
"""
_CARD = """
[class*="st-key-card-{name}--"] {{ border-top: 4px {line} {color}; padding-top: 0.6rem; }}
"""


def stylesheet() -> str:
    """One <style> element for st.html: the page, and each method's colour on its cards."""
    cards = (_CARD.format(name=name, line=look.line, color=look.color) for name, look in METHOD_LOOKS.items())
    return f"<style>{_PAGE}{''.join(cards)}</style>"
