"""Padding: the whole photo on a canvas of another shape, with a border where it leaves room.

For what no crop of the shape can keep: a wide logo in a square, a tall head in a banner.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageColor, ImageFilter, ImageOps

from saliency.export import cut, scaled
from saliency.formats import LARGEST_SIZE
from saliency.grounds import opaque
from saliency.registry import check
from saliency.types import Aspect, Box, Pixels, RgbImage

Colour = tuple[int, int, int]
"""Red, green and blue, 0..255, sRGB."""

WHITE: Colour = (255, 255, 255)
EDGE = 0.01  # of the photo's side: how deep the strip is whose median is the edge's colour
BLUR_SIDE = 96  # pixels of the longer side at which a border is blurred: what is so smooth needs no more
BLUR = 3.0  # of these pixels: the radius, a thirtieth of the side, at which no shape is left to look at
DIMMED = 0.7  # of its brightness is left of a blurred border, so that the photo stands out

_HEX = re.compile(r"[0-9a-f]{3}|[0-9a-f]{6}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Canvas:
    """size: (width, height) in pixels. photo: where the whole photo lies, in pixels of the canvas."""

    size: tuple[int, int]
    photo: Box

    @property
    def beside(self) -> bool:
        """Whether the border is to the left and right of the photo; else it is above and below, or nowhere."""
        return self.photo.width < self.size[0]

    @property
    def where(self) -> str:
        """Where the border is, in words."""
        return "left and right" if self.beside else "above and below"


def canvas_for(
    size: tuple[int, int], aspect: Aspect, pixels: tuple[int, int] | None = None, enlarge: bool = True
) -> Canvas:
    """The canvas for a photo of `size` = (width, height): with `pixels`, (width, height), of just that size, the photo
    in the middle as large as it fits, or at most as large as it is, unless it may be enlarged; without, the smallest of
    the shape that holds the photo as it is.

    Where that would be beyond 10,000 pixels a side, the photo shrinks until it is not.
    """
    if pixels is None:
        pixels = max(size[0], round(size[1] * aspect.ratio)), max(size[1], round(size[0] / aspect.ratio))
        if max(pixels) <= LARGEST_SIZE:
            return Canvas(pixels, _centred(size, pixels))
        pixels = _scaled(pixels, LARGEST_SIZE / max(pixels), pixels)
    scale = min(pixels[0] / size[0], pixels[1] / size[1], math.inf if enlarge else 1)
    return Canvas(pixels, _centred(_scaled(size, scale, pixels), pixels))


@dataclass(frozen=True, slots=True)
class Border:
    """What a canvas shows beside the photo. background: one of BACKGROUNDS. colour: of the plain one.

    Raises ValueError, with the names there are, for an unknown background.
    """

    background: str = "plain"
    colour: Colour = WHITE

    def __post_init__(self) -> None:
        check("background", self.background, BACKGROUNDS)

    @classmethod
    def parse(cls, text: str) -> Border:
        """One of BACKGROUNDS, or the colour of a plain one: "#1a2b3c", "fff", or a name of CSS such as "black".

        Raises ValueError naming the text that is neither.
        """
        if text in BACKGROUNDS:
            return cls(text)
        try:
            red, green, blue = list(ImageColor.getrgb(f"#{text}" if _HEX.fullmatch(text) else text))
        except ValueError:  # also of a colour that one sees through
            known = ", ".join(BACKGROUNDS)
            raise ValueError(f"unknown background {text!r}; available: {known}, or a colour such as #1a2b3c") from None
        return cls("plain", (red, green, blue))

    def __str__(self) -> str:
        """As `parse` reads it."""
        return hex_colour(self.colour) if self.background == "plain" and self.colour != WHITE else self.background


def hex_colour(colour: Colour) -> str:
    """As CSS writes it: "#1a2b3c"."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def pad(image: Pixels, canvas: Canvas, border: Border) -> RgbImage:
    """The canvas of this image, drawn; what is transparent shows the border's ground. Where the photo needs no other
    size, its pixels are unchanged."""
    picture = BACKGROUNDS[border.background](opaque(image), canvas, border.colour)
    inside = cut(picture, canvas.photo)
    inside[:] = opaque(scaled(image, (canvas.photo.width, canvas.photo.height)), inside)
    return picture


def pad_json(canvas: Canvas, border: Border, kept: float | None = 1) -> dict[str, object]:
    """A padded photo for JSON: its canvas as [width, height], and where the photo lies on it.

    kept: 0..1, less than 1 where its bars are left out; None where nobody looked.
    """
    record: dict[str, object] = {
        "fit": "pad",
        "background": str(border),
        "canvas": list(canvas.size),
        "photo": canvas.photo.as_list(),
    }
    return record if kept is None else record | {"kept": kept}


def edge_colours(image: Pixels, canvas: Canvas) -> tuple[Colour, Colour]:
    """The colours of the photo's edges where the canvas has a border: left and right, or top and bottom."""
    lines = opaque(image)
    if canvas.beside:
        lines = lines.swapaxes(0, 1)
    depth = max(1, round(len(lines) * EDGE))
    return _median(lines[:depth]), _median(lines[-depth:])


def _plain(image: RgbImage, canvas: Canvas, colour: Colour) -> RgbImage:  # noqa: ARG001
    return np.full((canvas.size[1], canvas.size[0], 3), colour, np.uint8)


def _blurred(image: RgbImage, canvas: Canvas, colour: Colour) -> RgbImage:  # noqa: ARG001
    """The photo itself, enlarged until it fills the canvas."""
    small = _scaled(canvas.size, min(1, BLUR_SIDE / max(canvas.size)), canvas.size)
    filled = ImageOps.fit(Image.fromarray(image), small, Image.Resampling.BOX)
    smooth = filled.filter(ImageFilter.GaussianBlur(BLUR)).point(lambda value: value * DIMMED)
    return np.array(smooth.resize(canvas.size, Image.Resampling.BICUBIC))


def _edge(image: RgbImage, canvas: Canvas, colour: Colour) -> RgbImage:  # noqa: ARG001
    picture = np.empty((canvas.size[1], canvas.size[0], 3), np.uint8)
    lines = picture.swapaxes(0, 1) if canvas.beside else picture
    middle = len(lines) // 2
    lines[:middle], lines[middle:] = edge_colours(image, canvas)
    return picture


BACKGROUNDS: dict[str, Callable[[RgbImage, Canvas, Colour], RgbImage]] = {
    "plain": _plain,
    "blurred": _blurred,
    "edge": _edge,
}
"""What fills a canvas before the photo is laid on it, by name: new pixels, (height, width, 3) of the canvas."""


def _scaled(size: tuple[int, int], scale: float, most: tuple[int, int]) -> tuple[int, int]:
    """The size times the scale, in whole pixels, at least one and at most so many."""
    width, height = (min(max(round(side * scale), 1), limit) for side, limit in zip(size, most, strict=True))
    return width, height


def _centred(size: tuple[int, int], canvas: tuple[int, int]) -> Box:
    return Box((canvas[0] - size[0]) // 2, (canvas[1] - size[1]) // 2, *size)


def _median(pixels: RgbImage) -> Colour:
    red, green, blue = np.median(pixels.reshape(-1, 3), axis=0).round().astype(int).tolist()
    return red, green, blue
