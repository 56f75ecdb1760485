"""Pictures with their captions as HTML for `st.html`. Pure: text out; text from outside is escaped here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from pages.explore.differences import HARMS, HELPS, SAME
from pages.shared.figures.theme import BAD, GOOD, NEUTRAL
from pages.shared.palette import Look

MARKS = {HELPS: ("▲", GOOD), SAME: ("●", NEUTRAL), HARMS: ("▼", BAD)}


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
