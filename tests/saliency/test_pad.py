"""The whole photo on a canvas: where it lies, against Pillow's own padding, and what is beside it."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from saliency.formats import LARGEST_SIZE
from saliency.image import open_image
from saliency.pad import BACKGROUNDS, Border, Canvas, canvas_for, edge_colours, pad
from saliency.types import Aspect, Box, RgbImage
from tests.scenes import gradient

PHOTO = gradient((60, 40))
TEAL = (0, 128, 128)

sizes = st.tuples(st.integers(1, 6000), st.integers(1, 6000))
aspects = st.builds(Aspect, st.integers(1, 60), st.integers(1, 60))


def on_canvas(image: RgbImage, text: str, border: Border, pixels: tuple[int, int] | None = None) -> RgbImage:
    return pad(image, canvas_for((image.shape[1], image.shape[0]), Aspect.parse(text), pixels), border)


def fits(size: tuple[int, int], scale: float, canvas: tuple[int, int]) -> bool:
    return all(side * scale <= room + 1e-9 for side, room in zip(size, canvas, strict=True))


@given(sizes, aspects)
def test_a_shape_is_the_least_canvas_that_holds_the_photo(size: tuple[int, int], aspect: Aspect) -> None:
    canvas = canvas_for(size, aspect)
    if max(canvas.size) >= LARGEST_SIZE:
        return
    assert (canvas.photo.width, canvas.photo.height) == size
    assert any(side == room for side, room in zip(size, canvas.size, strict=True))
    # either side is what the other asks for, to the nearest pixel
    width, height = canvas.size
    assert min(abs(width - height * aspect.ratio), abs(height - width / aspect.ratio)) <= 0.5


@given(sizes, aspects, st.none() | st.tuples(st.integers(32, 4000), st.integers(32, 4000)))
def test_the_photo_lies_in_the_middle_and_keeps_its_shape(
    size: tuple[int, int], aspect: Aspect, pixels: tuple[int, int] | None
) -> None:
    canvas = canvas_for(size, aspect, pixels)
    box = canvas.photo
    assert pixels in (None, canvas.size)
    assert 0 <= box.left <= canvas.size[0] - box.right <= box.left + 1
    assert 0 <= box.top <= canvas.size[1] - box.bottom <= box.top + 1
    # one side is the canvas's, the other follows from it to the nearest pixel, and is never nothing
    height, width = box.width * size[1] / size[0], box.height * size[0] / size[1]
    assert (canvas.size[0] == box.width and abs(box.height - max(height, 1)) <= 0.5 + 1e-6) or (
        canvas.size[1] == box.height and abs(box.width - max(width, 1)) <= 0.5 + 1e-6
    )


@pytest.mark.parametrize("size", [(60, 40), (40, 60), (7, 300), (300, 7), (1, 1), (799, 601), (1000, 1000)])
@pytest.mark.parametrize("pixels", [(100, 100), (1200, 63), (33, 97), (60, 40), (128, 72)])
def test_an_exact_size_is_that_of_pillow(size: tuple[int, int], pixels: tuple[int, int]) -> None:
    photo = np.random.default_rng(1).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    canvas = canvas_for(size, Aspect(1, 1), pixels)
    theirs = ImageOps.pad(Image.fromarray(photo), pixels, Image.Resampling.LANCZOS, color=TEAL)
    ours = pad(photo, canvas, Border("plain", TEAL))
    assert ours.shape == (pixels[1], pixels[0], 3)
    if (canvas.size[0] - canvas.photo.width) % 2 == (canvas.size[1] - canvas.photo.height) % 2 == 0:
        np.testing.assert_array_equal(ours, np.asarray(theirs))  # an odd pixel of room they give to either side


@pytest.mark.parametrize("background", BACKGROUNDS)
@pytest.mark.parametrize("text", ["1:1", "3:1", "9:16", "1.91:1", "3:2"])
def test_a_photo_that_needs_no_other_size_is_unchanged(background: str, text: str) -> None:
    before = PHOTO.copy()
    found = on_canvas(PHOTO, text, Border(background))
    left, top = (found.shape[1] - 60) // 2, (found.shape[0] - 40) // 2
    np.testing.assert_array_equal(found[top : top + 40, left : left + 60], PHOTO)
    np.testing.assert_array_equal(PHOTO, before)


def test_an_extreme_canvas_stays_writable() -> None:
    for size, aspect in (((4000, 4000), Aspect(1000, 1)), ((12_000, 3000), Aspect(1, 1)), ((9000, 20), Aspect(1, 900))):
        canvas = canvas_for(size, aspect)
        assert max(canvas.size) == LARGEST_SIZE
        assert canvas.size[0] / canvas.size[1] == pytest.approx(aspect.ratio, rel=0.1)
        assert fits((canvas.photo.width, canvas.photo.height), 1, canvas.size)
    assert canvas_for((LARGEST_SIZE, 40), Aspect(1, 1)).photo.width == LARGEST_SIZE


def test_a_plain_border_is_its_colour_and_nothing_else() -> None:
    found = on_canvas(PHOTO, "2:1", Border("plain", TEAL))
    assert found.shape == (40, 80, 3)
    assert (found[:, :10] == TEAL).all()
    assert (found[:, 70:] == TEAL).all()


def test_each_side_continues_its_own_edge() -> None:
    """By the middle value of each channel, in a loop, so that one odd pixel changes nothing."""
    photo = np.random.default_rng(2).integers(0, 256, (50, 30, 3), dtype=np.uint8)
    photo[:, 0], photo[:, -1] = (200, 30, 10), (10, 20, 250)
    photo[17, 0] = (0, 255, 0)
    found = on_canvas(photo, "2:1", Border("edge"))
    assert (found[:, :35] == (200, 30, 10)).all()
    assert (found[:, 65:] == (10, 20, 250)).all()
    turned = on_canvas(photo.swapaxes(0, 1), "1:2", Border("edge"))
    np.testing.assert_array_equal(turned, found.swapaxes(0, 1))


@given(st.integers(0, 2**32 - 1), st.integers(1, 250), st.integers(1, 250), st.booleans())
def test_an_edge_is_the_median_of_a_hundredth(seed: int, width: int, height: int, beside: bool) -> None:
    photo = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    canvas = Canvas((width + 2 * beside, height + 2 * (not beside)), Box(int(beside), int(not beside), width, height))
    side = width if beside else height
    depth = max(1, round(side / 100))
    for colour, places in zip(edge_colours(photo, canvas), (range(depth), range(side - depth, side)), strict=True):
        for channel in range(3):
            values = sorted(
                int(photo[y, x, channel]) for y in range(height) for x in range(width) if (x if beside else y) in places
            )
            middle = (values[(len(values) - 1) // 2] + values[len(values) // 2]) / 2
            assert abs(colour[channel] - middle) <= 0.5


def test_a_blurred_border_is_the_photo_smooth_and_darker() -> None:
    photo = np.zeros((300, 200, 3), np.uint8)
    photo[:150], photo[150:] = (240, 60, 60), (60, 60, 240)  # halves, crossed by fine stripes
    photo[::4] //= 2
    found = on_canvas(photo, "2:1", Border("blurred")).astype(int)
    side = found[:, :190]
    assert (side[40, :, 0] > side[40, :, 2]).all()
    assert (side[260, :, 2] > side[260, :, 0]).all()
    assert side.mean() == pytest.approx(0.7 * photo.mean(), rel=0.05)
    assert np.abs(np.diff(side, axis=0)).max() <= 6  # of 240: no stripe is left, and the halves run into each other


@pytest.mark.parametrize("background", BACKGROUNDS)
@pytest.mark.parametrize("size", [(1, 1), (1, 90), (500, 2)])
def test_any_picture_can_be_padded(background: str, size: tuple[int, int]) -> None:
    photo = np.full((size[1], size[0], 3), 90, np.uint8)
    for text, pixels in (("1:50", None), ("40:1", None), ("1:1", (64, 32))):
        found = on_canvas(photo, text, Border(background), pixels)
        assert (found == 90).all(axis=2).any()
        assert found.dtype == np.uint8


def test_photos_are_padded_as_they_are_seen() -> None:
    """Upright where EXIF says so, CMYK in sRGB, alpha over white: as `open_image` gives them."""
    quarter = np.zeros((40, 60, 3), np.uint8)
    quarter[:, :10] = (250, 0, 0)  # the left in the file, the top when it is held upright
    exif = Image.Exif()
    exif[0x0112] = 6
    for kind, mode in (("JPEG", "RGB"), ("TIFF", "CMYK"), ("PNG", "RGBA")):
        buffer = io.BytesIO()
        Image.fromarray(quarter).convert(mode).save(buffer, kind, exif=exif)
        found = on_canvas(open_image(buffer.getvalue()), "1:1", Border())
        assert found.shape == (60, 60, 3)
        assert (found[:, :10] == 255).all()
        assert np.abs(found[2:6, 14:46].astype(int) - (250, 0, 0)).max() < 40
        assert found[20:, 14:46].max() < 60
    clear = Image.new("RGBA", (20, 10), (9, 9, 9, 0))
    buffer = io.BytesIO()
    clear.save(buffer, "PNG")
    assert (on_canvas(open_image(buffer.getvalue()), "1:1", Border("edge")) == 255).all()


@pytest.mark.parametrize(
    ("text", "border"),
    [
        ("plain", Border()),
        ("blurred", Border("blurred")),
        ("edge", Border("edge")),
        ("#008080", Border("plain", TEAL)),
        ("008080", Border("plain", TEAL)),
        ("#f0a", Border("plain", (255, 0, 170))),
        ("teal", Border("plain", TEAL)),
        ("white", Border()),
    ],
)
def test_a_background_is_a_name_or_a_colour(text: str, border: Border) -> None:
    assert Border.parse(text) == border
    assert Border.parse(str(border)) == border


@pytest.mark.parametrize("text", ["", "blur", "#12", "#11223344", "rgba(1, 2, 3, 4)", "0x123456"])
def test_what_is_neither_is_refused_by_value(text: str) -> None:
    with pytest.raises(ValueError, match="plain, blurred, edge, or a colour") as error:
        Border.parse(text)
    assert repr(text) in str(error.value)
    with pytest.raises(ValueError, match="'fog'; available: plain, blurred, edge"):
        Border("fog")
