"""What a worker can be asked to do with a file's bytes: plain functions, and how what they return comes back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from saliency.animation import Animation, open_animation
from saliency.image import Least, Opened, image_size, open_picture
from saliency.locked.answers import (
    Looked,
    Parts,
    Plain,
    pack_files,
    pack_looked,
    pack_opened,
    pack_size,
    unpack_files,
    unpack_looked,
    unpack_opened,
    unpack_size,
)
from saliency.pad import Border, Canvas
from saliency.photo_file import Original, Writing
from saliency.regions import marked
from saliency.types import Box


@dataclass(frozen=True, slots=True)
class Order:
    """One file to be cut from a photo. box: what is shown of it. pixels: (width, height), None as cut. canvas, border:
    where it stands on one, which then has the size."""

    box: Box
    how: Writing
    pixels: tuple[int, int] | None = None
    canvas: Canvas | None = None
    border: Border | None = None

    def of(self, original: Original) -> bytes:
        """The file's bytes. Raises ValueError as `Original.crop`."""
        if self.canvas and self.border:
            return original.padded(self.box, self.canvas, self.border, self.how)
        return original.crop(self.box, self.pixels, self.how)


@dataclass(frozen=True, slots=True)
class Job:
    """run: takes the file's bytes, what must remain of it where that is asked for, and what else there is. pack and
    unpack: what it returns as an answer, and back."""

    run: Callable[..., Any]
    pack: Callable[[Any, Parts], Plain]
    unpack: Callable[[Plain, memoryview], Any]


def _size(data: bytes, least: Least | None) -> tuple[int, int]:  # noqa: ARG001
    return image_size(data)


def _open(data: bytes, least: Least | None) -> Opened:
    return open_picture(data, least)


def _look(data: bytes, least: Least | None) -> Looked:
    picture, animation, told = open_picture(data, least), open_animation(data), marked(data)
    if isinstance(animation, Animation):
        return Looked(picture, tuple(animation.looks()), len(animation.milliseconds), marked=told)
    return Looked(picture, still=animation.why if animation else "", marked=told)


def _write(data: bytes, least: Least | None, orders: Sequence[Order]) -> list[bytes]:  # noqa: ARG001
    original = Original(data, open_picture(data), open_animation(data))
    return [order.of(original) for order in orders]


JOBS = {
    "size": Job(_size, pack_size, unpack_size),
    "open": Job(_open, pack_opened, unpack_opened),
    "look": Job(_look, pack_looked, unpack_looked),
    "write": Job(_write, pack_files, unpack_files),
}
