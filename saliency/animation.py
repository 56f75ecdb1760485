"""Animations: their frames opened one after the other, and the few of them that are looked at."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from PIL import Image

from saliency.files import ANIMATIONS, READERS
from saliency.files.errors import DamagedError, ImageError
from saliency.files.moving import MOST_FRAMES, Moving
from saliency.files.orientation import upright_size
from saliency.files.pixels import is_see_through, srgb_pixels
from saliency.files.stored import Size, Stored
from saliency.image import MAX_BYTES, MAX_PIXELS, Opened, Source, file_kind, read_file
from saliency.limits import FRAMES, PIXELS, Limit

LOOKS = 5  # frames whose maps are averaged


@dataclass(frozen=True, slots=True)
class Animation:
    """The frames of a file that shows more than one.

    size: (width, height) of each. milliseconds: how long each is shown. plays: how often all are, 0 for ever.
    clear: whether anything in any of them is transparent.
    """

    size: Size
    milliseconds: tuple[float, ...]
    plays: int
    clear: bool
    _images: Callable[[], Iterator[Image.Image]]
    _stored: Stored

    def frames(self) -> Iterator[Opened]:
        """All, each opened when it is asked for, as `open_picture` does."""
        return self._opened(range(len(self.milliseconds)))

    def looks(self) -> Iterator[Opened]:
        """Those that `looked_at` names."""
        return self._opened(self.looked_at())

    def looked_at(self) -> list[int]:
        """The frames that are shown in the middle of each fifth of the time, from 0."""
        times = self.milliseconds if sum(self.milliseconds) > 0 else (1.0,) * len(self.milliseconds)
        ends = list(accumulate(times))
        middles = [ends[-1] * (part + 0.5) / LOOKS for part in range(LOOKS)]
        return sorted({bisect_right(ends, middle) for middle in middles})

    def _opened(self, wanted: Collection[int]) -> Iterator[Opened]:
        last = max(wanted)
        for rank, image in enumerate(self._images()):
            if rank in wanted:
                colours, opacity = srgb_pixels(image, self._stored)
                yield Opened(np.ascontiguousarray(colours), self.size, opacity=opacity)
            if rank == last:
                return


@dataclass(frozen=True, slots=True)
class Still:
    """An animation of which the first frame alone is used. why: in words. limit: beyond which it is, if that is why."""

    why: str
    limit: Limit | None = None

    def told_owner(self) -> str:
        """Why, for whoever runs the program, and so can raise the limit."""
        return f"{self.why}; {self.limit.setting} raises that" if self.limit else self.why


def looks_of(animation: Animation | Still | None) -> Iterator[Opened]:
    """The few frames that are looked at, each opened when it is asked for; none where there is one picture."""
    return animation.looks() if isinstance(animation, Animation) else iter(())


def open_animation(
    source: Source, *, max_bytes: int = MAX_BYTES, max_pixels: int = MAX_PIXELS, strict: bool = False
) -> Animation | Still | None:
    """The animation in a file that `open_picture` opens, every frame decoded once; None where there is one picture.

    Still for one of more than 1000 frames, or of more pixels in all its frames than one picture may have, of which no
    frame is decoded, and for a damaged one, which `strict` refuses. Raises ImageError.
    """
    data = read_file(source, max_bytes)
    kind = file_kind(data)
    if kind not in ANIMATIONS:
        return None
    try:
        moving = ANIMATIONS[kind](data)
        if moving is None:
            return None
        stored = READERS[kind](data)
        size = upright_size(stored.size, stored.orientation)
        if too_much := _too_much(len(moving.milliseconds), size, min(max_pixels, MAX_PIXELS)):
            return too_much
        return Animation(size, moving.milliseconds, moving.plays, _is_clear(moving), moving.frames, stored)
    except MemoryError:
        raise ImageError("the animation needs more memory than there is; send a smaller one") from None
    except Exception as error:  # of hostile bytes, of which the first frame may well be sound
        if strict:
            raise ImageError("the animation is damaged; send it again") from error
        return Still("it is damaged")


def _too_much(count: int, size: Size, max_pixels: int) -> Still | None:
    if count > MOST_FRAMES:
        return Still(f"it has more than {MOST_FRAMES}", FRAMES)
    if count * size[0] * size[1] > max_pixels:
        return Still(f"all {count} have more than {max_pixels / 1e6:g} million pixels", PIXELS)
    return None


def _is_clear(moving: Moving) -> bool:
    """Whether any frame is transparent anywhere. Raises what decoders raise, DamagedError where frames are missing."""
    clear, count = False, 0
    for image in moving.frames():
        clear = clear or (is_see_through(image) and image.convert("RGBA").getchannel("A").getextrema() != (255, 255))
        count += 1
    if count < len(moving.milliseconds):
        raise DamagedError(f"there are {count} frames of {len(moving.milliseconds)}")
    return clear
