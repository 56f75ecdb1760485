"""A part of a PNG has the samples that the PNG has there: read here row by row, as the PNG specification says it."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from saliency.animation import open_animation
from saliency.image import open_image, open_picture
from saliency.photo_file import Original, Writing
from saliency.types import Box
from tests.corpus.kind import SCENE, exif, lying
from tests.corpus.pngs import chunk, gamma, png

CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
BOX = Box(11, 5, 50, 37)
HEIGHT, WIDTH = SCENE.shape[:2]
PALETTE = chunk(b"PLTE", np.random.default_rng(3).integers(0, 256, 768, dtype=np.uint8).tobytes())
EVERY = [*((0, depth) for depth in (1, 2, 4, 8, 16)), *((3, depth) for depth in (1, 2, 4, 8)), (2, 16), (4, 8), (4, 16),
         (6, 16)]  # fmt: skip
each = pytest.mark.parametrize(("colour", "depth"), EVERY)


def samples(colour: int, depth: int) -> np.ndarray:
    """(H, W, channels) of smooth slopes with some noise, over the whole range."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    noise = np.random.default_rng(colour + depth).random((HEIGHT, WIDTH, CHANNELS[colour]))
    slopes = np.stack([x / WIDTH, y / HEIGHT, (x + y) / (WIDTH + HEIGHT), 1 - x / WIDTH], axis=2)
    values = 0.9 * slopes[..., : CHANNELS[colour]] + 0.1 * noise
    return np.floor(values * 2**depth).astype(np.uint16 if depth == 16 else np.uint8)


def file_of(values: np.ndarray, colour: int, depth: int, *notes: bytes) -> bytes:
    """Several samples to a byte are written as a number in base two, for each row."""
    if colour == 3:
        notes = (PALETTE, *notes)
    if depth >= 8:
        return png(values, *notes, colour=colour, depth=depth)
    bits = ["".join(f"{value:0{depth}b}" for value in row.ravel()) for row in values]
    length = -(-len(bits[0]) // 8)
    rows = b"".join(b"\0" + int(row.ljust(8 * length, "0"), 2).to_bytes(length, "big") for row in bits)
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, depth, colour, 0, 0, 0)
    parts = [chunk(b"IHDR", header), *notes, chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def chunks_of(data: bytes) -> dict[bytes, bytes]:
    at, found = 8, dict[bytes, bytes]()
    while at < len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        content = data[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", data, at + 8 + length)[0] == zlib.crc32(name + content)
        assert name not in found
        found[name] = content
        at += 12 + length
    return found


def read(data: bytes) -> np.ndarray:
    """(H, W, channels), by the filters 0 to 2 of the specification, one byte after the other."""
    found = chunks_of(data)
    width, height, depth, colour = struct.unpack_from(">IIBB", found[b"IHDR"])
    bits = depth * CHANNELS[colour]
    length, pixel = -(-width * bits // 8), max(1, bits // 8)
    raw = zlib.decompress(found[b"IDAT"])
    above, rows = bytearray(length), []
    for y in range(height):
        row = bytearray(raw[y * (length + 1) + 1 : (y + 1) * (length + 1)])
        way = raw[y * (length + 1)]
        for x in range(length):
            beside = {0: 0, 1: row[x - pixel] if x >= pixel else 0, 2: above[x]}[way]
            row[x] = (row[x] + beside) % 256
        number = int.from_bytes(row, "big")
        count = width * CHANNELS[colour]
        rows.append([number >> (8 * length - (place + 1) * depth) & (1 << depth) - 1 for place in range(count)])
        above = row
    return np.array(rows).reshape(height, width, CHANNELS[colour])


def crop(data: bytes, box: Box = BOX, pixels: tuple[int, int] | None = None, keep: str = "copyright") -> bytes:
    return Original(data, open_picture(data), open_animation(data)).crop(box, pixels, Writing("PNG", keep=keep))


def inside(values: np.ndarray, box: Box = BOX) -> np.ndarray:
    return values[box.top : box.bottom, box.left : box.right]


@each
def test_a_part_has_the_samples_that_were_there(colour: int, depth: int) -> None:
    values = samples(colour, depth)
    file = crop(file_of(values, colour, depth))
    assert file[24:26] == bytes([depth, colour])
    np.testing.assert_array_equal(read(file), inside(values))


@each
def test_a_part_looks_as_it_did(colour: int, depth: int) -> None:
    values = samples(colour, depth)
    seldom = inside(values)[0, 0].astype(">u2").tobytes()  # what this pixel has is transparent
    clear = {0: seldom, 2: seldom, 3: bytes(range(2 ** min(depth, 8)))}.get(colour)
    data = file_of(values, colour, depth, gamma(0.7), *([chunk(b"tRNS", clear)] if clear else []))
    expected = open_picture(data)
    found = open_picture(crop(data))
    np.testing.assert_array_equal(found.colours, inside(expected.colours))
    if expected.opacity is not None:
        assert found.opacity is not None
        np.testing.assert_array_equal(found.opacity, inside(expected.opacity))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_part_of_what_lies_on_its_side_is_upright(orientation: int) -> None:
    scene = samples(2, 16)
    turned = chunk(b"eXIf", exif(orientation)[6:])
    data = png(lying(scene, orientation), turned, depth=16)
    for keep in ("all", "none"):
        file = crop(data, keep=keep)
        np.testing.assert_array_equal(read(file), inside(scene))
        with Image.open(io.BytesIO(file)) as image:
            assert image.getexif().get(0x0112, 1) == 1


@pytest.mark.parametrize(("colour", "depth"), [(0, 8), (4, 8), (0, 16), (2, 16), (4, 16), (6, 16)])
def test_another_size_has_as_many_bits_and_the_look_that_pillow_gives(colour: int, depth: int) -> None:
    values = samples(colour, depth)
    file = crop(file_of(values, colour, depth), pixels=(25, 19))
    found = read(file)
    assert found.shape == (19, 25, CHANNELS[colour])
    if depth == 16:
        assert np.unique(found % 257).size > 25  # not of 256 levels
    mode = {0: "L", 2: "RGB", 4: "LA", 6: "RGBA"}[colour]
    eight = np.round(inside(values) / (257 if depth == 16 else 1)).astype(np.uint8)
    image = Image.fromarray(eight[..., 0] if colour == 0 else eight, mode)
    expected = np.asarray(image.resize((25, 19), Image.Resampling.LANCZOS)).reshape(found.shape)
    seen, expected = found / (257 if depth == 16 else 1), expected.astype(float)
    if colour >= 4:  # what is hardly seen has rough colours in Pillow's 8 bits
        seen[..., :-1] *= seen[..., -1:] / 255
        expected[..., :-1] *= expected[..., -1:] / 255
    assert np.abs(seen - expected).max() < 2


@pytest.mark.parametrize("depth", [1, 8])
def test_a_palette_at_another_size_has_the_colours_between(depth: int) -> None:
    values = samples(3, depth)
    file = crop(file_of(values, 3, depth), pixels=(25, 19))
    assert file[24:26] == bytes([8, 2])
    assert open_image(file).shape == (19, 25, 3)


def test_a_photo_is_no_larger_for_its_16_bits_than_pillow_makes_its_8_twice() -> None:
    deep = png(SCENE.astype(np.uint16) * 257, depth=16)
    shallow = crop(png(SCENE))
    assert shallow[24:26] == bytes([8, 2])
    assert len(crop(deep)) < 2.2 * len(shallow)


def test_a_palette_is_smaller_than_its_colours() -> None:
    values = samples(3, 4)
    data = file_of(values, 3, 4)
    assert len(crop(data)) < len(data)
