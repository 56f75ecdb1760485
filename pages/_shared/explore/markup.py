"""Pictures with their captions as HTML for `st.html`. Pure: text out; text from outside is escaped here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from pages._shared.explore.crops import HARMS, HELPS, SAME
from pages._shared.figures.theme import BAD, GOOD, NEUTRAL
from pages._shared.palette import Look

MARKS = {HELPS: ("▲", GOOD), SAME: ("●", NEUTRAL), HARMS: ("▼", BAD)}

STYLE = """<style>
.st-key-explore-gallery { display: grid !important;
  grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 1.1rem 1rem; }
[class*="st-key-explore-photo-"] { position: relative; gap: 0; border-radius: 6px; transition: background 120ms; }
[class*="st-key-explore-photo-"]:hover { background: rgba(130, 135, 143, 0.14);
  box-shadow: 0 0 0 7px rgba(130, 135, 143, 0.14); }
[class*="st-key-explore-photo-"] * { position: static; }
[class*="st-key-explore-photo-"] button { min-height: 0; padding: 0; border: 0; width: 100%; justify-content: start; }
[class*="st-key-explore-photo-"] button p { overflow: hidden; text-overflow: ellipsis;
  white-space: nowrap; font-size: 0.8rem; opacity: 0.75; }
[class*="st-key-explore-photo-"] button::after { content: ""; position: absolute !important; inset: -6px;
  border-radius: 8px; cursor: pointer; }
[class*="st-key-explore-photo-"] button:focus-visible { box-shadow: none; outline: none; }
[class*="st-key-explore-photo-"] button:focus-visible::after { outline: 3px solid #2781c1; }
.photo { margin: 0; }
.photo > img { display: block; width: 100%; aspect-ratio: 4 / 3; object-fit: contain; border-radius: 4px;
  background: rgba(130, 135, 143, 0.1); }
.photo figcaption { margin-top: 0.45rem; font-size: 0.875rem; line-height: 1.4; }
.photo .line { display: flex; justify-content: space-between; align-items: baseline; gap: 0.5rem; }
.photo .line b { font-weight: 650; white-space: nowrap; }
.photo .quiet, .panels .quiet { opacity: 0.75; }
.swatch { display: inline-block; width: 1.1rem; border-top: 4px solid; vertical-align: 0.22em; margin-right: 0.35rem; }
.mark { font-size: 0.8em; margin-right: 0.3rem; }
.panels { display: grid; gap: 1.1rem 1rem; grid-template-columns: repeat(auto-fill, minmax(13.5rem, 1fr)); }
.panels figure { margin: 0; }
.panels .shown { display: flex; align-items: center; justify-content: center; height: 10.5rem; border-radius: 4px;
  background: rgba(130, 135, 143, 0.1); overflow: hidden; }
.panels .shown img { display: block; max-width: 100%; max-height: 100%; }
.panels figcaption { margin-top: 0.4rem; font-size: 0.875rem; line-height: 1.4; }
.whole > img { display: block; width: 100%; max-height: 30rem; object-fit: contain; border-radius: 4px; }
.whole { margin: 0; }
.key { display: flex; flex-wrap: wrap; gap: 0.15rem 1.1rem; font-size: 0.875rem; }
.key span { white-space: nowrap; }
[data-testid="stColumn"]:has(.st-key-explore-beside) { position: sticky; top: 4.5rem; align-self: flex-start; }
.st-key-explore-beside [data-testid="stCaptionContainer"],
.st-key-explore-beside [data-testid="stCaptionContainer"] p { margin: 0; }
@media (max-width: 640px) {
  [data-testid="stColumn"]:has(.st-key-explore-beside) { position: static; }
  .st-key-explore-pages { display: none !important; }
  .st-key-explore-gallery { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1.1rem 0.8rem; }
  .photo figcaption { font-size: 0.8rem; }
  .panels { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1rem 0.8rem; }
  .panels .shown { height: 8rem; }
}
</style>"""


@dataclass(frozen=True, slots=True)
class Panel:
    """One small picture. picture: an address. alt: what it shows. title, note: plain. look: of the method, if any."""

    picture: str
    alt: str
    title: str
    note: str = ""
    look: Look | None = None


def card_html(picture: str, alt: str, head: tuple[str, str], outcome: str, lines: Sequence[tuple[Look, str]]) -> str:
    """A photo of the gallery. head: what is shown, and the difference if any. lines: a method and its value, each."""
    mark = mark_html(outcome) if head[1] else ""
    first = f'<div class="line"><span>{escape(head[0])}</span><b>{mark}{escape(head[1])}</b></div>'
    rest = "".join(
        f'<div class="line"><span>{swatch_html(look)}{escape(look.label)}</span><span>{escape(value)}</span></div>'
        for look, value in lines
    )
    return (
        f'<figure class="photo"><img src="{picture}" alt="{escape(alt)}">'
        f"<figcaption>{first}{rest}</figcaption></figure>"
    )


def whole_html(picture: str, alt: str) -> str:
    """One picture as wide as its column."""
    return f'<figure class="whole"><img src="{picture}" alt="{escape(alt)}"></figure>'


def panels_html(panels: Sequence[Panel]) -> str:
    """Pictures side by side, as many as fit in a row."""
    return f'<div class="panels">{"".join(_panel(panel) for panel in panels)}</div>'


def _panel(panel: Panel) -> str:
    swatch = swatch_html(panel.look) if panel.look else ""
    note = f'<br><span class="quiet">{escape(panel.note)}</span>' if panel.note else ""
    return (
        f'<figure><div class="shown"><img src="{panel.picture}" alt="{escape(panel.alt)}"></div>'
        f"<figcaption>{swatch}<b>{escape(panel.title)}</b>{note}</figcaption></figure>"
    )


def key_html(entries: Sequence[tuple[str, str]]) -> str:
    """What marks mean, in a row. entries: HTML of the mark, and what it means in plain text."""
    return f'<div class="key">{"".join(f"<span>{mark}{escape(text)}</span>" for mark, text in entries)}</div>'


def swatch_html(look: Look) -> str:
    """A short stroke in the method's colour and line."""
    return f'<span class="swatch" style="border-color: {look.color}; border-top-style: {look.line}"></span>'


def mark_html(outcome: str) -> str:
    """The mark of an outcome, in its colour."""
    sign, color = MARKS[outcome]
    return f'<span class="mark" style="color: {color}">{sign}</span>'
