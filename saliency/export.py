"""Crops as files: pixels only, sRGB, no metadata of the original."""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image

from saliency.types import Aspect, Box, RgbImage


@dataclass(frozen=True, slots=True)
class FileFormat:
    """How a picture is written: Pillow's name, the suffix, and the options that keep quality high."""

    pillow: str
    suffix: str
    mime: str
    options: dict[str, object]


FILE_FORMATS = {
    "JPEG": FileFormat("JPEG", ".jpg", "image/jpeg", {"quality": 93, "subsampling": 0, "optimize": True}),
    "PNG": FileFormat("PNG", ".png", "image/png", {}),
    "WebP": FileFormat("WEBP", ".webp", "image/webp", {"quality": 92, "method": 4}),
}
LOSSLESS_SUFFIXES = (".png", ".gif", ".bmp", ".tif", ".tiff")


def cut(image: RgbImage, box: Box) -> RgbImage:
    """The pixels of the image inside the box."""
    return image[box.top : box.bottom, box.left : box.right]


def encode(image: RgbImage, format: str = "JPEG") -> bytes:
    """The file's bytes in one of FILE_FORMATS. Raises ValueError, with the names there are, for an unknown one."""
    if format not in FILE_FORMATS:
        raise ValueError(f"unknown file format {format!r}; available: {', '.join(FILE_FORMATS)}")
    chosen = FILE_FORMATS[format]
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, chosen.pillow, **chosen.options)
    return buffer.getvalue()


def format_like(suffix: str) -> str:
    """The file format to write for an original of this suffix: lossless stays lossless, WebP WebP, else JPEG."""
    suffix = suffix.lower()
    if suffix in LOSSLESS_SUFFIXES:
        return "PNG"
    return "WebP" if suffix == ".webp" else "JPEG"


def crop_name(stem: str, method: str, aspect: Aspect, format: str) -> str:
    """A file name that says what it is: "beach_gaze_16x9.jpg"."""
    return f"{stem}_{method}_{str(aspect).replace(':', 'x')}{FILE_FORMATS[format].suffix}"
