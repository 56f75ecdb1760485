"""What scenes are made of that comes from photographs: cut-outs, cut along outlines, and scenery.

The photographs are some of `samples/`, and those in `photos/` beside this file, which the app does not show.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

SAMPLES, PHOTOS = Path(__file__).parents[2] / "samples", Path(__file__).with_name("photos")
OUTLINES = Path(__file__).with_name("outlines.json")
"""Name -> a photograph ("sample") and points (x, y) in its pixels, traced once by GrabCut from a box drawn by hand and
looked at."""

THINGS = ("dahlia", "coffee", "bowl", "fig", "temple", "dandelion")
ANIMALS = ("dog", "puppy")
PLACES = ("aitzgorri.jpg", "picosdeeuropa.jpg", "life.jpg", "umang.jpg")
"""Photographs in which nothing stands out once they are blurred."""

VIEWS = (
    "aitzgorri.jpg",
    "china_temple.jpg",
    "coffee.jpg",
    "flower_dahlia.jpg",
    "friends.jpg",
    "picosdeeuropa.jpg",
    "picture_1a.jpg",
    "rocket_spacex.jpg",
    "sunset.jpg",
    "wine.jpg",
)
FEATHER = 1.0  # pixels by which the edge of a cut-out is softened
CAT = "chelsea_cat.jpg"
CAT_EYES = (20, 0, 300)  # left, top, side of the square in CAT that a disc shows


def photographs() -> list[Path]:
    """The files of all photographs that scenes are made of, in the order of their names."""
    names = {*PLACES, *VIEWS, CAT, *(outline["sample"] for outline in _outlines().values())}
    return [_file(name) for name in sorted(names)]


def _file(name: str) -> Path:
    return next(path for path in (SAMPLES / name, PHOTOS / name) if path.exists())


@cache
def _outlines() -> dict[str, dict[str, Any]]:
    outlines: dict[str, dict[str, Any]] = json.loads(OUTLINES.read_text())
    return outlines


@cache
def photograph(name: str) -> Image.Image:
    """One of `photographs`, RGB. It is shared: copy before drawing."""
    with Image.open(_file(name)) as image:
        return image.convert("RGB")


@cache
def cutout(name: str) -> Image.Image:
    """A thing of the photographs as RGBA, no larger than it is. It is shared: copy before drawing."""
    outline = _outlines()[name]
    photo = photograph(outline["sample"])
    mask = Image.new("L", photo.size)
    ImageDraw.Draw(mask).polygon([(x, y) for x, y in outline["points"]], fill=255)
    return _lifted(photo, mask.filter(ImageFilter.MinFilter(3)).filter(ImageFilter.GaussianBlur(FEATHER)))


@cache
def cat_disc() -> Image.Image:
    """A round picture of a cat's face, RGBA."""
    left, top, side = CAT_EYES
    photo = photograph(CAT).crop((left, top, left + side, top + side))
    mask = Image.new("L", (2 * side, 2 * side))
    ImageDraw.Draw(mask).ellipse((2, 2, 2 * side - 3, 2 * side - 3), fill=255)
    return _lifted(photo, mask.resize(photo.size, Image.Resampling.BOX))


def _lifted(photo: Image.Image, mask: Image.Image) -> Image.Image:
    lifted = photo.convert("RGBA")
    lifted.putalpha(mask)
    return lifted.crop(mask.getbbox())


def scenery(rng: Random, size: tuple[int, int], blur: float = 6.0) -> Image.Image:
    """A part of a landscape without anything to look at, blurred by `blur` pixels, RGB of `size` = (width, height)."""
    part = _part(rng, photograph(rng.choice(PLACES)), size, rng.uniform(0.5, 1.0))
    small = part.resize((max(1, size[0] // 3), max(1, size[1] // 3)), Image.Resampling.BOX, reducing_gap=2)
    soft = small.filter(ImageFilter.GaussianBlur(blur / 3))
    return ImageEnhance.Brightness(soft.resize(size, Image.Resampling.BICUBIC)).enhance(rng.uniform(0.75, 1.1))


def view(rng: Random, size: tuple[int, int], name: str = "") -> Image.Image:
    """A part of a photograph as sharp as it is, RGB of `size`; of any of VIEWS unless one is named."""
    return _part(rng, photograph(name or rng.choice(VIEWS)), size, rng.uniform(0.8, 1.0)).resize(size)


def _part(rng: Random, photo: Image.Image, size: tuple[int, int], share: float) -> Image.Image:
    """A part with the shape of `size`, as large as `share` of the largest there is, mirrored half of the time."""
    scale = share * min(photo.width / size[0], photo.height / size[1])
    width, height = int(size[0] * scale), int(size[1] * scale)
    left, top = rng.randint(0, photo.width - width), rng.randint(0, photo.height - height)
    part = photo.crop((left, top, left + width, top + height))
    return part.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if rng.random() < 0.5 else part


def tinted(image: Image.Image, color: tuple[float, float, float]) -> Image.Image:
    """The image with red, green and blue times these; its alpha stays."""
    pixels = np.asarray(image).astype(np.float32)
    pixels[..., :3] *= color
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
