"""Small texts of Your data."""

from __future__ import annotations


def counted(number: int, one: str, many: str = "") -> str:
    """ "1 photo", "2 photos"; many: the plural where it takes more than an s."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def clock(seconds: float) -> str:
    """75.3 -> "1:15"."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
