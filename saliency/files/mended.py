"""A damaged file made whole again, as far as it goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from saliency.files.stored import Part, Size

Check = Callable[[Size], None]
"""Raises ImageError for a (width, height) that is beyond a limit: called before anything of that size is made."""


@dataclass(frozen=True, slots=True)
class Mended:
    """data: a file that can be read. drawn: what of the stored pixels is the picture's own, where that is not all.
    doubled: rows of an interlaced picture that are gone, for which the row above stands. damage: a few words on what
    was wrong with the picture itself; empty where only something around it was.
    """

    data: bytes
    drawn: Part | None = None
    doubled: range = range(0)
    damage: str = ""
