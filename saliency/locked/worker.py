"""A worker: a process that is locked already, does one job on one file, and ends."""

from __future__ import annotations

import contextlib
import mmap
import os
import pickle
import socket
from collections.abc import Mapping
from functools import partial
from typing import Any, NoReturn

from saliency.files.errors import ImageError, TooLargeError
from saliency.files.stored import Size
from saliency.locked.answers import Parts
from saliency.locked.jobs import Job
from saliency.locked.wire import mapped, receive, send

USUAL = 4_000_000  # bytes of a reduced photo


def work(pool: socket.socket, answered: int, jobs: Mapping[str, Job]) -> NoReturn:
    """Say that this process is there, wait for a request, do what is asked, answer in the shared file, and end."""
    with contextlib.suppress(EOFError, OSError, ValueError):
        memory = mapped(answered, USUAL, write=True)
        memory[:: mmap.PAGESIZE] = bytes(len(memory[:: mmap.PAGESIZE]))  # found by the kernel before anybody waits
        send(pool, {"ready": True})
        request, (asked,) = receive(pool, 1)
        name, data, has_least, arguments = pickle.loads(mapped(asked, request["length"]))  # the app's own words
        os.close(asked)
        job, parts = jobs[name], Parts()
        try:
            value = job.run(data, partial(_least, pool) if has_least else None, *arguments)
            plain = job.pack(value, parts)
            if parts.end > request["room"]:
                raise MemoryError
            parts.write(memory if parts.end <= USUAL else mapped(answered, parts.end, write=True))
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
