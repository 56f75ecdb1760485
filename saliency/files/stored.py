"""A picture as it lies in its file: what every reader gives, and every way to open it goes by."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray
from PIL import Image

from saliency.files.colours import Colours
from saliency.types import RgbImage

Size = tuple[int, int]
"""Width and height."""

Samples = NDArray[Any]
"""(H, W) or (H, W, channels) numbers of uint8 or uint16."""

Part = tuple[int, int, int, int]
"""Left, top, right and bottom in stored pixels, half-open."""


@dataclass(frozen=True, slots=True)
class Grey:
    """What the numbers of a deep grey picture mean: black and white, None for what its own values suggest.

    unsigned: whether 32-bit numbers have no sign.
    """

    black: float | None = None
    white: float | None = None
    unsigned: bool = False
    inverted: bool = False


@dataclass(frozen=True, slots=True)
class Stored:
    """A picture whose header has been read, and not yet its pixels.

    size: (width, height) of the pixels as they are stored. decode: gives them, at least as large as a size where one is
    given. orientation: 1 to 8, how they lie (EXIF, tag 274). profile: of their colours (ICC); colours: what they mean
    where another note says so. grey: of pictures with one deep channel. drawn: what the file draws, where
    that is not all; the rest is transparent. metadata: bytes of what is said about the picture, where only its decoder
    finds that (else see `metadata_bytes`). quick: the same as `decode` at once as pixels of sRGB, as they are
    stored, where there is a way; None of a file that it does not take.
    """

    size: Size
    decode: Callable[[Size | None], Image.Image]
    orientation: int = 1
    profile: bytes = b""
    colours: Colours | None = None
    grey: Grey = field(default_factory=Grey)
    drawn: Part | None = None
    metadata: int = 0
    quick: Callable[[Size | None], RgbImage | None] = lambda _: None


def by_pillow(data: bytes, kind: str) -> Image.Image:
    """The file as Pillow opens it, as this kind of file and no other."""
    return Image.open(io.BytesIO(data), formats=[kind])


def decoder_of(image: Image.Image) -> Callable[[Size | None], Image.Image]:
    """How Pillow decodes a file that it has opened: a JPEG smaller where that is enough."""

    def decode(least: Size | None) -> Image.Image:
        if least:
            image.draft(None, least)
        image.load()
        return image

    return decode
