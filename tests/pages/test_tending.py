"""Who has left is forgotten, also on a server where nobody else comes or goes."""

from __future__ import annotations

import gc
import time
import tomllib
import weakref
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.runtime.session_manager import SessionInfo
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from streamlit.runtime.websocket_session_manager import WebsocketSessionManager

from pages.shared.tending import forget_sessions, get_ready
from pages.your_data.keeper import GRACE

CONFIG = Path(__file__).parents[2] / ".streamlit" / "config.toml"


class Visit:
    """A session that ended; like Streamlit's it knows its parts, and they know it."""

    def __init__(self, name: str) -> None:
        self.id = name
        self.whole = self


def server(seconds: float) -> tuple[Any, MemorySessionStorage]:
    """A server that takes a visitor back for so many seconds, and its memory of those who left."""
    storage = MemorySessionStorage(ttl_seconds=cast(int, seconds))
    uploads = MemoryUploadedFileManager("/upload")
    manager = WebsocketSessionManager(storage, uploads, ScriptCache(), None)
    return SimpleNamespace(_session_mgr=manager, uploaded_file_mgr=uploads), storage


def leave(storage: MemorySessionStorage, name: str) -> weakref.ref[Visit]:
    visit = Visit(name)
    storage.save(SessionInfo(client=None, session=cast(Any, visit)))
    return weakref.ref(visit)


def test_who_left_long_ago_is_forgotten_and_who_just_left_is_taken_back() -> None:
    runtime, storage = server(0.05)
    gone = leave(storage, "gone")
    time.sleep(0.06)
    assert gone() is not None, "Streamlit holds it until another session ends"
    forget_sessions(runtime)
    assert gone() is None
    runtime, storage = server(60)
    back = leave(storage, "back")
    forget_sessions(runtime)
    assert back() is not None
    assert storage.get("back") is not None


def test_uploads_go_with_their_session_though_something_still_holds_it() -> None:
    runtime, storage = server(60)
    held = leave(storage, "back")()
    for name in ("gone", "back"):
        runtime.uploaded_file_mgr.add_file(name, UploadedFileRec("photo", "a.jpg", "image/jpeg", b"a photo"))
    forget_sessions(runtime)
    assert held is not None
    assert list(runtime.uploaded_file_mgr.file_storage) == ["back"]


def test_photos_on_disk_outlive_the_time_in_which_a_visitor_is_taken_back() -> None:
    assert tomllib.loads(CONFIG.read_text())["server"]["disconnectedSessionTTL"] < GRACE


def test_a_server_that_is_ready_has_little_to_search_for_garbage() -> None:
    try:
        get_ready()
        assert len(gc.get_objects()) < 1000 < gc.get_freeze_count()
    finally:
        gc.unfreeze()
