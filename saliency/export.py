"""Crops as files: pixels, sRGB; what they take over from the photo's file is in `saliency/originals.py`."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from PIL import Image

from saliency.formats import Format
from saliency.registry import look_up
from saliency.types import Aspect, Box, RgbImage


@dataclass(frozen=True, slots=True)
class FileFormat:
    """How a picture is written: Pillow's name, the suffix, and the options that keep quality high."""

    pillow: str
    suffix: str
    mime: str
    options: dict[str, object]


FILE_FORMATS = {
    "JPEG": FileFormat("JPEG", ".jpg", "image/jpeg", {"quality": 93, "subsampling": 0}),
    "PNG": FileFormat("PNG", ".png", "image/png", {}),
    "WebP": FileFormat("WEBP", ".webp", "image/webp", {"quality": 92, "method": 4}),
}
LOSSLESS_SUFFIXES = (".png", ".gif", ".bmp", ".tif", ".tiff")


def cut(image: RgbImage, box: Box) -> RgbImage:
    """The pixels of the image inside the box."""
    return image[box.top : box.bottom, box.left : box.right]


def render(image: RgbImage, box: Box, pixels: tuple[int, int] | None = None) -> RgbImage:
    """The pixels of the image inside the box, resized to `pixels` = (width, height) where they are given.

    By Lanczos' filter on the sRGB values as they are; a smaller box is enlarged.
    """
    inside = cut(image, box)
    if pixels in (None, (box.width, box.height)):
        return inside
    return np.asarray(Image.fromarray(inside).resize(pixels, Image.Resampling.LANCZOS))


def output_size(box: Box, pixels: tuple[int, int] | None, enlarge: bool = True) -> tuple[int, int]:
    """(width, height) of a crop's file: `pixels`, or the box's own, where none are asked for or it would be enlarged
    against the wish."""
    own = box.width, box.height
    return own if pixels is None or (enlargement(own, pixels) > 1 and not enlarge) else pixels


def enlargement(size: tuple[int, int], pixels: tuple[int, int]) -> float:
    """How many times a picture of `size` is enlarged to become `pixels`, both (width, height); below 1 it shrinks."""
    return max(pixels[0] / size[0], pixels[1] / size[1])


def encode(
    image: RgbImage, kind: str = "JPEG", quality: int | None = None, more: Mapping[str, object] | None = None
) -> bytes:
    """The file's bytes.

    image: for PNG and WebP also (H, W, 4), the last the opacity. kind: one of FILE_FORMATS. quality: 1..100, None for
    the format's own; PNG loses nothing and has none. more: options of Pillow's in place of the format's. Raises
    ValueError, with the names there are, for an unknown format, and for a quality out of range.
    """
    chosen = look_up("file format", kind, FILE_FORMATS)
    options = dict(chosen.options)
    if quality is not None:
        if not 1 <= quality <= 100:
            raise ValueError(f"quality is 1 to 100, got {quality}")
        if "quality" in options:
            options["quality"] = quality
    if more and "qtables" in more:
        options.pop("quality", None)  # it would be taken as a percentage of the tables
    options |= more or {}
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, chosen.pillow, **options)
    return buffer.getvalue()


def format_like(suffix: str) -> str:
    """The file format to write for an original of this suffix: lossless stays lossless, WebP WebP, else JPEG."""
    suffix = suffix.lower()
    if suffix in LOSSLESS_SUFFIXES:
        return "PNG"
    return "WebP" if suffix == ".webp" else "JPEG"


def crop_name(stem: str, method: str, shape: Format | Aspect | str, kind: str) -> str:
    """A file name that says what it is: "beach_gaze_16x9.jpg", or "beach_gaze_1200x630.jpg" for an exact size.

    shape: as text when the caller has its own words for it. kind: one of FILE_FORMATS.
    """
    part = shape.file_part if isinstance(shape, Format) else str(shape).replace(":", "x")
    return f"{stem}_{method}_{part}{FILE_FORMATS[kind].suffix}"
