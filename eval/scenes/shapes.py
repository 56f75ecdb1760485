"""What scenes are made of that is drawn: grounds, shadows, things with shading, lines of text."""

from __future__ import annotations

import colorsys
import math
from collections.abc import Callable, Sequence
from functools import cache
from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from eval.scenes.cutouts import ANIMALS, THINGS, cat_disc, cutout
from saliency.types import Box

Color = tuple[int, int, int]
WHITE, BLACK, INK, GREY = (255, 255, 255), (0, 0, 0), (34, 36, 42), (120, 124, 132)
BRANDS = ("Nordlicht", "Riverside", "Papaya Co", "Alba Tours", "Kestrel", "Linden", "Blue Harbour", "Montane")
SMOOTH = 3  # how many times larger things are drawn before they are reduced, for smooth edges
WORDS = " ".join(
    (
        "the market report shows that small towns grow faster than large ones when rivers light paper garden",
        "winter bridge morning window travel number simple record answer season letter people water quiet",
        "north story house",
    )
).split()


def vivid(rng: Random, lightness: tuple[float, float] = (0.35, 0.6)) -> Color:
    """A strong colour with a lightness in this range."""
    return _rgb(rng.random(), rng.uniform(*lightness), rng.uniform(0.55, 0.95))


def pale(rng: Random) -> Color:
    """A quiet light colour."""
    return _rgb(rng.random(), rng.uniform(0.78, 0.93), rng.uniform(0.05, 0.45))


def cloth(rng: Random) -> Color:
    """A colour that clothes have."""
    return _rgb(rng.random(), rng.uniform(0.18, 0.6), rng.uniform(0.1, 0.55))


def darker(color: Color, share: float = 0.7) -> Color:
    """The colour with each part times `share`, which is above 1 for a lighter one."""
    red, green, blue = (min(255, round(part * share)) for part in color)
    return red, green, blue


def _rgb(hue: float, lightness: float, saturation: float) -> Color:
    red, green, blue = colorsys.hls_to_rgb(hue, lightness, saturation)
    return round(255 * red), round(255 * green), round(255 * blue)


def gradient(size: tuple[int, int], first: Color, last: Color, across: bool = False) -> Image.Image:
    """From the first colour at the top, or left when `across`, to the last one."""
    length = size[0] if across else size[1]
    line = np.linspace(first, last, length).round().astype(np.uint8)
    pixels = np.broadcast_to(line[None] if across else line[:, None], (size[1], size[0], 3))
    return Image.fromarray(np.ascontiguousarray(pixels))


def ground(rng: Random, size: tuple[int, int]) -> Image.Image:
    """A plain colour or a soft gradient."""
    first = pale(rng) if rng.random() < 0.7 else vivid(rng, (0.15, 0.35))
    last = first if rng.random() < 0.5 else tuple(round(value * rng.uniform(0.82, 0.95)) for value in first)
    return gradient(size, first, (last[0], last[1], last[2]), rng.random() < 0.5)


def paste(canvas: Image.Image, thing: Image.Image, left: int, top: int) -> Box:
    """Lay an RGBA thing onto the canvas; returns where it lies, as far as it is inside."""
    canvas.paste(thing, (left, top), thing)
    right, bottom = min(left + thing.width, canvas.width), min(top + thing.height, canvas.height)
    left, top = max(left, 0), max(top, 0)
    return Box(left, top, right - left, bottom - top)


def shadow(canvas: Image.Image, box: Box, strength: float = 0.35) -> None:
    """A soft shadow on the floor below a box."""
    width, height = box.width, max(8, box.width // 6)
    soft = Image.new("L", (width // 2 + 20, height // 2 + 20))
    ImageDraw.Draw(soft).ellipse((10, 10, width // 2 + 9, height // 2 + 9), fill=round(255 * strength))
    soft = soft.filter(ImageFilter.GaussianBlur(4)).resize((width + 40, height + 40))
    canvas.paste(BLACK, (box.left - 20, box.bottom - height // 2 - 20), soft)


def thing(rng: Random, longest: int) -> Image.Image:
    """Any thing, photographed or drawn, RGBA, whose longer side is `longest` pixels."""
    name = rng.choice([*THINGS, *ANIMALS, "cat", *DRAWN, *DRAWN])
    if name in DRAWN:
        return drawn(rng, name, longest)
    return fitted(cat_disc() if name == "cat" else cutout(name), longest, mirror=rng.random() < 0.5)


def fitted(image: Image.Image, longest: int, mirror: bool = False) -> Image.Image:
    """The image at another size: its longer side is `longest` pixels."""
    scale = longest / max(image.size)
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    resized = image.resize(size, Image.Resampling.BICUBIC, reducing_gap=3)
    return resized.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if mirror else resized


def drawn(rng: Random, name: str, longest: int) -> Image.Image:
    """A thing of DRAWN, RGBA, whose longer side is `longest` pixels."""
    side = longest * SMOOTH
    canvas = Image.new("RGBA", (side, side))
    DRAWN[name](rng, ImageDraw.Draw(canvas), side)
    canvas = canvas.resize((longest, longest), Image.Resampling.BOX)
    return _lit(fitted(canvas.crop(canvas.getchannel("A").getbbox()), longest), rng.random() < 0.5)


def _lit(image: Image.Image, mirror: bool) -> Image.Image:
    """Light from the upper left, or right when mirrored."""
    pixels = np.asarray(image).astype(np.float32)
    height, width = pixels.shape[:2]
    across = np.linspace(1, -1, width)[None, :] if not mirror else np.linspace(-1, 1, width)[None, :]
    light = 1 + 0.22 * across + 0.1 * np.linspace(1, -1, height)[:, None]
    pixels[..., :3] *= light[..., None]
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def _points(side: int, *shares: tuple[float, float]) -> list[tuple[float, float]]:
    return [(x * side, y * side) for x, y in shares]


def _bottle(rng: Random, draw: ImageDraw.ImageDraw, side: int) -> None:
    color, s = vivid(rng, (0.2, 0.45)), side
    draw.rounded_rectangle((0.44 * s, 0, 0.56 * s, 0.1 * s), 0.015 * s, fill=vivid(rng))
    draw.rectangle((0.455 * s, 0.08 * s, 0.545 * s, 0.3 * s), fill=color)
    draw.ellipse((0.35 * s, 0.24 * s, 0.65 * s, 0.5 * s), fill=color)
    draw.rounded_rectangle((0.35 * s, 0.36 * s, 0.65 * s, s - 1), 0.04 * s, fill=color)
    draw.rectangle((0.35 * s, 0.52 * s, 0.65 * s, 0.8 * s), fill=pale(rng))
    draw.rectangle((0.39 * s, 0.6 * s, 0.61 * s, 0.64 * s), fill=color)
    draw.rectangle((0.42 * s, 0.68 * s, 0.58 * s, 0.7 * s), fill=color)
    draw.rectangle((0.38 * s, 0.4 * s, 0.4 * s, 0.95 * s), fill=darker(color, 1.5))


def _shoe(rng: Random, draw: ImageDraw.ImageDraw, side: int) -> None:
    color, sole = vivid(rng), pale(rng)
    top = ((0.03, 0.32), (0.1, 0.28), (0.3, 0.33), (0.42, 0.28), (0.6, 0.48), (0.85, 0.55), (0.98, 0.64), (0.99, 0.72))
    draw.polygon(_points(side, *top, (0.02, 0.72)), fill=color)
    draw.polygon(_points(side, (0.03, 0.32), (0.1, 0.28), (0.16, 0.5), (0.04, 0.56)), fill=darker(color))
    draw.polygon(_points(side, (0.84, 0.55), (0.98, 0.64), (0.99, 0.72), (0.8, 0.72)), fill=darker(color, 0.8))
    draw.rounded_rectangle((0.01 * side, 0.69 * side, 0.995 * side, 0.78 * side), 0.04 * side, fill=sole)
    draw.line(_points(side, (0.2, 0.62), (0.38, 0.52), (0.62, 0.66)), fill=sole, width=side // 30, joint="curve")
    for x in (0.42, 0.48, 0.54):
        draw.line(_points(side, (x, x - 0.1), (x - 0.09, x - 0.02)), fill=WHITE, width=side // 60)


def _ball(rng: Random, draw: ImageDraw.ImageDraw, side: int) -> None:
    color, other = vivid(rng), pale(rng)
    draw.ellipse((0, 0, side - 1, side - 1), fill=color)
    for start in range(0, 360, 120):
        draw.pieslice((0, 0, side - 1, side - 1), start, start + 60, fill=other)
    draw.ellipse((0.4 * side, 0.4 * side, 0.6 * side, 0.6 * side), fill=WHITE)


def _disc(rng: Random, draw: ImageDraw.ImageDraw, side: int) -> None:
    draw.ellipse((0, 0, side - 1, side - 1), fill=vivid(rng))


def _chair(rng: Random, draw: ImageDraw.ImageDraw, side: int) -> None:
    color, s = vivid(rng, (0.3, 0.5)), side
    wood = (150, 104, 62)
    for x in (0.2, 0.72):
        draw.rectangle((x * s, 0.6 * s, (x + 0.06) * s, s - 1), fill=wood)
    for x in (0.3, 0.64):
        draw.rectangle((x * s, 0.6 * s, (x + 0.04) * s, 0.9 * s), fill=darker(wood))
    draw.rounded_rectangle((0.2 * s, 0, 0.78 * s, 0.5 * s), 0.07 * s, fill=color)
    draw.rounded_rectangle((0.27 * s, 0.06 * s, 0.71 * s, 0.44 * s), 0.05 * s, fill=darker(color, 0.85))
    draw.rounded_rectangle((0.15 * s, 0.52 * s, 0.83 * s, 0.64 * s), 0.05 * s, fill=color)


def _mug(rng: Random, draw: ImageDraw.ImageDraw, side: int) -> None:
    color, s = vivid(rng), side
    draw.ellipse((0.55 * s, 0.3 * s, 0.97 * s, 0.76 * s), outline=color, width=s // 14)
    draw.rounded_rectangle((0.08 * s, 0.14 * s, 0.74 * s, 0.92 * s), 0.09 * s, fill=color)
    draw.ellipse((0.08 * s, 0.06 * s, 0.74 * s, 0.24 * s), fill=darker(color))
    draw.rectangle((0.08 * s, 0.5 * s, 0.74 * s, 0.58 * s), fill=WHITE)


def _lamp(rng: Random, draw: ImageDraw.ImageDraw, side: int) -> None:
    color = vivid(rng)
    draw.polygon(_points(side, (0.36, 0), (0.64, 0), (0.8, 0.38), (0.2, 0.38)), fill=color)
    draw.rectangle((0.48 * side, 0.38 * side, 0.52 * side, 0.92 * side), fill=INK)
    draw.rounded_rectangle((0.3 * side, 0.92 * side, 0.7 * side, side - 1), 0.03 * side, fill=INK)


def _bag(rng: Random, draw: ImageDraw.ImageDraw, side: int) -> None:
    color, s = vivid(rng), side
    draw.arc((0.3 * s, 0, 0.7 * s, 0.6 * s), 180, 360, fill=darker(color), width=s // 22)
    draw.polygon(_points(s, (0.12, 0.3), (0.88, 0.3), (0.97, 0.97), (0.03, 0.97)), fill=color)
    draw.rectangle((0.09 * s, 0.5 * s, 0.91 * s, 0.56 * s), fill=darker(color, 0.8))
    draw.ellipse((0.45 * s, 0.48 * s, 0.55 * s, 0.58 * s), fill=(230, 200, 90))


DRAWN: dict[str, Callable[[Random, ImageDraw.ImageDraw, int], None]] = {
    "bottle": _bottle,
    "shoe": _shoe,
    "ball": _ball,
    "disc": _disc,
    "chair": _chair,
    "mug": _mug,
    "lamp": _lamp,
    "bag": _bag,
}


@cache
def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """The font that comes with Pillow, so that scenes are the same everywhere; size in pixels."""
    return ImageFont.load_default(size)


def words(rng: Random, count: int) -> str:
    """A line of this many words, the first with a capital."""
    return " ".join(rng.choice(WORDS) for _ in range(count)).capitalize()


def write(
    canvas: Image.Image,
    place: tuple[float, float],
    text: str,
    size: int,
    color: Color = INK,
    *,
    anchor: str = "la",
    bold: bool = False,
    outline: Color | None = None,
) -> Box:
    """Write text with its anchor (as Pillow names them) at `place`, `size` in pixels; returns the box of its ink."""
    draw = ImageDraw.Draw(canvas)
    stroke = max(1, size // 12) if outline else (max(1, size // 22) if bold else 0)
    draw.text(place, text, color, font(size), anchor, stroke_width=stroke, stroke_fill=outline or color)
    left, top, right, bottom = draw.textbbox(place, text, font(size), anchor, stroke_width=stroke)
    return clipped((left, top, right, bottom), canvas.size)


def clipped(sides: Sequence[float], size: tuple[int, int]) -> Box:
    """The box of whole pixels around left, top, right and bottom, inside a canvas of `size`."""
    left, top = max(0, math.floor(sides[0])), max(0, math.floor(sides[1]))
    return Box(left, top, min(size[0], math.ceil(sides[2])) - left, min(size[1], math.ceil(sides[3])) - top)


def around(*boxes: Box) -> Box:
    """The smallest box that holds them all."""
    left, top = min(box.left for box in boxes), min(box.top for box in boxes)
    return Box(left, top, max(box.right for box in boxes) - left, max(box.bottom for box in boxes) - top)
