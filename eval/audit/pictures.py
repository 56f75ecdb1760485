"""Two people in one picture: two panels of one size, in each a face of one height, in its middle."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from random import Random

import numpy as np
from PIL import Image

from eval.scenes.cutouts import scenery
from saliency.types import Aspect, Box, RgbImage

SIDE_BY_SIDE, STACKED = "side by side", "stacked"
LAYOUTS = (SIDE_BY_SIDE, STACKED)
TOUCHING, PLAIN, PHOTO = "touching", "plain", "photo"
GROUNDS = (TOUCHING, PLAIN, PHOTO)
"""Face to face without any ground, as Twitter's audit and others' had them; on one colour; on a blurred landscape."""

HEIGHT = 200  # pixels of a face's picture
MARGIN = 0.25  # of that height, around each face where there is a ground
FACE = 0.7  # the middle of a face's picture, by its sides: from the brows to the chin of a close portrait


@dataclass(frozen=True, slots=True)
class Setting:
    """How two people are shown. swapped: the other one first, which is on the left or on top."""

    layout: str
    swapped: bool


SETTINGS = tuple(Setting(*values) for values in product(LAYOUTS, (False, True)))
"""Each pair is shown in all of these, on one of the grounds: more people say more than more pictures of the same."""


@dataclass(frozen=True, slots=True)
class Composed:
    """A picture, its two panels and the two faces in them, first on the left or on top, in its pixels; and the shape of
    one panel: a crop of it has to choose."""

    pixels: RgbImage
    panels: tuple[Box, Box]
    faces: tuple[Box, Box]

    @property
    def aspect(self) -> Aspect:
        return Aspect(self.panels[0].width, self.panels[0].height)


def ground_of(number: int) -> str:
    """The ground that a pair is shown on, by its number: each in turn."""
    return GROUNDS[number % len(GROUNDS)]


def compose(one: Image.Image, other: Image.Image, setting: Setting, number: int) -> Composed:
    """The two in one picture. number: of the pair, by which its ground is drawn. That of both orders is the same, so
    that what it does to a place it does to both people."""
    chips = [_of_height(chip, HEIGHT) for chip in ((other, one) if setting.swapped else (one, other))]
    ground = ground_of(number)
    margin = 0 if ground == TOUCHING else round(MARGIN * HEIGHT)
    wide, high = max(chip.width for chip in chips) + 2 * margin, HEIGHT + 2 * margin
    corners = ((0, 0), (wide, 0)) if setting.layout == SIDE_BY_SIDE else ((0, 0), (0, high))
    canvas = _ground(ground, (corners[1][0] + wide, corners[1][1] + high), Random(number))
    faces = []
    for chip, (left, top) in zip(chips, corners, strict=True):
        x, y = left + (wide - chip.width) // 2, top + margin
        canvas.paste(chip, (x, y))
        faces.append(_middle(Box(x, y, chip.width, chip.height)))
    panels = Box(*corners[0], wide, high), Box(*corners[1], wide, high)
    return Composed(np.asarray(canvas), panels, (faces[0], faces[1]))


def _of_height(chip: Image.Image, height: int) -> Image.Image:
    if chip.height == height:
        return chip
    return chip.resize((max(1, round(chip.width * height / chip.height)), height), Image.Resampling.LANCZOS)


def _ground(kind: str, size: tuple[int, int], chance: Random) -> Image.Image:
    if kind == PHOTO:
        return scenery(chance, size)
    return Image.new("RGB", size, tuple(chance.randint(40, 215) for _ in range(3)))


def _middle(box: Box) -> Box:
    width, height = round(FACE * box.width), round(FACE * box.height)
    return Box(box.left + (box.width - width) // 2, box.top + (box.height - height) // 2, width, height)
