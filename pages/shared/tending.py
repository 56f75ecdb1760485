"""What the server does beside answering: it is ready before its first visitor, and forgets those who have left."""

from __future__ import annotations

import asyncio
import gc
import importlib
import logging
from collections.abc import AsyncIterator, Container
from contextlib import asynccontextmanager
from pathlib import Path

from streamlit import runtime
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileManager
from streamlit.runtime.websocket_session_manager import WebsocketSessionManager

from pages.shared.folders import remove_left
from pages.shared.kept import forget_old
from saliency import load_model

PAGES = Path(__file__).parents[1]
ROUND = 20  # seconds
log = logging.getLogger("gazecrop")


@asynccontextmanager
async def tended(_app: object) -> AsyncIterator[None]:
    """While the app runs. For `st.App(lifespan=…)`."""
    task = asyncio.create_task(_tend(runtime.get_instance()))
    try:
        yield
    finally:
        task.cancel()


async def _tend(server: runtime.Runtime) -> None:
    for begin in (remove_left, get_ready):
        try:
            await asyncio.to_thread(begin)
        except Exception:  # pages say what they lack, such as weights
            log.exception("the server could not get ready")
    while True:
        await asyncio.sleep(ROUND)
        try:
            forget_sessions(server)
            forget_old()
        except Exception:  # the next round may do better
            log.exception("the server could not forget who has left")


def get_ready() -> None:
    """Import what pages need and load the network; what is there then is for good, and no longer searched for garbage.

    Streamlit collects garbage after every run of every visitor. Of some hundred thousand objects that takes longer than
    the network does, in which nobody else's page can be drawn.
    """
    for path in sorted(PAGES.glob("*/*.py")):
        if path.stem not in ("page", "__init__"):
            importlib.import_module(f"pages.{path.parent.name}.{path.stem}")
    load_model("gaze")
    gc.collect()
    gc.freeze()


def forget_sessions(server: runtime.Runtime) -> None:
    """Have Streamlit drop the sessions that ended longer ago than `server.disconnectedSessionTTL`, with their uploads.

    By itself it does so only once another session ends, which on a quiet server may take days. To be called on the
    event loop.
    """
    manager = server._session_mgr
    if isinstance(manager, WebsocketSessionManager) and isinstance(manager._session_storage, MemorySessionStorage):
        manager._session_storage._cache.expire()  # type: ignore[attr-defined]  # a TTLCache
        gc.collect()  # a session and its parts know each other: none is gone before
        _forget_uploads(server.uploaded_file_mgr, {info.session.id for info in manager.list_sessions()})


def _forget_uploads(uploads: UploadedFileManager, sessions: Container[str]) -> None:
    """Drop the uploads of all other sessions: Streamlit's loop goes on holding the last one that it served."""
    if isinstance(uploads, MemoryUploadedFileManager):
        for session in list(uploads.file_storage):
            if session not in sessions:
                uploads.remove_session_files(session)
