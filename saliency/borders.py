"""The picture inside plain bars or a frame: letterboxes, scans, white margins, pictures of pictures.

Found in the reduced photo that a network is shown, and sought again inside what was found: a black frame may have a
white mat. A bar lies along a side of the photo, is of one colour, and ends all at once, in a straight edge along which
something else begins. So an object on a plain ground has none around it, nor has a page with text, nor a clear sky.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from saliency.types import Borders, Box, RgbImage

STRAY = 0.02
"""The share of a bar's line that may be of another colour: dust, and what JPEG does beside the edge."""

EDGE = 0.7
"""The share of a bar's edge along which the colour must change at once; the rest may be as dark as the bar is."""

SOFT = 4
"""The most lines that an edge takes: the reduction mixes one, JPEG spoils up to three, and a scan is a little askew."""

BESIDE = 4
"""So many lines beyond the edge must differ from the bar too: a drawn line around a page is no edge of a picture."""

PLAIN = 0.85
"""Where more of the inside than this is of one colour, it is no picture: a page, a chart, the ground of a slide."""

COLOUR_STEP = 8
"""The colour of a bar is the median of every so many-th pixel of its first line."""

LEAST_INSIDE, LEAST_IN_FRAME = 0.25, 0.4
"""The least share of the photo that lies between bars; and in a frame, which may as well be the ground of an object."""

LAYERS = 3
"""Frames in frames are sought so often."""


@dataclass(frozen=True, slots=True)
class _Bar:
    """Along one side. depth: its lines, with those that its edge lies in. colour: (3,), 0..255. edge: the share of its
    length along which something else begins at once, 0..1."""

    depth: int
    colour: NDArray[np.float64]
    edge: float


@dataclass(frozen=True, slots=True)
class _Strictness:
    """tolerance: how far, of 255, a bar's pixels may be from its colour. alone: whether a bar on one side is enough."""

    tolerance: int
    alone: bool


SURE = _Strictness(tolerance=12, alone=False)
PERHAPS = _Strictness(tolerance=24, alone=True)
NO_BARS = (0, 0, 0, 0)


def find_borders(picture: RgbImage, size: tuple[int, int]) -> Borders:
    """The picture inside plain bars or a frame, where the photo has such.

    picture: (H, W, 3), what a network is shown of the photo; size: (width, height) in pixels of the full photo, in
    which the boxes are given. They end a pixel or two of the reduced photo inside an edge, up to SOFT + 1 inside a
    spoiled one, so that nothing is left of a bar.
    """
    whole = Box(0, 0, picture.shape[1], picture.shape[0])
    sure = _innermost(picture, whole, SURE)
    perhaps = _innermost(picture, sure, PERHAPS)
    return Borders(*(None if box == whole else _scaled(box, picture, size) for box in (sure, perhaps)))


TRIM: dict[str, Callable[[Borders], Box | None]] = {
    "auto": lambda borders: borders.sure,
    "always": lambda borders: borders.perhaps,
    "never": lambda _: None,
}
"""The part of the photo that is used, None for all of it, by how a person wants bars left out: where nothing else could
be meant, also where that is only likely, or not at all."""


def left_out(within: Box, size: tuple[int, int]) -> str:
    """How much of a photo of (width, height) pixels lies around the part that is used, in words: "120 pixels above, 118
    below"."""
    sides = {
        "above": within.top,
        "below": size[1] - within.bottom,
        "on the left": within.left,
        "on the right": size[0] - within.right,
    }
    (first, *others) = [(count, where) for where, count in sides.items() if count]
    unit = "pixel" if first[0] == 1 else "pixels"
    return ", ".join([f"{first[0]} {unit} {first[1]}", *(f"{count} {where}" for count, where in others)])


def _innermost(picture: RgbImage, box: Box, strictness: _Strictness) -> Box:
    """What is left of a box of the picture once no more bars are found."""
    for _ in range(LAYERS):
        part = picture[box.top : box.bottom, box.left : box.right]
        top, bottom, left, right = _depths(part, strictness)
        if (top, bottom, left, right) == NO_BARS:
            break
        box = Box(box.left + left, box.top + top, box.width - left - right, box.height - top - bottom)
    return box


def _depths(part: RgbImage, strictness: _Strictness) -> tuple[int, int, int, int]:
    """The depths of the bars at the top, the bottom, the left and the right; all 0 where inside is no picture."""
    bars = (
        _alone(_bars(part, strictness))
        if strictness.alone
        else _in_pairs(_bars(part, strictness), strictness.tolerance)
    )
    top, bottom, left, right = (bar.depth if bar else 0 for bar in bars)
    height, width = part.shape[:2]
    inside = part[top : height - bottom, left : width - right]
    least = LEAST_IN_FRAME if all(bars) else LEAST_INSIDE
    found = any(bars) and inside.shape[0] * inside.shape[1] >= least * height * width
    if not found or _is_plain(inside, strictness.tolerance):
        return NO_BARS
    if not strictness.alone and any(bar and _has_gutter(inside, bar.colour, strictness.tolerance) for bar in bars):
        return NO_BARS
    return top, bottom, left, right


def _in_pairs(bars: Sequence[_Bar | None], tolerance: int) -> list[_Bar | None]:
    """Those that have their like on the opposite side."""
    kept: list[_Bar | None] = []
    even = _even(bars)
    for one, other in (even[:2], even[2:]):
        alike = one and other and np.abs(one.colour - other.colour).max() <= tolerance
        kept += [one, other] if alike and _begins(one) and _begins(other) else [None, None]
    return kept


def _even(bars: Sequence[_Bar | None]) -> list[_Bar | None]:
    """The bars; where three sides of a frame end in an edge, and along the fourth the picture is as dark or as light as
    the frame, that side is taken for as deep as the one opposite."""
    if sum(map(_begins, bars)) < 3:
        return list(bars)
    even: list[_Bar | None] = []
    for bar, opposite in zip(bars, (bars[1], bars[0], bars[3], bars[2]), strict=True):
        if bar and opposite and not _begins(bar) and bar.depth >= opposite.depth:
            even.append(replace(opposite, colour=bar.colour))
        else:
            even.append(bar)
    return even


def _alone(bars: Sequence[_Bar | None]) -> list[_Bar | None]:
    """Those beyond which the inside begins, but none of a ground that goes on around an object."""
    grounds = [any(bar and not _begins(bar) for bar in pair) for pair in (bars[2:], bars[:2])]
    return [bar if _begins(bar) and not grounds[rank // 2] else None for rank, bar in enumerate(bars)]


def _begins(bar: _Bar | None) -> bool:
    return bar is not None and bar.edge >= EDGE


def _bars(part: RgbImage, strictness: _Strictness) -> list[_Bar | None]:
    """What may be a bar at the top, the bottom, the left and the right."""
    sides = [part, part[::-1], part.transpose(1, 0, 2), part.transpose(1, 0, 2)[::-1]]
    plain = [_plain_lines(side, strictness.tolerance) for side in sides]
    bars: list[_Bar | None] = []
    for rank, (side, found) in enumerate(zip(sides, plain, strict=True)):
        if found is None:
            bars.append(None)
            continue
        depth, colour = found
        before, after = plain[2:] if rank < 2 else plain[:2]
        start, stop = before[0] if before else 0, side.shape[1] - (after[0] if after else 0)
        if start >= stop:
            start, stop = 0, side.shape[1]
        soft, edge = _edge(side[max(depth - 1, 0), start:stop], side[depth:, start:stop], strictness.tolerance)
        bars.append(_Bar(depth + soft, colour, edge))
    return bars


def _plain_lines(side: RgbImage, tolerance: int) -> tuple[int, NDArray[np.float64]] | None:
    """How many lines from the first on are of its colour, and that colour; None where not even the first is plain, or
    all are."""
    colour = np.median(side[0, ::COLOUR_STEP], axis=0)
    if _other(side[:1], colour, tolerance).mean() > STRAY:
        return None
    ends = np.flatnonzero(_other(side, colour, tolerance).mean(axis=1) > STRAY)
    return (int(ends[0]), colour) if len(ends) else None


def _edge(before: RgbImage, beyond: RgbImage, tolerance: int) -> tuple[int, float]:
    """How many of the lines `beyond` a bar its edge takes, as few as can be; and the share of the next few that differs
    from the bar's last line, in the one that does least."""
    near = beyond[1 : SOFT + BESIDE].astype(np.int16)
    change = (np.abs(near - before).max(axis=2) > tolerance).mean(axis=1)
    shares = [float(change[start : start + BESIDE].min()) for start in range(len(change) - BESIDE + 1)]
    soft = next((soft for soft, share in enumerate(shares) if share >= EDGE), None)
    return (1, 0.0) if soft is None else (soft + 1, shares[soft])


def _is_plain(inside: RgbImage, tolerance: int) -> bool:
    """Whether nearly all of it is of one colour."""
    sparse = inside[::3, ::3]
    return bool(_other(sparse, np.median(sparse, axis=(0, 1)), tolerance).mean() < 1 - PLAIN)


def _has_gutter(inside: RgbImage, colour: NDArray[np.float64], tolerance: int) -> bool:
    """Whether the colour of a bar also runs through the inside in a line: then it parts pictures from one another."""
    other = _other(inside, colour, tolerance)
    return any((other.mean(axis=axis) <= STRAY).any() for axis in (0, 1))


def _other(pixels: RgbImage, colour: NDArray[np.float64], tolerance: int) -> NDArray[np.float32]:
    """(H, W) 1 where a pixel is further from the colour than the tolerance, 0 elsewhere."""
    low, high = (tuple(float(value) + sign * tolerance for value in colour) for sign in (-1, 1))
    return 1 - cv2.inRange(np.ascontiguousarray(pixels), low, high) / np.float32(255)


def _scaled(box: Box, picture: RgbImage, size: tuple[int, int]) -> Box | None:
    """A box on the reduced photo, in pixels of the full one, none of which lies outside it even in part; None where
    there is no such pixel."""
    across, down = size[0] / picture.shape[1], size[1] / picture.shape[0]
    left, top = math.ceil(box.left * across), math.ceil(box.top * down)
    right, bottom = math.floor(box.right * across), math.floor(box.bottom * down)
    return Box(left, top, right - left, bottom - top) if left < right and top < bottom else None
