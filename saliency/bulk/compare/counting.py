"""What the differences between two runs come to: sums and counts that stay small however many photos there are."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from saliency.boxes import intersection_over_union
from saliency.bulk.compare.pairs import Pairs

BINS = 20  # of a histogram of values from 0 to 1
FAR = 0.5  # an overlap below it is another picture
NAMED = 24  # photos that differ most


@dataclass(slots=True)
class Sums:
    """Of one format. iou, moved: sums over photos, and how many fall into each of BINS; the last one has 1 too. kept,
    gain: sums of one run and the other, over the `known` photos where both know them."""

    photos: int = 0
    same: int = 0
    far: int = 0
    iou: float = 0.0
    moved: float = 0.0
    known: int = 0
    kept: NDArray[np.float64] = field(default_factory=lambda: np.zeros(2))
    gain: NDArray[np.float64] = field(default_factory=lambda: np.zeros(2))
    iou_bins: NDArray[np.int64] = field(default_factory=lambda: np.zeros(BINS, int))
    moved_bins: NDArray[np.int64] = field(default_factory=lambda: np.zeros(BINS, int))

    def as_json(self) -> dict[str, Any]:
        """Means in place of sums; None where there are none."""
        photos, known = max(self.photos, 1), self.known
        return {
            "photos": self.photos,
            "same": self.same,
            "far": self.far,
            "iou": round(self.iou / photos, 6),
            "moved": round(self.moved / photos, 6),
            "kept": [round(float(value) / known, 6) for value in self.kept] if known else None,
            "gain": [round(float(value) / known, 6) for value in self.gain] if known else None,
            "iou_bins": self.iou_bins.tolist(),
            "moved_bins": self.moved_bins.tolist(),
        }


@dataclass(order=True, slots=True)
class Different:
    """A photo on a heap whose first is the one to go, the one that differs least. agreement: the least overlap of its
    formats, negative; number: in the order of the runs, negative; boxes: (f, 4) of one run and the other."""

    agreement: float
    number: int
    path: str = field(compare=False)
    size: tuple[int, int] = field(compare=False)
    boxes: tuple[list[list[int]], list[list[int]]] = field(compare=False)


class Counting:
    """Counts pairs of runs in these formats."""

    def __init__(self, formats: list[str]) -> None:
        self.formats = {name: Sums() for name in formats}
        self.both, self.failed = 0, [0, 0, 0]
        self._most: list[Different] = []

    def add(self, pairs: Pairs) -> None:
        """Count those of a shard."""
        self.failed = [before + now for before, now in zip(self.failed, pairs.failed, strict=True)]
        iou = intersection_over_union(*(np.moveaxis(boxes, -1, 0) for boxes in pairs.boxes))
        moved = moved_by(*pairs.boxes, pairs.sizes)
        for place, sums in enumerate(self.formats.values()):
            sums.photos += len(iou)
            sums.same += int((pairs.boxes[0][:, place] == pairs.boxes[1][:, place]).all(axis=-1).sum())
            sums.far += int((iou[:, place] < FAR).sum())
            sums.iou += float(iou[:, place].sum())
            sums.moved += float(moved[:, place].sum())
            sums.iou_bins += _bins(iou[:, place])
            sums.moved_bins += _bins(moved[:, place])
            known = ~np.isnan(pairs.kept[0][:, place] + pairs.kept[1][:, place])
            sums.known += int(known.sum())
            sums.kept += [values[known, place].sum() for values in pairs.kept]
            sums.gain += [values[known, place].sum() for values in pairs.gain]
        self._name(pairs, iou.min(axis=1))
        self.both += len(iou)

    def most_different(self) -> list[Different]:
        """The photos that differ most, first those that differ more, then in the order of the runs."""
        return sorted(self._most, reverse=True)

    def _name(self, pairs: Pairs, iou: NDArray[np.float64]) -> None:
        for index in np.argsort(iou, kind="stable")[:NAMED]:
            size = int(pairs.sizes[index][0]), int(pairs.sizes[index][1])
            boxes = pairs.boxes[0][index].tolist(), pairs.boxes[1][index].tolist()
            photo = Different(-float(iou[index]), -(self.both + int(index)), pairs.paths[index], size, boxes)
            if iou[index] == 1:
                return
            if len(self._most) < NAMED:
                heapq.heappush(self._most, photo)
            elif photo > self._most[0]:
                heapq.heapreplace(self._most, photo)


def moved_by(one: NDArray[np.int64], other: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.float64]:
    """How far the middles of boxes lie apart, as a share of the photo's longer side, 0..1.

    one, other: (n, f, 4). sizes: (n, 2). Returns (n, f).
    """
    middles = [boxes[..., :2] + boxes[..., 2:] / 2 for boxes in (one, other)]
    apart = np.hypot(*np.moveaxis(middles[0] - middles[1], -1, 0))
    return np.asarray(apart / sizes.max(axis=1, keepdims=True))


def _bins(values: NDArray[np.float64]) -> NDArray[np.int64]:
    places = np.clip((values * BINS + 1e-9).astype(int), 0, BINS - 1)
    return np.bincount(places, minlength=BINS)
