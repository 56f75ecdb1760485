"""The one door for untrusted files: what it lets in comes out right, what it does not is refused with a sentence."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from saliency.image import ImageError, open_image
from saliency.types import RgbImage
from tests.scenes import gradient

PICTURE = gradient((64, 48))


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def close(a: RgbImage, b: RgbImage, tolerance: float) -> bool:
    return a.shape == b.shape and float(np.abs(a.astype(float) - b).mean()) <= tolerance


@pytest.mark.parametrize(
    ("kind", "options", "tolerance"),
    [
        ("JPEG", {"quality": 95, "subsampling": 0}, 2),
        ("JPEG", {"quality": 95, "subsampling": 0, "progressive": True}, 2),
        ("PNG", {}, 0),
        ("WEBP", {"lossless": True}, 0),
        ("AVIF", {"quality": 95}, 3),
        ("HEIF", {"quality": 95}, 3),
        ("TIFF", {}, 0),
        ("BMP", {}, 0),
    ],
)
def test_every_format_gives_the_same_picture(kind: str, options: dict[str, object], tolerance: float) -> None:
    assert close(open_image(encoded(Image.fromarray(PICTURE), kind, **options)), PICTURE, tolerance)


def test_a_path_bytes_and_a_file_are_the_same(tmp_path: Path) -> None:
    data = encoded(Image.fromarray(PICTURE), "PNG")
    path = tmp_path / "picture.jpg"  # the name lies; the content decides
    path.write_bytes(data)
    for source in (path, str(path), data, io.BytesIO(data)):
        np.testing.assert_array_equal(open_image(source), PICTURE)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_every_exif_orientation_gives_the_same_picture(orientation: int, kind: str) -> None:
    # how a camera held each way stores an upright scene: TIFF 6.0, tag 274, written out row and column by hand
    stored = {
        1: PICTURE,
        2: PICTURE[:, ::-1],
        3: PICTURE[::-1, ::-1],
        4: PICTURE[::-1],
        5: PICTURE.transpose(1, 0, 2),
        6: PICTURE.transpose(1, 0, 2)[::-1],
        7: PICTURE.transpose(1, 0, 2)[::-1, ::-1],
        8: PICTURE.transpose(1, 0, 2)[:, ::-1],
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    best: dict[str, dict[str, Any]] = {"JPEG": {"quality": 95, "subsampling": 0}, "WEBP": {"lossless": True}}
    data = encoded(Image.fromarray(np.ascontiguousarray(stored)), kind, exif=exif, **best.get(kind, {}))
    assert close(open_image(data), PICTURE, 2 if kind == "JPEG" else 0)


def test_broken_exif_is_no_reason_to_refuse() -> None:
    data = encoded(Image.fromarray(PICTURE), "JPEG", exif=b"Exif\x00\x00II*\x00\xff\xff\xff\xff garbage", quality=95)
    assert open_image(data).shape == PICTURE.shape


def test_the_first_frame_of_an_animation_is_taken() -> None:
    frames = [Image.fromarray(np.full((10, 12, 3), value, np.uint8)) for value in (255, 0)]
    for kind in ("GIF", "WEBP", "TIFF", "PNG"):
        data = encoded(frames[0], kind, save_all=True, append_images=frames[1:])
        assert open_image(data).mean() > 250, kind


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "YCbCr", "I;16"])
def test_every_pixel_mode_becomes_rgb(mode: str) -> None:
    grey = np.linspace(0, 255, 40 * 30).reshape(30, 40).astype(np.uint8)
    if mode == "1":
        grey = np.where(grey > 127, 255, 0).astype(np.uint8)
    image = Image.fromarray(grey.astype(np.uint16) * 257) if mode == "I;16" else Image.fromarray(grey)
    if mode in ("RGBA", "CMYK", "YCbCr"):
        image = image.convert("RGB")
    opened = open_image(encoded(image.convert(mode), "TIFF"))
    assert close(opened, np.repeat(grey[..., None], 3, axis=2), 1)


def test_alpha_is_laid_over_white() -> None:
    pixels = np.zeros((2, 3, 4), np.uint8)
    pixels[..., 3] = [[0, 128, 255]] * 2
    for ground in ("", "white"):
        opened = open_image(encoded(Image.fromarray(pixels), "PNG"), ground=ground)
        np.testing.assert_allclose(opened[0, :, 0], [255, 127, 0], atol=1)
    palette = Image.new("P", (2, 1))
    palette.putpalette([10, 20, 30, 0, 0, 0])
    palette.putpixel((1, 0), 1)
    np.testing.assert_array_equal(
        open_image(encoded(palette, "PNG", transparency=1)), [[[10, 20, 30], [255, 255, 255]]]
    )


@pytest.mark.parametrize("values", [np.array([[0.0, 0.5, 1.0]]), np.array([[0.0, 127.5, 255.0]])])
def test_float_pixels_are_scaled(values: np.ndarray) -> None:
    data = encoded(Image.fromarray(values.astype(np.float32)), "TIFF")
    np.testing.assert_allclose(open_image(data)[0, :, 0], [0, 127.5, 255], atol=0.5)


def test_a_colour_profile_is_converted() -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    # sRGB with its red and blue primaries exchanged: the right answer is the picture with red and blue exchanged
    exchanged = srgb.replace(b"rXYZ", b"tmp!").replace(b"bXYZ", b"rXYZ").replace(b"tmp!", b"bXYZ")
    for kind in ("PNG", "TIFF"):
        data = encoded(Image.fromarray(PICTURE), kind, icc_profile=exchanged)
        assert close(open_image(data), PICTURE[..., ::-1], 2)


def test_a_broken_colour_profile_is_ignored() -> None:
    data = encoded(Image.fromarray(PICTURE), "PNG", icc_profile=b"not a profile")
    np.testing.assert_array_equal(open_image(data), PICTURE)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"hello, this is text", "not a JPEG"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n", "not a JPEG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>", "not a JPEG"),
        (b"\x89PNG\r\n\x1a\n", "damaged|not a JPEG"),
        (b"\xff\xd8\xff\xe0", "damaged|not a JPEG"),
        (b"<!---->" * 140, "not a JPEG"),  # comments before a drawing, each of which might go on to the end of the next
        (b"P6 2 2 255 " + b"\0" * 12, "not a JPEG"),
    ],
)
def test_what_is_no_picture_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(ImageError, match=reason):
        open_image(data)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "HEIF", "GIF", "TIFF", "BMP"])
def test_a_truncated_file_is_refused(kind: str) -> None:
    data = encoded(Image.fromarray(gradient((300, 200))), kind)
    with pytest.raises(ImageError, match="damaged|not a JPEG"):
        open_image(data[: len(data) // 2])


def test_a_bomb_is_refused_from_its_header() -> None:
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", len(header)) + b"IHDR" + header + struct.pack(">I", zlib.crc32(b"IHDR" + header))
    with pytest.raises(ImageError, match="million pixels"):
        open_image(b"\x89PNG\r\n\x1a\n" + chunk + b"\0\0\0\0IDAT" + struct.pack(">I", zlib.crc32(b"IDAT")))


@pytest.mark.parametrize("limits", [{"max_pixels": 64 * 48 - 1}, {"max_bytes": 1000}])
def test_limits_can_be_lowered(limits: dict[str, Any]) -> None:
    data = encoded(Image.fromarray(PICTURE), "BMP")
    open_image(data, max_pixels=64 * 48, max_bytes=len(data))
    with pytest.raises(ImageError, match="; the limit is .*; send a smaller one"):
        open_image(data, **limits)


def test_a_missing_file_is_named_by_the_system() -> None:
    with pytest.raises(ImageError, match="No such file"):
        open_image("no/such/picture.jpg")


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP"]), st.data())
def test_damaged_bytes_give_a_picture_or_an_image_error(kind: str, data: st.DataObject) -> None:
    whole = bytearray(encoded(Image.fromarray(PICTURE), kind))
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        opened = open_image(bytes(whole))
    except ImageError as error:
        assert str(error)
    else:
        assert opened.dtype == np.uint8
        assert opened.ndim == 3
