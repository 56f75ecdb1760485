"""Pictures with their captions as HTML for `st.html`. Pure: text out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from pages.explore.differences import HARMS, HELPS, SAME
from pages.shared.figures.theme import BAD, GOOD, NEUTRAL
from pages.shared.palette import Look
from pages.shared.templates import fill

TEMPLATE = "explore/markup.html.jinja"
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
    return fill(TEMPLATE, "card", picture=picture, alt=alt, head=head, mark=mark, lines=lines)


def whole_html(picture: str, alt: str) -> str:
    """One picture as wide as its column."""
    return fill(TEMPLATE, "whole", picture=picture, alt=alt)


def panels_html(panels: Sequence[Panel]) -> str:
    """Pictures side by side, as many as fit in a row."""
    return fill(TEMPLATE, "panels", panels=panels)


def key_html(entries: Sequence[tuple[str, str]]) -> str:
    """What marks mean, in a row. entries: a mark, and what it means in plain text."""
    return fill(TEMPLATE, "key", entries=entries)


def swatch_html(look: Look) -> Markup:
    """A short stroke in the method's colour and line."""
    return Markup(fill("shared/parts.html.jinja", "swatch", look=look))


def mark_html(outcome: str) -> Markup:
    """The mark of an outcome, in its colour."""
    sign, color = MARKS[outcome]
    return Markup(fill(TEMPLATE, "mark", sign=sign, color=color))


def dot_html(sign: str, color: str, outline: str = "") -> Markup:
    """The mark of fixations, as they are drawn on a photo."""
    return Markup(fill(TEMPLATE, "dot", sign=sign, color=color, outline=outline))
