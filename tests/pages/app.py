"""The app without a browser: opening a page of it, and catching what its buttons would hand out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import streamlit
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples"
FIRST = "crop"
TIMEOUT = 120  # seconds, for a busy machine
Downloads = dict[str, Callable[[], Any]]


def open_page(room: str = FIRST, /, **query: str) -> AppTest:
    """A new visitor who follows a link to a page, by the name of its room."""
    return arrive(AppTest.from_file(ROOT / "frame.py", default_timeout=TIMEOUT), room, query)


def arrive(page: AppTest, room: str = FIRST, query: Mapping[str, str] = {}) -> AppTest:
    """The page once this visitor, who has seen none yet, is on it.

    AppTest learns of the pages in its first run: for any but the first page that run is an empty one, without a photo.
    """
    if room != FIRST:
        page.query_params["sample"] = "none"
        page.run()
    return go_to(page, room, query)


def go_to(page: AppTest, room: str, query: Mapping[str, str] = {}) -> AppTest:
    """The page once the visitor is on the one of this room, as by its link in the navigation or by one with a query."""
    page.query_params.clear()
    page.query_params.update(query)
    if list(page.session_state):
        page.switch_page(f"pages/{room}/page.py")
    page.run()
    assert not page.exception, (room, page.exception)
    return page


def catch_downloads(monkeypatch: pytest.MonkeyPatch) -> Downloads:
    """What each download button drawn from now on would hand out, by file name."""
    offered: Downloads = {}
    button = streamlit.download_button

    def remember(label: str, data: Callable[[], Any], file_name: str, *rest: Any, **options: Any) -> bool:
        offered[file_name] = data
        return button(label, data, file_name, *rest, **options)

    monkeypatch.setattr(streamlit, "download_button", remember)
    return offered
