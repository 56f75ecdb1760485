"""Names and what they stand for: one error for a name that is not there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

T = TypeVar("T")


def look_up(kind: str, name: str, registry: Mapping[str, T]) -> T:
    """What `name` stands for in a registry of this kind. Raises ValueError, with the names there are, as `check`."""
    check(kind, name, registry)
    return registry[name]


def check(kind: str, name: str, names: Iterable[str]) -> None:
    """Raises ValueError, with the names there are, unless `name` is one: "unknown method 'fase'; available: face"."""
    names = list(names)
    if name not in names:
        raise ValueError(f"unknown {kind} {name!r}; available: {', '.join(names)}")
