"""Scenes of pictures in pictures: strips, collages, frames and bars."""

from __future__ import annotations

from random import Random

import numpy as np
from PIL import Image, ImageDraw

from eval.scenes.cutouts import VIEWS, scenery, view
from eval.scenes.kinds.things import off_centre
from eval.scenes.rules import most_whole, off_the_bars
from eval.scenes.shapes import BLACK, INK, WHITE, Color, gradient, pale, paste, thing, vivid, words, write
from eval.scenes.types import Scene, Target
from saliency.types import Box

FRAMES: tuple[Color, ...] = (WHITE, (250, 248, 242), BLACK, (20, 20, 22), (104, 70, 44))
BARS: tuple[Color, ...] = (BLACK, BLACK, WHITE, (24, 26, 30))


def comic_strip(rng: Random) -> Scene:
    """Panels in a row or a column: as many of them whole as can be."""
    across = rng.random() < 0.6
    length, other, gap = 1080, rng.choice((320, 360, 400)), 14
    count = rng.choice((2, 3, 4))
    shares = [rng.uniform(0.75, 1.3) for _ in range(count)]
    free = length - gap * (count + 1)
    canvas = gradient((length, other) if across else (other + 140, length), WHITE, WHITE)
    side, start, panels = canvas.size[across] - 2 * gap, gap, []
    for share in shares:
        own = int(free * share / sum(shares))
        box = Box(start, gap, own, side) if across else Box(gap, start, side, own)
        canvas.paste(_panel(rng, (box.width, box.height)), (box.left, box.top))
        panels.append(Target(box, "panel"))
        start += own + gap
    return Scene(np.asarray(canvas), tuple(panels), (most_whole,))


def collage(rng: Random) -> Scene:
    """Photos of different sizes with gaps between them: the largest whole, and all where they fit."""
    layout = rng.choice(LAYOUTS)
    size = (960, 600) if rng.random() < 0.6 else (640, 960)
    wide = size[0] > size[1]
    gap, paper = rng.randint(8, 16), rng.choice((WHITE, BLACK, pale(rng)))
    canvas = gradient(size, paper, paper)
    mirror, targets = rng.random() < 0.5, []
    names = rng.sample(VIEWS, len(layout))
    for rank, ((x, y, w, h), name) in enumerate(zip(layout, names, strict=True)):
        if not wide:
            x, y, w, h = y, x, h, w
        if mirror:
            x = 1 - x - w
        left, top = round(gap / 2 + x * (size[0] - gap) + gap / 2), round(gap / 2 + y * (size[1] - gap) + gap / 2)
        right, bottom = round((x + w) * (size[0] - gap)), round((y + h) * (size[1] - gap))
        box = Box(left, top, right - left, bottom - top)
        canvas.paste(view(rng, (box.width, box.height), name), (box.left, box.top))
        targets.append(Target(box, "panel", min(rank, 1)))
    return Scene(np.asarray(canvas), tuple(targets), (most_whole,))


LAYOUTS = (
    ((0, 0, 0.56, 1), (0.56, 0, 0.44, 0.5), (0.56, 0.5, 0.44, 0.5)),
    ((0, 0, 0.5, 1), (0.5, 0, 0.25, 1), (0.75, 0, 0.25, 1)),
    ((0, 0, 0.45, 1), (0.45, 0, 0.3, 0.5), (0.75, 0, 0.25, 0.5), (0.45, 0.5, 0.55, 0.5)),
    ((0.3, 0, 0.3, 1), (0, 0, 0.3, 0.5), (0, 0.5, 0.3, 0.5), (0.6, 0, 0.4, 0.5), (0.6, 0.5, 0.4, 0.5)),
)
"""Left, top, width and height of the photos as shares of a wide collage, the largest first."""


def framed_picture(rng: Random) -> Scene:
    """A picture in an even frame, with its subject off the middle: the subject, and no frame that could be left out."""
    size = rng.choice(((960, 640), (900, 640), (640, 900), (960, 540)))
    edge = round(rng.uniform(0.06, 0.13) * min(size))
    color = rng.choice(FRAMES)
    canvas = gradient(size, color, color)
    inner = Box(edge, edge, size[0] - 2 * edge, size[1] - 2 * edge)
    target = _picture(canvas, rng, inner)
    return Scene(np.asarray(canvas), (target,), (most_whole, off_the_bars), inner)


def letterbox(rng: Random) -> Scene:
    """A picture with bars on two sides, not always of one width: the subject, and no bar that could be left out."""
    size, inner_size = rng.choice(
        (
            ((960, 720), (960, 408)),
            ((960, 540), (960, 404)),
            ((540, 960), (540, 420)),
            ((960, 540), (420, 540)),
            ((960, 540), (640, 540)),
        )
    )
    color = rng.choice(BARS)
    canvas = gradient(size, color, color)
    free = size[0] - inner_size[0], size[1] - inner_size[1]
    share = 0.5 if rng.random() < 0.35 else rng.uniform(0.15, 0.85)
    inner = Box(round(free[0] * share), round(free[1] * share), *inner_size)
    target = _picture(canvas, rng, inner)
    return Scene(np.asarray(canvas), (target,), (most_whole, off_the_bars), inner)


def _picture(canvas: Image.Image, rng: Random, inner: Box) -> Target:
    """Scenery with a thing off its middle, laid into the canvas."""
    size = inner.width, inner.height
    picture = scenery(rng, size, 5)
    item = thing(rng, round(rng.uniform(0.35, 0.5) * min(size)))
    box = paste(picture, item, *off_centre(rng, size, item.size))
    canvas.paste(picture, (inner.left, inner.top))
    return Target(Box(inner.left + box.left, inner.top + box.top, box.width, box.height), "object")


def _panel(rng: Random, size: tuple[int, int]) -> Image.Image:
    """A drawn panel with a border: a round-headed figure, the ground, and what it says."""
    width, height = size
    panel = gradient(size, pale(rng), pale(rng))
    draw = ImageDraw.Draw(panel)
    draw.rectangle((0, 0.82 * height, width, height), fill=vivid(rng, (0.55, 0.7)))
    for _ in range(rng.randint(1, 2)):
        x, r = rng.uniform(0.25, 0.75) * width, 0.085 * min(height, width * 1.2)
        top, color = rng.uniform(0.42, 0.5) * height, vivid(rng)
        draw.rounded_rectangle((x - r, top + 1.8 * r, x + r, top + 4.4 * r), 0.6 * r, fill=color, outline=INK, width=3)
        draw.ellipse((x - 1.1 * r, top, x + 1.1 * r, top + 2.1 * r), fill=(246, 214, 180), outline=INK, width=3)
        for side in (-0.4, 0.4):
            draw.ellipse((x + (side - 0.1) * r, top + 0.8 * r, x + (side + 0.1) * r, top + 1.1 * r), fill=INK)
        draw.arc((x - 0.5 * r, top + 1.0 * r, x + 0.5 * r, top + 1.7 * r), 20, 160, fill=INK, width=3)
    text = words(rng, 2) + rng.choice("!?.")
    bubble = width / 2, 0.16 * height
    size_of_text = max(10, min(22, int(1.5 * 0.8 * width / len(text))))
    half = min(0.46 * width, 0.34 * size_of_text * len(text) + 10)
    draw.ellipse((bubble[0] - half, 0.05 * height, bubble[0] + half, 0.28 * height), fill=WHITE, outline=INK, width=3)
    write(panel, bubble, text, size_of_text, INK, anchor="mm")
    draw.rectangle((0, 0, width - 1, height - 1), outline=INK, width=3)
    return panel
