"""What is tried: a reader, files to begin with, and how they are changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from tests.fuzz import raw

Change = Callable[[Random, bytes, bytes], bytes]


def bytes_of(rng: Random, data: bytes, _: bytes) -> bytes:
    return raw.changed(rng, data)


@dataclass(frozen=True, slots=True)
class Target:
    """One reader.

    corpus: makes the files that inputs are changed from. run: reads an input, and says in a word what came out.
    errors: those that the reader names. changes: of files, by weight.
    share: of all inputs, against that of other targets.
    """

    name: str
    corpus: Callable[[], Sequence[bytes]]
    run: Callable[[bytes], str]
    errors: tuple[type[Exception], ...]
    changes: Sequence[tuple[Change, int]] = ((bytes_of, 1),)
    share: int = 1

    def input(self, corpus: Sequence[bytes], seed: int, number: int) -> bytes:
        """The input of a number: always the same for a seed and the same files."""
        rng = Random(f"{seed} {self.name} {number}")
        data, other = rng.choice(corpus), rng.choice(corpus)
        if rng.random() < 0.03:
            data = raw.spliced(rng, data, other)
        changes, weights = zip(*self.changes, strict=True)
        for change in rng.choices(changes, weights, k=rng.choice((1, 1, 1, 1, 2, 4))):
            data = change(rng, data, other)
        return data
