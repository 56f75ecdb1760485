"""Crops as files: their sizes, their quality, their names."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from saliency.export import FILE_FORMATS, crop_name, encode, render
from saliency.formats import FORMATS, parse_format
from saliency.types import Aspect, Box
from tests.scenes import gradient

PHOTO = gradient((320, 240))
NOISE = np.random.default_rng(0).integers(0, 256, (60, 80, 3)).astype(np.uint8)


def decoded(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def test_a_crop_without_a_size_is_the_pixels_themselves() -> None:
    box = Box(10, 20, 100, 60)
    np.testing.assert_array_equal(render(PHOTO, box), PHOTO[20:80, 10:110])
    np.testing.assert_array_equal(render(PHOTO, box, (100, 60)), PHOTO[20:80, 10:110])


@pytest.mark.parametrize("pixels", [(50, 30), (37, 91), (200, 120), (1000, 40)])
def test_a_crop_with_a_size_has_it_and_shows_the_same(pixels: tuple[int, int]) -> None:
    box = Box(160, 120, 100, 60)  # the blue corner lies outside
    found = render(PHOTO, box, pixels)
    assert found.shape == (pixels[1], pixels[0], 3)
    # a slope stays the slope at the middles of the new pixels, but for the border, where the filter sees one side only
    x = box.left + (np.arange(pixels[0]) + 0.5) * box.width / pixels[0] - 0.5
    y = box.top + (np.arange(pixels[1]) + 0.5) * box.height / pixels[1] - 0.5
    np.testing.assert_allclose(found[:, :, 0], np.tile(x * 255 / 319, (pixels[1], 1)), atol=2.5)
    np.testing.assert_allclose(found[:, :, 1], np.tile(y * 255 / 239, (pixels[0], 1)).T, atol=2.5)


def test_fine_detail_is_averaged_not_skipped() -> None:
    stripes = np.zeros((90, 120, 3), np.uint8)
    stripes[:, ::2] = 200
    assert render(stripes, Box(0, 0, 120, 90), (24, 18))[4:-4, 4:-4] == pytest.approx(100, abs=4)


@pytest.mark.parametrize("kind", FILE_FORMATS)
def test_files_are_what_they_say(kind: str) -> None:
    with decoded(encode(PHOTO, kind, quality=90)) as image:
        assert image.format == FILE_FORMATS[kind].pillow
        assert image.size == (320, 240)
        assert np.abs(np.asarray(image.convert("RGB")).astype(float) - PHOTO).mean() < 3


@pytest.mark.parametrize("kind", ["JPEG", "WebP"])
def test_less_quality_is_a_smaller_worse_file(kind: str) -> None:
    files = [encode(NOISE, kind, quality) for quality in (1, 40, 80, 100)]
    assert [len(data) for data in files] == sorted(len(data) for data in files)
    assert len(files[0]) < len(files[-1]) / 3
    errors = [np.abs(np.asarray(decoded(data).convert("RGB")).astype(float) - NOISE).mean() for data in files]
    assert errors == sorted(errors, reverse=True)


def test_without_a_quality_the_formats_own_is_taken() -> None:
    assert encode(NOISE, "JPEG") == encode(NOISE, "JPEG", 93)
    assert encode(NOISE, "WebP") == encode(NOISE, "WebP", 92)
    assert encode(NOISE, "JPEG") != encode(NOISE, "JPEG", 92)


def test_png_loses_nothing_at_any_quality() -> None:
    assert encode(NOISE, "PNG", 1) == encode(NOISE, "PNG")
    np.testing.assert_array_equal(np.asarray(decoded(encode(NOISE, "PNG", 1))), NOISE)


@pytest.mark.parametrize("kind", ["PNG", "WebP"])
def test_opacity_is_written(kind: str) -> None:
    opacity = np.tile(np.arange(NOISE.shape[1], dtype=np.uint8), (NOISE.shape[0], 1))
    written = np.asarray(decoded(encode(np.dstack([NOISE, opacity]), kind)))
    np.testing.assert_array_equal(written[..., 3], opacity)


@pytest.mark.parametrize("quality", [0, 101, -5])
@pytest.mark.parametrize("kind", FILE_FORMATS)
def test_a_quality_out_of_range_is_refused_by_its_value(kind: str, quality: int) -> None:
    with pytest.raises(ValueError, match=str(quality)):
        encode(NOISE, kind, quality)


def test_an_unknown_format_is_refused_with_those_there_are() -> None:
    with pytest.raises(ValueError, match=r"'TGA'; available: JPEG, PNG, WebP, GIF, AVIF"):
        encode(NOISE, "TGA")


def test_names_say_the_shape_or_the_exact_size() -> None:
    assert crop_name("beach", "gaze", Aspect(16, 9), "JPEG") == "beach_gaze_16x9.jpg"
    assert crop_name("beach", "gaze", parse_format("1.91:1"), "PNG") == "beach_gaze_1.91x1.png"
    assert crop_name("beach", "gaze", parse_format("1200x630"), "WebP") == "beach_gaze_1200x630.webp"
    assert crop_name("beach", "face", "16:9", "JPEG") == crop_name("beach", "face", "16x9", "JPEG")


def test_formats_of_one_shape_get_files_of_their_own() -> None:
    names = [crop_name("beach", "gaze", fmt, "JPEG") for fmt in (*FORMATS.values(), parse_format("1:1"))]
    assert len(set(names)) == len(names)


def test_a_picture_that_hardly_compresses_can_be_written() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (700, 700, 3), dtype=np.uint8)
    for quality in (None, 80, 94, 100):
        assert decoded(encode(noise, "JPEG", quality)).size == (700, 700)
