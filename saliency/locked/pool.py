"""Jobs on files in locked workers: a nursery that is there when it is needed, one file a core."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from typing import Any

from saliency.image import Least
from saliency.limits import MEMORY, SECONDS
from saliency.locked.failures import Gone
from saliency.locked.handle import Asked, Handle
from saliency.locked.jobs import JOBS, Job

NURSERY = "saliency.locked.nursery"
MOST_SECONDS, MOST_MEMORY = SECONDS.value(), int(MEMORY.value())
IDLE = 600.0  # seconds, after which the nursery ends


class Pool:
    """Does jobs for many threads at once; those beyond its places wait.

    nursery: the module that is run. jobs: what its workers can do. places: how many at once, None for one a core.
    memory: bytes that a worker may take. idle: seconds without a file, after which nothing is left running.
    """

    def __init__(
        self,
        nursery: str = NURSERY,
        jobs: Mapping[str, Job] = JOBS,
        places: int | None = None,
        memory: int = MOST_MEMORY,
        idle: float = IDLE,
    ) -> None:
        self._nursery, self._jobs, self._memory, self._idle = nursery, jobs, memory, idle
        self._places = threading.BoundedSemaphore(places or os.cpu_count() or 1)
        self._lock = threading.Lock()
        self._handle: Handle | None = None

    def ask(
        self, name: str, data: bytes, *arguments: Any, least: Least | None = None, seconds: float = MOST_SECONDS
    ) -> Any:
        """What a job gives for a file's bytes. least: as `open_picture` takes it. seconds: that it may take.

        Raises ImageError as the job does, and where the file ends its worker or goes beyond a limit of time or memory;
        JobError where the job raises anything else; Gone where no worker can be had.
        """
        asked = Asked(name, data, arguments, least, seconds)
        with self._places:
            handle = self._running()
            try:
                return handle.ask(asked)
            except Gone:  # it may have ended a moment ago, by nobody's fault
                self._drop(handle)
                return self._running().ask(asked)

    def warm(self) -> None:
        """Have the first worker made, without waiting for it."""
        self._running()

    def missing(self) -> dict[str, str]:
        """What workers do not lock on this system, of "files", "calls" and "limits", and why. Raises Gone."""
        return self._running().missing()

    def close(self) -> None:
        """Leave nothing running."""
        if self._handle:
            self._drop(self._handle)

    def _running(self) -> Handle:
        if self._handle and not self._handle.alive:
            self._drop(self._handle)
        with self._lock:
            if self._handle is None:
                self._handle = Handle(self._nursery, self._jobs, self._idle, self._memory, MOST_SECONDS)
            return self._handle

    def _drop(self, handle: Handle) -> None:
        with self._lock:
            if self._handle is handle:
                handle.close()
                self._handle = None
