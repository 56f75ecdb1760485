"""Crops of drawn scenes as HTML for `st.html`. Pure: text out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pages.quality.scene_pictures import LOOKS
from pages.shared.palette import Look
from pages.shared.templates import fill

TEMPLATE = "quality/parts.html.jinja"


@dataclass(frozen=True, slots=True)
class Shot:
    """A scene with one method's crop. data: a JPEG. label: the method. note: the crop's value, "" for none."""

    data: bytes
    alt: str
    is_right: bool
    label: str
    note: str = ""

    @property
    def look(self) -> Look:
        return LOOKS[self.is_right]


@dataclass(frozen=True, slots=True)
class Card:
    """One scene and shape, as several methods crop it."""

    title: str
    shots: tuple[Shot, ...]


def crops_html(cards: Sequence[Card]) -> str:
    """Cards, as many as fit in a row; the pictures of one stand side by side."""
    return fill(TEMPLATE, "crops", cards=cards)


def key_html(entries: Sequence[tuple[Look, str]]) -> str:
    """What the colours of outlines mean, in a row."""
    return fill(TEMPLATE, "key", entries=entries)
