"""What stands out from its ground: the blocks of a page, objects on a plain backdrop, the one sharp thing in a blur.

All of it is read off the small picture that a network is shown, without learning: a page by recursive X-Y cuts (Nagy
and Seth, "Hierarchical representation of optically scanned documents", ICPR 1984), a backdrop by a plane through the
colours of the border, what is in focus by its edges.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from saliency.types import Box, RgbImage

Mask = NDArray[np.uint8]
"""(H, W), 1 where there is something, 0 where there is ground."""

SMALLEST = 0.0004
"""The least area of anything, as a share of the picture: less is dirt."""

JOINED = 0.03
"""Parts nearer to each other than twice this share of the shorter side are one object: the letters of a word."""

EVEN = 10
"""A row or a column of a picture is of one colour where no two of its pixels differ by more than this, of 255."""

SOME = 16
"""Every so many-th pixel is enough to tell of most rows and columns that they are not."""

PAPER_SHARE = 0.7
"""The least share of such rows and columns that are of one colour together, for it to be that of the paper."""

INK = 24
"""How far, of 255, a colour is from the paper's at least where something is on it."""

MOST_BLOCKS = 60
"""More blocks of a page are not looked for: the first are the largest."""

AS_WIDE = 0.6
"""A block is cut at its widest gap, and at the gaps that are at least this share as wide."""

GROUND_RING = 0.015
"""The border of the picture by which its ground is judged is so deep, as a share of the shorter side."""

GROUND_STEP = 4
"""Every so many-th pixel of that border is looked at."""

GROUND_SHARE = 0.8
"""How much of that border must be of one ground: the rest may be an object that reaches it."""

GROUND_TOLERANCE = 20
"""How far, of 255, a colour may be from the ground's and belong to it: noise, and what JPEG does around edges."""

MOST_GROUND = 0.6
"""Where more of the picture than this is not ground, the ground is no ground."""

EDGE = 60
"""The least difference, of 255, between neighbours at an edge in focus."""

MOST_SHARP = 0.12
"""Where edges fill more of the picture than this, it has no one thing in focus."""

FADE = 1.0
"""What is in focus counts in full from this share above EDGE on, and below MOST_SHARP."""

SMALLEST_SHARP = 0.002
"""The least area in focus, as a share of the picture."""


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a page. box: in pixels of the picture. within: how many other blocks lie in it; none in a line of text,
    a photo, a panel."""

    box: Box
    within: int


def blocks_of_page(picture: RgbImage) -> list[Block]:
    """The blocks of a page on plain paper, the larger before those within them; none where there is no paper.

    Of all rows and columns of one colour from border to border most have the paper's: the gutters of a comic or a
    collage, the margins and lines of a document, a slide, a screenshot.
    """
    paper = _paper(picture)
    if paper is None:
        return []
    low, high = (np.clip(paper + side * INK, 0, 255).astype(np.uint8) for side in (-1, 1))
    boxes = _cut_apart(_mask(cv2.inRange(picture, low, high) == 0))
    return [Block(box, sum(box.holds(other) for other in boxes) - 1) for box in boxes]


def objects_on_plain_ground(picture: RgbImage) -> list[Box]:
    """The boxes of what stands out from a plain ground, in pixels of the picture; nothing where the ground is not.

    The ground is plain where the border of the picture is of one colour, or changes evenly over the frame, as the
    backdrop of a studio or a clear sky does.
    """
    ground = _plain_ground(picture)
    if ground is None:
        return []
    other = _mask(np.abs(picture.astype(np.int16) - ground).max(axis=2) > GROUND_TOLERANCE)
    if not 0 < other.mean() < MOST_GROUND:
        return []
    size = _brush(picture, JOINED)
    return list(_parts_of(other, _mask(cv2.dilate(other, np.ones((size, size), np.uint8))), SMALLEST))


def objects_in_focus(picture: RgbImage) -> list[tuple[Box, float]]:
    """What has sharp edges where little else has: a bird in the sky, a person before a blur, a caption.

    The box of each in pixels of the picture, and how clear it is, 0..1: fading to nothing where edges are hardly sharp
    or hardly few, so that what is found in one decoding of a photo and just not in another moves no crop.
    """
    height, width = picture.shape[:2]
    half = cv2.resize(picture, (max(width // 2, 1), max(height // 2, 1)), interpolation=cv2.INTER_AREA)
    red, green, blue = cv2.split(cv2.morphologyEx(half, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)))
    steps = cv2.max(cv2.max(red, green), blue)
    edges = _mask(steps > EDGE)
    if edges.mean() >= MOST_SHARP:  # closed, they fill no less
        return []
    size = _brush(edges, JOINED)
    closed = cv2.morphologyEx(edges, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8))
    solid = _mask(cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)))
    if not 0 < solid.mean() < MOST_SHARP:
        return []
    few = _up_to_one((MOST_SHARP - solid.mean()) / FADE / MOST_SHARP)
    scale = width / half.shape[1], height / half.shape[0]
    found = []
    for box in _parts_of(solid, solid, SMALLEST_SHARP):
        own = steps[box.top : box.bottom, box.left : box.right]
        sharp = _up_to_one((own[own > EDGE].mean() - EDGE) / FADE / EDGE)
        found.append((_times(box, scale, (width, height)), few * sharp))
    return found


def _paper(picture: RgbImage) -> NDArray[np.int16] | None:
    """(3,) the colour of most rows and columns that are of one colour; None where there is no such colour."""
    lines = []
    for axis, some in ((0, picture[::SOME]), (1, picture[:, ::SOME])):
        likely = _colours_of_lines(some, axis)[0]
        if likely.any():
            even, colours = _colours_of_lines(picture[:, likely] if axis == 0 else picture[likely], axis)
            lines.append(colours[even])
    if not lines:
        return None
    colours = np.concatenate(lines)
    if len(colours) == 0:
        return None
    paper = np.median(colours, axis=0).astype(np.int16)
    return paper if (np.abs(colours - paper).max(axis=1) <= EVEN).mean() >= PAPER_SHARE else None


def _colours_of_lines(picture: RgbImage, axis: int) -> tuple[NDArray[np.bool_], NDArray[np.int16]]:
    """(n,) which columns (axis 0) or rows (1) are of one colour, and (n, 3) that colour."""
    low, high = (
        cv2.reduce(np.ascontiguousarray(picture), axis, kind).reshape(-1, 3).astype(np.int16)
        for kind in (cv2.REDUCE_MIN, cv2.REDUCE_MAX)
    )
    return (high - low).max(axis=1) <= EVEN, (low + high) // 2


def _cut_apart(mask: Mask) -> list[Box]:
    """The boxes of what is on the mask, and of their parts between its widest gaps, and so on; largest parts first."""
    least = SMALLEST * mask.size
    found: list[Box] = []
    waiting = deque([Box(0, 0, mask.shape[1], mask.shape[0])])
    while waiting and len(found) < MOST_BLOCKS:
        area = waiting.popleft()
        part = mask[area.top : area.bottom, area.left : area.right]
        rows = area.top + np.flatnonzero(cv2.reduce(part, 1, cv2.REDUCE_MAX))
        columns = area.left + np.flatnonzero(cv2.reduce(part, 0, cv2.REDUCE_MAX))
        if len(rows) == 0:
            continue
        box = _spanning(columns[0], rows[0], columns[-1] + 1, rows[-1] + 1)
        if box.width * box.height < least:
            continue
        if box not in found[-1:]:
            found.append(box)
        widest = max(np.diff(columns).max(initial=1), np.diff(rows).max(initial=1))
        if widest == 1:
            continue
        if np.diff(rows).max(initial=1) == widest:
            waiting += [_spanning(box.left, a, box.right, b) for a, b in _between_gaps(rows, widest)]
        else:
            waiting += [_spanning(a, box.top, b, box.bottom) for a, b in _between_gaps(columns, widest)]
    return found


def _between_gaps(places: NDArray[np.int64], widest: int) -> Iterator[tuple[int, int]]:
    """(start, stop) of the stretches of ascending places between gaps that are nearly as wide as the widest."""
    ends = np.flatnonzero(np.diff(places) - 1 >= AS_WIDE * (widest - 1))
    starts = np.concatenate([[0], ends + 1])
    yield from zip(places[starts], places[[*ends, -1]] + 1, strict=True)


def _parts_of(mask: Mask, near: Mask, smallest: float) -> Iterator[Box]:
    """The boxes of the mask's pixels, one for each connected part of `near`, which holds them all."""
    count, labels = cv2.connectedComponents(near, ltype=cv2.CV_16U)
    for label in range(1, count):
        rows, columns = np.nonzero((labels == label) & (mask > 0))
        if len(rows) >= smallest * mask.size:
            yield _spanning(columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)


def _plain_ground(picture: RgbImage) -> NDArray[np.int16] | None:
    """The colour of the ground at every pixel, (H, W, 3), a plane fitted to the border; None where there is no such."""
    height, width = picture.shape[:2]
    colours, places = _border(picture)
    fits = np.abs(colours - np.median(colours, axis=0)).max(axis=1) < 3 * GROUND_TOLERANCE
    for _ in range(2):
        if fits.mean() < GROUND_SHARE:
            return None
        plane = np.linalg.lstsq(places[fits], colours[fits], rcond=None)[0]
        fits = np.abs(colours - places @ plane).max(axis=1) < GROUND_TOLERANCE
    if fits.mean() < GROUND_SHARE:
        return None
    across = (np.arange(width) / width - 0.5)[None, :, None] * plane[1]
    down = (np.arange(height) / height - 0.5)[:, None, None] * plane[2]
    return np.asarray(plane[0] + across + down, dtype=np.int16)


def _border(picture: RgbImage) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(n, 3) colours of pixels at the picture's border and GROUND_RING inside it, and (n, 3) their places: 1, x and y,
    -0.5..0.5."""
    height, width = picture.shape[:2]
    ring = min(round(GROUND_RING * min(height, width)), (min(height, width) - 1) // 2)
    rows, columns = (np.arange(0, side, GROUND_STEP) for side in (height, width))
    colours, places = [], []
    for depth in (0, ring):
        for row in (depth, height - 1 - depth):
            colours.append(picture[row, columns])
            places.append((columns / width - 0.5, np.full(len(columns), row / height - 0.5)))
        for column in (depth, width - 1 - depth):
            colours.append(picture[rows, column])
            places.append((np.full(len(rows), column / width - 0.5), rows / height - 0.5))
    x, y = np.concatenate(places, axis=1)
    return np.concatenate(colours).astype(np.float32), np.column_stack([np.ones(len(x)), x, y]).astype(np.float32)


def _up_to_one(value: float) -> float:
    return min(max(float(value), 0.0), 1.0)


def _mask(there: NDArray[Any]) -> Mask:
    return there.astype(np.uint8)


def _brush(picture: NDArray[np.uint8], share: float) -> int:
    """The side of a square brush, in odd pixels, that reaches so far to each side, of the picture's shorter one."""
    return 2 * max(1, round(share * min(picture.shape[:2]))) + 1


def _times(box: Box, scale: tuple[float, float], size: tuple[int, int]) -> Box:
    """A box of a picture reduced by (x, y), in pixels of the one of `size` = (width, height)."""
    left, top = int(box.left * scale[0]), int(box.top * scale[1])
    return _spanning(left, top, min(round(box.right * scale[0]), size[0]), min(round(box.bottom * scale[1]), size[1]))


def _spanning(left: int, top: int, right: int, bottom: int) -> Box:
    return Box(int(left), int(top), int(right - left), int(bottom - top))
