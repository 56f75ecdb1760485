"""People: the head of a photograph, in other tints and turns, on shoulders that are drawn.

There is one face among the samples that is free to use and that a detector finds; what differs from person to person is
its tint, size, turn and side, and the clothes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageDraw

from eval.scenes.cutouts import cutout, tinted
from eval.scenes.shapes import SMOOTH, Color, clipped, cloth, darker
from saliency.types import Box

# In pixels of the cut-out "head": left, top, right, bottom.
FACE, EYES = (25, 47, 116, 163), (34, 74, 108, 104)
CHIN, NECK = 165, (76, 172)  # where the head ends; the middle of the neck, on which it turns
SKINS = ((1.0, 1.0, 1.0), (1.05, 1.0, 0.92), (0.92, 0.84, 0.78), (0.8, 0.68, 0.58), (0.68, 0.54, 0.45))
SHOULDERS = ((0.23, 0.96), (0.27, 1.14), (0.5, 1.22), (0.8, 1.32), (0.95, 1.5), (1.0, 1.8), (1.0, 3.0))
"""Half of the outline of a body: share of the head's height from the middle line, and below the top of the head."""


@dataclass(frozen=True, slots=True)
class Person:
    """Where a person's head (hair to chin), face (brow to chin) and eyes lie, in pixels."""

    head: Box
    face: Box
    eyes: Box


def draw_person(canvas: Image.Image, rng: Random, middle: float, top: float, height: float) -> Person:
    """Draw a person whose head is `height` pixels high with its top at `top` and its neck above x = `middle`.

    The body goes down to the lower border.
    """
    scale = height / CHIN
    mirror, turn = rng.random() < 0.5, rng.uniform(-7, 7)
    _draw_body(canvas, cloth(rng), middle, top, height)
    photo, skin = cutout("head"), rng.choice(SKINS)
    if mirror:
        photo = photo.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    neck = (photo.width - NECK[0] if mirror else NECK[0], NECK[1])
    size = max(1, round(photo.width * scale)), max(1, round(photo.height * scale))
    small = tinted(photo.resize(size, Image.Resampling.BICUBIC, reducing_gap=3), skin)
    margin = round(0.2 * height)
    wide = Image.new("RGBA", (size[0] + 2 * margin, size[1] + 2 * margin))
    wide.paste(small, (margin, margin))
    pivot = (margin + neck[0] * scale, margin + neck[1] * scale)
    wide = wide.rotate(turn, Image.Resampling.BICUBIC, center=pivot)
    left, upper = round(middle - pivot[0]), round(top - margin)
    canvas.paste(wide, (left, upper), wide)

    def place(sides: tuple[int, int, int, int]) -> Box:
        x1, y1, x2, y2 = (side * scale for side in sides)
        if mirror:
            x1, x2 = size[0] - x2, size[0] - x1
        corners = [_turned(x + margin, y + margin, pivot, turn) for x in (x1, x2) for y in (y1, y2)]
        xs, ys = [x + left for x, _ in corners], [y + upper for _, y in corners]
        return clipped((min(xs), min(ys), max(xs), max(ys)), canvas.size)

    above_the_neck = wide.crop((0, 0, wide.width, round(pivot[1] - (NECK[1] - CHIN) * scale)))
    x1, y1, x2, y2 = above_the_neck.getchannel("A").getbbox() or (0, 0, 1, 1)
    head_box = clipped((left + x1, upper + y1, left + x2, upper + y2), canvas.size)
    return Person(head_box, place(FACE), place(EYES))


def _turned(x: float, y: float, pivot: tuple[float, float], degrees: float) -> tuple[float, float]:
    """A point after a counter-clockwise turn, as Pillow turns."""
    sine, cosine = math.sin(math.radians(-degrees)), math.cos(math.radians(-degrees))
    x, y = x - pivot[0], y - pivot[1]
    return pivot[0] + cosine * x - sine * y, pivot[1] + sine * x + cosine * y


def _draw_body(canvas: Image.Image, color: Color, middle: float, top: float, height: float) -> None:
    """Shoulders with smooth edges, and straight down from there to the lower border."""
    left, upper = round(middle - 1.05 * height), round(top + 0.9 * height)
    width, bust = round(2.1 * height), round(1.1 * height)
    half = [(x * height, (y - 0.9) * height) for x, y in SHOULDERS]
    outline = [(width / 2 - x, y) for x, y in half] + [(width / 2 + x, y) for x, y in reversed(half)]
    mask = Image.new("L", (width * SMOOTH, bust * SMOOTH))
    ImageDraw.Draw(mask).polygon([(x * SMOOTH, y * SMOOTH) for x, y in outline], fill=255)
    canvas.paste(color, (left, upper), mask.resize((width, bust), Image.Resampling.BOX))
    draw, dark, line = ImageDraw.Draw(canvas), darker(color, 0.75), max(1, round(0.03 * height))
    draw.rectangle((middle - height, upper + bust, middle + height, max(canvas.height, upper + bust)), fill=color)
    draw.line([(middle, upper + 0.3 * height), (middle, canvas.height)], fill=dark, width=line)
    for side in (-1, 1):
        collar = [(middle + side * 0.25 * height, upper + 0.2 * height), (middle, upper + 0.55 * height)]
        sleeve = middle + side * 0.72 * height
        draw.line(collar, fill=dark, width=line)
        draw.line([(sleeve, upper + 0.9 * height), (sleeve, canvas.height)], fill=dark, width=line)
