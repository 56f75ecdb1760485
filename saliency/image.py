"""Bytes -> RgbImage: the one door for untrusted files.

Every limit is checked before a pixel is decoded; only the formats listed here are tried, whatever the file is called;
what comes out is upright sRGB pixels and nothing else of the file. What is particular to a format is
in `saliency/files`.
"""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO, TypeVar

import cv2
import numpy as np
from PIL import Image, PngImagePlugin, UnidentifiedImageError

from saliency.files import MENDERS, READERS
from saliency.files.errors import DamagedError, ImageError, TooLargeError
from saliency.files.floors import check_decoders
from saliency.files.kinds import kind_of
from saliency.files.mended import Mended
from saliency.files.metadata import metadata_bytes
from saliency.files.orientation import as_stored, upright, upright_box, upright_size
from saliency.files.pixels import srgb_pixels
from saliency.files.plain import open_plain
from saliency.files.stored import Part, Size, Stored
from saliency.grounds import best_ground, laid_over
from saliency.limits import ASPECT, BYTES, METADATA, PIXELS, SIDE
from saliency.types import Box, Opacity, Pixels, RgbImage

SUFFIXES = ("jpg", "jpeg", "png", "webp", "avif", "heic", "heif", "gif", "tif", "tiff", "bmp")
MAX_BYTES, MAX_PIXELS, MAX_METADATA = int(BYTES.value()), int(PIXELS.value()), int(METADATA.value())
MAX_SIDE, MAX_ASPECT = SIDE.value(), ASPECT.value()
NEARLY_WHOLE = 0.75  # the share of a damaged picture's pixels that must be there

# Pillow warns above this many pixels and refuses at twice as many; here both are refusals, and the check below agrees.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
PngImagePlugin.MAX_TEXT_CHUNK = PngImagePlugin.MAX_TEXT_MEMORY = MAX_METADATA  # unpacked
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)
# What Pillow thinks of a file's tags is of no use to whoever sent it; what matters is an ImageError.
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")
logging.getLogger("PIL").addHandler(logging.NullHandler())

Source = str | Path | bytes | BinaryIO
Least = Callable[[Size], Size]


@dataclass(frozen=True, slots=True)
class Opened:
    """A picture as it came out of its file.

    colours: upright and in sRGB, maybe reduced. size: (width, height) in full. damage: what was wrong, a sentence
    without its full stop, empty for a whole file; there: the part of the full picture that the file still had, None for
    all of it. The rest is white, or transparent. opacity: of each of the colours, None where all are opaque.
    """

    colours: RgbImage
    size: Size
    damage: str = ""
    there: Box | None = None
    opacity: Opacity | None = None

    @property
    def pixels(self) -> RgbImage:
        """To be looked at: where it is transparent, laid over the ground on which it shows most."""
        return self.over(best_ground(self.colours, self.opacity)) if self.opacity is not None else self.colours

    def over(self, ground: str) -> RgbImage:
        """Where it is transparent, laid over a ground, one of GROUNDS. Raises ValueError for an unknown one."""
        return self.colours if self.opacity is None else laid_over(self.colours, self.opacity, ground)

    def part(self, box: Box) -> Pixels:
        """What is inside a box, with its opacity. box: in pixels of these colours."""
        inside = np.s_[box.top : box.bottom, box.left : box.right]
        return self.colours[inside] if self.opacity is None else np.dstack([self.colours[inside], self.opacity[inside]])


def open_image(
    source: Source, *, max_bytes: int = MAX_BYTES, max_pixels: int = MAX_PIXELS, ground: str = ""
) -> RgbImage:
    """Decode one picture: a path, its bytes, or an open binary file.

    Returns (H, W, 3) uint8, upright (EXIF orientation 1-8 applied), sRGB (an embedded colour profile is converted, and
    so is what PNG, AVIF and HEIC say of colours without one), 16-bit reduced to 8; of an animation or a multi-page file
    the first frame. What is transparent is laid over `ground`, one of GROUNDS, as usual that on which the picture shows
    most. Metadata is gone. A file that breaks off near its end gives what is there; `open_picture` says so, or refuses
    it, and has the opacity.

    `max_bytes` sets the limit of this call, `max_pixels` can lower it; the settings of `saliency/limits.py` hold for
    the whole program.

    Raises ImageError when the file is missing, empty, too large, of another format, truncated or corrupt.
    """
    opened = open_picture(source, max_bytes=max_bytes, max_pixels=max_pixels)
    return opened.over(ground) if ground else opened.pixels


def open_reduced(
    source: Source, least: Least, *, max_bytes: int = MAX_BYTES, max_pixels: int = MAX_PIXELS
) -> tuple[RgbImage, Size]:
    """Decode one picture no larger than need be, for those who only look at it.

    `least` gives the size that must remain for a picture of a size, both (width, height) and upright. A JPEG is decoded
    at 1/2, 1/4 or 1/8 where that still has `least`, which takes a fraction of the time and memory; others come as
    they are. Returns the pixels, as `open_image` does, and the size that the picture has in full.

    Limits and errors are those of `open_image`.
    """
    opened = open_picture(source, least, max_bytes=max_bytes, max_pixels=max_pixels)
    return opened.pixels, opened.size


def open_picture(
    source: Source,
    least: Least | None = None,
    *,
    max_bytes: int = MAX_BYTES,
    max_pixels: int = MAX_PIXELS,
    strict: bool = False,
) -> Opened:
    """Decode one picture, in full or, with `least`, as `open_reduced` does, and say whether its file was damaged.

    Where a file breaks off, and at least three quarters of its pixels are there, these are opened; `strict` refuses it.
    Limits and errors are those of `open_image`.
    """

    def decode(stored: Stored, drawn: Mended | None) -> Opened:
        return _decoded(stored, least, drawn)

    return _with_stored(source, decode, max_bytes, min(max_pixels, MAX_PIXELS), strict)


def image_size(source: Source) -> Size:
    """(width, height) of the picture once upright, from its header alone. Raises ImageError as `open_image` does."""
    return _with_stored(
        source, lambda stored, _: upright_size(stored.size, stored.orientation), MAX_BYTES, MAX_PIXELS, strict=False
    )


T = TypeVar("T")


def _with_stored(
    source: Source, use: Callable[[Stored, Mended | None], T], max_bytes: int, max_pixels: int, strict: bool
) -> T:
    """What becomes of the picture whose header has been read and whose size has been checked, and once more of the
    mended one where that goes wrong; whatever goes wrong then is an ImageError."""
    data = read_file(source, max_bytes)
    try:
        kind = kind_of(data)
        try:
            return use(_stored(data, kind, max_pixels), None)
        except (ImageError, MemoryError, Image.DecompressionBombWarning, Image.DecompressionBombError):
            raise
        except Exception:
            if strict or kind not in MENDERS:
                raise
        mended = MENDERS[kind](data, partial(_check_size, max_pixels=max_pixels))
        return use(_stored(mended.data, kind, max_pixels), mended)
    except ImageError:
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        count = re.search(r"\d+", str(error))  # "Image size (200000000 pixels) exceeds limit of …"
        has = PIXELS.told(int(count[0])) if count else "more pixels"
        raise TooLargeError(PIXELS, f"the picture has {has}", max_pixels) from None
    except MemoryError:
        raise ImageError("the picture needs more memory than there is; send a smaller one") from None
    except Exception as error:  # decoders raise a dozen types on hostile bytes: all mean the same to the sender
        words = "" if isinstance(error, UnidentifiedImageError) else f" ({_first_words(error)})"
        raise ImageError(f"the picture is damaged or incomplete{words}; send it again") from error


def _stored(data: bytes, kind: str, max_pixels: int) -> Stored:
    _check_metadata(metadata_bytes(kind, data))
    stored = READERS[kind](data)
    _check_metadata(stored.metadata)
    _check_size(stored.size, max_pixels)
    return stored


def _decoded(stored: Stored, least: Least | None, mended: Mended | None) -> Opened:
    size = upright_size(stored.size, stored.orientation)
    wanted = upright_size(least(size), stored.orientation) if least else None
    there = mended.drawn if mended else None
    if mended and there and (there[2] - there[0]) * (there[3] - there[1]) < NEARLY_WHOLE * size[0] * size[1]:
        raise DamagedError(mended.damage)
    colours, opacity = _pixels(stored, wanted)
    if stored.drawn and opacity is None:
        opacity = np.full(colours.shape[:2], 255, np.uint8)
    if mended:
        colours = colours.copy()  # a small picture's own may not be written to
        _finish(colours, stored, mended)
    if opacity is not None:
        _finish(opacity, stored, mended)
    box = upright_box(there, stored.size, stored.orientation) if there else None
    return Opened(np.ascontiguousarray(colours), size, mended.damage if mended else "", box, opacity)


def _pixels(stored: Stored, least: Size | None) -> tuple[RgbImage, Opacity | None]:
    """Upright, in sRGB, and their opacity; None where all are opaque."""
    pixels = stored.quick(least)
    if pixels is not None:
        return upright(pixels, stored.orientation), None
    image = stored.decode(least)
    try:
        return srgb_pixels(image, stored)
    finally:
        image.close()


def _finish(pixels: Pixels | Opacity, stored: Stored, mended: Mended | None) -> None:
    """Write what the file does not have, into pixels or their opacity: white, transparent, or the row above."""
    pixels = as_stored(pixels, stored.orientation)
    if mended and mended.doubled:
        pixels[mended.doubled] = pixels[mended.doubled.start - 1 : -1 : 2]
    for part in (stored.drawn, mended.drawn if mended else None):
        if part:
            _blank_outside(pixels, part, stored.size)


def resized(image: RgbImage, size: tuple[int, int]) -> RgbImage:
    """The image at `size` = (width, height): averaged over areas when it shrinks, bilinear when it grows."""
    shrinks = size[0] * size[1] < image.shape[0] * image.shape[1]
    method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(image, size, interpolation=method), dtype=np.uint8)


def file_kind(data: bytes) -> str:
    """Pillow's name of what kind of file it is: "JPEG". Raises ImageError for one that cannot be opened."""
    return kind_of(data)


def read_file(source: Source, max_bytes: int = MAX_BYTES) -> bytes:
    """The bytes of the source, at most so many; one more is an error, so a huge file is never read whole.

    Raises ImageError, also where there are none, and DecoderError where what would decode them is known to be bad.
    """
    check_decoders()
    try:
        if isinstance(source, bytes):
            data = source
        elif isinstance(source, (str, Path)):
            with open_plain(source) as file:
                data = file.read(max_bytes + 1)
        else:
            data = source.read(max_bytes + 1)
    except OSError as error:
        raise ImageError(f"cannot read the file: {error.strerror or error}") from None
    if not data:
        raise ImageError("the file is empty")
    if len(data) > max_bytes:
        raise TooLargeError(BYTES, f"the file has {_megabytes(source, max_bytes)}", max_bytes)
    return data


def _megabytes(source: Source, more_than: int) -> str:
    """How large a file is that is too large, as far as it can be told without reading it."""
    if isinstance(source, bytes):
        return f"{len(source) / 1e6:.6g} MB"
    if isinstance(source, (str, Path)) and (size := Path(source).stat().st_size) > more_than:
        return f"{size / 1e6:.6g} MB"
    return f"more than {more_than / 1e6:g} MB"


def _check_size(size: tuple[int, int], max_pixels: int) -> None:
    width, height = size
    if width < 1 or height < 1:
        raise ImageError(f"the picture has no pixels ({width} x {height})")
    has = f"the picture is {width} x {height} pixels"
    if max(size) > MAX_SIDE:
        raise TooLargeError(SIDE, has)
    if width * height > max_pixels:
        raise TooLargeError(PIXELS, has, max_pixels)
    if max(size) > MAX_ASPECT * min(size):
        raise TooLargeError(ASPECT, has)


def _check_metadata(size: int) -> None:
    if size > MAX_METADATA:
        raise TooLargeError(METADATA, f"the file has {size / 1e3:.6g} kB of {METADATA.of.removesuffix(' of a photo')}")


def _blank_outside(pixels: Pixels | Opacity, drawn: Part, size: Size) -> None:
    """White or transparent where nothing was drawn, in pixels that may be a reduced picture of the size."""
    blank = 255 if pixels.ndim == 3 else 0
    height, width = pixels.shape[:2]
    left, right = -(-drawn[0] * width // size[0]), drawn[2] * width // size[0]
    top, bottom = -(-drawn[1] * height // size[1]), drawn[3] * height // size[1]
    for outside in (np.s_[:top], np.s_[bottom:], np.s_[:, :left], np.s_[:, right:]):
        pixels[outside] = blank


def _first_words(error: Exception) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= 80 else text[:77] + "..."
