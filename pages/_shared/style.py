"""The few rules of style that Streamlit's theme has no option for."""

from __future__ import annotations

from pages._shared.palette import METHOD_LOOKS, method_look

_PAGE = """
.stMainBlockContainer { max-width: 80rem; padding: 3.5rem 2.5rem 4rem; }
h1 { letter-spacing: -0.02em; text-wrap: balance; }
[data-testid="stMetricDelta"] { padding-left: 0; background: none; }
[data-testid="stMetricValue"] { font-variant-numeric: tabular-nums; line-height: 1.1; }

.st-key-crop-actions { align-items: center; }
[class*="st-key-crop-cards-"] [data-testid="stColumn"] { min-width: 0; }
@media (max-width: 640px) {
  .stMainBlockContainer { padding: 3.5rem 1rem 3rem; }
  .stHeading h1 { font-size: 1.4rem; padding: 0.5rem 0; }
  /* the picker of a phone offers its camera */
  [data-testid="stLayoutWrapper"]:has(> .st-key-crop-other-ways) { display: none; }
  [data-testid="stHorizontalBlock"]:has(> * .st-key-crop-uploads, > * .st-key-crop-actions) { gap: 1rem; }
  .st-key-crop-lead .stMarkdownColoredText { display: none; }
  .st-key-crop-wishes { gap: 0.5rem; }
  .st-key-crop-zip { display: none; } /* Take home has it too */
  .st-key-crop-actions { justify-content: flex-start; }
  .st-key-crop-view button { padding: 0 0.6rem; }
  .st-key-crop-more-wishes { overflow-x: auto; gap: 0.5rem; }
  .st-key-crop-more-wishes button { padding: 0.25rem 0.5rem; }
  [class*="st-key-crop-cards-"] [data-testid="stMetricValue"] { font-size: 1.75rem; }
}

[data-testid="stColumn"]:has(.st-key-crop-beside) { position: sticky; top: 4.5rem; align-self: flex-start; }
@media (max-width: 640px) { [data-testid="stColumn"]:has(.st-key-crop-beside) { position: static; } }

.st-key-crop-strip { overflow-x: auto; padding: 2px 2px 8px; min-height: 128px; flex-wrap: nowrap; }
.st-key-crop-strip > * { flex: none; width: 166px; } /* known before the crop is there: nothing moves when it comes */
.st-key-crop-strip button { height: 118px; width: 100%; padding: 4px; border-radius: 6px; border-width: 2px; }
.st-key-crop-strip button[data-testid="stBaseButton-secondary"] { border-color: var(--st-primary-color, #0072b2); }
.st-key-crop-strip button p { font-size: 0.75rem; line-height: 1.4; white-space: nowrap; }
.st-key-crop-strip button img { display: block; height: 84px; max-height: none; width: auto; max-width: 150px;
  margin: 0 auto 4px; border-radius: 3px; object-fit: cover; }

.st-key-crop-sample button { height: auto; min-height: 0; padding: 3px; border-radius: 6px; }
.st-key-crop-sample button img { height: 3.75rem; max-height: none; width: auto; vertical-align: top; margin: 0; }
"""
_CARD = """
[class*="st-key-crop-card-{name}--"] {{ border-top: 4px {line} {color}; padding-top: 0.6rem; }}
"""


def stylesheet() -> str:
    """One <style> element for st.html: the page, and each method's colour on its cards."""
    looks = {"you": method_look("you"), **METHOD_LOOKS}
    cards = (_CARD.format(name=name, line=look.line, color=look.color) for name, look in looks.items())
    return f"<style>{_PAGE}{''.join(cards)}</style>"
