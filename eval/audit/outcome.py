"""What was seen of all pairs, in memory: it is of single people, so it is never written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from eval.audit.draws import Pair
from eval.audit.people import Group, Person
from eval.audit.pictures import SETTINGS, ground_of

ALL = "all"
"""Of every layout, or of every ground."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """P pairs in the S settings of SETTINGS by M methods. Nothing is by place: `one` is a person wherever shown.

    people: (P, 2) whose pair, as places in `groups`. grounds: (P,) of each. favoured: (P, S, M) 1 where the crop shows
    more of the one, 0 of the other, 0.5 as much of both. gaze: (P, S, M) of the one, of that on both; NaN without a
    map. fates: (P, S, M, 2) of the one and the other, as places in FATES.
    """

    methods: tuple[str, ...]
    groups: tuple[Group, ...]
    people: NDArray[np.int64]
    grounds: NDArray[np.str_]
    favoured: NDArray[np.float64]
    gaze: NDArray[np.float64]
    fates: NDArray[np.int8]


def gathered(
    methods: Sequence[str], people: Sequence[Person], pairs: Sequence[Pair], seen: NDArray[np.float64]
) -> Outcome:
    """seen: (P, S, M, 4) favoured, gaze and the two fates."""
    of_pairs = np.array([(pair.one, pair.other) for pair in pairs])
    groups = tuple(person.group for person in people)
    grounds = np.array([ground_of(pair.number) for pair in pairs])
    return Outcome(tuple(methods), groups, of_pairs, grounds, seen[..., 0], seen[..., 1], seen[..., 2:].astype(np.int8))


def of_layout(layout: str) -> list[int]:
    """The places in SETTINGS of a layout, ALL for every one."""
    return [place for place, setting in enumerate(SETTINGS) if layout in (ALL, setting.layout)]


def on_ground(outcome: Outcome, ground: str) -> Outcome:
    """The part on one ground; all of it for ALL."""
    if ground == ALL:
        return outcome
    here = outcome.grounds == ground
    names = ("people", "grounds", "favoured", "gaze", "fates")
    return replace(outcome, **{name: getattr(outcome, name)[here] for name in names})
