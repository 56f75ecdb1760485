"""How much memory the app takes: it and all processes that it started, in MB. From /proc, so on Linux alone."""

from __future__ import annotations

import contextlib
import os
import threading
import urllib.request
from collections import defaultdict
from pathlib import Path

EVERY = 2.0  # seconds between two looks


def app_memory() -> float:
    """MB of the app that this process started, and of its own children; pages that they share are counted once."""
    parents = _parents()
    apps = [pid for pid in parents[os.getpid()] if b"streamlit" in _read(pid, "cmdline")]
    return sum(_proportional(pid) for app in apps for pid in _family(app, parents)) / 1e6


class Peak:
    """The most memory that the app took while this watched."""

    def __init__(self) -> None:
        self.most = 0.0
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Peak:
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._watch.join()

    def _look(self) -> None:
        while not self._over.wait(EVERY):
            self.most = max(self.most, app_memory())


def uploads_held(url: str) -> float:
    """MB of visitors' uploads that the server at `url` holds, by what it tells of itself."""
    with urllib.request.urlopen(f"{url}/_stcore/metrics", timeout=60) as answer:
        lines = answer.read().decode().splitlines()
    return sum(float(line.split()[1]) for line in lines if 'cache_type="UploadedFileManager"' in line) / 1e6


def _parents() -> dict[int, list[int]]:
    """The children of each process."""
    found: dict[int, list[int]] = defaultdict(list)
    for folder in Path("/proc").glob("[0-9]*"):
        pid = int(folder.name)
        fields = _read(pid, "stat").rpartition(b")")[2].split()
        if len(fields) > 1:
            found[int(fields[1])].append(pid)
    return found


def _family(pid: int, children: dict[int, list[int]]) -> list[int]:
    return [pid, *(one for child in children.get(pid, []) for one in _family(child, children))]


def _proportional(pid: int) -> int:
    """Bytes: of pages that n processes share, this one's n-th part."""
    lines = _read(pid, "smaps_rollup").decode().splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def _read(pid: int, name: str) -> bytes:
    """A file of a process that may have ended."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/{name}").read_bytes()
    return b""
