"""Bytes -> RgbImage: the one door for untrusted files.

Every limit is checked before a pixel is decoded; only the formats listed here are tried, whatever the file is called;
what comes out is upright sRGB pixels and nothing else of the file.
"""

from __future__ import annotations

import io
import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import cv2
import numpy as np
import pillow_heif
from PIL import ExifTags, Image, ImageCms, ImageOps, UnidentifiedImageError

from saliency.types import RgbImage

FILE_TYPES = ("JPEG", "PNG", "WEBP", "AVIF", "HEIF", "GIF", "TIFF", "BMP")
SUFFIXES = ("jpg", "jpeg", "png", "webp", "avif", "heic", "heif", "gif", "tif", "tiff", "bmp")
MAX_BYTES = int(float(os.environ.get("GAZECROP_MAX_MEGABYTES", "25")) * 1e6)
MAX_PIXELS = int(float(os.environ.get("GAZECROP_MAX_MEGAPIXELS", "100")) * 1e6)

pillow_heif.register_heif_opener()
# Pillow warns above this many pixels and refuses at twice as many; here both are refusals, and the check below agrees.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)

_SRGB = ImageCms.createProfile("sRGB")


class ImageError(ValueError):
    """The file cannot be opened as a picture; the message is a sentence for the person who sent it."""


def open_image(
    source: str | Path | bytes | BinaryIO, *, max_bytes: int = MAX_BYTES, max_pixels: int = MAX_PIXELS
) -> RgbImage:
    """Decode one picture: a path, its bytes, or an open binary file.

    Returns (H, W, 3) uint8, upright (EXIF orientation 1-8 applied), sRGB (an embedded colour profile is converted),
    alpha laid over white, 16-bit reduced to 8; of an animation or a multi-page file the first frame. Metadata is gone.

    `max_bytes` and `max_pixels` can lower the limits of this call; the environment variables GAZECROP_MAX_MEGABYTES
    (default 25) and GAZECROP_MAX_MEGAPIXELS (default 100) set them for the whole program.

    Raises ImageError when the file is missing, empty, too large, of another format, truncated or corrupt.
    """
    with _opened(_read(source, max_bytes), min(max_pixels, MAX_PIXELS)) as image:
        image.load()
        return np.asarray(_to_srgb(_upright(image)), dtype=np.uint8)


def open_reduced(
    source: str | Path | bytes | BinaryIO,
    least: Callable[[tuple[int, int]], tuple[int, int]],
    *,
    max_bytes: int = MAX_BYTES,
    max_pixels: int = MAX_PIXELS,
) -> tuple[RgbImage, tuple[int, int]]:
    """Decode one picture no larger than need be, for those who only look at it.

    `least` gives the size that must remain for a picture of a size, both (width, height) and upright. A JPEG is decoded
    at 1/2, 1/4 or 1/8 where that still has `least`, which takes a fraction of the time and memory; others come as
    they are. Returns the pixels, as `open_image` does, and the size that the picture has in full.

    Limits and errors are those of `open_image`.
    """
    with _opened(_read(source, max_bytes), min(max_pixels, MAX_PIXELS)) as image:
        turned = _is_turned(image)
        size = (image.height, image.width) if turned else image.size
        width, height = least(size)
        image.draft(None, (height, width) if turned else (width, height))
        image.load()
        return np.asarray(_to_srgb(_upright(image)), dtype=np.uint8), size


@contextmanager
def _opened(data: bytes, max_pixels: int) -> Iterator[Image.Image]:
    """The picture with its header read and its size checked; whatever goes wrong inside is an ImageError."""
    try:
        with Image.open(io.BytesIO(data), formats=FILE_TYPES) as image:
            _check_size(image.size, max_pixels)
            yield image
    except ImageError:
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise ImageError(_too_many_pixels(max_pixels)) from None
    except UnidentifiedImageError:
        raise ImageError("this is not a JPEG, PNG, WebP, AVIF, HEIC, GIF, TIFF or BMP picture") from None
    except MemoryError:
        raise ImageError("the picture needs more memory than there is; send a smaller one") from None
    except Exception as error:  # decoders raise a dozen types on hostile bytes: all mean the same to the sender
        raise ImageError(f"the picture is damaged or incomplete ({_first_words(error)})") from error


def image_size(source: str | Path | bytes | BinaryIO) -> tuple[int, int]:
    """(width, height) of the picture once upright, from its header alone. Raises ImageError as `open_image` does."""
    with _opened(_read(source, MAX_BYTES), MAX_PIXELS) as image:
        return (image.height, image.width) if _is_turned(image) else image.size


def resized(image: RgbImage, size: tuple[int, int]) -> RgbImage:
    """The image at `size` = (width, height): averaged over areas when it shrinks, bilinear when it grows."""
    shrinks = size[0] * size[1] < image.shape[0] * image.shape[1]
    method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(image, size, interpolation=method), dtype=np.uint8)


def _read(source: str | Path | bytes | BinaryIO, max_bytes: int) -> bytes:
    """At most `max_bytes` bytes of the source; one byte more is an error, so a huge file is never read whole."""
    if isinstance(source, bytes):
        data = source
    elif isinstance(source, (str, Path)):
        try:
            with Path(source).open("rb") as file:
                data = file.read(max_bytes + 1)
        except OSError as error:
            raise ImageError(f"cannot read the file: {error.strerror or error}") from None
    else:
        data = source.read(max_bytes + 1)
    if not data:
        raise ImageError("the file is empty")
    if len(data) > max_bytes:
        raise ImageError(f"the file is larger than the limit of {max_bytes / 1e6:g} MB; send a smaller one")
    return data


def _check_size(size: tuple[int, int], max_pixels: int) -> None:
    width, height = size
    if width < 1 or height < 1:
        raise ImageError(f"the picture has no pixels ({width} x {height})")
    if width * height > max_pixels:
        raise ImageError(f"the picture is {width} x {height} pixels; " + _too_many_pixels(max_pixels))


def _too_many_pixels(max_pixels: int) -> str:
    return f"more than {max_pixels / 1e6:g} million pixels are not accepted; send a smaller one"


def _is_turned(image: Image.Image) -> bool:
    """Whether the picture lies on its side in the file; with unreadable EXIF it does not, as in `_upright`."""
    try:
        return image.getexif().get(ExifTags.Base.Orientation, 1) in (5, 6, 7, 8)
    except Exception:
        return False


def _upright(image: Image.Image) -> Image.Image:
    """The image with its EXIF orientation applied; unreadable EXIF counts as none."""
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # a broken EXIF block is no reason to refuse sound pixels
        return image


def _to_srgb(image: Image.Image) -> Image.Image:
    """Any Pillow mode -> RGB: deep pixels scaled to 8 bits, alpha over white, an embedded profile converted."""
    profile = image.info.get("icc_profile")
    image = _flatten(_to_8_bit(image))
    if profile and image.mode in ("RGB", "L", "CMYK", "LAB"):
        try:
            converted = ImageCms.profileToProfile(
                image, ImageCms.ImageCmsProfile(io.BytesIO(profile)), _SRGB, outputMode="RGB"
            )
            if converted is not None:
                return converted
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a broken or mismatched profile: the plain conversion below
    return image.convert("RGB")


def _to_8_bit(image: Image.Image) -> Image.Image:
    """Single-channel 16-bit, 32-bit and float images -> "L"; others as they are."""
    if not (image.mode.startswith("I") or image.mode == "F"):
        return image
    values = np.asarray(image, dtype=np.float64)
    values = np.nan_to_num(values, nan=0.0, posinf=np.inf, neginf=-np.inf)
    finite = values[np.isfinite(values)]
    low, high = (0.0, 65535.0) if image.mode.startswith("I;16") else _range(finite)
    scaled = (np.clip(values, low, high) - low) / (high - low) * 255
    return Image.fromarray(np.round(scaled).astype(np.uint8), "L")


def _range(finite: np.ndarray) -> tuple[float, float]:
    """The range that 32-bit and float pixels are spread over: 16-bit or unit range where they fit, else their own."""
    if finite.size == 0:
        return 0.0, 1.0
    low, high = float(finite.min()), float(finite.max())
    for top in (1.0, 255.0, 65535.0):
        if low >= 0 and high <= top:
            return 0.0, top
    return low, high


def _flatten(image: Image.Image) -> Image.Image:
    """Alpha or a transparent palette entry laid over white; palettes resolved."""
    if image.mode in ("P", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
    if image.mode in ("LA", "La", "RGBa"):
        image = image.convert("RGBA")
    if image.mode != "RGBA":
        return image
    white = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(white, image).convert("RGB")


def _first_words(error: Exception) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= 80 else text[:77] + "..."
