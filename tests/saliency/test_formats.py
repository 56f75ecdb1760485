"""Formats: the named ones, and what people write."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from saliency import FORMATS, Format, parse_format
from saliency.formats import parse_size
from saliency.types import Aspect

SHAPES = ["16:9", "1.91:1", "16/9", "16x9", "5:7", "1:1", "21 : 9"]


@pytest.mark.parametrize("name", FORMATS)
def test_a_formats_size_has_its_shape_within_a_pixel(name: str) -> None:
    target = FORMATS[name]
    assert target.pixels is not None
    width, height = target.pixels
    assert abs(width - height * target.aspect.ratio) < 1
    assert target.label == f"{target.title} {target.aspect}"
    assert target.shape == str(target.aspect)


def test_formats_can_be_told_apart() -> None:
    assert len({fmt.label for fmt in FORMATS.values()}) == len(FORMATS)
    assert len({fmt.file_part for fmt in FORMATS.values()}) == len(FORMATS)


def test_a_post_of_three_photos_is_tiled_by_the_tall_one_and_two_small_ones() -> None:
    # one card of 16:9 less the gap: the tall tile fills half of it, the small ones a quarter each
    tall, small = FORMATS["pair"].pixels, FORMATS["quad"].pixels
    assert tall is not None
    assert small is not None
    assert tall == (small[0], 2 * small[1])


@pytest.mark.parametrize("text", SHAPES)
def test_a_shape_has_no_size(text: str) -> None:
    target = parse_format(text)
    assert target == Format(str(Aspect.parse(text)), Aspect.parse(text), None)
    assert target.label == target.shape == str(target.aspect)
    assert target.file_part == str(target.aspect).replace(":", "x")


@pytest.mark.parametrize(
    ("text", "pixels", "aspect"),
    [
        ("1200x630", (1200, 630), "40:21"),
        ("1200×630", (1200, 630), "40:21"),
        (" 1200 X 630 px ", (1200, 630), "40:21"),
        ("1080x1920", (1080, 1920), "9:16"),
        ("32x32", (32, 32), "1:1"),
        ("48x64px", (48, 64), "3:4"),
        ("1200 x 630", (1200, 630), "40:21"),
        ("10000x40", (10_000, 40), "250:1"),
    ],
)
def test_two_whole_numbers_are_an_exact_size(text: str, pixels: tuple[int, int], aspect: str) -> None:
    target = parse_format(text)
    assert target.pixels == pixels
    assert str(target.aspect) == aspect
    assert target.title == target.label == target.shape == f"{pixels[0]} × {pixels[1]}"
    assert target.file_part == f"{pixels[0]}x{pixels[1]}"


@given(st.integers(1, 10_000), st.integers(1, 10_000))
def test_what_a_format_is_called_is_read_back(width: int, height: int) -> None:
    assume(1 / 1000 <= width / height <= 1000)
    target = parse_format(f"{width}x{height}px")
    assert target == parse_size(f"{width} x {height}")
    assert target.pixels == (width, height)
    assert parse_format(target.label) == parse_format(target.file_part) == target
    assert target.aspect.ratio == pytest.approx(width / height)


@pytest.mark.parametrize("text", ["31x64", "1600:900", "1200.5x630", "16×9"])
def test_what_is_no_size_is_a_shape(text: str) -> None:
    assert parse_format(text).pixels is None


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "''"),
        ("wide", "'wide'"),
        ("1200x", "'1200x'"),
        ("0:1", "0:1"),
        ("1200x630x2", "'1200x630x2'"),
        ("10001x500", "10001 × 500"),
        ("0x30px", "0 × 30"),
        ("0:5", "^0:5 is no aspect ratio: both sides are finite and above 0, as in 16:9$"),
        ("5/-1", "5:-1"),
        ("640 x 99999999 px", "640 × 99999999"),
    ],
)
def test_what_is_neither_is_refused_by_name(text: str, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        parse_format(text)


def test_who_wrote_neither_is_told_both_ways_to_write_one() -> None:
    with pytest.raises(
        ValueError, match="write it as width:height, such as 16:9; or a size in pixels, such as"
    ) as told:
        parse_format("wide")
    ways = [str(told.value).split("such as ")[rank].split(";")[0] for rank in (1, 2)]
    assert [parse_format(way).pixels for way in ways] == [None, (1200, 630)]
