"""Formats that the visitor has as the whole photo with a border: kept for the session, and in the address."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

import streamlit as st

from pages.crop.wishes import one_of
from pages.shared.address import Parameter
from pages.shared.pictures import CROP_SIDE
from saliency.formats import FORMATS, Format, parse_format
from saliency.pad import BACKGROUNDS, WHITE, Border, canvas_for, hex_colour, pad
from saliency.types import Pixels, RgbImage

PLAIN = "plain"


def word_of(target: Format) -> str:
    """What the format is called in the address: its short name, else its shape or size as `parse_format` reads it."""
    known = (name for name, other in FORMATS.items() if other == target)
    return next(known, target.file_part if target.pixels else str(target.aspect))


def _read_words(text: str) -> list[str]:
    """Those words of a text with commas between them that name a format."""
    words = []
    for word in text.split(","):
        with suppress(ValueError):
            words.append(word_of(FORMATS.get(word) or parse_format(word)))
    return list(dict.fromkeys(words))


def _read_colour(text: str) -> str:
    return hex_colour(Border.parse(text).colour)


PAD: Parameter[list[str]] = Parameter("pad", [], _read_words, ",".join)
BACKGROUND = Parameter("background", PLAIN, one_of(list(BACKGROUNDS)))
COLOUR = Parameter("colour", hex_colour(WHITE), _read_colour, lambda colour: colour.removeprefix("#"))
PADS = (PAD, BACKGROUND, COLOUR)


@dataclass(frozen=True, slots=True)
class Pads:
    """words: of the formats that show the whole photo. border: of them all."""

    words: frozenset[str] = frozenset()
    border: Border = Border()  # noqa: RUF009  frozen, so it can be shared

    def has(self, target: Format) -> bool:
        """Whether this format shows the whole photo."""
        return word_of(target) in self.words

    def preview(self, preview: Pixels, target: Format, side: int = CROP_SIDE) -> RgbImage:
        """What that looks like: the preview of a photo on its canvas, the longer side at most so many pixels."""
        size = preview.shape[1], preview.shape[0]
        canvas = canvas_for(size, target.aspect)
        scale = min(1, side / max(canvas.size))
        width, height = (max(1, round(length * scale)) for length in canvas.size)
        return pad(preview, canvas_for(size, target.aspect, (width, height)), self.border)


def read_pads() -> Pads:
    """What was chosen in this session."""
    state = st.session_state
    colour = Border.parse(state[COLOUR.key]).colour if state[BACKGROUND.key] == PLAIN else WHITE
    return Pads(frozenset(state[PAD.key]), Border(state[BACKGROUND.key], colour))


def show_whole(target: Format, whole: bool) -> None:
    """Have this format show the whole photo, or a crop again."""
    words = [word for word in st.session_state[PAD.key] if word != word_of(target)]
    st.session_state[PAD.key] = [*words, word_of(target)] if whole else words
