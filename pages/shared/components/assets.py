"""What components are made of: scripts and styles from this folder."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent


def asset(name: str) -> str:
    """The text of a file in this folder, such as "editor.js"."""
    return (HERE / name).read_text(encoding="utf-8")
