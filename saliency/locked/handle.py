"""The app's handle on a nursery: its process, the worker that is ready, and the conversation about one file."""

from __future__ import annotations

import contextlib
import itertools
import os
import pickle
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from saliency.image import MAX_PIXELS, Least
from saliency.locked import failures
from saliency.locked.failures import Gone, Nonsense
from saliency.locked.jobs import Job
from saliency.locked.wire import mapped, receive, send, shared_file

ROOM = 8 * MAX_PIXELS + 64_000_000  # bytes of an answer
START = 30.0  # seconds that a nursery may take to be there
MOST_QUESTIONS = 2  # how much must remain: of the file, and of the mended one
KEPT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH")  # of the environment, which may hold secrets
SETTINGS = "GAZECROP_MAX_"
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}  # each takes addresses


LOCKS = {"files": "Landlock", "calls": "seccomp", "limits": "limits of memory and time"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A job on a file's bytes. least: what must remain of it. seconds: that it may take."""

    name: str
    data: bytes
    arguments: Sequence[Any]
    least: Least | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Worker:
    """A process that waits for a file. number: by which the nursery knows it. line: to it. answer: the memory that it
    writes to, an open file. seconds: of the processor's time that it has."""

    number: int
    line: socket.socket
    answer: int
    seconds: float

    def leave(self) -> None:
        """Close our ends."""
        self.line.close()
        os.close(self.answer)


class Handle:
    """A nursery that runs, until it ends.

    module: what it runs. idle: seconds without a file after which it ends. memory: bytes, and seconds, that its workers
    usually may take.
    """

    def __init__(self, module: str, jobs: Mapping[str, Job], idle: float, memory: int, seconds: float) -> None:
        self._jobs, self._memory, self._seconds = jobs, memory, seconds
        self._socket, its = socket.socketpair()
        kept = {name: value for name, value in os.environ.items() if name in KEPT or name.startswith(SETTINGS)}
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, str(its.fileno()), str(idle)],
            env=kept | ONE_THREAD | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[its.fileno()],
            start_new_session=True,
        )
        its.close()
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._missing: dict[str, str] | None = None
        self._ready: list[Worker] = []
        with contextlib.suppress(Gone):
            self._refill()

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def close(self) -> None:
        """End it and its workers."""
        self._process.kill()
        self._process.wait()
        self._socket.close()
        for worker in self._ready:
            worker.leave()

    def missing(self) -> dict[str, str]:
        """What its workers do not lock, and why. Raises Gone."""
        with self._line():
            return self._told_missing()

    def ask(self, asked: Asked) -> Any:
        """As `Pool.ask`, which is told Gone where the nursery has ended."""
        worker, has_ended = self._take(asked.seconds), False
        try:
            self._await(worker)
            return self._conversation(asked, worker)
        except TimeoutError:
            raise failures.too_long(asked.seconds) from None
        except (EOFError, ConnectionError):
            status, has_ended = self._end(worker.number), True
            raise failures.ended(status, asked.seconds, self._memory) from None
        except Nonsense as error:
            failures.log.warning("a worker that opened a picture answered nonsense: %s", error)
            raise failures.crashed() from None
        finally:
            worker.leave()
            if not has_ended:
                self._forget(worker.number)

    def _await(self, worker: Worker) -> None:
        """Until it is there: from then on it is about the file. Raises Gone."""
        try:
            receive(worker.line, deadline=time.monotonic() + START)
        except (EOFError, OSError):
            raise Gone("no process that opens pictures starts; the log says why") from None
        self.missing()  # told by the nursery before it forked any

    def _conversation(self, asked: Asked, worker: Worker) -> Any:
        with os.fdopen(shared_file(), "wb") as file:
            pickle.dump((asked.name, asked.data, asked.least is not None, tuple(asked.arguments)), file, protocol=5)
            file.flush()
            send(worker.line, {"length": file.tell(), "room": ROOM}, [file.fileno()])
        deadline = time.monotonic() + asked.seconds
        self._refill()  # while this one works
        for _ in range(MOST_QUESTIONS + 1):
            with _sense():
                said, _ = receive(worker.line, deadline=deadline)
                size = tuple(map(int, said["size"])) if "size" in said else None
            if size is None:
                break
            if asked.least is None or len(size) != 2 or min(size) < 1 or size[0] * size[1] > MAX_PIXELS:
                raise Nonsense(f"it asks about {size}")
            began = time.monotonic()
            send(worker.line, list(asked.least((size[0], size[1]))))
            deadline += time.monotonic() - began
        with _sense():
            failure = failures.told(said, self._memory) if "failed" in said else None
            value = None if failure else self._unpacked(asked.name, said, worker.answer)
        if failure:
            raise failure
        return value

    def _unpacked(self, name: str, said: Mapping[str, Any], answer: int) -> Any:
        size = int(said["bytes"])
        if not 0 <= size <= ROOM:
            raise ValueError(f"{size} bytes of an answer")
        return self._jobs[name].unpack(said["value"], mapped(answer, size))

    def _take(self, seconds: float) -> Worker:
        """A worker with so much time, one that is ready if there is one. Raises Gone."""
        with self._lock:
            if self._ready and seconds == self._seconds:
                return self._ready.pop()
        return self._start(seconds)

    def _refill(self) -> None:
        """Have a worker ready. Raises Gone."""
        if not self._ready:
            self._ready.append(self._start(self._seconds))

    def _start(self, seconds: float) -> Worker:
        """A new worker; it need not be there yet. Raises Gone."""
        mine, its = socket.socketpair()
        worker = Worker(next(self._numbers), mine, shared_file(ROOM), seconds)
        limits = {"seconds": seconds, "memory": self._memory}
        try:
            with its, self._line():
                send(self._socket, {"start": worker.number} | limits, [its.fileno(), worker.answer])
        except Gone:
            worker.leave()
            raise
        return worker

    def _forget(self, number: int) -> None:
        with contextlib.suppress(Gone), self._line():
            send(self._socket, {"forget": number})

    def _end(self, number: int) -> int:
        """End a worker. Returns how it ended, as `os.waitpid` says it. Raises Gone."""
        with self._line():
            self._told_missing()  # comes before all else
            send(self._socket, {"end": number})
            status = receive(self._socket)[0]["status"]
        if status is None:
            raise Gone("no process could be started that opens pictures")
        return int(status)

    def _told_missing(self) -> dict[str, str]:
        if self._missing is None:
            self._missing = {name: why for name, why in receive(self._socket)[0]["missing"].items() if why}
            for name, why in self._missing.items():
                _say_once(LOCKS[name], why)
        return self._missing

    @contextlib.contextmanager
    def _line(self) -> Iterator[None]:
        """The line to the nursery, for one thread at a time. Raises Gone where it is cut."""
        with self._lock:
            try:
                yield
            except (EOFError, OSError):
                raise Gone("the process that opens pictures does not run; its words above say why") from None


@cache
def _say_once(lock: str, why: str) -> None:
    failures.log.warning("strangers' pictures are opened in processes of their own, but without %s: %s", lock, why)


@contextlib.contextmanager
def _sense() -> Iterator[None]:
    """Raises Nonsense where what a worker says cannot be understood."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise Nonsense(f"{type(error).__name__}: {error}") from None
