"""Whose turn it is to have a photo looked at: a few at once, so that many wait in a line and see how long it is.

All at once they would share the cores, and everybody would wait as long as the last.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.shared.keys import PAGE
from pages.shared.line import Line

PLACES = os.cpu_count() or 1  # a photo a core: more would only wait for each other
LATER = 10.0  # seconds that a second look, by a better network, lets others' first looks go first

line = Line(PLACES)
_here = threading.local()


@contextmanager
def turn(later: float = 0) -> Iterator[None]:
    """A place among those at work, for the block; who has one already keeps it. While there is none, say so.

    later: seconds that others may come and still go first.
    """
    if getattr(_here, "has_place", False):
        yield
        return
    with ExitStack() as stack:
        notice = stack.enter_context(ExitStack())
        stack.enter_context(line.turn(_visitor(), _Told(notice), later))
        notice.close()
        notice.enter_context(_telling(0))
        _here.has_place = True
        stack.callback(_give_back)
        yield


def _give_back() -> None:
    _here.has_place = False


@contextmanager
def told_by(tell: Callable[[int], None]) -> Iterator[None]:
    """Within the block `tell` says how many are before, 0 when it is one's turn, in place of a spinner that does."""
    before, _here.tell = getattr(_here, "tell", None), tell
    try:
        yield
    finally:
        _here.tell = before


class _Told:
    """Tells a visitor who waits how many are before; told anew when that changes."""

    def __init__(self, notice: ExitStack) -> None:
        self.notice = notice
        self.before = -1

    def __call__(self, before: int) -> None:
        st.session_state.get(PAGE)  # where the visitor has left or clicked, Streamlit ends the run here
        if before != self.before:
            self.before = before
            self.notice.close()
            self.notice.enter_context(_telling(before))


@contextmanager
def _telling(before: int) -> Iterator[None]:
    if tell := getattr(_here, "tell", None):
        tell(before)
        yield
        return
    with st.spinner(busy_words(before) if before else "Finding where people look …"):
        yield


def busy_words(before: int) -> str:
    """What one who waits is told."""
    return f"Busy: {before} {'photo' if before == 1 else 'photos'} of other visitors before yours …"


def _visitor() -> str:
    context = get_script_run_ctx()
    return context.session_id if context else f"thread {threading.get_ident()}"
