"""The notes of crops: what a window cuts or keeps whole, what was asked for and could not be had, what is left out."""

from __future__ import annotations

from collections.abc import Sequence

from saliency.borders import left_out
from saliency.crop import EQUAL_GAZE
from saliency.export import FILE_FORMATS
from saliency.types import Box, Crop, Thing

WEIGHTY = 0.01
"""What a thing must be worth for a note to say that it is cut."""

LEFT = "left at the centre"


def short_note(keep: float | None, whole_things: Sequence[Thing], crop: Crop) -> str:
    """That the window keeps less gaze than the share `keep` that was asked for, with these things whole."""
    if keep is None or crop.kept >= keep - EQUAL_GAZE:
        return ""
    things = worth_a_word(whole_things)
    whole = sum(is_whole(thing, crop.box) for thing in things)
    too = f" with {counted(things, whole)} whole" if whole else ""
    return f"no crop of this shape keeps {100 * keep:.3g} %{too}, so the widest"


def cut_note(things: Sequence[Thing], window: Box) -> str:
    """How many of the things the window keeps whole; nothing where it is all of those that are worth a word."""
    weighty = worth_a_word(things)
    whole = sum(is_whole(thing, window) for thing in weighty)
    if len(weighty) == 1:
        return "" if whole else f"the {weighty[0].kind} is cut"
    return f"{whole} of {counted(weighty)} kept whole" if whole < len(weighty) else ""


def left_note(most: float) -> str:
    """Why a window lies where the centre crop does. most: what one elsewhere would keep more, at the most, 0..1."""
    points = f"{100 * most:.1f}"
    more = f"elsewhere at most {points} points of gaze more" if float(points) else "elsewhere it keeps less"
    return f"{LEFT}, as no crop is clearly better: {more}"


def worth_a_word(things: Sequence[Thing]) -> list[Thing]:
    """Those of which it is said whether they are cut."""
    return [thing for thing in things if thing.kind and thing.worth >= WEIGHTY]


def is_whole(thing: Thing, window: Box) -> bool:
    """Whether all of the thing lies in the window."""
    return window.holds(thing.box)


def reached_note(point: tuple[float, float], box: Box, part: Box) -> str:
    """Whether the window is centred on the point along the axes on which it can move."""
    room = part.width - box.width, part.height - box.height
    away = [abs(p - c) for p, c, free in zip(point, box.center, room, strict=True) if free]
    return (
        "centred on the chosen point" if max(away, default=0) <= 1 else "as near the chosen point as the border lets it"
    )


def bars_note(part: Box, size: tuple[int, int]) -> str:
    """What of the photo is left out before windows are sought."""
    return f"the plain bars left out: {left_out(part, size)}" if part != Box(0, 0, *size) else ""


def opacity_note(opacity: bool, kind: str) -> str:
    """What becomes of a transparent photo in a file of this kind, one of FILE_FORMATS, that cannot be transparent."""
    return f"what is transparent is white, as {kind} is opaque" if opacity and not FILE_FORMATS[kind].opacity else ""


def counted(things: Sequence[Thing], count: int | None = None) -> str:
    """So many of these things, by default all, by what they are: "1 head", "2 objects", "3 things"."""
    kinds = {thing.kind for thing in things}
    kind = kinds.pop() if len(kinds) == 1 else "thing"
    count = len(things) if count is None else count
    return f"1 {kind}" if count == 1 else f"{count} {kind}s"


def joined(*notes: str) -> str:
    """Those of the notes that say something, as one."""
    return "; ".join(note for note in notes if note)
