"""The samples that are no photographs: a product on white and a slide, drawn by us as scenes are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw

from eval.scenes.cutouts import cutout
from eval.scenes.shapes import GREY, WHITE, Color, fitted, gradient, paste, shadow, write
from saliency.types import Box

SIZE = (1280, 720)  # width, height
QUALITY = 90  # of the JPEGs

PAPER: Color = (244, 245, 248)  # at the foot of what is white above
ACCENT: Color = (22, 78, 120)
BAR: Color = (176, 196, 214)
CUP, CUP_PLACE = 330, (850, 250)  # the longer side in pixels; left, top
TITLE = "What grows in our garden"
PLANTS = {"Beans along the fence": 46, "Lettuce in the shade": 35, "Tomatoes at the wall": 27, "One sunflower": 1}


def product() -> Image.Image:
    """A cup on white, in the lower right, with room for a shop's text beside it."""
    canvas = gradient(SIZE, WHITE, PAPER)
    cup = fitted(cutout("coffee"), CUP)
    shadow(canvas, Box(*CUP_PLACE, *cup.size))
    paste(canvas, cup, *CUP_PLACE)
    return canvas


def slide() -> Image.Image:
    """A slide: a title, four points, and a chart to their right."""
    canvas = gradient(SIZE, WHITE, WHITE)
    draw = ImageDraw.Draw(canvas)
    title = write(canvas, (80, 70), TITLE, 56, ACCENT)
    draw.rectangle((80, title.bottom + 18, 200, title.bottom + 25), ACCENT)
    for rank, (bed, plants) in enumerate(PLANTS.items()):
        middle, left = 270 + 86 * rank, 760 + 110 * rank
        draw.ellipse((84, middle - 7, 98, middle + 7), ACCENT)
        write(canvas, (124, middle), bed, 32, anchor="lm")
        draw.rectangle((left, 600 - 8 * plants, left + 70, 600), BAR if rank else ACCENT)
        write(canvas, (left + 35, 630), str(plants), 24, GREY, anchor="mm")
    draw.line((740, 601, 1190, 601), GREY, 2)
    write(canvas, (1230, 690), "7", 22, GREY, anchor="rd")
    return canvas


DRAWN: dict[str, Callable[[], Image.Image]] = {"cup_on_white.jpg": product, "slide.jpg": slide}
"""By the names of their files in `samples/`."""


def write_drawn(folder: Path) -> list[Path]:
    """Write all of DRAWN into the folder; returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / name for name in DRAWN]
    for file in files:
        DRAWN[file.name]().save(file, "JPEG", quality=QUALITY, optimize=True)
    return files
