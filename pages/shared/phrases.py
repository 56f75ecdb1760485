"""Numbers and names as parts of a sentence."""

from __future__ import annotations

from collections.abc import Sequence


def percent(share: float) -> str:
    """0.874 -> "87 %", which never breaks across lines."""
    return f"{100 * share:.0f}\u00a0%"


def counted(number: int, one: str, many: str = "") -> str:
    """ "1 photo", "2 photos", "12,345 photos"; many: the plural where it takes more than an s."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(names: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
