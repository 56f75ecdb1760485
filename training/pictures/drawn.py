"""Pictures that are drawn: the scenes of the evaluation by other numbers, charts, pages, posters, tables."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import count
from random import Random

import numpy as np
from PIL import Image, ImageDraw

from eval.scenes import KINDS, PER_KIND, draw_scene
from eval.scenes.shapes import (
    BRANDS,
    GREY,
    INK,
    WHITE,
    Color,
    fitted,
    gradient,
    ground,
    pale,
    paste,
    thing,
    vivid,
    words,
    write,
)
from eval.types import SCENES
from training.pictures.types import Made

FIRST_NUMBER = 1000  # of the scenes; the evaluation has those from 0 to PER_KIND
SIZES = ((960, 640), (960, 540), (800, 800), (600, 900), (540, 960), (1200, 500), (720, 960))
"""(width, height) of what is drawn here."""


def scenes() -> Iterator[Made]:
    """The kinds of scenes in turn, none that the evaluation has."""
    for number in count(max(FIRST_NUMBER, PER_KIND)):
        for kind in KINDS:
            yield Made(draw_scene(kind, number).image, (SCENES,))


def drawn() -> Iterator[Made]:
    """Charts, pages, posters and tables in turn."""
    for number in count():
        for name, draw in DRAWN.items():
            rng = Random(f"{name}/{number}")
            yield Made(np.asarray(draw(rng, rng.choice(SIZES))))


def _bars(rng: Random, size: tuple[int, int]) -> Image.Image:
    """Bars upright, side by side or stacked, with a title, an axis and a legend."""
    canvas, (left, top, right, bottom), colors = _axes(rng, size)
    draw = ImageDraw.Draw(canvas)
    groups, stacked = rng.randint(3, 9), rng.random() < 0.4
    step = (right - left) / groups
    for group in range(groups):
        heights = [rng.uniform(0.1, 0.9) * (bottom - top) / (len(colors) if stacked else 1) for _ in colors]
        floor, wide = float(bottom), 0.7 * step / (1 if stacked else len(colors))
        for i, (color, height) in enumerate(zip(colors, heights, strict=True)):
            x = left + group * step + 0.15 * step + (0 if stacked else i * wide)
            draw.rectangle((x, floor - height, x + wide, floor), fill=color)
            floor -= height if stacked else 0
        write(canvas, (left + (group + 0.5) * step, bottom + 8), words(rng, 1)[:6], 15, GREY, anchor="ma")
    return canvas


def _lines(rng: Random, size: tuple[int, int]) -> Image.Image:
    """Some series over time, as lines or as areas."""
    canvas, (left, top, right, bottom), colors = _axes(rng, size)
    draw, steps, filled = ImageDraw.Draw(canvas), rng.randint(8, 60), rng.random() < 0.3
    for color in colors:
        level, points = rng.uniform(0.2, 0.8), []
        for i in range(steps):
            level = min(1.0, max(0.02, level + rng.gauss(0, 0.25 / math.sqrt(steps) + 0.02)))
            points.append((left + i * (right - left) / (steps - 1), bottom - level * (bottom - top)))
        if filled:
            draw.polygon([(left, bottom), *points, (right, bottom)], fill=color)
        draw.line(points, fill=color, width=rng.randint(2, 5), joint="curve")
    return canvas


def _points(rng: Random, size: tuple[int, int]) -> Image.Image:
    """Groups of points, some with a line through them."""
    canvas, (left, top, right, bottom), colors = _axes(rng, size)
    draw, radius = ImageDraw.Draw(canvas), rng.randint(3, 7)
    for color in colors:
        middle, spread = (rng.uniform(0.2, 0.8), rng.uniform(0.2, 0.8)), rng.uniform(0.04, 0.14)
        for _ in range(rng.randint(20, 120)):
            x, y = (min(1.0, max(0.0, rng.gauss(value, spread))) for value in middle)
            x, y = left + x * (right - left), top + y * (bottom - top)
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=color)
    return canvas


def _pie(rng: Random, size: tuple[int, int]) -> Image.Image:
    """A pie or a ring, with its shares written beside it."""
    canvas = gradient(size, WHITE, WHITE)
    draw, radius = ImageDraw.Draw(canvas), 0.32 * min(size)
    write(canvas, (0.05 * size[0], 0.04 * size[1]), words(rng, 3), 34, INK, bold=True)
    middle = rng.uniform(0.35, 0.65) * size[0], 0.56 * size[1]
    around = (middle[0] - radius, middle[1] - radius, middle[0] + radius, middle[1] + radius)
    start, shares = rng.uniform(0, 360), [rng.uniform(0.3, 2) for _ in range(rng.randint(3, 7))]
    for share in shares:
        end = start + 360 * share / sum(shares)
        draw.pieslice(around, start, end, fill=vivid(rng), outline=WHITE, width=2)
        angle = math.radians((start + end) / 2)
        place = middle[0] + 1.2 * radius * math.cos(angle), middle[1] + 1.15 * radius * math.sin(angle)
        write(canvas, place, f"{100 * share / sum(shares):.0f} %", 18, INK, anchor="mm")
        start = end
    if rng.random() < 0.5:
        hole = rng.uniform(0.45, 0.65) * radius
        draw.ellipse((middle[0] - hole, middle[1] - hole, middle[0] + hole, middle[1] + hole), fill=WHITE)
        write(canvas, middle, str(rng.randint(10, 999)), 40, INK, anchor="mm", bold=True)
    return canvas


def _axes(rng: Random, size: tuple[int, int]) -> tuple[Image.Image, tuple[int, int, int, int], list[Color]]:
    """A canvas with title, axis, grid and legend; left, top, right, bottom of the plot; a colour for each series."""
    dark = rng.random() < 0.2
    paper, ink, grid = ((28, 30, 36), WHITE, (60, 63, 70)) if dark else (WHITE, INK, (226, 228, 232))
    canvas = gradient(size, paper, paper)
    draw = ImageDraw.Draw(canvas)
    left, top, right, bottom = 80, round(0.2 * size[1]), size[0] - 40, size[1] - 70
    write(canvas, (left, 0.04 * size[1]), words(rng, rng.randint(2, 4)), rng.randint(24, 32), ink, bold=True)
    for i in range(6):
        y = bottom - i * (bottom - top) / 5
        draw.line((left, y, right, y), fill=grid, width=1)
        write(canvas, (left - 10, y), str(20 * i), 15, GREY, anchor="rm")
    draw.line((left, bottom, right, bottom), fill=ink, width=2)
    colors = [vivid(rng) for _ in range(rng.randint(1, 4))]
    for i, color in enumerate(colors):
        x = left + i * 130
        draw.rectangle((x, 0.12 * size[1], x + 16, 0.12 * size[1] + 16), fill=color)
        write(canvas, (x + 24, 0.12 * size[1]), words(rng, 1), 15, ink)
    return canvas, (left, top, right, bottom), colors


def _article(rng: Random, size: tuple[int, int]) -> Image.Image:
    """Columns of text below a headline, with or without a picture of a thing."""
    canvas = gradient(size, WHITE, WHITE)
    margin, columns = 50, max(1, round(size[0] / rng.randint(280, 460)))
    headline = write(canvas, (margin, margin), words(rng, rng.randint(2, 4)), size[0] // rng.randint(18, 26), bold=True)
    top, wide = headline.bottom + 30, (size[0] - 2 * margin + 30) // columns - 30
    pictured = rng.randrange(columns) if rng.random() < 0.7 else -1
    for column in range(columns):
        left, y = margin + column * (wide + 30), top
        if column == pictured:
            box = (wide, round(wide * rng.uniform(0.6, 0.9)))
            canvas.paste(_shot(rng, box), (left, y))
            y += box[1] + 16
        while y < size[1] - margin:
            if rng.random() < 0.06:
                y = write(canvas, (left, y + 8), words(rng, 2), 20, INK, bold=True).bottom + 8
            _line(canvas, rng, (left, y), wide, 1.0 if rng.random() < 0.85 else rng.uniform(0.3, 0.8))
            y += 22
    return canvas


def _line(canvas: Image.Image, rng: Random, place: tuple[int, int], wide: int, share: float) -> None:
    """A line of small text that fills `share` of the width."""
    text = ""
    while ImageDraw.Draw(canvas).textlength(text, font_size=15) < share * wide - 50:
        text += words(rng, 1).lower() + " "
    write(canvas, place, text, 15, (60, 62, 68))


def _table(rng: Random, size: tuple[int, int]) -> Image.Image:
    """Rows of words and numbers, one of them marked."""
    canvas = gradient(size, WHITE, WHITE)
    draw, rows, columns = ImageDraw.Draw(canvas), rng.randint(6, 14), rng.randint(3, 6)
    write(canvas, (40, 30), words(rng, 3), 30, INK, bold=True)
    top, high, wide = 100, (size[1] - 140) / rows, (size[0] - 80) / columns
    accent, marked = vivid(rng, (0.25, 0.45)), rng.randint(1, rows - 1)
    for row in range(rows):
        y = top + row * high
        fill = accent if row == 0 else (255, 240, 180) if row == marked else (246, 247, 249) if row % 2 else WHITE
        draw.rectangle((40, y, size[0] - 40, y + high), fill=fill)
        for column in range(columns):
            text = words(rng, 1) if row == 0 or column == 0 else str(rng.randint(0, 9999))
            write(canvas, (54 + column * wide, y + high / 2), text, 17, WHITE if row == 0 else INK, anchor="lm")
    return canvas


def _poster(rng: Random, size: tuple[int, int]) -> Image.Image:
    """A large headline, a thing, a date, on a ground of one colour."""
    first, last = vivid(rng, (0.2, 0.5)), pale(rng) if rng.random() < 0.4 else vivid(rng, (0.2, 0.5))
    canvas = gradient(size, first, last, rng.random() < 0.5)
    item = thing(rng, round(rng.uniform(0.3, 0.5) * min(size)))
    paste(canvas, item, round(rng.uniform(0.05, 0.95) * (size[0] - item.width)), round(0.4 * size[1]))
    high = round(min(size[0] / 8, size[1] / 7))
    x, anchor = rng.choice(((0.06, "l"), (0.5, "m"), (0.94, "r")))
    for i in range(rng.randint(1, 2)):
        line = words(rng, 1).upper()
        write(canvas, (x * size[0], 0.06 * size[1] + i * 1.1 * high), line, high, WHITE, anchor=anchor + "a", bold=True)
    write(
        canvas,
        (x * size[0], 0.95 * size[1]),
        f"{rng.randint(1, 28)} May, {rng.choice(BRANDS)}",
        high // 3,
        WHITE,
        anchor=anchor + "d",
    )
    return canvas


def _shop(rng: Random, size: tuple[int, int]) -> Image.Image:
    """Shots of products in rows, each with a name and a price."""
    canvas = gradient(size, WHITE, WHITE)
    ImageDraw.Draw(canvas).rectangle((0, 0, size[0], 64), fill=vivid(rng, (0.15, 0.35)))
    write(canvas, (30, 32), rng.choice(BRANDS), 28, WHITE, anchor="lm", bold=True)
    columns = max(1, size[0] // rng.randint(230, 400))
    side = (size[0] - 30) // columns - 30
    for row in range(-(-(size[1] - 90) // (side + 80))):
        for column in range(columns):
            left, top = 30 + column * (side + 30), 90 + row * (side + 80)
            canvas.paste(_shot(rng, (side, side)), (left, top))
            write(canvas, (left, top + side + 10), words(rng, 2), 17, INK)
            write(canvas, (left, top + side + 34), f"{rng.randint(5, 199)}.99", 17, INK, bold=True)
    return canvas


def _shot(rng: Random, size: tuple[int, int]) -> Image.Image:
    """A thing on a plain ground."""
    canvas = ground(rng, size)
    item = fitted(thing(rng, 300), round(rng.uniform(0.5, 0.85) * min(size)))
    left, top = ((whole - part) / 2 for whole, part in zip(size, item.size, strict=True))
    paste(canvas, item, round(left), round(top))
    return canvas


DRAWN: dict[str, Callable[[Random, tuple[int, int]], Image.Image]] = {
    "bars": _bars,
    "lines": _lines,
    "points": _points,
    "pie": _pie,
    "article": _article,
    "table": _table,
    "poster": _poster,
    "shop": _shop,
}
