"""The stylesheet of a page: the rules of all pages, each method's colour, and the page's own rules."""

from __future__ import annotations

from pathlib import Path

from pages.shared.palette import METHOD_LOOKS, method_look

PAGES = Path(__file__).parents[1]
_CARD = """
[class*="st-key-crop-card-{name}--"] {{ border-top: 4px {line} {color}; padding-top: 0.6rem; }}
"""


def stylesheet(room: str) -> str:
    """One <style> element for st.html. room: the page's folder, with or without a style.css in it."""
    looks = {"you": method_look("you"), **METHOD_LOOKS}
    cards = [_CARD.format(name=name, line=look.line, color=look.color) for name, look in looks.items()]
    files = [PAGES / "shared" / "style.css", PAGES / room / "style.css"]
    rules = [file.read_text(encoding="utf-8") for file in files if file.exists()]
    return f"<style>{''.join([*rules, *cards])}</style>"
