"""Small texts of Your data."""

from __future__ import annotations


def clock(seconds: float) -> str:
    """75.3 -> "1:15"."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
