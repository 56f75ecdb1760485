"""Which two people are shown together: drawn from a seed, everybody of a group about as often."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from random import Random

from eval.audit.people import Group, Person


@dataclass(frozen=True, slots=True)
class Pair:
    """Two people of two groups, as their places in the list of people; number: the pair's own, for what is drawn."""

    number: int
    one: int
    other: int


def draw_pairs(
    people: Sequence[Person], count: int, match: Mapping[str, float] | None = None, seed: int = 0
) -> list[Pair]:
    """About `count` pairs, as many of any two groups as of any others; no two people meet twice.

    match: by how much the two may differ at most in each of these values. Fewer pairs where there are no more. Raises
    ValueError where there are none.
    """
    chance = Random(seed)
    members: dict[Group, list[int]] = {}
    for place, person in enumerate(people):
        members.setdefault(person.group, []).append(place)
    of_two = list(combinations(sorted(members), 2))
    drawn = []
    for rank, (one, other) in enumerate(of_two):
        share = count // len(of_two) + (rank < count % len(of_two))
        drawn += _of_two_groups(people, members[one], members[other], share, match or {}, chance)
    if not drawn:
        raise ValueError("no two people can be paired: ask for more pairs, or match less closely")
    return [Pair(number, one, other) for number, (one, other) in enumerate(drawn)]


def _of_two_groups(
    people: Sequence[Person],
    ones: Sequence[int],
    others: Sequence[int],
    count: int,
    match: Mapping[str, float],
    chance: Random,
) -> list[tuple[int, int]]:
    """Rounds over one group, each time in another order; each meets who of the other group met the fewest."""
    met = dict.fromkeys(others, 0)
    found: set[tuple[int, int]] = set()
    while len(found) < count:
        before = len(found)
        for one in chance.sample(ones, min(len(ones), count - len(found))):
            fit = [o for o in others if (one, o) not in found and _alike(people[one], people[o], match)]
            if fit:
                other = min(fit, key=lambda place: (met[place], chance.random()))
                met[other] += 1
                found.add((one, other))
        if len(found) == before:
            break
    return sorted(found)


def _alike(one: Person, other: Person, match: Mapping[str, float]) -> bool:
    return all(abs(one.match[name] - other.match[name]) <= most for name, most in match.items())
