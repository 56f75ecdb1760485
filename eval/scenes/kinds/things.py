"""Scenes of one or two things: the whole thing, with room around it."""

from __future__ import annotations

from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from eval.scenes.cutouts import cutout, scenery
from eval.scenes.people import draw_person
from eval.scenes.rules import cuts_nothing, most_whole, roomy
from eval.scenes.shapes import (
    BRANDS,
    WHITE,
    Color,
    drawn,
    fitted,
    gradient,
    ground,
    paste,
    shadow,
    thing,
    vivid,
    write,
)
from eval.scenes.types import Scene, Target
from saliency.types import Box

ROOM = roomy(0.1)
CENTRED = roomy(0.2)
Size = tuple[int, int]
LANDSCAPE, PORTRAIT = ((960, 540), (900, 600), (960, 640)), ((540, 960), (600, 900), (640, 960))
SQUARE = ((760, 760),)
GOODS = ("bottle", "shoe", "chair", "mug", "lamp", "bag", "coffee", "bowl")
SKIES: tuple[tuple[Color, Color], ...] = (
    ((86, 140, 204), (200, 222, 240)),
    ((120, 150, 190), (245, 214, 180)),
    ((150, 170, 190), (150, 170, 190)),
)
HILLS: tuple[Color, ...] = ((70, 96, 74), (84, 84, 92), (96, 88, 70))


def lone_object(rng: Random) -> Scene:
    """A thing somewhere on a plain ground."""
    canvas = ground(rng, rng.choice(LANDSCAPE + LANDSCAPE + PORTRAIT))
    item = thing(rng, round(rng.uniform(0.3, 0.62) * min(canvas.size)))
    box = paste(canvas, item, *anywhere(rng, canvas.size, item.size, 0.03))
    return Scene(np.asarray(canvas), (Target(box, "object"),), (most_whole, ROOM))


def product_on_white(rng: Random) -> Scene:
    """A product with a soft shadow on white, not in the middle: beside it is room for text."""
    size = rng.choice(LANDSCAPE + PORTRAIT + SQUARE)
    light = rng.randint(246, 255)
    canvas = gradient(size, WHITE, (light, light, light))
    name, longest = rng.choice(GOODS), round(rng.uniform(0.35, 0.62) * min(size))
    item = fitted(cutout(name), longest) if name in ("coffee", "bowl") else drawn(rng, name, longest)
    left, top = off_centre(rng, size, item.size)
    box = Box(left, top, item.width, item.height)
    shadow(canvas, box)
    paste(canvas, item, left, top)
    return Scene(np.asarray(canvas), (Target(box, "object"),), (most_whole, ROOM))


def tiny_bird_in_sky(rng: Random) -> Scene:
    """A small bird in a wide sky above hills."""
    size = rng.choice(LANDSCAPE + PORTRAIT)
    canvas = _sky(rng, size)
    bird = _bird(rng, round(rng.uniform(0.05, 0.1) * max(size)))
    left, _ = off_centre(rng, size, bird.size)
    top = rng.randint(round(0.05 * size[1]), round(0.55 * size[1]))
    box = paste(canvas, bird, left, top)
    return Scene(np.asarray(canvas), (Target(box, "object"),), (most_whole, ROOM))


def watermark(rng: Random) -> Scene:
    """A photo of one thing with a mark in a corner that is not what it is about."""
    size = rng.choice(LANDSCAPE + PORTRAIT)
    canvas = scenery(rng, size, 8) if rng.random() < 0.6 else ground(rng, size)
    item = thing(rng, round(rng.uniform(0.35, 0.55) * min(size)))
    left, top = off_centre(rng, size, item.size)
    box = paste(canvas, item, left, top)
    x = 0.97 * size[0] if left + item.width / 2 < size[0] / 2 else 0.03 * size[0]
    y = 0.97 * size[1] if top + item.height / 2 < size[1] / 2 else 0.03 * size[1]
    anchor = ("l" if x < size[0] / 2 else "r") + ("a" if y < size[1] / 2 else "d")
    color = WHITE if np.asarray(canvas).mean() < 150 else (60, 60, 60)
    write(canvas, (x, y), f"© {rng.choice(BRANDS)}", round(rng.uniform(0.035, 0.06) * max(size)), color, anchor=anchor)
    return Scene(np.asarray(canvas), (Target(box, "object"),), (most_whole, CENTRED))


def wide_logo(rng: Random) -> Scene:
    """A sign and a name beside it on a plain ground: they belong together."""
    size = (1080, rng.choice((360, 432, 520, 608)))
    dark = rng.random() < 0.4
    color = vivid(rng, (0.12, 0.25)) if dark else WHITE
    canvas = gradient(size, color, color)
    high = round(rng.uniform(0.16, 0.26) * size[1])
    sign = _sign(rng, high)
    name = rng.choice(BRANDS)
    wide = write(Image.new("RGB", size), (0, 0), name, round(0.8 * high), bold=True).right + high // 3 + high
    left, top = off_centre(rng, size, (wide, high))
    paste(canvas, sign, left, top)
    ink = WHITE if dark else vivid(rng, (0.15, 0.35))
    place = (left + high + high // 3, top + high / 2)
    text = write(canvas, place, name, round(0.8 * high), ink, anchor="lm", bold=True)
    box = Box(left, min(top, text.top), text.right - left, max(top + high, text.bottom) - min(top, text.top))
    return Scene(np.asarray(canvas), (Target(box, "text"),), (most_whole, ROOM))


def symmetric_pair(rng: Random) -> Scene:
    """Two of a kind, as far left as right: both, or one of them whole."""
    size = rng.choice((*LANDSCAPE, (1080, 480)))
    away = rng.uniform(0.2, 0.3) * size[0]
    if rng.random() < 0.4:
        canvas = scenery(rng, size, 10)
        state, height = rng.getrandbits(32), rng.uniform(0.3, 0.42) * size[1]
        top = rng.uniform(0.12, 0.3) * size[1]
        right = Image.new("RGB", size)
        right.paste(canvas)
        head = draw_person(right, Random(state), size[0] / 2 + away, top, height).head
        half = right.crop((size[0] // 2, 0, size[0], size[1]))
        canvas.paste(half, (size[0] // 2, 0))
        canvas.paste(half.transpose(Image.Transpose.FLIP_LEFT_RIGHT), (0, 0))
        boxes = (Box(size[0] - head.right, head.top, head.width, head.height), head)
        return Scene(np.asarray(canvas), tuple(Target(box, "head") for box in boxes), (most_whole, cuts_nothing))
    canvas = ground(rng, size)
    item = thing(rng, round(rng.uniform(0.35, 0.55) * size[1]))
    top = rng.randint(round(0.1 * size[1]), round(0.9 * size[1]) - item.height)
    left = round(size[0] / 2 - away - item.width / 2)
    boxes = (
        paste(canvas, item, left, top),
        paste(canvas, item.transpose(Image.Transpose.FLIP_LEFT_RIGHT), size[0] - left - item.width, top),
    )
    return Scene(np.asarray(canvas), tuple(Target(box, "object") for box in boxes), (most_whole, cuts_nothing))


def anywhere(rng: Random, size: Size, item: Size, margin: float) -> tuple[int, int]:
    """Left and top of an item somewhere in `size`, at least `margin` of the short side away from its borders."""
    space = round(margin * min(size))
    left, top = (rng.randint(space, max(space, size[i] - item[i] - space)) for i in (0, 1))
    return left, top


def off_centre(rng: Random, size: Size, item: Size) -> tuple[int, int]:
    """The same in the outer parts: a third or more of the way from the middle to where the item would touch."""
    places = []
    for length, own in zip(size, item, strict=True):
        most = max((length - own) / 2 - 0.03 * min(size), 0)
        places.append(round((length - own) / 2 + rng.choice((-1, 1)) * rng.uniform(0.4, 1.0) * most))
    return places[0], places[1]


def _sky(rng: Random, size: Size) -> Image.Image:
    top, bottom = rng.choice(
        (((86, 140, 204), (200, 222, 240)), ((120, 150, 190), (245, 214, 180)), ((150, 170, 190),) * 2)
    )
    canvas = gradient(size, top, bottom)
    small = Image.new("L", (size[0] // 8, size[1] // 8))
    draw = ImageDraw.Draw(small)
    for _ in range(rng.randint(0, 4)):
        x, y, r = rng.uniform(0, small.width), rng.uniform(0, 0.6 * small.height), rng.uniform(4, 14)
        draw.ellipse((x - 3 * r, y - r / 2, x + 3 * r, y + r / 2), fill=rng.randint(60, 130))
    canvas.paste(WHITE, (0, 0), small.filter(ImageFilter.GaussianBlur(4)).resize(size, Image.Resampling.BICUBIC))
    heights = [rng.uniform(0.84, 0.95) * size[1] for _ in range(7)]
    hills = [(i * size[0] / 6, y) for i, y in enumerate(heights)]
    ImageDraw.Draw(canvas).polygon(
        [(0, size[1]), *hills, size], fill=rng.choice(((70, 96, 74), (84, 84, 92), (96, 88, 70)))
    )
    return canvas


def _bird(rng: Random, width: int) -> Image.Image:
    side = 4 * width
    canvas = Image.new("RGBA", (side, side))
    lift = rng.uniform(0.1, 0.3)
    wings = [(0, 0.45 - lift), (0.28, 0.36), (0.45, 0.47), (0.55, 0.47), (0.72, 0.36), (1, 0.45 - lift)]
    under = [(0.74, 0.47), (0.58, 0.6), (0.54, 0.72), (0.46, 0.72), (0.42, 0.6), (0.26, 0.47)]
    shade = rng.randint(20, 60)
    points = [(x * (side - 1), y * side) for x, y in wings + under]
    ImageDraw.Draw(canvas).polygon(points, fill=(shade, shade, shade + 6))
    small = canvas.resize((width, width), Image.Resampling.BOX).rotate(rng.uniform(-20, 20), Image.Resampling.BICUBIC)
    return small.crop(small.getchannel("A").getbbox())


def _sign(rng: Random, side: int) -> Image.Image:
    big = Image.new("RGBA", (3 * side, 3 * side))
    draw, s = ImageDraw.Draw(big), 3 * side - 1
    color, other = vivid(rng, (0.45, 0.6)), vivid(rng, (0.6, 0.75))
    if rng.random() < 0.4:
        draw.ellipse((0, 0, s, s), fill=color)
        draw.pieslice((0, 0, s, s), 90, 210, fill=other)
    elif rng.random() < 0.5:
        draw.polygon(((s / 2, 0), (s, s), (0, s)), fill=color)
        draw.polygon(((s / 2, 0.45 * s), (0.78 * s, s), (0.22 * s, s)), fill=other)
    else:
        draw.rounded_rectangle((0, 0, s, s), s / 5, fill=color)
        draw.ellipse((0.25 * s, 0.25 * s, 0.75 * s, 0.75 * s), fill=other)
    return big.resize((side, side), Image.Resampling.BOX)
