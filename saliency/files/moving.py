"""Frames of an animation, one after the other, as browsers show them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from PIL import Image

from saliency.files.deep import is_deep, to_8_bit
from saliency.files.errors import DamagedError
from saliency.files.stored import Grey, Size
from saliency.limits import FRAMES

MOST_FRAMES = int(FRAMES.value())
NONE, BACKGROUND, PREVIOUS = range(3)  # what becomes of a piece once it was shown: it stays, it goes, it never was


@dataclass(frozen=True, slots=True)
class Moving:
    """An animation whose header has been read, and none of its frames.

    milliseconds: how long each frame is shown, of at most one more than MOST_FRAMES. plays: how often all are, 0 for
    ever. frames: decodes them, each as large as the canvas and as it lies in the file; it may be called again.
    """

    milliseconds: tuple[float, ...]
    plays: int
    frames: Callable[[], Iterator[Image.Image]]


@dataclass(frozen=True, slots=True)
class Piece:
    """What changes from a frame to the next. place: left, top, width and height on the canvas. disposal: NONE,
    BACKGROUND or PREVIOUS. over: whether it is laid over what is there, or stands in place of it."""

    place: tuple[int, int, int, int]
    decode: Callable[[], Image.Image]
    milliseconds: float
    disposal: int = NONE
    over: bool = True


def check_inside(place: tuple[int, int, int, int], canvas: Size) -> None:
    """Raises DamagedError for a piece beyond the canvas: no more is decoded than the canvas has."""
    left, top, width, height = place
    if not (0 < width <= canvas[0] - left and 0 < height <= canvas[1] - top):
        raise DamagedError("a frame does not lie on its canvas")


def composed(canvas: Size, pieces: Sequence[Piece]) -> Iterator[Image.Image]:
    """The canvas after each piece, in RGBA: at first all is transparent."""
    picture = Image.new("RGBA", canvas)
    for piece in pieces:
        left, top, width, height = piece.place
        box = left, top, left + width, top + height
        before = picture.crop(box) if piece.disposal == PREVIOUS else None
        image = piece.decode()
        if image.size != (width, height):
            raise DamagedError("a frame is not as large as it says")
        drawn = (to_8_bit(image, Grey(0, 65535)) if is_deep(image) else image).convert("RGBA")
        if piece.over:
            picture.alpha_composite(drawn, (left, top))
        else:
            picture.paste(drawn, box)
        yield picture.copy()
        if piece.disposal != NONE:
            picture.paste(before or Image.new("RGBA", (width, height)), box)
