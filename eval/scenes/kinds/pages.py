"""Scenes that were made on a screen: text, charts, maps. A line of text, a heading or a chart is whole."""

from __future__ import annotations

import math
from random import Random

import numpy as np
from PIL import Image, ImageDraw

from eval.scenes.cutouts import ANIMALS, cat_disc, cutout, scenery, view
from eval.scenes.kinds.things import LANDSCAPE, PORTRAIT, ROOM, SQUARE, off_centre
from eval.scenes.rules import cuts_nothing, most_whole
from eval.scenes.shapes import (
    BLACK,
    BRANDS,
    GREY,
    INK,
    WHITE,
    Color,
    around,
    fitted,
    gradient,
    pale,
    paste,
    vivid,
    words,
    write,
)
from eval.scenes.types import Scene, Target
from saliency.types import Box

CAPTIONS = (
    ("WHEN YOU OPEN", "THE WRONG DOOR"),
    ("ONE DOES NOT", "SIMPLY NAP"),
    ("MONDAY AGAIN", "SEND HELP"),
    ("I WAS TOLD", "THERE IS CAKE"),
    ("STILL WAITING", "FOR THE BUILD"),
)


def slide_with_a_title(rng: Random) -> Scene:
    """A slide: the title whole, then its points, then the picture."""
    size = rng.choice(((960, 540), (960, 720)))
    paper = WHITE if rng.random() < 0.6 else pale(rng)
    canvas = gradient(size, paper, paper)
    accent = vivid(rng, (0.25, 0.45))
    left, top = round(rng.uniform(0.04, 0.07) * size[0]), round(rng.uniform(0.04, 0.09) * size[1])
    title = write(canvas, (left, top), words(rng, rng.randint(2, 3)), rng.randint(38, 46), accent, bold=True)
    ImageDraw.Draw(canvas).rectangle((left, title.bottom + 12, left + 90, title.bottom + 17), fill=accent)
    lines = []
    for i in range(rng.randint(3, 5)):
        y = title.bottom + 60 + i * 58
        ImageDraw.Draw(canvas).ellipse((left, y + 7, left + 10, y + 17), fill=accent)
        lines.append(write(canvas, (left + 26, y), words(rng, rng.randint(2, 5)), 22))
    wide, high = round(0.36 * size[0]), round(0.5 * size[1])
    x, y = size[0] - wide - 40, round(rng.uniform(0.3, 0.42) * size[1])
    canvas.paste(view(rng, (wide, high)), (x, y))
    write(canvas, (size[0] - 30, size[1] - 16), str(rng.randint(2, 40)), 16, GREY, anchor="rd")
    points = around(*lines, Box(left, lines[0].top, 10, 10))
    targets = (Target(title, "text"), Target(points, "text", 1), Target(Box(x, y, wide, high), "panel", 2))
    return Scene(np.asarray(canvas), targets, (most_whole,))


def screenshot_of_a_post(rng: Random) -> Scene:
    """A post on a telephone: its picture, else its text; the bars of the program do not matter."""
    size = (540, 960)
    canvas = gradient(size, WHITE, WHITE)
    draw = ImageDraw.Draw(canvas)
    bar = vivid(rng, (0.2, 0.4))
    write(canvas, (24, 14), f"{rng.randint(7, 22)}:{rng.randint(10, 59)}", 18, INK)
    draw.rounded_rectangle((470, 16, 506, 32), 4, outline=INK, width=2)
    draw.rectangle((0, 48, 540, 108), fill=bar)
    write(canvas, (24, 78), rng.choice(BRANDS), 26, WHITE, anchor="lm", bold=True)
    with_picture = rng.random() < 0.6
    y = rng.randint(130, 400 if with_picture else 540)
    if y > 210:  # what is left of the post above
        for i in range((y - 130) // 34):
            write(canvas, (24, 122 + 32 * i), words(rng, rng.randint(3, 5)), 20, GREY)
        draw.line((0, y - 14, 540, y - 14), fill=(222, 224, 228), width=3)
    face = paste(canvas, fitted(cutout("head") if rng.random() < 0.5 else cat_disc(), 52), 24, y)
    name = write(canvas, (92, y + 4), " ".join(words(rng, 1) for _ in range(2)), 22, INK, bold=True)
    write(canvas, (92, y + 32), f"{rng.randint(2, 59)} min", 16, GREY)
    text_size = 22 if with_picture else 34
    lines = [
        write(canvas, (24, y + 74 + i * round(1.4 * text_size)), words(rng, 4 if with_picture else 3)[:38], text_size)
        for i in range(rng.randint(1, 2) if with_picture else rng.randint(3, 5))
    ]
    text, end = around(*lines), around(*lines).bottom + 18
    targets = (Target(text, "text"), Target(around(face, name), "text", 1))
    if with_picture:
        high = rng.randint(230, 300)
        canvas.paste(view(rng, (540, high)), (0, end))
        targets = (Target(Box(0, end, 540, high), "panel"), Target(around(face, name, text), "text", 1))
        end += high + 18
    for i in range(3):
        draw.ellipse((40 + i * 180, end, 64 + i * 180, end + 24), outline=GREY, width=3)
        write(canvas, (74 + i * 180, end + 12), str(rng.randint(1, 999)), 17, GREY, anchor="lm")
    draw.line((0, end + 44, 540, end + 44), fill=(222, 224, 228), width=3)
    for i in range(max(0, (960 - end - 160) // 34)):
        write(canvas, (24, end + 64 + 32 * i), words(rng, rng.randint(3, 5)), 20, GREY)
    draw.rectangle((0, 896, 540, 960), fill=(244, 245, 247))
    for i in range(4):
        draw.rounded_rectangle((54 + i * 122, 914, 86 + i * 122, 944), 8, outline=GREY, width=3)
    return Scene(np.asarray(canvas), targets, (most_whole, cuts_nothing))


def meme_with_two_captions(rng: Random) -> Scene:
    """Words above and below an animal: all where it fits, else the animal; no words in halves."""
    size = rng.choice(((720, 720), (640, 800), (900, 600), (960, 600)))
    canvas = scenery(rng, size, 8)
    item = fitted(rng.choice([cat_disc(), *map(cutout, ANIMALS)]), round(0.3 * size[1]), rng.random() < 0.5)
    left = round(rng.uniform(0.08, 0.92) * (size[0] - item.width))
    subject = paste(canvas, item, left, round((size[1] - item.height) * rng.choice((0.3, 0.36, 0.64, 0.7))))
    middle = min(max(subject.center[0], 0.34 * size[0]), 0.66 * size[0]) if size[0] > size[1] else size[0] / 2
    first, second = rng.choice(CAPTIONS)
    high = round(0.068 * min(size))
    captions = (
        write(canvas, (middle, 0.04 * size[1]), first, high, WHITE, anchor="ma", outline=BLACK),
        write(canvas, (middle, 0.96 * size[1]), second, high, WHITE, anchor="md", outline=BLACK),
    )
    targets = (Target(subject, "object"), *(Target(caption, "text", 1) for caption in captions))
    return Scene(np.asarray(canvas), targets, (most_whole, cuts_nothing))


def document(rng: Random) -> Scene:
    """A written page, or two side by side: the heading whole, and the lines below it where they fit."""
    two = rng.random() < 0.35
    size = (960, 660) if two else rng.choice(((640, 900), (680, 960)))
    paper = (252, 251, 247)
    canvas = gradient(size, paper, paper)
    column = 350 if two else 460
    starts = (70, 540) if two else ((size[0] - column) // 2,)
    headed = rng.choice(starts)
    where = rng.choice((0.06, 0.06, 0.42, 0.7)) if not two else rng.choice((0.07, 0.5))
    heading = Box(0, 0, 1, 1)
    for start in starts:
        y, top = 40.0, where * size[1]
        while y < size[1] - 50:
            if start == headed and y >= top - 20 and heading.left == 0:
                line = write(canvas, (start, y + 14), words(rng, 2), 34 if two else 40, bold=True)
                below = write(canvas, (start, line.bottom + 10), words(rng, 4), 17, GREY)
                heading, y = around(line, below), below.bottom + 26.0
                continue
            _line_of_text(canvas, rng, start, y, column, last=rng.random() < 0.16)
            y += 21 if rng.random() < 0.86 else 36
    text = Target(Box(headed, 40, column, size[1] - 90), "text", 1)
    return Scene(np.asarray(canvas), (Target(heading, "text"), text), (most_whole, ROOM))


def _line_of_text(canvas: Image.Image, rng: Random, left: int, top: float, column: int, last: bool) -> None:
    text, wanted = "", column * (rng.uniform(0.3, 0.8) if last else 1)
    while len(text) * 6.6 < wanted - 30:
        text += words(rng, 1).lower() + " "
    write(canvas, (left, top), text[: int(column / 6.6)], 13, (70, 72, 78))


def chart(rng: Random) -> Scene:
    """A chart with its title and labels in a report: all of it, the notes beside it do not matter."""
    size = rng.choice((*LANDSCAPE, (640, 900), (680, 960)))
    canvas = gradient(size, WHITE, WHITE)
    wide = round(rng.uniform(0.44, 0.5) * size[0]) if size[0] > size[1] else round(0.84 * size[0])
    high = round(rng.uniform(0.7, 0.82) * size[1]) if size[0] > size[1] else round(rng.uniform(0.32, 0.38) * size[1])
    left, top = off_centre(rng, size, (wide, high))
    box = _draw_chart(canvas, rng, Box(left, top, wide, high))
    if size[0] > size[1]:
        start = 50 if left > size[0] / 2 - wide / 2 else left + wide + 40
        end = left - 40 if start == 50 else size[0] - 40
        for y in range(60, size[1] - 60, 24):
            _line_of_text(canvas, rng, start, y, end - start, last=rng.random() < 0.2)
    else:
        for y in range(40, size[1] - 40, 24):
            if not top - 40 < y < top + high + 12:
                _line_of_text(canvas, rng, 50, y, size[0] - 100, last=rng.random() < 0.2)
    return Scene(np.asarray(canvas), (Target(box, "object"),), (most_whole, ROOM))


def _draw_chart(canvas: Image.Image, rng: Random, place: Box) -> Box:
    """Bars or lines over axes with a title; returns the box of all ink."""
    draw = ImageDraw.Draw(canvas)
    title = write(canvas, (place.left, place.top), words(rng, 3), 21, bold=True)
    x0, y0, x1, y1 = place.left + 40, title.bottom + 22, place.right, place.bottom - 28
    for i in range(5):
        y = y1 - i * (y1 - y0) / 4
        draw.line((x0, y, x1, y), fill=(222, 224, 228))
        write(canvas, (x0 - 8, y), str(25 * i), 14, GREY, anchor="rm")
    count, values = rng.randint(4, 7), [rng.uniform(0.15, 0.98) for _ in range(14)]
    step = (x1 - x0) / count
    for i in range(count):
        write(canvas, (x0 + (i + 0.5) * step, y1 + 8), f"Q{i + 1}", 14, GREY, anchor="ma")
    colors = vivid(rng), vivid(rng)
    if rng.random() < 0.5:
        for i in range(count):
            draw.rectangle(
                (x0 + (i + 0.2) * step, y1 - values[i] * (y1 - y0), x0 + (i + 0.8) * step, y1), fill=colors[0]
            )
    else:
        for line, color in enumerate(colors):
            points = [(x0 + (i + 0.5) * step, y1 - values[i + line * 7] * (y1 - y0)) for i in range(count)]
            draw.line(points, fill=color, width=4, joint="curve")
    draw.line((x0, y1, x1, y1), fill=INK, width=2)
    return Box(place.left, place.top, place.width, place.height)


def map_with_a_place(rng: Random) -> Scene:
    """A map of streets with a pin and its name."""
    size = rng.choice(LANDSCAPE + PORTRAIT + SQUARE)
    canvas = gradient(size, (238, 236, 230), (238, 236, 230))
    draw = ImageDraw.Draw(canvas)
    _draw_streets(draw, rng, size)
    high = round(0.11 * min(size))
    wide = round(0.3 * min(size))
    left, top = off_centre(rng, size, (wide, round(1.5 * high)))
    x, y = left + wide / 2, top + high
    red = vivid(rng, (0.42, 0.5))
    draw.polygon(((x - 0.3 * high, top + 0.5 * high), (x + 0.3 * high, top + 0.5 * high), (x, y)), fill=red)
    draw.ellipse((x - 0.36 * high, top, x + 0.36 * high, top + 0.72 * high), fill=red)
    draw.ellipse((x - 0.14 * high, top + 0.22 * high, x + 0.14 * high, top + 0.5 * high), fill=WHITE)
    name = rng.choice(BRANDS)
    label = write(canvas, (x, y + 4), name, round(0.36 * high), INK, anchor="ma", bold=True, outline=WHITE)
    pin = Box(round(x - 0.36 * high), top, round(0.72 * high), high)
    return Scene(np.asarray(canvas), (Target(around(pin, label), "object"),), (most_whole, ROOM))


def _draw_streets(draw: ImageDraw.ImageDraw, rng: Random, size: tuple[int, int]) -> None:
    width, height = size
    for _ in range(4):  # parks
        x, y = rng.uniform(0, width), rng.uniform(0, height)
        corners = [(x + rng.uniform(60, 130) * math.cos(a), y + rng.uniform(60, 130) * math.sin(a)) for a in range(6)]
        draw.polygon(corners, fill=(204, 226, 190))
    y = rng.uniform(0.1, 0.9) * height
    river = [(x, y + 60 * math.sin(x / 170 + y)) for x in range(-40, width + 60, 20)]
    draw.line(river, fill=(170, 205, 228), width=rng.randint(26, 46), joint="curve")
    slope = rng.uniform(-0.25, 0.25)
    for i in range(-3, 16):
        offset = i * rng.uniform(74, 86)
        line: Color = (250, 214, 130) if i % 6 == 2 else WHITE
        draw.line((0, offset, width, offset + slope * width), fill=line, width=14 if i % 6 == 2 else 8)
        draw.line((offset, 0, offset - slope * height, height), fill=WHITE, width=8)
