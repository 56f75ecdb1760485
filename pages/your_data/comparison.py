"""What `gazecrop bulk-compare --out` wrote, read from a visitor's file: every value is checked before it is shown."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any

from pages.shared.pictures import jpeg_of
from saliency.boxes import intersection_over_union

KIND, VERSION = "gazecrop bulk-compare", 1
BINS = 20  # of the histogram
MOST_BYTES = 10_000_000
MOST_FORMATS, MOST_NAMED = 16, 24
LONGEST = 300  # characters of a name

Sides = tuple[float, float, float, float]


class ComparisonError(ValueError):
    """The file is no comparison; the message is a sentence for whoever brought it."""


@dataclass(frozen=True, slots=True)
class Change:
    """Of one format. photos: that have crops in both runs; same: with the very same box; far: with an overlap below a
    half. overlap: the mean intersection over union, 0..1. moved: the mean share of the photo's longer side. gain: that
    each run's own network expects, None where it is not known. bins: photos by overlap, BINS of them from 0 to 1."""

    photos: int
    same: int
    far: int
    overlap: float
    moved: float
    gain: tuple[float, float] | None
    bins: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Differing:
    """A photo that differs much. size: (width, height) in pixels. boxes: by format, of one run and the other: left,
    top, width, height in pixels. preview: a JPEG, None where the photo could not be read."""

    path: str
    size: tuple[int, int]
    boxes: dict[str, tuple[Sides, Sides]]
    preview: bytes | None

    def overlap(self, name: str) -> float:
        """Intersection over union in a format, 0..1."""
        return float(intersection_over_union(*self.boxes[name]))


@dataclass(frozen=True, slots=True)
class Comparison:
    """methods, names: of one run and the other. photos: of each; both: those with crops in both. most: the photos that
    differ most, in any format."""

    methods: tuple[str, str]
    names: tuple[str, str]
    photos: int
    both: int
    formats: dict[str, Change]
    most: tuple[Differing, ...]


def read_comparison(data: bytes) -> Comparison:
    """The comparison in a file. Raises ComparisonError."""
    if len(data) > MOST_BYTES:
        raise ComparisonError(f"The file has more than {MOST_BYTES / 1e6:g} MB, which no comparison has.")
    try:
        record = json.loads(data)
        known = record["kind"] == KIND
    except (ValueError, TypeError, KeyError, RecursionError):
        known = False
    if not known:
        raise ComparisonError("This is no file that `gazecrop bulk-compare --out` wrote.")
    if record.get("version") != VERSION:
        raise ComparisonError("This file is of another version of gazecrop. Compare the runs again with this one.")
    try:
        return _comparison(record)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError):
        raise ComparisonError("This file is damaged: what it says does not fit together.") from None


def _comparison(record: dict[str, Any]) -> Comparison:
    one, other = record["runs"]
    formats = {_name(name): _change(value) for name, value in list(record["formats"].items())[:MOST_FORMATS]}
    if not formats:
        raise ValueError("no format")
    most = tuple(_differing(photo, list(formats)) for photo in record["most"][:MOST_NAMED])
    methods, names = ((_name(one[key]), _name(other[key])) for key in ("method", "name"))
    return Comparison(methods, names, _count(record["photos"]), _count(record["both"]), formats, most)


def _change(record: dict[str, Any]) -> Change:
    photos, same, far = (_count(record[name]) for name in ("photos", "same", "far"))
    gain = record["gain"]
    bins = tuple(map(_count, record["iou_bins"]))
    if len(bins) != BINS or sum(bins) != photos or max(same, far) > photos:
        raise ValueError("counts that do not add up")
    both = (_number(gain[0], -1, 1), _number(gain[1], -1, 1)) if gain is not None else None
    return Change(photos, same, far, _number(record["iou"], 0, 1), _number(record["moved"], 0, 1), both, bins)


def _differing(record: dict[str, Any], formats: list[str]) -> Differing:
    width, height = map(_count, record["size"])
    if not width * height:
        raise ValueError("no pixels")
    boxes = {
        name: (_box(record["boxes"][name][0], width, height), _box(record["boxes"][name][1], width, height))
        for name in formats
    }
    preview = jpeg_of(record["preview"]) if record["preview"] is not None else None
    return Differing(_name(record["path"]), (width, height), boxes, preview)


def _box(sides: list[Any], width: int, height: int) -> Sides:
    left, top, across, down = sides
    within = [_number(left, 0, width), _number(top, 0, height), _number(across, 1, width), _number(down, 1, height)]
    return within[0], within[1], within[2], within[3]


def _name(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value[:LONGEST]


def _count(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 10**12:
        raise ValueError(value)
    return value


def _number(value: Any, least: float, most: float) -> float:
    if type(value) not in (int, float) or not math.isfinite(value) or not least <= value <= most:
        raise ValueError(value)
    return float(value)
