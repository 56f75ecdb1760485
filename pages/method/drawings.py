"""Pictures of kinds that the network hardly saw in training, drawn here since no photo is needed to show the point.

Pure: numpy in, numpy out. Each says where its point lies, so that a test can tell whether the crop still misses it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from saliency.types import Box, RgbImage

INK = "#1c1d20"
LINES = (
    "Twelve people saw forty photos, three seconds each",
    "We asked which one they would open first",
    "Two photos were far ahead of all the others",
    "The one with the red boat went on the cover",
)


@dataclass(frozen=True, slots=True)
class Drawing:
    """point: what a good crop would hold, in pixels of the image."""

    image: RgbImage
    point: Box


def slide() -> Drawing:
    """A title and lines of text; the point is where the lines begin."""
    image = Image.new("RGB", (1280, 720), "#ffffff")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 1280, 20), fill="#20324a")
    draw.text((90, 80), "How we chose the cover photo", fill=INK, font=_font(60))
    for row, line in enumerate(LINES):
        draw.ellipse((96, 232 + 100 * row, 112, 248 + 100 * row), fill="#20324a")
        draw.text((140, 218 + 100 * row), line, fill=INK, font=_font(38))
    return Drawing(np.asarray(image), Box(90, 218, 120, 3 * 100 + 40))


def bar_chart() -> Drawing:
    """Twelve bars; the point is the last one: the tallest, in a colour of its own."""
    image = Image.new("RGB", (1200, 700), "#ffffff")
    draw = ImageDraw.Draw(image)
    draw.text((60, 30), "Sales by month", fill=INK, font=_font(40))
    draw.line((80, 620, 1160, 620), fill=INK, width=3)
    bars = [
        (110 + 87 * i, 620 - 28 * height, 165 + 87 * i, 620)
        for i, height in enumerate((3, 5, 4, 6, 7, 5, 8, 9, 7, 11, 12, 18))
    ]
    for bar in bars:
        draw.rectangle(bar, fill="#d55e00" if bar is bars[-1] else "#2781c1")
    return Drawing(np.asarray(image), _box(bars[-1]))


def street_map() -> Drawing:
    """Streets and a river; the point is a red marker with its label."""
    image = Image.new("RGB", (1200, 800), "#e9e4d4")
    draw = ImageDraw.Draw(image)
    draw.line([(0, 600), (260, 520), (520, 610), (800, 500), (1200, 560)], fill="#8fbcd9", width=46, joint="curve")
    for x in range(60, 1200, 130):
        draw.line((x, 0, x + 60, 800), fill="#ffffff", width=9)
    for y in range(40, 800, 110):
        draw.line((0, y, 1200, y + 50), fill="#ffffff", width=9)
    draw.line((0, 180, 1200, 300), fill="#f2c14e", width=14)
    for place, name in {
        (120, 120): "Old Town",
        (480, 330): "Market",
        (820, 640): "Harbour",
        (300, 700): "Station",
    }.items():
        draw.text(place, name, fill="#444444", font=_font(30))
    marker = (1010, 90, 1034, 114)
    label = draw.textbbox((1044, 86), "You are here", font=_font(26))
    draw.ellipse(marker, fill="#c00000")
    draw.text((1044, 86), "You are here", fill="#900000", font=_font(26))
    return Drawing(np.asarray(image), _box((marker[0], label[1], label[2], label[3])))


def two_portraits(portrait: RgbImage) -> Drawing:
    """The portrait at the left end of a wide grey wall and, mirrored, at its right end; the point is both."""
    height, width = portrait.shape[:2]
    wall = np.full((2 * height, 6 * width, 3), (150, 160, 170), np.uint8)
    top, left = height // 2, width // 3
    wall[top : top + height, left : left + width] = portrait
    wall[top : top + height, -left - width : -left] = portrait[:, ::-1]
    return Drawing(wall, Box(left, top, 6 * width - 2 * left, height))


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size=size)


def _box(corners: tuple[float, float, float, float]) -> Box:
    left, top, right, bottom = (round(corner) for corner in corners)
    return Box(left, top, right - left, bottom - top)
