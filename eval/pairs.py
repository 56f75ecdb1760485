"""Which two crops of a photo to ask people about next: none that look the same, the most telling first."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from saliency.boxes import intersection_over_union
from saliency.types import Aspect, Box

SAME = 0.9  # crops that overlap more show the same picture: one is shifted by less than a nineteenth of its side
TELLING = (0.5, 0.7)  # overlaps below which crops are shifted by more than a third, and than a sixth, of their side

Methods = frozenset[str]
Question = tuple[str, Aspect, Methods]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two crops of a photo, by the methods on the left and on the right. overlap: of the two, 0..1."""

    photo: str
    aspect: Aspect
    left: str
    right: str
    overlap: float

    @property
    def methods(self) -> Methods:
        """Both, whichever side is which."""
        return frozenset((self.left, self.right))

    @property
    def question(self) -> Question:
        """What it asks, whichever side is which."""
        return self.photo, self.aspect, self.methods


def overlap(one: Box, other: Box) -> float:
    """Intersection over union of two crops, 0..1."""
    return float(intersection_over_union(one.as_list(), other.as_list()))


def likeness(share: float) -> int:
    """The class of an overlap, 0 for the most telling, 1 or 2: within one, pairs are taken as equally telling."""
    return sum(share >= bound for bound in TELLING)


def place_of_next(
    ready: Sequence[Comparison],
    asked: Sequence[Comparison],
    chance: random.Random,
    *,
    telling: bool = True,
    met: Mapping[Methods, int] | None = None,
) -> int:
    """The place in `ready`, which is not empty, of the comparison to ask about next, given those asked until now.

    Any two methods are asked about as often as any others, met: how often they were elsewhere, which counts as well. Of
    theirs the most telling come first, by `likeness` (telling=False: all are alike); among those the photos, and then
    the formats, that were asked about least; then `chance` draws. Which of the two methods is which plays no part.
    """
    pairs = Counter(met or {})
    pairs.update(comparison.methods for comparison in asked)
    photos = Counter(comparison.photo for comparison in asked)
    formats = Counter(comparison.aspect for comparison in asked)

    def order(place: int) -> tuple[int, int, int, int, float]:
        one = ready[place]
        alike = likeness(one.overlap) if telling else 0
        return pairs[one.methods], alike, photos[one.photo], formats[one.aspect], chance.random()

    return min(range(len(ready)), key=order)
