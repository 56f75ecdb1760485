"""A worker: a process with the network in it that answers one request after the other, and the server's end of it."""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import signal
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

import cv2
import numpy as np

from saliency.limits import THREADS
from saliency.locked import doors
from saliency.serve.looking import Answer, Refusal, answer
from saliency.serve.wishes import Wish

log = logging.getLogger("gazecrop")
_SPAWN = multiprocessing.get_context("spawn")  # a fork of a process with threads may hang


class WorkerError(RuntimeError):
    """A worker ended, or failed by our own fault. The message is for the log."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a worker says. failed: why it could not, for the log. began: of `time.monotonic`."""

    value: Answer | Refusal | None
    failed: str = ""
    began: float = 0.0


class Worker:
    """For one thread at a time."""

    def __init__(self) -> None:
        self._line: Connection | None = None
        self._process: Any = None

    def start(self) -> None:
        """Make the process anew, and wait until it has the network loaded. Raises WorkerError."""
        self.close()
        self._line, its = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=_work, args=(its,), daemon=True, name="gazecrop-worker")
        self._process.start()
        its.close()
        self._hear()

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.is_alive()

    def ask(self, data: bytes, wish: Wish) -> Done:
        """Raises WorkerError."""
        assert self._line
        try:
            self._line.send(wish)
            self._line.send_bytes(data)
        except OSError as error:
            raise WorkerError(f"a worker is gone: {error}") from None
        return self._hear()

    def kill(self) -> None:
        """End the process, whatever it is doing; whoever waits for it gets a WorkerError."""
        if self._process:
            self._process.kill()

    def close(self) -> None:
        """Leave nothing running."""
        self.kill()
        if self._process:
            self._process.join()
        if self._line:
            self._line.close()

    def _hear(self) -> Done:
        assert self._line
        try:
            done: Done = self._line.recv()
        except (EOFError, OSError):
            self._process.join(1)  # its end of the line is closed a moment before it is gone
            raise WorkerError("a worker ended while it was asked") from None
        if done.failed:
            raise WorkerError(done.failed)
        return done


def _work(line: Connection) -> None:
    """Until the server closes its end. Signals to end are the server's to hear: it lets us finish."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    os.environ.setdefault(THREADS, "1")  # there is a worker for each core
    cv2.setNumThreads(1)
    with contextlib.suppress(EOFError, OSError):
        line.send(_done(_first_picture(), Wish()))
        while True:
            wish = line.recv()
            line.send(_done(line.recv_bytes(), wish))


def _done(data: bytes, wish: Wish) -> Done:
    began = time.monotonic()
    try:
        return Done(answer(data, wish), began=began)
    except Exception as error:  # the next photo may fare better
        return Done(None, f"{type(error).__name__}: {error}", began)


def _first_picture() -> bytes:
    """Looked at before the first request, so that all is loaded when that comes."""
    doors.warm()
    return cv2.imencode(".png", np.full((64, 64, 3), 255, np.uint8))[1].tobytes()
