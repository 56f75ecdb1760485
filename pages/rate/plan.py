"""Which crops a visitor is shown, in which order and on which side. Pure."""

from __future__ import annotations

import random
from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import combinations
from uuid import uuid4

from saliency.boxes import intersection_over_union
from saliency.types import Aspect, Box

ASPECTS = tuple(Aspect.parse(text) for text in ("16:9", "1:1", "4:5", "9:16", "2:1", "3:1"))
FIRST_ASPECTS = ("16:9", "1:1", "4:5")
WANTED = 40  # votes in a round
SAME = 0.9  # crops that overlap more show the same picture: one is shifted by less than a nineteenth of its side


@dataclass(frozen=True, slots=True)
class Setup:
    """What is compared. photos: their keys."""

    photos: tuple[str, ...]
    aspects: tuple[Aspect, ...]
    methods: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two crops of a photo, by the methods on the left and on the right."""

    photo: str
    aspect: Aspect
    left: str
    right: str

    @property
    def question(self) -> tuple[str, Aspect, frozenset[str]]:
        """What it asks, whichever side is which."""
        return self.photo, self.aspect, frozenset((self.left, self.right))


@dataclass(frozen=True, slots=True)
class Vote:
    """What one rater said of two crops.

    shown: unique to this showing of the two, so that a double click is one row. source: "samples", a dataset, or
    "upload". photo: its file name; of an upload the SHA-256 of its bytes, never its name. boxes: in pixels of the
    upright photo. choice: one of eval.ratings.CHOICES.
    """

    shown: str
    rater: str
    source: str
    photo: str
    aspect: str
    left_method: str
    right_method: str
    left_box: Box
    right_box: Box
    choice: str


@dataclass(slots=True)
class Round:
    """One visitor's way through a plan of comparisons.

    at: the place in the plan that is on screen. shown: the key of this showing, which is never used again. cast: place
    and key of each vote. same: the places passed over because both crops are the same; pending: those of them that
    are to be written down with the next vote, or when the round ends. broken: why photos, by key, cannot be shown.
    """

    setup: Setup
    plan: list[Comparison]
    at: int = 0
    shown: str = field(default_factory=lambda: uuid4().hex)
    cast: list[tuple[int, str]] = field(default_factory=list)
    same: set[int] = field(default_factory=set)
    pending: list[Vote] = field(default_factory=list)
    broken: dict[str, Exception] = field(default_factory=dict)

    @property
    def finished(self) -> bool:
        """Whether enough was rated, or nothing is left."""
        return len(self.cast) >= WANTED or self.at >= len(self.plan)

    @property
    def comparison(self) -> Comparison:
        return self.plan[self.at]

    @property
    def total(self) -> int:
        """How many votes the round will have, at most: comparisons of one crop are passed over once met."""
        left = sum(c.photo not in self.broken for c in self.plan[self.at :])
        return min(WANTED, len(self.cast) + left)

    def vote(self) -> None:
        """The comparison on screen got its vote, and all is written down: on to the next."""
        self.cast.append((self.at, self.shown))
        self.pending = []
        self._show(self.at + 1)

    def undo(self) -> None:
        """Back to the last one voted on, which is then shown as if for the first time."""
        self._show(self.cast.pop()[0])

    def pass_over(self, vote: Vote | None = None) -> None:
        """Go on without showing the comparison. vote: to be written down, that both crops are the same."""
        if vote and self.at not in self.same:
            self.same.add(self.at)
            self.pending.append(vote)
        self._show(self.at + 1)

    def questions(self) -> set[tuple[str, Aspect, frozenset[str]]]:
        """What needs no asking again."""
        return {self.plan[place].question for place in (*self.same, *(place for place, _ in self.cast))}

    def _show(self, place: int) -> None:
        self.at, self.shown = place, uuid4().hex


def draw(setup: Setup, seed: str, asked: Collection[tuple[str, Aspect, frozenset[str]]] = ()) -> Round:
    """All pairs of methods for every photo and aspect, without those asked before; `seed` draws order and sides."""
    chance = random.Random(seed)
    plan = [
        Comparison(photo, aspect, *chance.sample(pair, 2))
        for photo in setup.photos
        for aspect in setup.aspects
        for pair in combinations(setup.methods, 2)
    ]
    chance.shuffle(plan)
    return Round(setup, [comparison for comparison in plan if comparison.question not in asked])


def same_crop(left: Box, right: Box) -> bool:
    """Whether there is nothing to see between the two: their intersection over union is SAME or more."""
    return bool(intersection_over_union(left.as_list(), right.as_list()) >= SAME)
