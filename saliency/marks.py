"""Watermarks: words near a corner of a picture, which is not about them.

A network that learned where people look looks at words. Found in the small picture that it is shown, by what words are:
thin strokes in strong contrast, side by side in a line, with nothing around.
"""

from __future__ import annotations

import cv2
import numpy as np

from saliency.types import Box, RgbImage

CORNER = 0.06
"""A mark is so near to both borders of its corner, as a share of the longer side; words that the side cuts are none."""

STRIP = 0.15
"""How deep below the upper and above the lower border a mark lies, as a share of the longer side."""

STROKE = 7
"""Pixels: wider than a stroke of its letters."""

CONTRAST = 70
"""How far, of 255, a letter is lighter or darker than what is around it."""

TALLEST, WIDEST, NARROWEST = 0.09, 0.6, 0.06
"""Its height as a share of the longer side, its width at most and at least as shares of the picture's."""

LINE = 2.2
"""A line of words is so many times as wide as high."""

FILLED = 0.42
"""How much of its box a line of words fills at least, once the gaps between its letters are closed."""

LEAST_INK, MOST_INK = 0.2, 0.8
"""How much of its box is letters."""

MOST_AROUND = 0.08
"""How much of what is around it has as much contrast: more is a texture."""

BETWEEN = 0.025
"""Gaps between its letters, as a share of the longer side."""


def find_marks(picture: RgbImage) -> list[Box]:
    """The boxes of marks near the corners, in pixels of the picture."""
    height, longer = picture.shape[0], max(picture.shape[:2])
    deep = min(max(STROKE + 1, round(STRIP * longer)), height)
    marks = [box for box in _lines_of_words(picture[:deep], picture.shape[1]) if box.top <= CORNER * longer]
    for box in _lines_of_words(picture[height - deep :], picture.shape[1]):
        if deep - box.bottom <= CORNER * longer:
            marks.append(Box(box.left, box.top + height - deep, box.width, box.height))
    aside = [min(box.left, picture.shape[1] - box.right) for box in marks]
    return [
        box
        for box, side in zip(marks, aside, strict=True)
        if 0 < side <= CORNER * longer and box.height <= TALLEST * longer
    ]


def _lines_of_words(strip: RgbImage, width: int) -> list[Box]:
    grey = cv2.cvtColor(strip, cv2.COLOR_RGB2GRAY)
    brush = np.ones((STROKE, STROKE), np.uint8)
    light = cv2.morphologyEx(grey, cv2.MORPH_TOPHAT, brush)
    # the ground between the words and the strip's end is no stroke, so what is beyond counts as dark
    dark = cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, brush, borderType=cv2.BORDER_CONSTANT, borderValue=0)
    ink = (cv2.max(light, dark) > CONTRAST).astype(np.uint8)
    if not ink.any():
        return []
    gap = np.ones((1, max(5, round(BETWEEN * max(width, 1)))), np.uint8)
    _, _, parts, _ = cv2.connectedComponentsWithStats(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, gap))
    lines = []
    for left, top, wide, high, filled in parts[1:].tolist():
        around = max(2, high // 3)
        near = ink[max(top - around, 0) : top + high + around, max(left - around, 0) : left + wide + around]
        inside = int(ink[top : top + high, left : left + wide].sum())
        if (
            high >= 4
            and wide >= LINE * high
            and NARROWEST * width <= wide <= WIDEST * width
            and filled >= FILLED * wide * high
            and LEAST_INK <= inside / (wide * high) <= MOST_INK
            and int(near.sum()) - inside <= MOST_AROUND * max(near.size - wide * high, 1)
        ):
            lines.append(Box(left, top, wide, high))
    return lines
