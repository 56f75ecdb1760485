"""Crops as files: pixels, sRGB; what they take over from the photo's file is in `saliency/originals.py`."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from PIL import Image

from saliency.formats import Format
from saliency.grounds import opaque
from saliency.registry import look_up
from saliency.types import Aspect, Box, Pixels


@dataclass(frozen=True, slots=True)
class FileFormat:
    """How a picture is written: Pillow's name, the suffix, and the options that keep quality high. opacity: whether it
    can be transparent; else what is becomes white."""

    pillow: str
    suffix: str
    mime: str
    options: dict[str, object]
    opacity: bool = True


FILE_FORMATS = {
    "JPEG": FileFormat("JPEG", ".jpg", "image/jpeg", {"quality": 93, "subsampling": 0}, opacity=False),
    "PNG": FileFormat("PNG", ".png", "image/png", {}),
    "WebP": FileFormat("WEBP", ".webp", "image/webp", {"quality": 92, "method": 4}),
    "GIF": FileFormat("GIF", ".gif", "image/gif", {}),
    "AVIF": FileFormat("AVIF", ".avif", "image/avif", {"quality": 85, "subsampling": "4:4:4"}),
}
LOSSLESS_SUFFIXES = (".png", ".bmp", ".tif", ".tiff")
HALF = 128  # of an opacity
OWN_KIND = {".gif": "GIF", ".webp": "WebP", ".avif": "AVIF"}


def cut(image: Pixels, box: Box) -> Pixels:
    """The pixels of the image inside the box."""
    return image[box.top : box.bottom, box.left : box.right]


def render(image: Pixels, box: Box, pixels: tuple[int, int] | None = None) -> Pixels:
    """The pixels of the image inside the box, resized to `pixels` = (width, height) where they are given."""
    return scaled(cut(image, box), pixels)


def scaled(image: Pixels, pixels: tuple[int, int] | None) -> Pixels:
    """The image at `pixels` = (width, height), or as it is where they are None.

    By Lanczos' filter on the sRGB values, weighed by their opacity; a smaller image is enlarged.
    """
    if pixels in (None, image.shape[1::-1]):
        return image
    return np.asarray(Image.fromarray(image).resize(pixels, Image.Resampling.LANCZOS))


def output_size(box: Box, pixels: tuple[int, int] | None, enlarge: bool = True) -> tuple[int, int]:
    """(width, height) of a crop's file: `pixels`, or the box's own, where none are asked for or it would be enlarged
    against the wish."""
    own = box.width, box.height
    return own if pixels is None or (enlargement(own, pixels) > 1 and not enlarge) else pixels


def enlargement(size: tuple[int, int], pixels: tuple[int, int]) -> float:
    """How many times a picture of `size` is enlarged to become `pixels`, both (width, height); below 1 it shrinks."""
    return max(pixels[0] / size[0], pixels[1] / size[1])


def encode(
    image: Pixels, kind: str = "JPEG", quality: int | None = None, more: Mapping[str, object] | None = None
) -> bytes:
    """The file's bytes.

    image: what is transparent lies on white in a JPEG. kind: one of FILE_FORMATS. quality: 1..100, None for the
    format's own; PNG loses nothing and has none. more: options of Pillow's in place of the format's. Raises ValueError,
    with the names there are, for an unknown format, and for a quality out of range.
    """
    chosen, options = look_up("file format", kind, FILE_FORMATS), file_options(kind, quality, more)
    if not chosen.opacity:
        image = opaque(image)
    buffer = io.BytesIO()
    (indexed(image) if kind == "GIF" else Image.fromarray(image)).save(buffer, chosen.pillow, **options)
    return buffer.getvalue()


def file_options(kind: str, quality: int | None, more: Mapping[str, object] | None) -> dict[str, object]:
    """Pillow's options for a file; raises ValueError as `encode`."""
    options = dict(look_up("file format", kind, FILE_FORMATS).options)
    if quality is not None:
        if not 1 <= quality <= 100:
            raise ValueError(f"quality is 1 to 100, got {quality}")
        if "quality" in options:
            options["quality"] = quality
    if more and "qtables" in more:
        options.pop("quality", None)  # it would be taken as a percentage of the tables
    return options | dict(more or {})


def indexed(image: Pixels) -> Image.Image:
    """The image with a palette: its own colours where they are 256 or fewer, else the nearest to them. Half of an
    opacity and more is opaque, less is transparent, which takes one of the 256."""
    if image.shape[2] == 3 or image[..., 3].min() >= HALF:
        return Image.fromarray(np.ascontiguousarray(image[..., :3])).quantize(256)
    clear = image[..., 3] < HALF
    colours = image[..., :3].copy()
    colours[clear] = colours.reshape(-1, 3)[np.argmin(clear)]  # that of the first pixel that is seen
    result = Image.fromarray(colours).quantize(255)
    palette = list(result.getpalette() or [])
    places = np.array(result)
    places[clear] = len(palette) // 3
    result = Image.fromarray(places)
    result.putpalette([*palette, 0, 0, 0])
    result.info["transparency"] = len(palette) // 3
    return result


def format_like(suffix: str) -> str:
    """The file format to write for an original of this suffix: lossless stays lossless, WebP and AVIF what they are,
    else JPEG."""
    suffix = suffix.lower()
    if suffix in LOSSLESS_SUFFIXES:
        return "PNG"
    return OWN_KIND.get(suffix, "JPEG")


def crop_name(stem: str, method: str, shape: Format | Aspect | str, kind: str) -> str:
    """A file name that says what it is: "beach_gaze_16x9.jpg", or "beach_gaze_1200x630.jpg" for an exact size.

    shape: as text when the caller has its own words for it. kind: one of FILE_FORMATS.
    """
    part = shape.file_part if isinstance(shape, Format) else str(shape).replace(":", "x")
    return f"{stem}_{method}_{part}{FILE_FORMATS[kind].suffix}"
