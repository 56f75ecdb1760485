"""Transparent pictures: seen over a ground from which they stand out, and transparent still once they are cropped."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from saliency import Aspect, load_model
from saliency.__main__ import main
from saliency.export import encode, render
from saliency.grounds import CHECKER, GROUNDS, best_ground, laid_over
from saliency.image import open_image, open_picture
from saliency.pad import Border, canvas_for, pad
from saliency.pipeline import boxes, look
from saliency.types import Box, Pixels, RgbImage
from tests.corpus.kind import encoded
from tests.scenes import gradient

SIZE = (400, 240)
DISC = (250, 70, 350, 170)
Colour = tuple[int, int, int]


def disc(*colours: Colour, opacity: int = 255) -> Pixels:
    """A disc on nothing, of one colour or of bands of several; black is hidden where it is transparent."""
    image = Image.new("RGBA", SIZE, (0, 0, 0, 0))
    mask = Image.new("L", SIZE)
    ImageDraw.Draw(mask).ellipse(DISC, fill=opacity)
    bands = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
    for rank, part in enumerate(np.array_split(np.arange(DISC[1], DISC[3] + 1), len(colours))):
        bands[part] = colours[rank]
    image.paste(Image.fromarray(bands), mask=mask.point(lambda value: 255 if value else 0))
    image.putalpha(mask)
    return np.asarray(image)


def halves() -> Pixels:
    """Opaque on the left, ever less so to the right."""
    opacity = np.tile(np.clip(np.linspace(2, 0, SIZE[0]), 0, 1) * 255, (SIZE[1], 1))
    return np.dstack([gradient(SIZE), opacity.astype(np.uint8)])


def by_pillow(image: Pixels, ground: RgbImage | Colour) -> RgbImage:
    below = Image.new("RGB", (image.shape[1], image.shape[0]), ground) if isinstance(ground, tuple) else ground
    below = below if isinstance(below, Image.Image) else Image.fromarray(below)
    return np.asarray(Image.alpha_composite(below.convert("RGBA"), Image.fromarray(image)).convert("RGB"))


@pytest.mark.parametrize(
    ("image", "ground"),
    [
        (disc((255, 255, 255)), "black"),
        (disc((255, 255, 255), opacity=60), "black"),
        (disc((0, 0, 0)), "white"),
        (disc((200, 30, 30)), "white"),
        (disc((255, 240, 200)), "black"),
        (disc((255, 255, 255), (0, 0, 0)), "checker"),
        (disc((255, 255, 255), *[(0, 0, 0)] * 19), "white"),
        (np.zeros((9, 9, 4), np.uint8), "white"),
    ],
)
def test_a_picture_is_seen_over_the_ground_from_which_it_stands_out(image: Pixels, ground: str) -> None:
    assert best_ground(image[..., :3], image[..., 3]) == ground


def test_grounds_are_what_they_are_called_and_laid_under_as_pillow_does() -> None:
    image = halves()
    colours, opacity = image[..., :3], image[..., 3]
    for name, grey in (("white", 255), ("black", 0)):
        np.testing.assert_allclose(
            laid_over(colours, opacity, name).astype(int), by_pillow(image, (grey, grey, grey)), atol=1
        )
    board = laid_over(colours, np.zeros_like(opacity), "checker")
    assert set(np.unique(board)) == set(CHECKER)
    side = SIZE[0] // 40
    assert board[0, 0, 0] == board[side, side, 0] != board[0, side, 0] == board[side, 0, 0]
    np.testing.assert_allclose(laid_over(colours, opacity, "checker").astype(int), by_pillow(image, board), atol=1)
    with pytest.raises(ValueError, match="unknown ground 'grey'; available: white, black, checker"):
        laid_over(colours, opacity, "grey")


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF"])
def test_a_white_logo_is_found(kind: str) -> None:
    logo = disc((255, 255, 255))
    data = encoded(Image.fromarray(logo), kind, **({"lossless": True} if kind == "WEBP" else {}))
    model = load_model("gaze")
    over_black = encoded(by_pillow(logo, (0, 0, 0)), "PNG")
    np.testing.assert_array_equal(look(data, model).map, look(over_black, model).map)
    crop = boxes(data, [Aspect(1, 1)], model)[0]
    left, top, right, bottom = DISC
    assert crop.box.holds(Box(left, top, right - left, bottom - top))


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF", "TIFF"])
def test_an_opaque_picture_with_a_channel_of_opacity_is_as_without(kind: str) -> None:
    colours = gradient(SIZE)
    opaque = np.dstack([colours, np.full(SIZE[::-1], 255, np.uint8)])
    plain, opened = (open_picture(encoded(image, kind)) for image in (colours, opaque))
    assert opened.opacity is None
    np.testing.assert_array_equal(opened.pixels, plain.pixels)


@pytest.mark.parametrize("ground", GROUNDS)
def test_an_image_can_be_opened_over_any_ground(ground: str) -> None:
    image = halves()
    np.testing.assert_array_equal(
        open_image(encoded(image, "PNG"), ground=ground), laid_over(image[..., :3], image[..., 3], ground)
    )


def crops_of(image: Pixels, name: str, kind: str, folder: Path, *options: str) -> Path:
    source, out = folder / name, folder / "out"
    best: dict[str, dict[str, Any]] = {"WEBP": {"lossless": True}, "AVIF": {"quality": 95}}
    source.write_bytes(encoded(image, kind, **best.get(kind, {})))
    assert main(["crop", str(source), "--method", "center", "--aspect", "1:1", "--out", str(out), *options]) == 0
    return next(out.iterdir())


@pytest.mark.parametrize(
    ("name", "kind", "tolerance"),
    [("a.png", "PNG", 0), ("a.webp", "WEBP", 3), ("a.avif", "AVIF", 3), ("a.tif", "TIFF", 0)],
)
def test_a_crop_is_as_transparent_as_the_picture(name: str, kind: str, tolerance: float, tmp_path: Path) -> None:
    image = halves()
    with Image.open(crops_of(image, name, kind, tmp_path)) as crop:
        assert crop.size == (240, 240)
        found = np.asarray(crop.convert("RGBA")).astype(int)
    expected = image[:, 80:320]
    assert np.abs(found[..., 3] - expected[..., 3]).max() <= 2 * tolerance
    seen = [by_pillow(each.astype(np.uint8), (0, 90, 200)).astype(int) for each in (found, expected)]
    assert np.abs(seen[0] - seen[1]).mean() <= tolerance


def test_what_is_hidden_does_not_show_in_a_crop_of_another_size(tmp_path: Path) -> None:
    logo = disc((255, 255, 255))
    path = crops_of(logo, "a.png", "PNG", tmp_path, "--size", "130x78")
    with Image.open(path.with_name("a_center_130x78.png")) as image:
        small = np.asarray(image)
    assert by_pillow(small, (255, 255, 255)).min() >= 253  # the black that is hidden around the disc would be seen
    alone = render(np.dstack([logo[..., 3]] * 3), Box(0, 0, *SIZE), (130, 78))[..., 0]
    np.testing.assert_array_equal(small[..., 3], alone)


@pytest.mark.parametrize("as_json", [False, True])
def test_a_jpeg_is_white_where_nothing_was_and_that_is_said(
    as_json: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = crops_of(halves(), "a.png", "PNG", tmp_path, "--format", "JPEG", *(["--json"] if as_json else []))
    expected = by_pillow(halves(), (255, 255, 255))[:, 80:320]
    assert np.abs(open_image(path).astype(int) - expected).mean() < 2
    told = capsys.readouterr().out
    assert "what is transparent is white, as JPEG is opaque" in (json.loads(told)["lost"] if as_json else told)


def test_nothing_is_said_where_nothing_is_lost(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    crops_of(halves(), "a.png", "PNG", tmp_path)
    crops_of(halves()[..., :3], "a.png", "PNG", tmp_path, "--format", "JPEG", "--overwrite")
    assert "transparent" not in capsys.readouterr().out


def test_an_unwritable_opacity_is_laid_over_white_whoever_writes() -> None:
    with Image.open(io.BytesIO(encode(halves(), "JPEG"))) as image:
        assert np.abs(np.asarray(image).astype(int) - by_pillow(halves(), (255, 255, 255))).mean() < 2


@pytest.mark.parametrize("background", ["#204060", "blurred", "edge"])
def test_a_border_shows_through_what_is_transparent(background: str) -> None:
    image, border = halves(), Border.parse(background)
    canvas = canvas_for(SIZE, Aspect(1, 1))
    picture = pad(image, canvas, border)
    box = canvas.photo
    inside = picture[box.top : box.bottom, box.left : box.right]
    empty, full = image[..., 3] == 0, image[..., 3] == 255
    np.testing.assert_array_equal(inside[full], image[..., :3][full])
    bare = pad(by_pillow(image, (255, 255, 255)), canvas, border)  # its border is the same
    outside = np.ones(picture.shape[:2], bool)
    outside[box.top : box.bottom, box.left : box.right] = False
    np.testing.assert_array_equal(picture[outside], bare[outside])
    if background == "#204060":
        np.testing.assert_allclose(inside.astype(int), by_pillow(image, (0x20, 0x40, 0x60)), atol=1)
        assert empty.any()
