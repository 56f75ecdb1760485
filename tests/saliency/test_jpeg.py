"""JPEGs by the short way: the pixels are Pillow's, and what a progressive file leaves out is not missed."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from saliency.files import jpeg
from saliency.files.progressive import first_scans
from saliency.types import RgbImage
from tests.scenes import gradient

END = b"\xff\xd9"
SAMPLE = Path(__file__).parents[2] / "samples" / "china_temple.jpg"


def made(size: tuple[int, int], **options: object) -> bytes:
    """A JPEG of coloured noise over a gradient."""
    noise = np.random.default_rng(size[0]).integers(0, 120, (size[1], size[0], 3))
    buffer = io.BytesIO()
    rough = np.clip(gradient(size).astype(int) + noise - 60, 0, 255).astype(np.uint8)
    Image.fromarray(rough).save(buffer, "JPEG", **{"quality": 85, **options})
    return buffer.getvalue()


def by_pillow(data: bytes, least: tuple[int, int] | None) -> RgbImage:
    image = Image.open(io.BytesIO(data))
    image.draft(None, least) if least else None
    return np.asarray(image)


@pytest.mark.parametrize("size", [(640, 480), (801, 603), (64, 64), (65, 127), (1030, 77)])
@pytest.mark.parametrize("subsampling", [0, 1, 2])
@pytest.mark.parametrize("progressive", [False, True])
def test_the_pixels_are_pillows(size: tuple[int, int], subsampling: int, progressive: bool) -> None:
    data = made(size, subsampling=subsampling, progressive=progressive)
    leasts = [
        None,
        *((size[0] // smaller, size[1] // smaller) for smaller in ((1, 2) if progressive else (1, 2, 4, 8))),
    ]
    for least in leasts:
        pixels = jpeg.read(data).quick(least)
        assert pixels is not None
        assert np.array_equal(pixels, by_pillow(data, least))


@pytest.mark.parametrize("size", [(640, 480), (803, 601)])
def test_what_is_wrong_is_left_to_pillow(size: tuple[int, int]) -> None:
    data = made(size)
    hurt = bytearray(data)
    hurt[len(data) // 2 : len(data) // 2 + 40] = b"\xff\xd9" * 20
    for broken in (data[:-200], data[: len(data) // 2], bytes(hurt)):
        assert jpeg.read(broken).quick(None) is None
    grey = io.BytesIO()
    Image.fromarray(gradient(size)[..., 0]).save(grey, "JPEG")
    assert jpeg.read(grey.getvalue()).quick(None) is None


@pytest.mark.parametrize("subsampling", [0, 2])
@pytest.mark.parametrize("smaller", [4, 8])
def test_the_first_scans_are_enough_for_a_look(subsampling: int, smaller: int) -> None:
    """Beside the whole file, decoded as much smaller."""
    size = (1600, 1200)
    buffer = io.BytesIO()
    photo = Image.open(SAMPLE).resize(size)
    photo.save(buffer, "JPEG", quality=90, progressive=True, subsampling=subsampling)
    data = buffer.getvalue()
    few = first_scans(data, smaller)
    assert few.endswith(END)
    assert data.startswith(few[:-2])
    assert len(few) < 0.6 * len(data)
    least = size[0] // smaller, size[1] // smaller
    by_few, by_all = (by_pillow(one, least).astype(int) for one in (few, data))
    assert by_few.shape == by_all.shape
    assert np.abs(by_few - by_all).mean() < 3
    pixels = jpeg.read(data).quick(least)
    assert pixels is not None
    assert np.array_equal(pixels, by_few)


def test_all_scans_are_read_where_they_are_needed() -> None:
    data = made((400, 300), progressive=True)
    assert first_scans(data, 1) is data
    assert first_scans(data, 2) is data
    assert first_scans(data[:-2], 8) == data[:-2]  # it breaks off: what is missing is to be told
    usual = made((400, 300))
    assert first_scans(usual, 8) is usual


@given(st.binary(max_size=200), st.sampled_from([4, 8]))
def test_bytes_that_are_no_jpeg_are_given_back(noise: bytes, smaller: int) -> None:
    for data in (noise, b"\xff\xd8" + noise + END, b"\xff\xd8\xff\xc2" + noise + b"\xff\xda" + noise + END):
        few = first_scans(data, smaller)
        assert few == data or (few.endswith(END) and data.startswith(few[:-2]))
