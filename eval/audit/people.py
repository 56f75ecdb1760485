"""Faces and their groups, from a folder and a CSV with a row a face."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

IMAGE = "image"
FEWEST = 10
"""A group of fewer people is left out: little can be told of it, and a number would be of somebody."""

IMAGES = "images"
"""Where the files may lie, beside the CSV or right here."""

Group = tuple[str, ...]
"""One value of each column that groups are made of."""


@dataclass(frozen=True, slots=True)
class Person:
    """One face. path: its file. group: by the columns asked for. match: values by which two people are matched."""

    path: Path
    group: Group
    match: Mapping[str, float] = field(default_factory=dict)


def read_people(folder: Path, labels: Path, by: Sequence[str], match: Iterable[str] = ()) -> list[Person]:
    """The people of a folder, by their labels.

    labels: a CSV with the column "image", a file's name in the folder or in its folder images/, and those of `by` and
    `match`; the latter hold numbers. Rows with an empty value are left out. Raises ValueError naming what is missing.
    """
    if not labels.is_file():
        raise ValueError(f"there is no file {labels}; name the table of labels with --labels")
    with labels.open(newline="") as file:
        reader = csv.DictReader(file)
        columns, rows = reader.fieldnames or [], list(reader)
    wanted = [IMAGE, *by, *match]
    if missing := [name for name in wanted if name not in columns]:
        raise ValueError(f"{labels.name} has no column {missing[0]!r}; it has {', '.join(columns)}")
    return [
        Person(_found(folder, row[IMAGE]), tuple(row[name] for name in by), {n: _number(row[n], n) for n in match})
        for row in rows
        if all(row[name] for name in wanted)
    ]


def group_name(group: Group) -> str:
    """In words: "Asian female"."""
    return " ".join(group)


def count_groups(people: Iterable[Person]) -> dict[str, int]:
    """How many people each group has, in the order of their names."""
    return dict(sorted(Counter(group_name(person.group) for person in people).items()))


def of_large_groups(people: Sequence[Person], fewest: int = FEWEST) -> list[Person]:
    """Those whose group has enough people. Raises ValueError where fewer than two groups have."""
    sizes = Counter(person.group for person in people)
    if sum(size >= fewest for size in sizes.values()) < 2:
        raise ValueError(f"an audit compares groups of {fewest} people and more, got {count_groups(people)}")
    return [person for person in people if sizes[person.group] >= fewest]


def _found(folder: Path, name: str) -> Path:
    for path in (folder / name, folder / IMAGES / name):
        if path.is_file():
            return path
    raise ValueError(f"{folder} has no picture {name!r}, nor has its folder {IMAGES}")


def _number(text: str, column: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"people are matched by numbers, and the column {column!r} holds {text!r}") from None
