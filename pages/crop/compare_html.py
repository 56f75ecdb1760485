"""The pictures of the Compare view: a photo with one crop lit, and all crops as a grid in HTML for `st.html`. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pages.shared.palette import Look
from pages.shared.phrases import percent
from pages.shared.pictures import draw_boxes, enlarge, scale_box
from pages.shared.templates import fill
from saliency.boxes import intersection_over_union
from saliency.types import Aspect, Box, RgbImage

DIFFERS = 0.75
"""Crops that overlap by less than this show something else: of crops of equal size, one in seven pixels or more."""

OUTSIDE = 0.4  # of its brightness is left of what a crop cuts off
CELL_WIDTH, TALL_CELL_WIDTH = "16rem", "11rem"  # of a place in the grid, at least
TALLEST = 4 / 5  # the shape of the place of a crop that is taller: it stands in the middle of it


@dataclass(frozen=True, slots=True)
class Cell:
    """A crop in the grid. picture: a JPEG. overlap: with the reference, 0..1; None on it. things: what the crop does to
    heads and lone objects. alt, things, note: plain text."""

    look: Look
    picture: bytes
    alt: str
    kept: float
    overlap: float | None
    things: str = ""
    note: str = ""

    @property
    def likeness(self) -> str:
        """How like the reference it is, in words; "" of the reference."""
        if self.overlap is None:
            return ""
        return "the same crop" if self.overlap == 1 else f"overlaps by {overlap_percent(self.overlap)}"


def overlap(box: Box, other: Box) -> float:
    """Intersection over union, 0..1: 1 only where both are the same."""
    return float(intersection_over_union(box.as_list(), other.as_list()))


def overlap_percent(share: float) -> str:
    """0.749 -> "74 %": rounded down, so that neither "100 %" nor "75 %" is said of less."""
    return percent(math.floor(share * 100 + 1e-9) / 100)


def lit(preview: RgbImage, box: Box, look: Look, size: tuple[int, int]) -> RgbImage:
    """The preview with the crop's box in the method's line, and everything outside it darkened.

    box: in pixels of the full image of `size` = (width, height). A small preview is enlarged, so that lines are fine.
    """
    large = enlarge(preview)
    canvas = np.round(large * OUTSIDE).astype(np.uint8)
    inside = scale_box(box, size, large)
    rows, columns = slice(inside.top, inside.bottom), slice(inside.left, inside.right)
    canvas[rows, columns] = large[rows, columns]
    return draw_boxes(canvas, [(box, look)], size)


def grid_html(cells: Sequence[Cell], aspect: Aspect) -> str:
    """All crops of one shape, as many in a row as fit, two on a phone; with the rules of their style."""
    return fill(
        "crop/compare.html.jinja",
        "grid",
        cells=cells,
        shape=max(aspect.ratio, TALLEST),
        width=CELL_WIDTH if aspect.ratio > 1 else TALL_CELL_WIDTH,
        differs=DIFFERS,
    )
