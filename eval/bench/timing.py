"""Times that can be compared: everything takes turns, so that what disturbs the machine disturbs all alike."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

WARM_UP = 2  # rounds that do not count


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of some times and their quartiles, in milliseconds."""

    median: float
    low: float
    high: float


class Laps:
    """A stop watch for the stages of one piece of work."""

    def __init__(self) -> None:
        self.milliseconds: dict[str, float] = {}

    @contextmanager
    def lap(self, stage: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self.milliseconds[stage] = 1000 * (time.perf_counter() - began)


Work = Callable[[Laps], object]


def interleaved(work: Mapping[str, Work], rounds: int) -> dict[str, dict[str, Spread]]:
    """Every piece of work once a round, each round beginning with another one.

    Returns for each its stages in the order of their laps, and "total", from the first lap to the last.
    """
    names = list(work)
    times: dict[str, list[dict[str, float]]] = {name: [] for name in names}
    for turn in range(-WARM_UP, rounds):
        first = turn % len(names)
        for name in (*names[first:], *names[:first]):
            laps = Laps()
            work[name](laps)
            if turn >= 0:
                times[name].append(laps.milliseconds | {"total": sum(laps.milliseconds.values())})
    return {name: _spreads(of) for name, of in times.items()}


def _spreads(times: Sequence[Mapping[str, float]]) -> dict[str, Spread]:
    found = {}
    for stage in times[0]:
        low, median, high = np.percentile([of[stage] for of in times], (25, 50, 75))
        found[stage] = Spread(round(float(median), 3), round(float(low), 3), round(float(high), 3))
    return found
