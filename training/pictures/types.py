"""What a source of pictures is, and what it gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from saliency.types import RgbImage

Kind = Literal["photo", "drawing", "screen"]
"""A photo, a drawing, or what is read on a screen: a page, a chart, a slide, a collage."""


class SourceMissing(RuntimeError):
    """The source cannot be had on this machine; the message says what it needs."""


@dataclass(frozen=True, slots=True)
class Made:
    """A picture as its source gives it, at any size.

    parts: the datasets that it has parts of, "scenes" among them for scenes, so that a run which leaves one out can
    leave the picture out.
    """

    image: RgbImage
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """Where pictures come from. name: also how its files' names begin. most: how many pictures are kept of it.

    licence: what the pictures may be used under, as the README prints it. make: gives them in the same order each time,
    more than are kept where there are more; raises SourceMissing, and DatasetNotFound for those of training photos.
    cuts: how many cuts in other shapes follow each picture that is kept.
    """

    name: str
    kind: Kind
    licence: str
    most: int
    make: Callable[[], Iterator[Made]]
    cuts: int = 0
