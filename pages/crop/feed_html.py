"""A post with photos as it will look in a feed: plain drawings of a screen, as HTML for `st.html`. Pure.

Everything but the photos is a grey shape: no brand's design, and nothing that draws the eye away from the crops.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pages.shared.palette import Look
from pages.shared.pictures import data_url, scale_box
from pages.shared.templates import fill
from saliency.export import encode, render
from saliency.pad import Border, canvas_for, pad
from saliency.registry import check
from saliency.types import Aspect, Crop, Pixels, RgbImage

POSTS = {1: ("single",), 2: ("pair", "pair"), 3: ("pair", "quad", "quad"), 4: ("quad", "quad", "quad", "quad")}
"""The format of each photo, a key of FORMATS, by how many photos a post has; of three the first is the tall one."""

DEVICES = ("Desktop", "iOS", "Android")
THEMES = ("light", "dark")
TILE_WIDTH = 600  # pixels of the picture of a post with one photo: twice its width on screen, for fine displays
QUALITY = 85  # of the JPEGs


@dataclass(frozen=True, slots=True)
class Tile:
    """One photo of a post, cropped. picture: a JPEG of the shape `aspect`. alt: what it shows, as text."""

    picture: bytes
    aspect: Aspect
    alt: str


@dataclass(frozen=True, slots=True)
class Post:
    """A post as one method crops it. look: of the method. note: what is said beside its label, as text.
    tiles: one to four, in the shapes and the order of POSTS."""

    look: Look
    note: str
    tiles: tuple[Tile, ...]


def cut_tile(preview: RgbImage, crop: Crop, size: tuple[int, int], photos: int, alt: str) -> Tile:
    """The crop, cut from the preview of a photo of `size` = (width, height), for a post with so many photos."""
    picture = render(preview, scale_box(crop.box, size, preview), _tile_size(crop.aspect, photos))
    return Tile(encode(picture, quality=QUALITY), crop.aspect, alt)


def whole_tile(preview: Pixels, aspect: Aspect, border: Border, photos: int, alt: str) -> Tile:
    """The whole photo with a border, for a post with so many photos."""
    canvas = canvas_for((preview.shape[1], preview.shape[0]), aspect, _tile_size(aspect, photos))
    return Tile(encode(pad(preview, canvas, border), quality=QUALITY), aspect, alt)


def _tile_size(aspect: Aspect, photos: int) -> tuple[int, int]:
    width = TILE_WIDTH if photos == 1 else TILE_WIDTH // 2
    return width, round(width / aspect.ratio)


def feed_html(posts: Sequence[Post], device: str, theme: str) -> str:
    """The posts side by side, each on a screen of its own.

    device: one of DEVICES. theme: one of THEMES. Raises ValueError, with what there is, for another.
    """
    check("device", device, DEVICES)
    check("theme", theme, THEMES)
    return fill("crop/feed.html.jinja", "feed", posts=posts, device=device, theme=theme, shapes=SHAPES)


# Paths in a square of 20, drawn with a round pen.
GLYPHS = {
    "reply": "M4 4h12q1.5 0 1.5 1.5v7q0 1.5-1.5 1.5H9.5L6 17v-3H4q-1.5 0-1.5-1.5v-7Q2.5 4 4 4z",
    "repeat": "M3.5 9V7.5a2 2 0 0 1 2-2h10M13 3l2.5 2.5L13 8M16.5 11v1.5a2 2 0 0 1-2 2h-10M7 17l-2.5-2.5L7 12",
    "star": "M10 3l2.1 4.5 4.9.6-3.6 3.4.9 4.9-4.3-2.4-4.3 2.4.9-4.9L3 8.1l4.9-.6z",
    "share": "M10 12.5V3.5M6.8 6.5L10 3.3l3.2 3.2M4 11v4a1.5 1.5 0 0 0 1.5 1.5h9a1.5 1.5 0 0 0 1.5-1.5v-4",
    "more": "M4 10a.5.5 0 1 0 1 0zM9.5 10a.5.5 0 1 0 1 0zM15 10a.5.5 0 1 0 1 0z",
    "home": "M3.5 9.5L10 4l6.5 5.5M5.5 8.5V16h9V8.5",
    "search": "M9 14.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zM13 13l4 4",
    "bell": "M5 14h10l-1.3-2V8.5a3.7 3.7 0 0 0-7.4 0V12zM8.7 16.5h2.6",
    "person": "M10 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM4 16.5c.6-3 3-4.5 6-4.5s5.4 1.5 6 4.5",
    "menu": "M3.5 5.5h13M3.5 10h13M3.5 14.5h9",
    "plus": "M10 4v12M4 10h12",
    "back": "M12.5 5L7 10l5.5 5z",
    "circle": "M10 14.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9z",
    "square": "M6 6h8v8H6z",
    "battery": "M2.5 7h12v6h-12zM17 9v2",
}


def _shape(path: str) -> str:
    """The glyph as an address of CSS. (`st.html` takes no <svg>.)"""
    pen = "fill='none' stroke='#000' stroke-width='1.5' stroke-linecap='round' stroke-linejoin='round'"
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 20 20'><path d='{path}' {pen}/></svg>"
    return data_url(svg.encode(), "image/svg+xml")


SHAPES = {name: _shape(path) for name, path in GLYPHS.items()}
