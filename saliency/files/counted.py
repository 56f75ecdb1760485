"""How many parts a file may have: a few bytes each, a million of them would take seconds and be nothing to look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from itertools import count
from typing import ParamSpec, TypeVar

from saliency.files.errors import DamagedError

MOST_PARTS = 100_000  # a photo has some dozens, one of 200 MB in small pieces 25,000
Part = TypeVar("Part")
Asked = ParamSpec("Asked")


def counted(walk: Callable[Asked, Iterator[Part]]) -> Callable[Asked, Iterator[Part]]:
    """A walk through a file that raises DamagedError where it comes to too many parts."""

    @wraps(walk)
    def walked(*args: Asked.args, **options: Asked.kwargs) -> Iterator[Part]:
        left = steps()
        for part in walk(*args, **options):
            next(left)
            yield part

    return walked


def steps() -> Iterator[int]:
    """0, 1 and so on: for the steps of a walk that finds a part in few of them. Raises DamagedError in place of too
    many."""
    for step in count():
        if step >= MOST_PARTS:
            raise DamagedError(f"it has more than {MOST_PARTS} parts")
        yield step
