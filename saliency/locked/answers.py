"""What a worker answers: numbers and texts as JSON, pixels and files behind each other in memory that is shared.

A worker that a file has taken over can answer anything. So nothing here is unpickled, all is checked for its kind, and
what goes wrong is a ValueError.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from saliency.files.stored import Size
from saliency.image import Opened
from saliency.regions import Marked
from saliency.types import Box

Plain = Any
"""What JSON can say."""

MOST_TEXT = 500  # characters of what is said of a file


@dataclass(frozen=True, slots=True)
class Looked:
    """A photo, opened to be looked at. looks: of an animation the few frames that are looked at, else none. frames: how
    many it has, 1 where its first is used alone; still: why, in words. marked: where its file says to look."""

    picture: Opened
    looks: tuple[Opened, ...] = ()
    frames: int = 1
    still: str = ""
    marked: Marked | None = None


class Parts:
    """Bytes to be laid behind each other, each from a whole number of 64 on."""

    def __init__(self) -> None:
        self.end = 0
        self.all: list[tuple[int, memoryview]] = []

    def add(self, part: NDArray[np.uint8] | bytes) -> list[int]:
        """Where it will lie: its first byte and its length."""
        view = memoryview(part if isinstance(part, bytes) else part.data).cast("B")
        start = -(-self.end // 64) * 64
        self.all.append((start, view))
        self.end = start + len(view)
        return [start, len(view)]

    def write(self, memory: memoryview) -> None:
        for start, view in self.all:
            memory[start : start + len(view)] = view


def pack_size(size: Size, parts: Parts) -> Plain:  # noqa: ARG001
    return list(size)


def unpack_size(plain: Plain, memory: memoryview) -> Size:  # noqa: ARG001
    return _size(plain)


def pack_files(files: Sequence[bytes], parts: Parts) -> Plain:
    return [parts.add(file) for file in files]


def unpack_files(plain: Plain, memory: memoryview) -> list[bytes]:
    return [bytes(_part(place, memory)) for place in _listed(plain)]


def pack_opened(opened: Opened, parts: Parts) -> Plain:
    return {
        "colours": _pack_pixels(opened.colours, parts),
        "size": list(opened.size),
        "damage": opened.damage,
        "there": opened.there.as_list() if opened.there else None,
        "opacity": None if opened.opacity is None else _pack_pixels(opened.opacity, parts),
    }


def unpack_opened(plain: Plain, memory: memoryview) -> Opened:
    """Its pixels are those in the memory, and cannot be written to."""
    plain = _of(dict, plain)
    colours = _pixels(plain.get("colours"), memory, 3)
    opacity = None if plain.get("opacity") is None else _pixels(plain["opacity"], memory, 2)
    if opacity is not None and opacity.shape != colours.shape[:2]:
        raise ValueError("an opacity of another size than its colours")
    there = None if plain.get("there") is None else _box(plain["there"])
    return Opened(colours, _size(plain.get("size")), _text(plain.get("damage")), there, opacity)


def pack_looked(looked: Looked, parts: Parts) -> Plain:
    return {
        "picture": pack_opened(looked.picture, parts),
        "looks": [pack_opened(each, parts) for each in looked.looks],
        "frames": looked.frames,
        "still": looked.still,
        "marked": [*looked.marked.point, looked.marked.by] if looked.marked else None,
    }


def unpack_looked(plain: Plain, memory: memoryview) -> Looked:
    plain = _of(dict, plain)
    looks = tuple(unpack_opened(each, memory) for each in _listed(plain.get("looks")))
    marked = None if plain.get("marked") is None else _marked(plain["marked"])
    picture = unpack_opened(plain.get("picture"), memory)
    return Looked(picture, looks, _count(plain.get("frames")), _text(plain.get("still")), marked)


def _pack_pixels(pixels: NDArray[np.uint8], parts: Parts) -> Plain:
    return {"shape": list(pixels.shape), "at": parts.add(np.ascontiguousarray(pixels))}


def _pixels(plain: Plain, memory: memoryview, dimensions: int) -> NDArray[np.uint8]:
    plain = _of(dict, plain)
    shape = [_count(side) for side in _listed(plain.get("shape"))]
    if len(shape) != dimensions or shape[2:] not in ([], [3]):
        raise ValueError(f"pixels of the shape {shape}")
    return np.frombuffer(_part(plain.get("at"), memory), np.uint8).reshape(shape)


def _part(plain: Plain, memory: memoryview) -> memoryview:
    start, length = (_of(int, number) for number in _listed(plain))
    if not 0 <= start <= start + length <= len(memory):
        raise ValueError("a part beyond the memory")
    return memory[start : start + length]


def _size(plain: Plain) -> Size:
    width, height = (_count(side) for side in _listed(plain))
    return width, height


def _box(plain: Plain) -> Box:
    left, top, width, height = (_of(int, side) for side in _listed(plain))
    return Box(left, top, width, height)


def _marked(plain: Plain) -> Marked:
    x, y, by = _listed(plain)
    if not all(0 <= _of(float, value) <= 1 for value in (x, y)):
        raise ValueError("a point beyond the photo")
    return Marked((x, y), _text(by))


def _count(plain: Plain) -> int:
    if _of(int, plain) < 1:
        raise ValueError(f"{plain} is less than 1")
    return int(plain)


def _text(plain: Plain) -> str:
    return str(_of(str, plain)[:MOST_TEXT])


def _listed(plain: Plain) -> list[Plain]:
    return list(_of(list, plain))


def _of(kind: type, plain: Plain) -> Any:
    if type(plain) is not kind:
        raise ValueError(f"{type(plain).__name__} in place of {kind.__name__}")
    return plain
