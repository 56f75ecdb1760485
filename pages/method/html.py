"""Small pieces of HTML for the model card: pictures, rows of pictures with captions, dots. Pure: text out.

Everything that is said is escaped here; lines take the colour of the page, so that they follow light and dark.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from pages.shared.palette import Look
from pages.shared.pictures import data_url


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG, and what it shows in words."""

    data: bytes
    alt: str

    @property
    def html(self) -> str:
        """An <img> with the picture in its address."""
        address = data_url(self.data)
        return f'<img src="{address}" alt="{escape(self.alt)}">'


@dataclass(frozen=True, slots=True)
class Exhibit:
    """Pictures side by side, and what they show. title may be empty."""

    pictures: tuple[Picture, ...]
    text: str
    title: str = ""

    @property
    def html(self) -> str:
        title = f"<strong>{escape(self.title)}</strong>" if self.title else ""
        pictures = "".join(picture.html for picture in self.pictures)
        return (
            f'<figure><div class="shown">{pictures}</div><figcaption>{title}{escape(self.text)}</figcaption></figure>'
        )


def gallery_html(exhibits: Sequence[Exhibit]) -> str:
    """As many columns as fit, all pictures in frames of the same shape."""
    return f'<div class="card-gallery">{"".join(exhibit.html for exhibit in exhibits)}</div>'


def row_html(exhibits: Sequence[Exhibit]) -> str:
    """One row, all pictures equally high."""
    return f'<div class="card-row">{"".join(exhibit.html for exhibit in exhibits)}</div>'


def commands_html(commands: Sequence[str]) -> str:
    """Command lines, small, one below the other."""
    lines = "".join(f"<code>{_unbroken_words(command)}</code>" for command in commands)
    return f'<div class="card-commands">{lines}</div>'


def _unbroken_words(text: str) -> str:
    """The text as HTML whose lines break at spaces only: else they would break inside "--where"."""
    return " ".join(f"<span>{escape(word)}</span>" for word in text.split(" "))


def dots_html(shares: Sequence[tuple[Look, float, str]]) -> str:
    """For each share a square of a hundred dots, the share of them filled in the look's colour, over its text."""
    return f'<div class="card-row">{"".join(_dots(look, share, text) for look, share, text in shares)}</div>'


def _dots(look: Look, share: float, text: str) -> str:
    filled = round(100 * share)
    dots = f'<i style="background: {look.color}"></i>' * filled + "<i></i>" * (100 - filled)
    label = f"{filled} of 100 dots are filled"
    return (
        f'<figure><div class="dots" role="img" aria-label="{label}">{dots}</div>'
        f"<figcaption>{escape(text)}</figcaption></figure>"
    )
