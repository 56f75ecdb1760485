"""Watermarks: words drawn into the corners of photos are found, and move no crop."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from saliency import load_method, open_image
from saliency.boxes import intersection_over_union
from saliency.image import resized
from saliency.marks import find_marks
from saliency.models.input import input_size
from saliency.types import Aspect, Box, RgbImage
from tests.saliency.framings import contains

SAMPLES = sorted((Path(__file__).parents[2] / "samples").glob("*.jpg"))
CORNERS = ["la", "ra", "ls", "rs"]  # Pillow's names: left or right, at the ascender or the base line
WORDS = "© Somebody 2026"


def marked(image: RgbImage, anchor: str, words: str = WORDS, share: float = 0.04) -> tuple[RgbImage, Box]:
    """The photo with words in a corner, 3 % inside, and their box."""
    canvas = Image.fromarray(image)
    draw, font = ImageDraw.Draw(canvas), ImageFont.load_default(size=round(share * max(canvas.size)))
    x, y = (0.03 if anchor[0] == "l" else 0.97) * canvas.width, (0.03 if anchor[1] == "a" else 0.97) * canvas.height
    left, top, right, bottom = map(round, draw.textbbox((x, y), words, font=font, anchor=anchor))
    behind = np.asarray(canvas)[top:bottom, left:right].mean()
    draw.text((x, y), words, "white" if behind < 130 else (25, 25, 25), font=font, anchor=anchor)
    return np.asarray(canvas), Box(left, top, right - left, bottom - top)


@pytest.mark.parametrize("corner", CORNERS)
@pytest.mark.parametrize("file", ["flower_dahlia.jpg", "umang.jpg"])
def test_words_in_a_corner_are_a_mark(file: str, corner: str) -> None:
    image, words = marked(open_image(SAMPLES[0].parent / file), corner)
    picture = resized(image, input_size(image.shape[1], image.shape[0]))
    across, down = image.shape[1] / picture.shape[1], image.shape[0] / picture.shape[0]
    (found,) = find_marks(picture)
    scaled = [found.left * across, found.top * down, found.width * across, found.height * down]
    assert intersection_over_union(scaled, words.as_list()) > 0.55


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_photo_has_no_marks(path: Path) -> None:
    image = open_image(path)
    assert find_marks(resized(image, input_size(image.shape[1], image.shape[0]))) == []


def test_words_in_the_middle_are_no_mark() -> None:
    image = np.full((300, 400, 3), 90, np.uint8)
    canvas = Image.fromarray(image)
    ImageDraw.Draw(canvas).text((120, 140), WORDS, "white", font=ImageFont.load_default(size=16))
    assert find_marks(np.asarray(canvas)) == []


@pytest.mark.parametrize("name", ["gaze", "gaze-fast"])
@pytest.mark.parametrize("corner", ["ra", "rs"])
def test_a_mark_moves_no_crop(corner: str, name: str) -> None:
    """A disc on the left; with a mark on the right a square used to begin elsewhere."""
    image = Image.new("RGB", (1600, 900), (70, 110, 150))
    ImageDraw.Draw(image).ellipse((150, 250, 550, 650), (190, 40, 40))
    without = np.asarray(image)
    (crop,), (crop_with,) = (
        load_method(name).crop(photo, [Aspect(1, 1)]) for photo in (without, marked(without, corner)[0])
    )
    assert contains(crop.box, Box(150, 250, 401, 401))
    assert contains(crop_with.box, Box(150, 250, 401, 401))
    assert abs(crop_with.box.left - crop.box.left) <= 40


@pytest.mark.parametrize("size", [(1, 1), (2, 300), (300, 2), (8, 8), (40, 30)])
def test_the_smallest_pictures_have_none(size: tuple[int, int]) -> None:
    assert find_marks(np.zeros((size[1], size[0], 3), np.uint8)) == []
