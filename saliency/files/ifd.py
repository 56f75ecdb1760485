"""The tags of a TIFF file, and of EXIF, which is one: read leniently, nothing decoded."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

ORIENTATION, SUB_IFDS = 274, 330
_SHORT = 3
_FORMATS = {1: "B", 2: "B", _SHORT: "H", 4: "I", 6: "b", 7: "B", 8: "h", 9: "i", 13: "I", 16: "Q", 17: "q", 18: "Q"}
_MOST_TAGS, _MOST_VALUES = 4096, 1 << 20  # of a folder, of a tag: more is no picture's


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag where it lies in the file: nothing is copied before it is asked for, as thousands of tags may all point to
    the same million values. kind: TIFF's number for their type. count: of values. layout: of them, as struct has it."""

    kind: int
    count: int
    layout: str
    data: bytes
    at: int

    @property
    def values(self) -> tuple[int, ...]:
        """As whole numbers, text as its bytes."""
        return struct.unpack_from(self.layout, self.data, self.at)

    @property
    def first(self) -> int:
        """The first of the values, of which there is one at least."""
        return int(struct.unpack_from(self.layout[0] + self.layout[-1], self.data, self.at)[0])

    @property
    def text(self) -> str:
        return bytes(value & 0xFF for value in self.values).decode("latin-1").strip("\0 ")


def is_tiff(data: bytes) -> bool:
    """Whether the bytes begin like a TIFF file, a large one ("BigTIFF") included."""
    return data[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+", b"MM*\0", b"II\0*")


def first_ifd(data: bytes) -> dict[int, Tag]:
    """The tags of the first picture; what cannot be read is left out."""
    order, big = _layout(data)
    start = _unpack(order + ("Q" if big else "I"), data, 8 if big else 4)
    return ifd_at(data, start) if start is not None else {}


def ifd_at(data: bytes, start: int) -> dict[int, Tag]:
    """The tags of the folder that begins at a byte."""
    order, big = _layout(data)
    tags: dict[int, Tag] = {}
    for place, number, kind, length in _entries(data, start):
        if kind not in _FORMATS or length > _MOST_VALUES:
            continue
        layout = f"{order}{length}{_FORMATS[kind]}"
        size, at = struct.calcsize(layout), place + (12 if big else 8)
        if size > (8 if big else 4):
            at = _unpack(order + ("Q" if big else "I"), data, at) or 0
        if at + size <= len(data):
            tags.setdefault(number, Tag(kind, length, layout, data, at))
    return tags


def values_in(data: bytes) -> Iterator[tuple[int, int]]:
    """The number of each tag of the first picture, and how many values it says it has, however many these are."""
    order, big = _layout(data)
    start = _unpack(order + ("Q" if big else "I"), data, 8 if big else 4)
    return ((number, length) for _, number, _, length in _entries(data, start or 0))


def _entries(data: bytes, start: int) -> Iterator[tuple[int, int, int, int]]:
    """Of a folder's tags where each begins, its number, its kind and how many values it has."""
    order, big = _layout(data)
    layout, step = order + ("HHQ" if big else "HHI"), 20 if big else 12
    count = _unpack(order + ("Q" if big else "H"), data, start) or 0
    first = start + (8 if big else 2)
    for place in range(first, min(first + step * min(count, _MOST_TAGS), len(data) - step + 1), step):
        yield place, *struct.unpack_from(layout, data, place)


def first_value(tags: Mapping[int, Tag], number: int, otherwise: int) -> int:
    """The first value of a tag, or what stands for it where there is none."""
    tag = tags.get(number)
    return tag.first if tag and tag.count else otherwise


def exif_orientation(exif: bytes) -> int:
    """1 to 8, as EXIF says a picture lies in its file; 1 where it does not say so as browsers read it.

    exif: with or without its "Exif" in front.
    """
    exif = exif.removeprefix(b"Exif\0\0")
    if not is_tiff(exif):
        return 1
    tag = first_ifd(exif).get(ORIENTATION)
    if tag is None or tag.kind != _SHORT or tag.count != 1 or not 1 <= tag.first <= 8:
        return 1
    return tag.first


def is_whole(data: bytes) -> bool:
    """Whether the first picture's tags are there, as many as it says."""
    order, big = _layout(data)
    start = _unpack(order + ("Q" if big else "I"), data, 8 if big else 4)
    count = None if start is None else _unpack(order + ("Q" if big else "H"), data, start)
    return count is not None and start is not None and start + count * (20 if big else 12) < len(data)


def _layout(data: bytes) -> tuple[str, bool]:
    """The order of bytes, and whether places take eight of them."""
    return "<" if data[:2] == b"II" else ">", 43 in data[2:4]


def _unpack(layout: str, data: bytes, at: int) -> int | None:
    try:
        return int(struct.unpack_from(layout, data, at)[0])
    except struct.error:
        return None
