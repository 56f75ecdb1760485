"""Removes the photos of visitors who have left.

Streamlit forgets a session that ended only once another one ends, which on a quiet server may take days. So its photos
are not left to that: a thread looks whose page is still open.
"""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Callable

from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.your_data.photo_set import PhotoSet

GRACE = 180  # seconds; Streamlit takes a visitor back within its server.disconnectedSessionTTL
ROUND = 20

_lock = threading.Lock()
_kept: weakref.WeakKeyDictionary[PhotoSet, tuple[str, float]] = weakref.WeakKeyDictionary()
_thread: list[threading.Thread] = []


def keep(photos: PhotoSet) -> None:
    """From now on remove the photos once the visitor of this page has left."""
    context = get_script_run_ctx()
    if context is None:
        return
    with _lock:
        _kept[photos] = (context.session_id, time.monotonic())
        if not _thread:
            _thread.append(threading.Thread(target=_watch, args=[runtime.get_instance()], daemon=True))
            _thread[0].start()


def sweep(is_open: Callable[[str], bool], now: float) -> None:
    """Remove the photos whose visitor has been away for GRACE seconds. is_open: whether a session's page is open."""
    left = []
    with _lock:
        for photos, (session, seen) in list(_kept.items()):
            if is_open(session):
                _kept[photos] = (session, now)
            elif now - seen > GRACE:
                del _kept[photos]
                left.append(photos)
    for photos in left:
        photos.close()


def _watch(server: runtime.Runtime) -> None:
    while True:
        time.sleep(ROUND)
        sweep(server.is_active_session, time.monotonic())
