"""Small pieces of HTML for the model card: pictures, rows of pictures with captions, dots. Pure: text out.

Lines take the colour of the page, so that they follow light and dark.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pages.shared.palette import Look
from pages.shared.templates import fill

TEMPLATE = "method/card.html.jinja"


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG, and what it shows in words."""

    data: bytes
    alt: str


@dataclass(frozen=True, slots=True)
class Exhibit:
    """Pictures side by side, and what they show. title may be empty."""

    pictures: tuple[Picture, ...]
    text: str
    title: str = ""


def gallery_html(exhibits: Sequence[Exhibit]) -> str:
    """As many columns as fit, all pictures in frames of the same shape."""
    return fill(TEMPLATE, "gallery", exhibits=exhibits)


def row_html(exhibits: Sequence[Exhibit]) -> str:
    """One row, all pictures equally high."""
    return fill(TEMPLATE, "row", exhibits=exhibits)


def commands_html(commands: Sequence[str]) -> str:
    """Command lines, small, one below the other."""
    return fill(TEMPLATE, "commands", commands=commands)


def dots_html(shares: Sequence[tuple[Look, float, str]]) -> str:
    """For each share a square of a hundred dots, the share of them filled in the look's colour, over its text."""
    return fill(TEMPLATE, "dots", shares=[(look, round(100 * share), text) for look, share, text in shares])
