"""The process that workers are forked from: `python -m saliency.locked.nursery SOCKET IDLE`.

It has loaded the decoders, has no secret of the app's and no thread, and opens no stranger's file. A fork of it is a
worker within a millisecond. It ends when the app does, and when for IDLE seconds nobody wanted a worker.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import signal
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import cv2
import numpy as np
from PIL import AvifImagePlugin

from saliency.animation import open_animation
from saliency.export import FILE_FORMATS, encode
from saliency.image import open_picture
from saliency.locked import locks
from saliency.locked.jobs import JOBS, Job
from saliency.locked.wire import receive, send
from saliency.locked.worker import work
from saliency.originals import METADATA

THREADS = 4  # of a decoder: each takes addresses
TRIAL = 5.0  # seconds


@dataclass(frozen=True, slots=True)
class Nursery:
    """pool: who asks for workers. jobs: what they can do. silence: where they write what nobody reads, an open file.
    small: a picture to begin with. taken: bytes of addresses before a file is opened, 0 where that is not told.
    lock_calls: whether seccomp is there."""

    pool: socket.socket
    jobs: Mapping[str, Job]
    silence: int
    small: bytes
    taken: int
    lock_calls: bool

    def serve(self, idle: float) -> None:
        """Fork and end workers, until the app is gone or for `idle` seconds wants none."""
        workers: dict[int, int] = {}
        try:
            while select.select([self.pool], [], [], idle)[0]:
                message, given = receive(self.pool, 2)
                if number := message.get("start"):
                    workers[number] = self._fork(message, *given)
                    for file in given:
                        os.close(file)
                elif number := message.get("forget"):
                    _end(workers.pop(number, 0))
                else:
                    send(self.pool, {"status": _end(workers.pop(message["end"], 0))})
        except (EOFError, OSError):
            pass
        for process in workers.values():
            _end(process)

    def _fork(self, limits: Mapping[str, float], line: int, answer: int) -> int:
        """A worker that listens at this socket, and answers in this memory. Returns its process, 0 where none can be
        had."""
        nursery = os.getpid()
        try:
            process = os.fork()
        except OSError:
            return 0
        if not process:
            self._be_worker(limits, line, answer, nursery)
        return process

    def _be_worker(self, limits: Mapping[str, float], line: int, answer: int, nursery: int) -> NoReturn:
        try:
            locks.end_with(nursery)
            self.pool.close()
            os.dup2(self.silence, 2)
            open_picture(self.small)  # copies the memory that opening writes to, before anybody waits
            pool = socket.socket(fileno=line)
            self._lock(limits)
            work(pool, answer, self.jobs)
        finally:
            os._exit(1)

    def _lock(self, limits: Mapping[str, float]) -> None:
        """Take from this process what can be taken here. seconds, memory: the limits, the latter in bytes."""
        locks.limit(int(self.taken + limits["memory"]) if self.taken else 0, limits["seconds"])
        if self.lock_calls and (why := locks.lock_calls()):
            raise OSError(why)  # it could be done when it was tried


def main(jobs: Mapping[str, Job] = JOBS) -> None:
    """Prepare, lock this process, say what cannot be locked, and serve."""
    pool, idle = socket.socket(fileno=int(sys.argv[1])), float(sys.argv[2])
    silence = os.open(os.devnull, os.O_RDWR)
    small = _prepare()
    taken = locks.addresses_taken()
    missing = {"files": locks.lock_files()} | _tried(taken)
    send(pool, {"missing": missing})
    Nursery(pool, jobs, silence, small, taken, not missing["calls"]).serve(idle)


def _prepare() -> bytes:
    """Do once what is slow the first time, or needs a file of Python's. Returns a small picture."""
    locks.prepare()
    with contextlib.suppress(OSError):  # if the system runs out of memory, let it not be the app that is ended
        Path("/proc/self/oom_score_adj").write_text("500")
    cv2.setNumThreads(1)
    AvifImagePlugin.DEFAULT_MAX_THREADS = THREADS
    pixels = np.zeros((16, 16, 3), np.uint8)
    for kind in FILE_FORMATS:
        data = encode(pixels, kind)
        open_picture(data)
        open_animation(data)
        for notes in METADATA.values():
            notes(data).options(kind)
    gc.collect()
    gc.freeze()  # what is never looked through is never copied for a worker
    return encode(pixels)


def _tried(taken: int) -> dict[str, str]:
    """What a worker cannot lock here, and why; found out by one that does nothing else."""
    mine, its = socket.socketpair()
    process = os.fork()
    if not process:
        try:
            found = {"limits": locks.limit(2 * taken, TRIAL), "calls": locks.lock_calls()}
            its.send(json.dumps(found).encode())
        finally:
            os._exit(0)
    its.close()
    said = mine.recv(4096)
    mine.close()
    os.waitpid(process, 0)
    return dict(json.loads(said)) if said else {"limits": "", "calls": "the kernel ends who tries"}


def _end(process: int) -> int | None:
    """End a worker, at once. Returns how it ended, as `os.waitpid` says it; None where there was none."""
    if not process:
        return None
    os.kill(process, signal.SIGKILL)  # not yet waited for, so that the number is still its own
    return os.waitpid(process, 0)[1]


if __name__ == "__main__":
    main()
