"""What components are made of: scripts and styles from this folder, pictures as addresses."""

from __future__ import annotations

import base64
from pathlib import Path

HERE = Path(__file__).parent


def asset(name: str) -> str:
    """The text of a file in this folder, such as "editor.js"."""
    return (HERE / name).read_text(encoding="utf-8")


def data_url(data: bytes, mime: str = "image/jpeg") -> str:
    """A picture as an address, so that it travels with the component and needs no request of its own."""
    return f"data:{mime};base64,{base64.b64encode(data).decode()}"
