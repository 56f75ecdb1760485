"""Blocks of pages, objects on plain grounds and in focus: on drawings of a known answer, and by a slow loop."""

from __future__ import annotations

from collections import deque
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from saliency import open_image
from saliency.image import resized
from saliency.models.input import input_size
from saliency.objects import (
    AS_WIDE,
    MOST_BLOCKS,
    SMALLEST,
    _cut_apart,
    blocks_of_page,
    objects_in_focus,
    objects_on_plain_ground,
)
from saliency.types import Box, RgbImage
from tests.saliency.framings import contains

DRAWN = ("cup_on_white.jpg", "slide.jpg")  # of the samples: a thing on a plain ground, and a page
SAMPLES = sorted((Path(__file__).parents[2] / "samples").glob("*.jpg"))
WIDE = (1600, 900)
PAPERS = [(255, 255, 255), (0, 0, 0), (240, 232, 214)]


def shown(path: Path) -> RgbImage:
    image = open_image(path)
    return resized(image, input_size(image.shape[1], image.shape[0]))


def by_hand(mask: NDArray[np.uint8]) -> list[Box]:
    """Recursive X-Y cuts as a person would do them: look for the empty lines, cut at the widest and those alike."""
    found: list[Box] = []
    waiting = deque([(0, 0, mask.shape[1], mask.shape[0])])
    while waiting and len(found) < MOST_BLOCKS:
        left, top, right, bottom = waiting.popleft()
        inked = [(x, y) for y in range(top, bottom) for x in range(left, right) if mask[y, x]]
        if not inked:
            continue
        xs, ys = sorted({x for x, _ in inked}), sorted({y for _, y in inked})
        box = Box(xs[0], ys[0], xs[-1] + 1 - xs[0], ys[-1] + 1 - ys[0])
        if box.width * box.height < SMALLEST * mask.size:
            continue
        if not found or found[-1] != box:
            found.append(box)
        gaps = {
            name: [(a + 1, b) for a, b in pairwise(places) if b > a + 1]
            for name, places in (("rows", ys), ("columns", xs))
        }
        widest = {name: max((stop - start for start, stop in those), default=0) for name, those in gaps.items()}
        name = "rows" if widest["rows"] >= widest["columns"] else "columns"
        if widest[name] == 0:
            continue
        cuts = [gap for gap in gaps[name] if gap[1] - gap[0] >= AS_WIDE * widest[name]]
        first, last = (box.top, box.bottom) if name == "rows" else (box.left, box.right)
        edges = [first, *(place for gap in cuts for place in gap), last]
        for start, stop in zip(edges[::2], edges[1::2], strict=True):
            waiting.append((box.left, start, box.right, stop) if name == "rows" else (start, box.top, stop, box.bottom))
    return found


@given(st.lists(st.tuples(*[st.integers(0, 23)] * 2, *[st.integers(1, 9)] * 2), max_size=7))
def test_blocks_are_cut_as_by_hand(parts: list[tuple[int, int, int, int]]) -> None:
    mask = np.zeros((24, 30), np.uint8)
    for left, top, width, height in parts:
        mask[top : top + height, left : left + width] = 1
    assert _cut_apart(mask) == by_hand(mask)


@pytest.mark.parametrize("paper", PAPERS)
def test_the_panels_of_a_strip_are_its_blocks(paper: tuple[int, int, int]) -> None:
    picture = np.full((120, 400, 3), paper, np.uint8)
    panels = [Box(8, 8, 100, 104), Box(116, 8, 150, 104), Box(274, 8, 118, 104)]
    rng = np.random.default_rng(3)
    for panel in panels:
        noise = rng.integers(60, 190, (panel.height, panel.width, 3))
        picture[panel.top : panel.bottom, panel.left : panel.right] = noise
    whole, *rest = blocks_of_page(picture)
    assert whole.box == Box(8, 8, 384, 104)
    assert whole.within == 3
    assert [block.box for block in rest] == panels
    assert [block.within for block in rest] == [0, 0, 0]


def test_the_heading_of_a_page_is_a_block_of_its_own() -> None:
    image = Image.new("RGB", (300, 400), (250, 249, 244))
    draw = ImageDraw.Draw(image)
    draw.text((30, 30), "A heading", (20, 20, 20), font=ImageFont.load_default(size=34))
    for y in range(120, 360, 14):
        draw.text((30, y), "and many words below it in lines " * 2, (60, 60, 60), font=ImageFont.load_default(size=8))
    heading = draw.textbbox((30, 30), "A heading", font=ImageFont.load_default(size=34))
    boxes = [block.box for block in blocks_of_page(np.asarray(image))]
    assert any(
        all(abs(a - b) <= 2 for a, b in zip((box.left, box.top, box.right, box.bottom), heading, strict=True))
        for box in boxes
    )


@pytest.mark.parametrize("path", [path for path in SAMPLES if path.name not in DRAWN], ids=lambda path: path.stem)
def test_a_photo_is_no_page_and_has_no_plain_ground(path: Path) -> None:
    assert len(blocks_of_page(shown(path))) <= 1
    assert objects_on_plain_ground(shown(path)) == []


def test_words_are_one_object() -> None:
    image = Image.new("RGB", WIDE, "white")
    draw, words, font = ImageDraw.Draw(image), "Six words on one plain line", ImageFont.load_default(size=90)
    draw.text((200, 380), words, "black", font=font)
    left, top, right, bottom = draw.textbbox((200, 380), words, font=font)
    (box,) = objects_on_plain_ground(np.asarray(image))
    assert abs(box.left - left) <= 12
    assert abs(box.right - right) <= 12
    assert top - 2 <= box.top
    assert box.bottom <= bottom + 2


def test_two_objects_apart_are_two() -> None:
    image = np.full((180, 320, 3), 240, np.uint8)
    image[40:80, 30:70] = (200, 30, 30)
    image[100:160, 220:280] = (30, 30, 200)
    assert set(objects_on_plain_ground(image)) == {Box(30, 40, 40, 40), Box(220, 100, 60, 60)}


def test_an_object_may_reach_the_border() -> None:
    image = np.full((180, 320, 3), 240, np.uint8)
    image[60:, 100:160] = (40, 90, 30)
    assert objects_on_plain_ground(image) == [Box(100, 60, 60, 120)]


@pytest.mark.parametrize("file", ["china_temple.jpg", "seeding.jpg", "umang.jpg"])
@pytest.mark.parametrize(("x", "y"), [(0.2, 0.3), (0.75, 0.6)])
def test_the_one_sharp_thing_before_a_blur_is_found(file: str, x: float, y: float) -> None:
    picture = Image.fromarray(shown(SAMPLES[0].parent / file)).filter(ImageFilter.GaussianBlur(8))
    thing = Image.fromarray(shown(SAMPLES[0].parent / "chelsea_cat.jpg")).resize((72, 54))
    box = Box(round(x * picture.width) - 36, round(y * picture.height) - 27, 72, 54)
    picture.paste(thing, (box.left, box.top))
    ((found, clear),) = objects_in_focus(np.asarray(picture))
    assert clear > 0.1
    assert contains(Box(box.left - 4, box.top - 4, box.width + 8, box.height + 8), found)
    assert contains(found, Box(box.left + 4, box.top + 4, box.width - 8, box.height - 8))


@pytest.mark.parametrize("file", ["china_temple.jpg", "umang.jpg"])
def test_a_photo_that_is_sharp_all_over_has_nothing_in_focus(file: str) -> None:
    assert objects_in_focus(shown(SAMPLES[0].parent / file)) == []


@pytest.mark.parametrize("size", [(1, 1), (2, 300), (300, 2), (3, 3), (40, 30)])
@pytest.mark.parametrize("value", [0, 255])
def test_an_empty_picture_has_no_objects(size: tuple[int, int], value: int) -> None:
    picture = np.full((size[1], size[0], 3), value, np.uint8)
    assert not blocks_of_page(picture)
    assert not objects_on_plain_ground(picture)
    assert not objects_in_focus(picture)
