"""Borders: against scenes of which the inner picture is known, against a slow loop, and where there are none."""

from __future__ import annotations

import io
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from eval.scenes import KINDS, PER_KIND, draw_scene
from saliency import load_method, load_model, open_image
from saliency.borders import TRIM, find_borders, left_out
from saliency.image import open_reduced, resized
from saliency.models.input import input_size
from saliency.types import Aspect, Borders, Box, RgbImage
from tests.saliency.framings import contains

SAMPLES = sorted((Path(__file__).parents[2] / "samples").glob("*.jpg"))
NETWORKS = ("gaze", "gaze-fast", "gaze-nano")
BARRED = ("letterbox", "framed picture")
LOST = 3  # pixels of the reduced photo: the most that a side may lose of the inner picture
COLOURS = ((0, 0, 0), (255, 255, 255), (24, 26, 30), (104, 70, 44), (250, 248, 242))


def borders_of(image: RgbImage, pixels: int = 320 * 240) -> Borders:
    """What is found in an image of any size, reduced as for a network that is shown about so many pixels."""
    size = image.shape[1], image.shape[0]
    return find_borders(resized(image, input_size(*size, pixels)), size)


def is_right(found: Box | None, inner: Box, size: tuple[int, int]) -> bool:
    """Whether a box lies inside the known picture, and leaves little of it out."""
    if found is None or not contains(inner, found):
        return False
    wide, high = input_size(*size)
    across, down = LOST * size[0] / wide, LOST * size[1] / high
    lost_across = max(found.left - inner.left, inner.right - found.right)
    return lost_across <= across and max(found.top - inner.top, inner.bottom - found.bottom) <= down


def bars_by_loop(image: RgbImage, tolerance: int) -> Box:
    """The box inside of all lines at the image's sides that are of one colour; row by row, column by column."""

    def lines(rows: RgbImage) -> int:
        colour = rows[0][len(rows[0]) // 2].astype(int)
        for count, row in enumerate(rows):
            for pixel in row:
                if max(abs(int(value) - int(own)) for value, own in zip(pixel, colour, strict=True)) > tolerance:
                    return count
        return 0

    columns = image.transpose(1, 0, 2)
    top, bottom, left, right = lines(image), lines(image[::-1]), lines(columns), lines(columns[::-1])
    return Box(left, top, image.shape[1] - left - right, image.shape[0] - top - bottom)


def photo(size: tuple[int, int], seed: int = 0) -> RgbImage:
    """A picture of which no line is plain: soft patches of any colour, from grey on, with grain."""
    rng = np.random.default_rng(seed)
    patches = Image.fromarray(rng.integers(60, 200, (7, 9, 3), dtype=np.uint8)).resize(size, Image.Resampling.BICUBIC)
    return np.clip(np.asarray(patches) + rng.normal(0, 3, (size[1], size[0], 1)), 50, 210).astype(np.uint8)


def barred(size: tuple[int, int], inner: Box, colour: tuple[int, int, int], seed: int = 0) -> RgbImage:
    """A photo inside bars of one colour."""
    image = np.full((size[1], size[0], 3), colour, np.uint8)
    image[inner.top : inner.bottom, inner.left : inner.right] = photo((inner.width, inner.height), seed)
    return image


def as_jpeg(image: RgbImage, quality: int) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("kind", BARRED)
def test_the_picture_in_a_scene_s_bars_is_found(kind: str, name: str) -> None:
    eye, wrong = load_model(name), []
    for number in range(PER_KIND):
        scene = draw_scene(kind, number)
        assert scene.inner
        found = find_borders(eye.see(scene.image), scene.size)  # type: ignore[attr-defined]
        if not is_right(found.sure, scene.inner, scene.size):
            wrong.append((number, scene.inner, found))
    assert len(wrong) <= 0.05 * PER_KIND, wrong


@pytest.mark.parametrize("kind", sorted(set(KINDS) - set(BARRED)))
def test_no_other_scene_has_bars_for_sure(kind: str) -> None:
    for number in range(0, PER_KIND, 3):
        scene = draw_scene(kind, number)
        assert borders_of(scene.image).sure is None, number


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_no_sample_has_bars(path: Path) -> None:
    for name in NETWORKS:
        model = load_model(name)
        image, size = open_reduced(path, model.least_size)
        assert find_borders(model.see(image), size) == Borders()  # type: ignore[attr-defined]


@settings(max_examples=30)
@given(
    size=st.sampled_from([(160, 120), (120, 160), (150, 150), (200, 90)]),
    bars=st.tuples(*[st.floats(0.08, 0.3)] * 4),
    which=st.sampled_from(["above and below", "beside", "around"]),
    colour=st.sampled_from(COLOURS),
    seed=st.integers(0, 99),
)
def test_it_is_what_a_slow_loop_leaves(
    size: tuple[int, int],
    bars: tuple[float, float, float, float],
    which: str,
    colour: tuple[int, int, int],
    seed: int,
) -> None:
    top, bottom = (round(share * size[1]) if which != "beside" else 0 for share in bars[:2])
    left, right = (round(share * size[0]) if which != "above and below" else 0 for share in bars[2:])
    image = barred(size, Box(left, top, size[0] - left - right, size[1] - top - bottom), colour, seed)
    inner = bars_by_loop(image, 12)
    share = inner.width * inner.height / size[0] / size[1]
    found = borders_of(image)
    if share >= 0.42:
        assert is_right(found.sure, inner, size), (inner, found)
        assert found.perhaps
        assert contains(found.sure or inner, found.perhaps)
    elif which == "around" and share < 0.38:
        assert found.sure is None


@pytest.mark.parametrize("quality", [40, 75, 95])
@pytest.mark.parametrize("kind", BARRED)
def test_noise_and_jpeg_are_no_picture(kind: str, quality: int) -> None:
    rng = np.random.default_rng(quality)
    for number in range(0, PER_KIND, 5):
        scene = draw_scene(kind, number)
        noisy = np.clip(scene.image + rng.normal(0, 4, scene.image.shape), 0, 255).astype(np.uint8)
        found = borders_of(open_image(as_jpeg(noisy, quality)))
        assert scene.inner
        assert is_right(found.sure, scene.inner, scene.size), (number, found)


def test_a_mat_in_a_frame_is_left_out_too() -> None:
    inner = Box(160, 110, 580, 380)
    image = barred((900, 600), inner, (250, 249, 246))
    image[:50], image[-50:], image[:, :50], image[:, -50:] = 20, 20, 20, 20
    wide, high = input_size(900, 600)
    found = borders_of(image).sure
    assert found
    assert contains(inner, found)
    assert found.left - inner.left <= 2 * LOST * 900 / wide
    assert found.top - inner.top <= 2 * LOST * 600 / high


@pytest.mark.parametrize("deep", [30, 120])
def test_a_picture_as_dark_as_its_frame_along_one_side_is_in_an_even_frame(deep: int) -> None:
    inner = Box(70, 60, 660, 480)
    image = barred((800, 600), inner, (10, 10, 10))
    image[540 - deep : 540, 70:500] = 10
    assert is_right(borders_of(image).sure, inner, (800, 600))
    image[200:540, 70 : 70 + deep] = 10  # along two sides: then it may be an object that reaches into a corner
    assert borders_of(image).sure is None


def test_a_bar_on_one_side_is_only_likely() -> None:
    inner = Box(0, 120, 800, 480)
    found = borders_of(barred((800, 600), inner, (255, 255, 255)))
    assert found.sure is None
    assert is_right(found.perhaps, inner, (800, 600))


def test_bars_of_two_colours_are_only_likely() -> None:
    inner = Box(0, 100, 800, 400)
    image = barred((800, 600), inner, (0, 0, 0))
    image[500:] = 255
    found = borders_of(image)
    assert found.sure is None
    assert is_right(found.perhaps, inner, (800, 600))


def test_a_scan_s_uneven_paper_is_only_likely() -> None:
    inner = Box(0, 90, 800, 420)
    image = barred((800, 600), inner, (240, 238, 230))
    image[:90] -= np.linspace(0, 30, 800).astype(np.uint8)[:, None]
    found = borders_of(image)
    assert found.sure is None
    assert is_right(found.perhaps, inner, (800, 600))


def drawn(what: str) -> Image.Image:
    """A picture whose border is plain, and no bar."""
    image = Image.new("RGB", (900, 600), (250, 250, 250))
    draw = ImageDraw.Draw(image)
    if what == "disc":
        draw.ellipse((200, 60, 700, 560), (180, 40, 30))
    elif what == "small print":
        image.paste(Image.fromarray(photo((300, 200))), (300, 200))
    elif what == "page in a line":
        draw.rectangle((60, 60, 840, 540), outline=(0, 0, 0), width=4)
    elif what == "panel of one colour":
        draw.rectangle((60, 60, 840, 540), fill=(40, 80, 160))
    elif what == "two photos":
        for left in (30, 465):
            image.paste(Image.fromarray(photo((405, 540))), (left, 30))
    elif what == "sky and sand":
        down = np.linspace(180, 230, 600)[:, None, None] * np.array([0.7, 0.85, 1.0])
        image = Image.fromarray(np.repeat(down, 900, axis=1).astype(np.uint8))
        image.paste(Image.fromarray(photo((900, 150))), (0, 450))
    elif what == "headings above and below":
        image.paste(Image.fromarray(photo((900, 400))), (0, 100))
        draw.text((300, 30), "A caption", (0, 0, 0), font_size=40)
        draw.text((300, 530), "Another", (0, 0, 0), font_size=40)
    return image


@pytest.mark.parametrize(
    "what",
    [
        *("nothing", "disc", "small print", "page in a line", "panel of one colour", "two photos"),
        *("sky and sand", "headings above and below"),
    ],
)
def test_a_plain_ground_is_no_bar(what: str) -> None:
    assert borders_of(np.asarray(drawn(what))).sure is None


@given(st.integers(1, 12), st.integers(1, 12), st.integers(0, 2**32 - 1))
def test_in_a_tiny_photo_it_lies_inside(width: int, height: int, seed: int) -> None:
    image = np.random.default_rng(seed).choice(np.array([0, 0, 0, 200], np.uint8), (height, width))
    found = borders_of(np.repeat(image[:, :, None], 3, axis=2))
    for box in (found.sure, found.perhaps):
        assert box is None or (box.width > 0 and box.height > 0 and contains(Box(0, 0, width, height), box))


def test_what_is_used_follows_the_wish() -> None:
    sure, perhaps = Box(0, 10, 100, 80), Box(5, 10, 95, 80)
    assert {wish: within(Borders(sure, perhaps)) for wish, within in TRIM.items()} == {
        "auto": sure,
        "always": perhaps,
        "never": None,
    }
    assert [within(Borders()) for within in TRIM.values()] == [None] * 3


@pytest.mark.parametrize(
    ("within", "words"),
    [
        (Box(0, 120, 960, 482), "120 pixels above, 118 below"),
        (Box(1, 0, 957, 720), "1 pixel on the left, 2 on the right"),
        (Box(0, 0, 960, 719), "1 pixel below"),
        (Box(9, 8, 944, 702), "8 pixels above, 10 below, 9 on the left, 7 on the right"),
    ],
)
def test_what_is_left_out_in_words(within: Box, words: str) -> None:
    assert left_out(within, (960, 720)) == words


@pytest.mark.parametrize("name", NETWORKS)
def test_no_crop_of_ours_has_a_bar_in_it(name: str) -> None:
    method, aspects = load_method(name), [Aspect(1, 1), Aspect(16, 9), Aspect(9, 16), Aspect(3, 1)]
    for kind in BARRED:
        for number in range(0, PER_KIND, 6):
            scene = draw_scene(kind, number)
            assert scene.inner
            for crop in method.crop(scene.image, aspects):
                assert contains(scene.inner, crop.box)
                assert math.isclose(crop.box.width / crop.box.height, crop.aspect.ratio, rel_tol=0.01)
                assert "the plain bars left out: " in crop.note
