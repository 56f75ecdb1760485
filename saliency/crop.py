"""Saliency map + aspect -> crop: keep the most gaze, and cut through nothing that is worth more than what that costs.

A crop of a given aspect is the largest window of that shape, so it touches two opposite borders and slides along the
one free axis. At each place it has a value:

    the gaze expected inside  -  some of what the centre crop would keep and this one loses
    +  the worth of each thing that is whole  -  what it costs to cut through one

The first two are differences of the map's cumulative sum along that axis, exact at every pixel; things are heads and
objects (`saliency.things`). Where values hardly differ (ROOM) it lies in the middle of such places, with the most room
around what is looked at; where the centre is one of them and next to it, there. What was tried instead is in
`docs/how-it-works.md`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from saliency.expected import ExpectedGaze, covered, expected_gaze, pixel_sums
from saliency.types import Aspect, Box, Crop, SaliencyMap, Thing

EQUAL_GAZE = 1e-7
"""Shares of gaze closer than this are equal (a map's float32 cells resolve no more); ties go to the centre."""

ROUNDING = 1e-6
"""Pixels that a point may miss by when it was written as a share of the sides: it means the pixel it came from."""

AVERSION = 0.5
"""How much more a share of gaze weighs that the centre crop would keep and this one loses than one that it wins, where
the map is spread out: a crop moves as far as it surely pays. Kahneman & Tversky, "Prospect theory", Econometrica 47(2),
1979, call it loss aversion. Chosen on datasets that the networks never saw, see `training/README.md`."""

CERTAIN, SPREAD = 0.1, 0.3
"""The share of the frame that gaze covers (see `covered_share`) up to which a map is certain, and no loss is averse;
and from which AVERSION is in full: a lone thing is followed as far as it lies from the middle."""

CLEAR = 0.05
"""Points of gaze over the centre crop from which a crop is said to help, and below it to harm."""

SURPRISE = 0.0244
"""Variance of what a crop gains beyond what is expected, for each share of the gaze that it wins or loses on the centre
crop. Fitted on datasets that the networks never saw: `python -m training chances`."""

ROOM = 0.005
"""Values of windows closer than this hardly differ: the place in the middle of them is taken. Chosen on val, see
`docs/how-it-works.md`."""

NEAR = 0.01
"""A crop that would lie this near the centre, as a share of the side along which it slides, is left there, if it is
hardly worth more where it is."""


def crop_to_gaze(
    saliency_map: SaliencyMap, size: tuple[int, int], aspects: Sequence[Aspect], things: Sequence[Thing] = ()
) -> list[Crop]:
    """For each aspect the window of the most value: see above.

    saliency_map: (h, w), sums to 1, over an image of `size` = (width, height) in pixels. Raises ValueError on a map
    that is empty, negative, not finite or all zero.
    """
    gaze = ExpectedGaze(expected_gaze(saliency_map), size)
    aversion = aversion_to_loss(gaze.gaze)
    boxes = [place_in(gaze, aspect, things, aversion=aversion) for aspect in aspects]
    return judge_all(gaze, aspects, boxes)


def place_widest(
    gaze: NDArray[np.float64],
    size: tuple[int, int],
    aspect: Aspect,
    things: Sequence[Thing] = (),
    within: Box | None = None,
    aversion: float = 0.0,
) -> Box:
    """`place_in` of gaze, (h, w), over a photo of `size` = (width, height)."""
    return place_in(ExpectedGaze(gaze, size), aspect, things, within, aversion)


def place_in(
    gaze: ExpectedGaze,
    aspect: Aspect,
    things: Sequence[Thing] = (),
    within: Box | None = None,
    aversion: float = 0.0,
) -> Box:
    """The largest window of this shape at the place of the most value, with the most room around it; within this part
    of the photo, by default all of it. aversion: see AVERSION."""
    part = within or Box(0, 0, *gaze.size)
    width, height = window_size((part.width, part.height), aspect)
    if width < part.width:
        spans = [[(box.left, box.right) for box in thing.boxes] for thing in things]
        sums = gaze.sums_across(part.top, part.bottom)
        left = _most_valuable_start(sums, width, (part.left, part.right), things, spans, aversion)
        return Box(left, part.top, width, height)
    spans = [[(box.top, box.bottom) for box in thing.boxes] for thing in things]
    sums = gaze.sums_down(part.left, part.right)
    top = _most_valuable_start(sums, height, (part.top, part.bottom), things, spans, aversion)
    return Box(part.left, top, width, height)


def crop_to_peak(saliency_map: SaliencyMap, size: tuple[int, int], aspects: Sequence[Aspect]) -> list[Crop]:
    """For each aspect the window centred on the single most salient point: Twitter's published rule, 2021.

    https://github.com/twitter-research/image-crop-analysis: the first maximum in row-major order, truncated to a pixel.
    """
    row, column = np.unravel_index(np.argmax(saliency_map), saliency_map.shape)
    x = int((column + 0.5) * size[0] / saliency_map.shape[1]) + 0.5  # the middle of the pixel
    y = int((row + 0.5) * size[1] / saliency_map.shape[0]) + 0.5
    gaze = ExpectedGaze(expected_gaze(saliency_map), size)
    crops = judge_all(gaze, aspects, [window_at((x, y), size, aspect) for aspect in aspects])
    return [replace(crop, focal_point=(x, y)) for crop in crops]


def aversion_to_loss(gaze: NDArray[np.float64]) -> float:
    """How averse a crop by this gaze is to lose what the centre crop keeps: 0..AVERSION. gaze: (h, w), sums to 1.

    On photos unlike those it learned from, a saliency model is surer of where things are than it should be, and a crop
    that trusts it cuts off what people look at. A map of which everything lies in one place is right all the same.
    """
    return AVERSION * min(max((covered_share(gaze) - CERTAIN) / (SPREAD - CERTAIN), 0.0), 1.0)


def covered_share(density: NDArray[np.floating]) -> float:
    """How much of the frame the gaze covers, above 0..1: the share of cells over which it would have to be spread
    evenly to be as uncertain, which is the exponential of its entropy; 1 for an even map. density: sums to 1."""
    some = density[density > 0]
    return float(np.exp(-(some * np.log(some)).sum()) / density.size)


def best_window(gaze: NDArray[np.float64], size: tuple[int, int], aspect: Aspect) -> Box:
    """The largest window of this shape that keeps the most of `gaze`, no less and nothing else; of equals, the one
    nearest the centre."""
    width, height = window_size(size, aspect)
    if width < size[0]:
        return Box(_best_start(gaze.sum(axis=0), size[0], width), 0, width, height)
    return Box(0, _best_start(gaze.sum(axis=1), size[1], height), width, height)


def window_at(point: tuple[float, float], size: tuple[int, int], aspect: Aspect) -> Box:
    """The largest window of this shape centred on (x, y), shifted to stay inside."""
    return place_window(point, size, window_size(size, aspect))


def place_window(point: tuple[float, float], size: tuple[int, int], window: tuple[int, int]) -> Box:
    """A window of (width, height) pixels centred on (x, y) in pixels of an image of `size`, shifted to stay inside.

    Raises ValueError when the window is larger than the image.
    """
    width, height = window
    if width > size[0] or height > size[1]:
        raise ValueError(f"a window of {width} x {height} does not fit an image of {size[0]} x {size[1]}")
    left = min(max(int(point[0] - width / 2 + ROUNDING), 0), size[0] - width)
    top = min(max(int(point[1] - height / 2 + ROUNDING), 0), size[1] - height)
    return Box(left, top, width, height)


def center_window(size: tuple[int, int], aspect: Aspect) -> Box:
    """The largest window of this shape in the middle of the image."""
    width, height = window_size(size, aspect)
    return Box((size[0] - width) // 2, (size[1] - height) // 2, width, height)


def window_size(size: tuple[int, int], aspect: Aspect) -> tuple[int, int]:
    """(width, height) of the largest window of this shape in an image of `size`: within half a pixel, at least 1."""
    width, height = size
    if width / height < aspect.ratio:
        return width, min(max(round(width / aspect.ratio), 1), height)
    return min(max(round(height * aspect.ratio), 1), width), height


def judge(gaze: NDArray[np.floating], size: tuple[int, int], aspect: Aspect, box: Box) -> Crop:
    """`judge_all` of one box, by gaze, (h, w), over a photo of `size` = (width, height)."""
    return judge_all(ExpectedGaze(gaze, size), [aspect], [box])[0]


def judge_all(gaze: ExpectedGaze, aspects: Sequence[Aspect], boxes: Sequence[Box]) -> list[Crop]:
    """The boxes as crops: the share of `gaze` inside each, the gain over a box as large in the middle and how likely it
    is to be a clear one, where that gaze is."""
    wide, high = gaze.size
    middles = [Box((wide - box.width) // 2, (high - box.height) // 2, box.width, box.height) for box in boxes]
    shared = [box.inside(middle) or Box(0, 0, 0, 0) for box, middle in zip(boxes, middles, strict=True)]
    shares = gaze.inside([*boxes, *middles, *shared]).reshape(3, -1).T.tolist()
    crops = []
    for aspect, box, (kept, by_middle, both), center in zip(aspects, boxes, shares, gaze.centers(boxes), strict=True):
        helps, harms = chances(kept - by_middle, kept + by_middle - 2 * both)
        crops.append(Crop(aspect, box, kept, kept - by_middle, helps, harms, center))
    return crops


def chances(gain: float, moved: float) -> tuple[float, float]:
    """How likely a crop is to keep CLEAR more gaze than the centre crop, and CLEAR less: 0..1 each.

    gain: what it is expected to keep more, -1..1; moved: the gaze that it wins and that which it loses, together, 0..2.
    What is gained is taken for normal around `gain`, with a variance of SURPRISE for all that moved.
    """
    deviation = math.sqrt(max(SURPRISE * moved, 1e-12))
    helps, harms = ((1 + math.erf((sign * gain - CLEAR) / deviation / math.sqrt(2))) / 2 for sign in (1, -1))
    return helps, harms


def judged(crops: Sequence[Crop], saliency_map: SaliencyMap, size: tuple[int, int]) -> list[Crop]:
    """The crops with the share of gaze that `saliency_map` expects them to keep, whatever they were placed by."""
    gaze = ExpectedGaze(expected_gaze(saliency_map), size)
    scores = judge_all(gaze, [crop.aspect for crop in crops], [crop.box for crop in crops])
    return [
        replace(crop, kept=score.kept, gain=score.gain, helps=score.helps, harms=score.harms)
        for crop, score in zip(crops, scores, strict=True)
    ]


def gaze_inside(gaze: NDArray[np.floating], size: tuple[int, int], box: Box) -> float:
    """The share of the map inside the box, cells cut by the border counted in part."""
    rows = covered(gaze.shape[0], size[1], box.top, box.bottom)
    columns = covered(gaze.shape[1], size[0], box.left, box.right)
    return min(max(float(rows @ gaze @ columns) / float(gaze.sum()), 0.0), 1.0)


def _best_start(marginal: NDArray[np.float64], length: int, window: int) -> int:
    """Where a window of `window` pixels keeps the most of a marginal spread evenly over `length` pixels."""
    sums = pixel_sums(marginal, length)
    kept = sums[window:] - sums[: len(sums) - window]
    best = np.flatnonzero(kept >= kept.max() - EQUAL_GAZE)
    return int(best[np.argmin(np.abs(best - (length - window) // 2))])


def _most_valuable_start(
    sums: NDArray[np.float64],
    window: int,
    part: tuple[int, int],
    things: Sequence[Thing],
    spans: Sequence[Sequence[tuple[int, int]]],
    aversion: float,
) -> int:
    """Where a window has the most value in a part (start, stop) of the pixels over which gaze is summed; spans: of each
    thing's boxes."""
    start, stop = part
    before, until = sums[start : stop - window + 1], sums[start + window : stop + 1]
    value = until - before
    if aversion:
        value -= aversion * _lost(before, until)
    if things:
        moved = [[(first - start, last - start) for first, last in own] for own in spans]
        value += worth_of_starts(things, moved, stop - start, window)
    return start + _centre_or(_middle_of_best(value), value, len(sums) - 1)


def _middle_of_best(value: NDArray[np.float64]) -> int:
    """The middle of the stretch of starts around the most valuable in which values hardly differ, each weighing what it
    is worth over those that do: so that a small change of the values moves the middle a little.

    Of equals, and of two starts as near the middle, the one nearer the centre: a mirrored photo has a mirrored crop.
    """
    room = len(value) - 1
    equals = np.flatnonzero(value >= value.max() - EQUAL_GAZE)
    best = int(equals[np.argmin(np.abs(2 * equals - room))])
    over = value - (value[best] - ROOM)
    worse = np.flatnonzero(over <= 0)
    after = int(np.searchsorted(worse, best))
    first = int(worse[after - 1]) + 1 if after > 0 else 0
    stop = int(worse[after]) if after < len(worse) else room + 1
    weights = over[first:stop]
    middle = first + float(weights @ np.arange(len(weights)) / weights.sum())
    around = math.floor(middle), math.ceil(middle)
    return min(around, key=lambda start: (round(abs(start - middle), 3), abs(2 * start - room)))


def _centre_or(found: int, value: NDArray[np.float64], length: int) -> int:
    """The start in the middle where the one that was found is within NEAR of it and hardly more valuable."""
    room = len(value) - 1
    near = abs(2 * found - room) <= 2 * NEAR * length  # of two middles either will do, for the sake of mirrored photos
    return room // 2 if near and max(value[room // 2], value[room - room // 2]) >= value.max() - ROOM else found


def _lost(before: NDArray[np.float64], until: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n,) how much of what the window in the middle of n starts keeps each window of them does not. before, until: the
    gaze before the start and up to the stop of each. Of two in the middle it is half of what each keeps."""
    low, high = (len(before) - 1) // 2, len(before) // 2
    first, last = (before[low] + before[high]) / 2, (until[low] + until[high]) / 2
    return last - first - np.maximum(np.minimum(until, last) - np.maximum(before, first), 0)


def worth_of_starts(
    things: Sequence[Thing], spans: Sequence[Sequence[tuple[int, int]]], length: int, window: int
) -> NDArray[np.float64]:
    """(length - window + 1,) what things are worth to a window at each start.

    spans: (start, stop) of each thing's boxes. Each is worth the same over stretches of starts, so what changes at
    either end of them is summed.
    """
    last = length - window + 1
    ends, steps = [0], [0.0]
    for thing, own in zip(things, spans, strict=True):
        for first, stop, worth in _stretches(thing, own, length, window):
            first, stop = max(first, 0), min(stop, last)
            if first < stop:
                ends += first, stop
                steps += worth, -worth
    return np.bincount(ends, steps, last + 1)[:last].cumsum()


def _stretches(
    thing: Thing, spans: Sequence[tuple[int, int]], length: int, window: int
) -> Iterator[tuple[int, int, float]]:
    """First start, the one after the last, and what the thing is worth to a window at these."""
    for (start, stop), worth in zip(spans, thing.worths_if([b - a <= window for a, b in spans]), strict=True):
        yield stop - window, start + 1, worth
    start, stop = spans[0]
    if stop - start <= window:
        if thing.room:
            room = int(thing.room * (window - (stop - start)))
            yield min(stop + room, length) - window, max(start - room, 0) + 1, thing.worths[0]
        if thing.cut:
            yield start + 1, stop, -thing.cut
            yield start + 1 - window, stop - window, -thing.cut
