"""What the app and all processes that it started take: memory and processor time. From /proc, so on Linux alone."""

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
    return sum(map(_proportional, _app_and_children())) / 1e6


def processor_seconds() -> float:
    """Seconds of processor time that the app and its children took so far, those included that have ended."""
    ticks = sum(sum(map(int, _stat(pid)[11:15])) for pid in _app_and_children())
    return ticks / os.sysconf("SC_CLK_TCK")


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


def _app_and_children() -> list[int]:
    children = _parents()
    apps = [pid for pid in children[os.getpid()] if b"streamlit" in _read(pid, "cmdline")]
    return [pid for app in apps for pid in _family(app, children)]


def _parents() -> dict[int, list[int]]:
    """The children of each process."""
    found: dict[int, list[int]] = defaultdict(list)
    for folder in Path("/proc").glob("[0-9]*"):
        pid = int(folder.name)
        if fields := _stat(pid):
            found[int(fields[1])].append(pid)
    return found


def _family(pid: int, children: dict[int, list[int]]) -> list[int]:
    return [pid, *(one for child in children.get(pid, []) for one in _family(child, children))]


def _stat(pid: int) -> list[bytes]:
    """What the system says of a process, after its name: state, parent and so on; nothing once it is gone."""
    return _read(pid, "stat").rpartition(b")")[2].split()


def _proportional(pid: int) -> int:
    """Bytes: of pages that n processes share, this one's n-th part."""
    lines = _read(pid, "smaps_rollup").decode().splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def _read(pid: int, name: str) -> bytes:
    """A file of a process that may have ended."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/{name}").read_bytes()
    return b""
