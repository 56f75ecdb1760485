"""A worker: one process that does one job on one file, locked, and ends."""

from __future__ import annotations

import contextlib
import os
import pickle
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, NoReturn

from saliency.files.errors import ImageError, TooLargeError
from saliency.files.stored import Size
from saliency.locked import locks
from saliency.locked.answers import Parts
from saliency.locked.jobs import Job
from saliency.locked.wire import mapped, receive, send


@dataclass(frozen=True, slots=True)
class Locking:
    """taken: bytes of addresses before a file is opened, 0 where that is not told. calls: whether seccomp is there."""

    taken: int
    calls: bool


def work(pool: socket.socket, jobs: Mapping[str, Job], locking: Locking) -> NoReturn:
    """Say that it is there, wait for a request, lock this process, do what is asked, answer, and end."""
    with contextlib.suppress(EOFError, OSError, ValueError):
        send(pool, {"ready": True})
        request, (asked, answered) = receive(pool, 2)
        name, data, has_least, arguments = pickle.loads(mapped(asked, request["length"]))  # the app's own words
        os.close(asked)
        locks.limit(locking.taken + request["memory"] if locking.taken else 0, request["seconds"])
        if locking.calls and locks.lock_calls():
            os._exit(1)
        job, parts = jobs[name], Parts()
        try:
            value = job.run(data, partial(_least, pool) if has_least else None, *arguments)
            plain = job.pack(value, parts)
            if parts.end > request["room"]:
                raise MemoryError
            parts.write(mapped(answered, parts.end, write=True))
            answer = {"value": plain, "bytes": parts.end}
        except Exception as error:
            answer = _failure(error)
        send(pool, answer)
    os._exit(0)  # nothing is worth putting away


def _least(pool: socket.socket, size: Size) -> Size:
    """What must remain of a picture of this size; the pool knows."""
    send(pool, {"size": list(size)})
    (width, height), _ = receive(pool)
    return width, height


def _failure(error: Exception) -> dict[str, Any]:
    """What went wrong, as an answer. Where memory ran out, `saliency/image.py` says so in words of its own."""
    if isinstance(error, MemoryError) or isinstance(error.__context__, MemoryError):
        return {"failed": "memory"}
    if isinstance(error, TooLargeError):
        return {"failed": "large", "words": error.has, "limit": error.limit.name, "most": error.most}
    if isinstance(error, ImageError):
        return {"failed": "image", "words": str(error)}
    return {"failed": "job", "words": f"{type(error).__name__}: {error}"}
