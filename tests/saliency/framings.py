"""Photos, shapes and wishes for tests of framing, and the slow ways to frame them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from saliency.crop import window_size
from saliency.framing import Framing
from saliency.types import Aspect, Box, Thing
from tests.scenes import one_peak

SHAPE = (5, 6)  # cells of the maps
SIZE = (24, 15)  # pixels: 4 x 3 a cell, so that a cell's gaze can be dealt out to whole pixels
SQUARE = Aspect(1, 1)
GAZE_LEFT = one_peak((10, 20), 5, 1)  # of a photo of 2000 x 1000: all gaze around (150, 550)
WIDE = (2000, 1000)
seeds = st.integers(0, 2**32 - 1)
sizes = st.tuples(st.integers(1, 300), st.integers(1, 300))
ratios = st.floats(0.01, 100).map(lambda ratio: Aspect(ratio, 1))
shapes = st.sampled_from(["1:1", "16:9", "9:16", "4:5", "3:1", "8:5"]).map(Aspect.parse)
shares = st.floats(0.02, 0.98)
points = st.tuples(st.floats(0, 1), st.floats(0, 1))


@st.composite
def boxes_in(draw: st.DrawFn, size: tuple[int, int] = SIZE, most: int = 3) -> tuple[Box, ...]:
    boxes = []
    for _ in range(draw(st.integers(0, most))):
        left, top = draw(st.integers(0, size[0] - 1)), draw(st.integers(0, size[1] - 1))
        width, height = draw(st.integers(1, size[0] - left)), draw(st.integers(1, size[1] - top))
        boxes.append(Box(left, top, width, height))
    return tuple(boxes)


@st.composite
def things_in(draw: st.DrawFn, size: tuple[int, int] = SIZE, most: int = 3, room: float = 0.0) -> tuple[Thing, ...]:
    """Things of any worth, some with a part that is worth something by itself, that want at most this room."""
    things = []
    tenths = st.integers(0, 15).map(lambda value: value / 10)
    for box in draw(boxes_in(size, most)):
        inner = Box(box.left + box.width // 4, box.top, max(1, box.width // 2), max(1, box.height // 3))
        boxes = (box, inner) if draw(st.booleans()) else (box,)
        worths = tuple(draw(tenths) for _ in boxes)
        things.append(Thing("head", boxes, worths, draw(st.floats(0, room)), draw(tenths) if room else 0.0))
    return tuple(things)


framings = st.builds(
    Framing,
    keep=st.none() | shares,
    margin=st.floats(0, 0.5),
    whole=things_in(),
    focal=st.none() | points,
)


def contains(outer: Box, inner: Box) -> bool:
    return (
        outer.left <= inner.left <= inner.right <= outer.right
        and outer.top <= inner.top <= inner.bottom <= outer.bottom
    )


def pixels_of(gaze: NDArray[np.float64]) -> NDArray[np.float64]:
    """The gaze of each pixel of SIZE."""
    return np.kron(gaze, np.ones((3, 4))) / 12


def inside(pixels: NDArray[np.float64], box: Box) -> float:
    """The gaze of the pixels in a box."""
    return float(pixels[box.top : box.bottom, box.left : box.right].sum())


def thing(box: Box, worth: float = 1.0) -> Thing:
    """Something of which all or nothing is kept."""
    return Thing("head", (box,), (worth,))


def parts_to_keep(things: Sequence[Thing], window: tuple[int, int]) -> list[tuple[float, Box]]:
    """The boxes of all things that fit a window, with what each is worth, and what those before it that do not fit."""
    parts = []
    for one in things:
        left = 0.0
        for worth, box in zip(one.worths, one.boxes, strict=True):
            left += worth
            if box.width <= window[0] and box.height <= window[1]:
                parts.append((left, box))
                left = 0.0
    return parts


def worth_in(window: Box, parts: Sequence[tuple[float, Box]]) -> float:
    """What the parts that are whole in the window are worth together."""
    return sum(worth for worth, box in parts if contains(window, box))


def by_trial(
    pixels: NDArray[np.float64],
    window: tuple[int, int],
    parts: Sequence[tuple[float, Box]] = (),
    least: tuple[float, float] = (0.0, 0.0),
    aversion: float = 0.0,
) -> tuple[float, float, float]:
    """The most value of any place of the window, the gaze there and the worth of the parts that are whole there; of
    places that keep at least so much gaze and worth, all zero where there are none."""
    best = (0.0, 0.0, 0.0)
    for top in range(pixels.shape[0] - window[1] + 1):
        for left in range(pixels.shape[1] - window[0] + 1):
            kept = float(pixels[top : top + window[1], left : left + window[0]].sum())
            worth = worth_in(Box(left, top, *window), parts)
            if kept >= least[0] and worth >= least[1]:
                lost = aversion * lost_from_the_middle(pixels, Box(left, top, *window)) if aversion else 0.0
                best = max(best, (kept + worth - lost, kept, worth))
    return best


def lost_from_the_middle(pixels: NDArray[np.float64], box: Box) -> float:
    """The gaze of the pixels that a box as large in the very middle has and this one has not; in halves of pixels."""
    halves = np.kron(pixels, np.full((2, 2), 0.25))
    mine = np.zeros(halves.shape, bool)
    mine[2 * box.top : 2 * box.bottom, 2 * box.left : 2 * box.right] = True
    top, left = pixels.shape[0] - box.height, pixels.shape[1] - box.width
    middle = np.zeros(halves.shape, bool)
    middle[top : top + 2 * box.height, left : left + 2 * box.width] = True
    return float(halves[middle & ~mine].sum())


def heads(count: int) -> str:
    return {1: "1 head"}.get(count, f"{count} heads")


def windows_by_side(size: tuple[int, int], aspect: Aspect) -> list[tuple[int, int]]:
    """Every window of the shape, one for each length of its longer side, the widest last."""
    widest = window_size(size, aspect)
    windows = []
    for side in range(1, max(widest) + 1):
        other = max(1, round(side / max(aspect.ratio, 1 / aspect.ratio)))
        windows.append((side, min(other, widest[1])) if aspect.ratio >= 1 else (min(other, widest[0]), side))
    return windows
