"""Framing: how a window is chosen once it is known where people look.

`crop.py` gives the widest window of a shape. Here a window may also be tighter, keep some boxes whole (faces), lie
inside the photo's plain bars, or sit where a person wants it. Everything is judged on the same expected gaze.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from saliency.boxes import intersection_over_union
from saliency.crop import (
    EQUAL_GAZE,
    aversion_to_loss,
    center_window,
    gaze_inside,
    judge,
    judge_all,
    place_in,
    place_window,
    window_size,
)
from saliency.expected import ExpectedGaze, covered, expected_gaze
from saliency.notes import bars_note, cut_note, joined, left_note, reached_note, short_note
from saliency.types import Aspect, Box, Crop, SaliencyMap, Thing

DISTINCT = 0.7
"""Two crops are different pictures when their intersection over union is at most this."""

TIGHTER = (0.8, 0.65)
"""Where the shape leaves no room to move, alternatives are this share of the sides."""

STEPS = 128
"""Alternatives are sought at about this many places along each free axis, beside those where the best can lie."""

CURVE = 397
"""Places along the curve of `kept_by_position`: one a pixel of a wide chart; three more make at most 400."""


@dataclass(frozen=True, slots=True)
class Framing:
    """What is wanted of a window, besides its shape.

    keep: None for the widest window; else, 0 < keep < 1, the tightest that keeps this share of expected gaze.
    margin: 0..0.5: room around. The sides of a tight window grow by this share, never beyond the image; so do those of
    the things in `whole`.
    whole: what is kept whole as far as it is worth it, see `Thing`: what an eye saw, or what a person wants.
    focal: (x, y) in 0..1 of the image: a person's own choice. The window is centred on it, shifted to stay inside.
    within: the part of the photo in which windows lie, in its pixels, as what is inside plain bars; None for all of it.
    The widest window is the widest in there.
    Raises ValueError naming the value that is out of range.
    """

    keep: float | None = None
    margin: float = 0.0
    whole: tuple[Thing, ...] = ()
    focal: tuple[float, float] | None = None
    within: Box | None = None

    def __post_init__(self) -> None:
        if self.keep is not None and not 0 < self.keep < 1:
            raise ValueError(f"the share of gaze to keep lies between 0 and 1, got {self.keep}; such as 0.9")
        if not 0 <= self.margin <= 0.5:
            raise ValueError(f"a margin is 0 to 0.5 of the sides, got {self.margin}; such as 0.1")
        if self.focal is not None and not all(0 <= value <= 1 for value in self.focal):
            raise ValueError(
                f"a focal point is (x, y) in 0..1 of the image, got {self.focal}; the middle is (0.5, 0.5)"
            )

    @property
    def boxes(self) -> list[Box]:
        """Of all things in `whole`."""
        return [box for thing in self.whole for box in thing.boxes]


WIDEST = Framing()


@dataclass(frozen=True, slots=True)
class Positions:
    """The expected gaze kept along one axis.

    axis: "x" or "y", None where the crop is the whole image, or the whole part of it that is used. starts: (n,)
    ascending pixels, the left or top of the window. kept: (n,) the share of expected gaze inside, 0..1.
    """

    axis: str | None
    starts: NDArray[np.int64]
    kept: NDArray[np.float64]


def frame(
    saliency_map: SaliencyMap, size: tuple[int, int], aspects: Sequence[Aspect], framing: Framing = WIDEST
) -> list[Crop]:
    """For each aspect the window that the framing asks for; without other wishes than `whole`, that of `crop_to_gaze`.

    saliency_map: (h, w), sums to 1, over an image of `size` = (width, height) in pixels. gain is over the window of the
    same size in the middle. The note says what could not be had. The person's focal point becomes the crop's. Raises
    ValueError on a map that is empty, negative, not finite or all zero.
    """
    field = _field(saliency_map, size, framing.within)
    return _framed(field, aspects, framing)


def beside(
    saliency_map: SaliencyMap,
    size: tuple[int, int],
    framed: Crop,
    point: tuple[float, float],
    within: Box | None = None,
) -> Crop:
    """Another method's crop at the same zoom: a window as large as `framed`, centred on (x, y) in pixels as far as the
    photo, or the part that is used, reaches; judged."""
    box = _placed(point, within or Box(0, 0, *size), (framed.box.width, framed.box.height))
    return replace(judge(expected_gaze(saliency_map), size, framed.aspect, box), focal_point=point)


def kept_by_position(
    saliency_map: SaliencyMap, size: tuple[int, int], crop: Crop, within: Box | None = None
) -> Positions:
    """What a window of the crop's size keeps as it slides along its free axis, the other coordinate as it is.

    The axis is the one with more room, in the photo or in the part of it that is used. At most 400 places, among them
    the crop's own, the best and the middle.
    """
    gaze, box, part = expected_gaze(saliency_map), crop.box, within or Box(0, 0, *size)
    room_x, room_y = part.width - box.width, part.height - box.height
    if room_x <= 0 and room_y <= 0:
        kept = gaze_inside(gaze, size, box) if within else 1.0
        return Positions(None, np.array([box.left]), np.array([kept]))
    if room_x >= room_y:
        axis, length, window, own, ends = "x", size[0], box.width, box.left, (part.left, part.right)
        marginal = covered(gaze.shape[0], size[1], box.top, box.bottom) @ gaze
    else:
        axis, length, window, own, ends = "y", size[1], box.height, box.top, (part.top, part.bottom)
        marginal = gaze @ covered(gaze.shape[1], size[0], box.left, box.right)

    first, room = ends[0], ends[1] - ends[0] - window
    turns = _turning_points(length, window, len(marginal), ends)
    best, middle = turns[np.argmax(_inside(marginal, length, turns, window))], first + room // 2
    starts = np.unique([*(first + _spread(room, CURVE)), own, best, middle]).astype(np.int64)
    return Positions(axis, starts, np.clip(_inside(marginal, length, starts, window), 0, 1))


def alternatives(
    saliency_map: SaliencyMap, size: tuple[int, int], aspect: Aspect, framing: Framing = WIDEST, count: int = 3
) -> list[Crop]:
    """The crop that `frame` gives, then up to `count` - 1 others that show something else.

    Each overlaps every earlier one by DISTINCT at most. Windows of the same size come first, then, where the shape
    leaves no room for enough of them, tighter ones; within each size by the gaze they keep. Boxes are kept whole before
    gaze, as in `frame`. Fewer where there are no more.
    """
    field = _field(saliency_map, size, framing.within)
    (first,) = _framed(field, [aspect], framing)
    things = _with_margin(framing, field.part, field.widest(aspect))
    crops = [first]
    for share in (1.0, *TIGHTER):
        window = max(round(first.box.width * share), 1), max(round(first.box.height * share), 1)
        places = _places(field, window, things, steps=STEPS)
        others: list[Crop] = []
        while len(crops) + len(others) < count:
            allowed = _apart(places, [crop.box for crop in (*crops, *others)])
            if not allowed.any():
                break
            (crop,) = judge_all(field.gaze, [aspect], [_best(places, allowed)])
            tighter = "" if share == 1 else f"tighter: {100 * share:.0f} % of the sides"
            others.append(replace(crop, note=joined(tighter, cut_note(framing.whole, crop.box))))
        crops += sorted(others, key=lambda crop: -crop.kept)
    return crops


@dataclass(frozen=True, slots=True)
class _Field:
    """Where windows are sought. gaze: expected over the photo. aversion: to lose what the centre crop keeps, of the
    widest window. part: of the photo, in which windows lie."""

    gaze: ExpectedGaze
    aversion: float
    part: Box

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels of the photo."""
        return self.gaze.size

    def widest(self, aspect: Aspect) -> tuple[int, int]:
        """(width, height) of the largest window of this shape."""
        return window_size((self.part.width, self.part.height), aspect)


def _field(saliency_map: SaliencyMap, size: tuple[int, int], within: Box | None) -> _Field:
    gaze = expected_gaze(saliency_map)
    return _Field(ExpectedGaze(gaze, size), aversion_to_loss(gaze), within or Box(0, 0, *size))


def _framed(field: _Field, aspects: Sequence[Aspect], framing: Framing) -> list[Crop]:
    framing = replace(framing, whole=tuple(things_inside(framing.whole, field.part))) if framing.within else framing
    boxes = _chosen_by_gaze(field, aspects, framing)
    bars = bars_note(field.part, field.size)
    if framing.focal is not None:
        x, y = framing.focal[0] * field.size[0], framing.focal[1] * field.size[1]
        boxes = [_placed((x, y), field.part, (box.width, box.height)) for box in boxes]  # as large as elsewhere
        notes = [joined(reached_note((x, y), box, field.part), cut_note(framing.whole, box), bars) for box in boxes]
        crops = judge_all(field.gaze, aspects, boxes)
        return [replace(crop, focal_point=(x, y), note=note) for crop, note in zip(crops, notes, strict=True)]
    crops = judge_all(field.gaze, aspects, boxes)
    return [replace(crop, note=joined(_note(field, framing, crop), bars)) for crop in crops]


def _note(field: _Field, framing: Framing, crop: Crop) -> str:
    """What is to be said of a crop that was placed by gaze."""
    short, cut = short_note(framing.keep, framing.whole, crop), cut_note(framing.whole, crop.box)
    return joined(_left_note(field, framing, crop), short, cut)


def _left_note(field: _Field, framing: Framing, crop: Crop) -> str:
    """That the widest window was left at the centre of a photo in which it could have moved."""
    box, (width, height) = crop.box, field.size
    if framing.keep is not None or field.part != Box(0, 0, width, height) or box == field.part:
        return ""
    if box != center_window(field.size, crop.aspect):
        return ""
    sums, window = (
        (field.gaze.sums_across(0, height), box.width)
        if box.width < width
        else (field.gaze.sums_down(0, width), box.height)
    )
    return left_note(float((sums[window:] - sums[: len(sums) - window]).max()) - crop.kept)


def things_inside(things: Sequence[Thing], part: Box) -> list[Thing]:
    """What of the things lies in a part of the photo; without what fills it: that is the picture itself."""
    inside = []
    for thing in things:
        shared = [(_shared(box, part), worth) for box, worth in zip(thing.boxes, thing.worths, strict=True)]
        left = [(box, worth) for box, worth in shared if box is not None and box != part]
        if left:
            boxes, worths = zip(*left, strict=True)
            inside.append(replace(thing, boxes=boxes, worths=worths))
    return inside


def _shared(box: Box, part: Box) -> Box | None:
    """What two boxes have in common."""
    left, top = max(box.left, part.left), max(box.top, part.top)
    width, height = min(box.right, part.right) - left, min(box.bottom, part.bottom) - top
    return Box(left, top, width, height) if width > 0 and height > 0 else None


def _placed(point: tuple[float, float], part: Box, window: tuple[int, int]) -> Box:
    """A window of (width, height) centred on (x, y) in pixels of the photo, shifted to stay in the part."""
    box = place_window((point[0] - part.left, point[1] - part.top), (part.width, part.height), window)
    return Box(part.left + box.left, part.top + box.top, *window)


def _chosen_by_gaze(field: _Field, aspects: Sequence[Aspect], framing: Framing) -> list[Box]:
    """The tight windows with their margin; the widest where none is asked for or none keeps enough."""
    part = field.part
    as_they_are = framing.keep is None and not framing.margin and all(map(part.holds, framing.boxes))
    boxes = []
    for aspect in aspects:
        widest = field.widest(aspect)
        things = framing.whole if as_they_are else _with_margin(framing, part, widest)
        tight = _tightest(field, aspect, framing.keep, things) if framing.keep is not None else None
        if tight is None:
            boxes.append(place_in(field.gaze, aspect, things, part, field.aversion))
        else:
            side = min(round(max(tight.width, tight.height) * (1 + framing.margin)), max(widest))
            boxes.append(_placed(tight.center, part, _window_of_side(side, widest, aspect)))
    return boxes


def _tightest(field: _Field, aspect: Aspect, keep: float, things: Sequence[Thing]) -> Box | None:
    """The smallest window with this share of gaze and whole things worth as much as in the widest window's best place;
    None where the widest keeps less there.

    A larger window can hold all that a smaller one does, so the size is found by bisection.
    """
    widest = field.widest(aspect)
    places = _places(field, widest, things)
    row, column = np.unravel_index(np.argmax(places.kept + places.worth), places.kept.shape)
    worth = places.worth[row, column] - EQUAL_GAZE

    def sought(side: int) -> Box | None:
        places = _places(field, _window_of_side(side, widest, aspect), things)
        good = (places.kept >= keep) & (places.worth >= worth)
        return _best(places, good) if good.any() else None

    found = sought(max(widest))
    if found is None:
        return None
    too_tight, enough = 0, max(widest)
    while enough - too_tight > 1:
        side = (too_tight + enough) // 2
        smaller = sought(side)
        if smaller is None:
            too_tight = side
        else:
            found, enough = smaller, side
    return found


def _window_of_side(side: int, widest: tuple[int, int], aspect: Aspect) -> tuple[int, int]:
    """(width, height) of the window of this shape with this longer side in pixels, never beyond the widest."""
    if widest[0] >= widest[1]:
        return side, min(max(round(side / aspect.ratio), 1), widest[1])
    return min(max(round(side * aspect.ratio), 1), widest[0]), side


def _with_margin(framing: Framing, part: Box, widest: tuple[int, int]) -> list[Thing]:
    """The things to keep whole, each of their boxes with its margin where so it fits the widest window, and worth what
    it is to that one: in a tighter window, which fewer boxes fit, none is worth any more."""

    def with_margin(box: Box) -> Box:
        grown = _grown(box, framing.margin, part)
        return grown if _fits(grown, widest) else box

    things = []
    for thing in framing.whole:
        worths = thing.worths_if([_fits(box, widest) for box in thing.boxes])
        things.append(replace(thing, boxes=tuple(map(with_margin, thing.boxes)), worths=tuple(worths)))
    return things


def _fits(box: Box, window: tuple[int, int]) -> bool:
    return box.width <= window[0] and box.height <= window[1]


def _grown(box: Box, margin: float, part: Box) -> Box:
    """The box with its sides longer by this share, as far as the part of the photo goes."""
    across, down = box.width * margin / 2, box.height * margin / 2
    left, top = max(math.floor(box.left - across), part.left), max(math.floor(box.top - down), part.top)
    right, bottom = min(math.ceil(box.right + across), part.right), min(math.ceil(box.bottom + down), part.bottom)
    return Box(left, top, right - left, bottom - top)


@dataclass(frozen=True, slots=True)
class _Places:
    """Where a window of one size can lie in a part of a photo.

    lefts: (n,) and tops: (m,), ascending pixels. kept: (m, n) expected gaze inside, 0..1. worth: (m, n) of the things
    that are whole.
    """

    part: Box
    window: tuple[int, int]
    lefts: NDArray[np.int64]
    tops: NDArray[np.int64]
    kept: NDArray[np.float64]
    worth: NDArray[np.float64]


def _places(field: _Field, window: tuple[int, int], things: Sequence[Thing], steps: int = 0) -> _Places:
    """The places among which a best one lies, of all pixels; `steps`: and so many more along each axis."""
    gaze, size, part = field.gaze.gaze, field.size, field.part
    rows, columns = gaze.shape
    width, height = window
    boxes = [(worth, box) for thing in things for worth, box in zip(thing.worths, thing.boxes, strict=True)]
    across, down = ([(box.left, box.right) for _, box in boxes], [(box.top, box.bottom) for _, box in boxes])
    lefts = _turning_points(size[0], width, columns, (part.left, part.right), across, steps)
    tops = _turning_points(size[1], height, rows, (part.top, part.bottom), down, steps)
    kept = _inside(_inside(gaze, size[1], tops, height).T, size[0], lefts, width).T
    worth = np.zeros(kept.shape)
    for value, box in boxes:
        rows_in = (tops <= box.top) & (box.bottom <= tops + height)
        worth += value * (rows_in[:, None] & (lefts <= box.left) & (box.right <= lefts + width))
    return _Places(part, window, lefts, tops, kept, worth)


def _inside(gaze: NDArray[np.float64], length: int, starts: NDArray[np.int64], window: int) -> NDArray[np.float64]:
    """(n, ...) what of `gaze`, (cells, ...) spread evenly over `length` pixels, lies in a window at each of n starts.

    A difference of two cumulative sums, since a product with the matrix of what each window covers, small as it is, has
    all of BLAS's threads wait for each other.
    """
    before = np.cumsum(gaze, axis=0) - gaze

    def up_to(stops: NDArray[np.int64]) -> NDArray[np.float64]:
        places = stops * (len(gaze) / length)
        cells = np.minimum(places.astype(np.int64), len(gaze) - 1)
        parts = (places - cells).reshape(-1, *[1] * (gaze.ndim - 1))
        return np.asarray(before[cells] + parts * gaze[cells])

    return up_to(starts + window) - up_to(starts)


def _turning_points(
    length: int,
    window: int,
    cells: int,
    part: tuple[int, int],
    spans: Sequence[tuple[int, int]] = (),
    steps: int = 0,
) -> NDArray[np.int64]:
    """(n,) ascending starts of a window along one axis, within a part (start, stop) of it, among which a best one lies.

    Between the places where one of its borders crosses a cell's, what a window keeps changes linearly with either
    coordinate, so that it is greatest at one of them: the pixels on both sides of each are enough. The same holds of
    the spans (start, stop) to keep whole, where a border touches them. The middle is there for windows that are equal.
    """
    first, last = part[0], part[1] - window
    edges = np.linspace(0, length, cells + 1)
    ends = [value for start, stop in spans for value in (start, stop - window)]
    turns = np.concatenate([edges, edges - window, ends, first + _spread(last - first, steps)])
    starts = np.concatenate([np.floor(turns), np.ceil(turns), [first, (first + last) // 2, last]])
    return np.unique(starts[(starts >= first) & (starts <= last)]).astype(np.int64)


def _spread(room: int, steps: int) -> NDArray[np.float64]:
    """At most `steps` whole pixels, evenly over 0..room."""
    return np.linspace(0, room, steps).round()


def _best(places: _Places, allowed: NDArray[np.bool_]) -> Box:
    """The allowed place of the most value, gaze and worth; of equals, the one nearest the centre."""
    value = np.where(allowed, places.kept + places.worth, -1)
    rows, columns = np.nonzero(value >= value.max() - EQUAL_GAZE)
    part, (width, height) = places.part, places.window
    left, top = part.left + (part.width - width) // 2, part.top + (part.height - height) // 2
    nearest = np.argmin(np.hypot(places.lefts[columns] - left, places.tops[rows] - top))
    return Box(int(places.lefts[columns[nearest]]), int(places.tops[rows[nearest]]), *places.window)


def _apart(places: _Places, boxes: Sequence[Box]) -> NDArray[np.bool_]:
    """(m, n) whether a window there is distinct from each of the boxes."""
    windows = places.lefts, places.tops[:, None], *places.window
    allowed = np.ones(places.kept.shape, bool)
    for box in boxes:
        allowed &= intersection_over_union(windows, box.as_list()) <= DISTINCT
    return allowed
