"""A photo of the list: where its bytes are, and how to tell that they are not what they were."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from saliency.bulk.remote import is_url

WHOLE_FILE = -1


@dataclass(frozen=True, slots=True)
class Item:
    """place: a path, with the bytes of its name as they are, or an address. row: in the table at that place, from 0 on;
    WHOLE_FILE where the place itself is the photo. stamp: the size and time of the file, or what a bucket has for it;
    empty where that was not looked up."""

    place: bytes
    row: int = WHOLE_FILE
    stamp: str = ""

    @property
    def url(self) -> str:
        """The address, empty for a path."""
        text = self.place.decode(errors="replace")
        return text if is_url(text) else ""

    @property
    def path(self) -> str:
        """What the photo is called in the results. Bytes of a file's name that are no text are written as \\xe9."""
        text = self.place.decode(errors="backslashreplace")
        return text if self.row == WHOLE_FILE else f"{text}#{self.row}"


def place_of(path: str | os.PathLike[str]) -> bytes:
    """A path as bytes, with the names as the disk has them."""
    return os.fsencode(path)


def local_item(path: str | Path) -> Item:
    """A file of this machine, as it is now; without a stamp where it cannot be looked at."""
    try:
        return Item(place_of(path), stamp=stamp_of(Path(path).stat()))
    except (OSError, ValueError):  # a name that no file can have
        return Item(place_of(path))


def stamp_of(status: os.stat_result) -> str:
    return f"{status.st_size}-{status.st_mtime_ns}"


def first(items: Iterable[Item], count: int) -> Iterator[Item]:
    """No more than so many, and not one asked for beyond them."""
    for number, item in enumerate(items, 1):
        yield item
        if number == count:
            return
