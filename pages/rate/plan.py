"""What a visitor is asked, in which order and with which crop on which side. Pure."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from uuid import uuid4

from eval.pairs import SAME, Comparison, Methods, Question, place_of_next
from saliency.types import Aspect, Box

ASPECTS = tuple(Aspect.parse(text) for text in ("16:9", "1:1", "4:5", "9:16", "2:1", "3:1"))
FIRST_ASPECTS = ("16:9", "1:1", "4:5")
WANTED = 40  # votes in a round


@dataclass(frozen=True, slots=True)
class Plan:
    """A way to draw pairs. pairs: of methods, none where the visitor chooses. wanted: votes of everybody together, 0
    for any number. telling: the crops that differ most come first, else chance decides among those that differ."""

    label: str
    pairs: tuple[tuple[str, str], ...] = ()
    wanted: int = 0
    telling: bool = True


FREE, WORDPRESS = "telling", "wordpress"
PLANS = {  # by the name that goes with each vote
    FREE: Plan("Your choice"),
    WORDPRESS: Plan(
        "WordPress test",
        pairs=(("gaze", "center"), ("gaze", "vips-attention"), ("gaze", "face")),
        wanted=330,
        telling=False,  # what it says of photos in general must not hang on the extremes
    ),
}
BY_CHANCE = "chance"  # how pairs were drawn before there were plans


@dataclass(frozen=True, slots=True)
class Setup:
    """What is compared. photos: their keys. pairs: of methods. plan: one of PLANS."""

    photos: tuple[str, ...]
    aspects: tuple[Aspect, ...]
    pairs: tuple[tuple[str, str], ...]
    plan: str = FREE

    @property
    def methods(self) -> tuple[str, ...]:
        """Each once, in the order of the pairs."""
        return tuple(dict.fromkeys(name for pair in self.pairs for name in pair))


@dataclass(frozen=True, slots=True)
class Vote:
    """What one rater said of two crops.

    shown: unique to this showing of the two, so that a double click is one row. source: "samples", a dataset, or
    "upload". photo: its file name; of an upload the SHA-256 of its bytes, never its name. boxes: in pixels of the
    upright photo. choice: one of eval.ratings.CHOICES. drawn: how the pair was chosen, the name of its plan.
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
    drawn: str


@dataclass(slots=True)
class Round:
    """One visitor's way through comparisons, which become known as photos are looked at, one after the other.

    unseen: photos to look at, in random order; broken: why some, by key, cannot be opened. ready: comparisons that
    differ and wait for their turn; trail: those shown, the one on screen last but after an undo. same: what needs no
    asking because both crops are the same; pending: those of them that are to be written down with the next vote, or
    when the round ends. shown: the key of this showing, which is never used again. cast: the key of each vote, in the
    order of the trail. asked: questions of rounds before. met: how often two methods were asked about elsewhere.
    """

    setup: Setup
    chance: random.Random
    unseen: list[str]
    asked: frozenset[Question] = frozenset()
    met: Mapping[Methods, int] = field(default_factory=dict)
    ready: list[Comparison] = field(default_factory=list)
    trail: list[Comparison] = field(default_factory=list)
    shown: str = field(default_factory=lambda: uuid4().hex)
    cast: list[str] = field(default_factory=list)
    same: list[Question] = field(default_factory=list)
    pending: list[Vote] = field(default_factory=list)
    broken: dict[str, Exception] = field(default_factory=dict)

    @property
    def finished(self) -> bool:
        """Whether enough was rated, or nothing is left."""
        return self.total == len(self.cast)

    @property
    def waits(self) -> bool:
        """Whether a comparison is wanted and none is on screen."""
        return not self.finished and len(self.trail) == len(self.cast)

    @property
    def comparison(self) -> Comparison:
        """The one on screen. Raises IndexError where the round waits or has ended."""
        return self.trail[len(self.cast)]

    @property
    def total(self) -> int:
        """How many votes the round will have, at most: photos not looked at may have crops that are all the same."""
        each = len(self.setup.aspects) * len(self.setup.pairs)
        return min(WANTED, len(self.trail) + len(self.ready) + each * len(self.unseen))

    def questions_on(self, photo: str) -> Iterator[tuple[Aspect, str, str]]:
        """Format, left and right method of all that can be asked about a photo and was not; sides are drawn."""
        for aspect in self.setup.aspects:
            for pair in self.setup.pairs:
                left, right = self.chance.sample(pair, 2)
                if (photo, aspect, frozenset(pair)) not in self.asked:
                    yield aspect, left, right

    def seen(self, photo: str, found: Collection[tuple[Comparison, Vote]]) -> None:
        """A photo was looked at: what differs gets ready, what does not (its vote says so) is to be written down."""
        self.unseen.remove(photo)
        for comparison, vote in found:
            if comparison.overlap >= SAME:
                self.same.append(comparison.question)
                self.pending.append(vote)
            else:
                self.ready.append(comparison)

    def give_up(self, photo: str, error: Exception) -> None:
        """A photo cannot be opened."""
        self.unseen.remove(photo)
        self.broken[photo] = error

    def draw(self) -> None:
        """Put the next comparison on screen; one must be ready."""
        telling = PLANS[self.setup.plan].telling
        place = place_of_next(self.ready, self.trail, self.chance, telling=telling, met=self.met)
        self.trail.append(self.ready.pop(place))

    def vote(self) -> None:
        """The comparison on screen got its vote, and all is written down: on to the next."""
        self.cast.append(self.shown)
        self.pending = []
        self.shown = uuid4().hex

    def undo(self) -> None:
        """Back to the last one voted on, which is then shown as if for the first time."""
        self.cast.pop()
        self.shown = uuid4().hex

    def questions(self) -> set[Question]:
        """What needs no asking again."""
        return {*self.same, *(comparison.question for comparison in self.trail[: len(self.cast)])}


def begin(setup: Setup, seed: str, asked: Collection[Question] = (), met: Mapping[Methods, int] | None = None) -> Round:
    """A round about these photos, without what was asked before; `seed` draws order and sides."""
    chance = random.Random(seed)
    photos = list(setup.photos)
    chance.shuffle(photos)
    return Round(setup, chance, photos, frozenset(asked), dict(met or {}))
