"""Folders for visitors' photos, of which none outlives the server: what a killed one left, the next removes."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from pathlib import Path

PREFIX = "gazecrop-"


def new_folder() -> tuple[Path, int]:
    """A folder with a name that cannot be guessed, and the descriptor that says it is in use until it is closed.

    Raises OSError where there can be none.
    """
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    return folder, _take(folder)


def remove_left() -> None:
    """Remove the folders that no process uses any more, of this user's. Raises OSError where there can be none."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):  # in use, not ours, or gone
            if folder.stat().st_uid == os.geteuid():
                descriptor = _take(folder)
                shutil.rmtree(folder, ignore_errors=True)
                os.close(descriptor)


def _take(folder: Path) -> int:
    """Lock the folder for as long as the descriptor is open, at most as long as this process. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor
