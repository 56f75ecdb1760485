"""What crops are made for: places where pictures are shown, by name, and shapes and sizes as people write them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from saliency.types import Aspect

SMALLEST_SIZE = 32  # pixels: below it on either side, "16x9" means a shape, and a size is written "16x9px"
LARGEST_SIZE = 10_000  # pixels a side: the largest exact size accepted

_SIZE = re.compile(r"\s*(\d{1,18})\s*[x×]\s*(\d{1,18})\s*(px)?\s*", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Format:
    """A shape to crop to, and the (width, height) in pixels that the crop is resized to; None leaves it as cut."""

    title: str
    aspect: Aspect
    pixels: tuple[int, int] | None = None

    @property
    def label(self) -> str:
        """The title, with the shape where the title does not say it: "Story 9:16", "1200 × 630", "5:7"."""
        size = _size_words(self.pixels) if self.pixels else str(self.aspect)
        return self.title if self.title == size else f"{self.title} {self.aspect}"

    @property
    def shape(self) -> str:
        """What it asks for, without its title: "9:16", or "1200 × 630" where that is all there is."""
        return self.title if self.label == self.title else str(self.aspect)

    @property
    def file_part(self) -> str:
        """What tells this format from others in a file's name: "1080x1920" where the size is exact, else "9x16"; as
        `parse_format` reads it."""
        if self.pixels:
            return _size_words(self.pixels).replace(" ", "").replace("×", "x")
        return str(self.aspect).replace(":", "x")


# Sizes that are in common use; the shape matters more, since whoever shows the picture scales it.
FORMATS = {
    "single": Format("Single", Aspect(16, 9), (1200, 675)),
    "square": Format("Square", Aspect(1, 1), (1080, 1080)),
    "portrait": Format("Portrait", Aspect(4, 5), (1080, 1350)),
    "story": Format("Story", Aspect(9, 16), (1080, 1920)),
    "banner": Format("Banner", Aspect(3, 1), (1500, 500)),
    "link": Format("Link card", Aspect(1.91, 1), (1200, 628)),
    "pair": Format("Pair", Aspect(7, 8), (700, 800)),
    "quad": Format("Quad", Aspect(7, 4), (700, 400)),
    "thumbnail": Format("Thumbnail", Aspect(1, 1), (150, 150)),
}
"""By short name. Three photos in a post need none of their own: the tall tile is `pair`'s, the small ones `quad`'s."""


def parse_format(text: str) -> Format:
    """A shape, "16:9", "16/9", "16x9" or "1.91:1", or an exact size in pixels, "1200x630", "1200 × 630 px".

    Two whole numbers with an x between them are a size when both are at least 32, or when "px" is written.
    Raises ValueError naming the text that is neither, or the size that is not 1 to 10,000 pixels a side.
    """
    size = _SIZE.fullmatch(text)
    if size:
        width, height = int(size[1]), int(size[2])
        if size[3] or min(width, height) >= SMALLEST_SIZE:
            return _exact(width, height)
    try:
        sides = Aspect.sides(text)
    except ValueError as error:
        raise ValueError(f"{error}; or a size in pixels, such as 1200x630") from None
    aspect = Aspect(*sides)
    return Format(str(aspect), aspect)


def parse_size(text: str) -> Format:
    """An exact size in pixels however small, "1200x630", "16 x 16" or "16x16px".

    Raises ValueError naming the text that is none, or the size that is not 1 to 10,000 pixels a side.
    """
    size = _SIZE.fullmatch(text)
    if not size:
        raise ValueError(f"{text!r} is no size in pixels, such as 1200x630")
    return _exact(int(size[1]), int(size[2]))


def _exact(width: int, height: int) -> Format:
    if not 1 <= min(width, height) <= max(width, height) <= LARGEST_SIZE:
        raise ValueError(f"a size of {width} × {height} pixels is out of range; each side is 1 to {LARGEST_SIZE:,}")
    common = math.gcd(width, height)
    pixels = width, height
    return Format(_size_words(pixels), Aspect(width // common, height // common), pixels)


def _size_words(pixels: tuple[int, int]) -> str:
    """The size as `parse_format` reads it."""
    unit = " px" if min(pixels) < SMALLEST_SIZE else ""
    return f"{pixels[0]} × {pixels[1]}{unit}"
