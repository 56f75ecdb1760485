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
    """A job on a file's bytes. least: what must remain of it. seconds, memory: that it may take, in bytes."""

    name: str
    data: bytes
    arguments: Sequence[Any]
    least: Least | None
    seconds: float
    memory: int


class Handle:
    """A nursery that runs, until it ends. module: what it runs. idle: seconds without a file after which it ends."""

    def __init__(self, module: str, jobs: Mapping[str, Job], idle: float) -> None:
        self._jobs = jobs
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
        self._ready: list[tuple[int, socket.socket]] = []
        with contextlib.suppress(Gone):
            self._start()

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def close(self) -> None:
        """End it and its workers."""
        self._process.kill()
        self._process.wait()
        self._socket.close()
        for _, worker in self._ready:
            worker.close()

    def missing(self) -> dict[str, str]:
        """What its workers do not lock, and why. Raises Gone."""
        with self._line():
            return self._told_missing()

    def ask(self, asked: Asked) -> Any:
        """As `Pool.ask`, which is told Gone where the nursery has ended."""
        number, worker = self._take()
        try:
            receive(worker, deadline=time.monotonic() + START)  # it is there: from now on it is about the file
        except (EOFError, OSError):
            worker.close()
            self._forget(number)
            raise Gone("no process that opens pictures starts; the log says why") from None
        self.missing()  # it says so before it serves
        request, answer = shared_file(), shared_file(ROOM)
        try:
            with worker:
                return self._conversation(asked, worker, request, answer)
        except TimeoutError:
            raise failures.too_long(asked.seconds) from None
        except (EOFError, ConnectionError):
            status, number = self._end(number), 0
            raise failures.ended(status, asked.seconds, asked.memory) from None
        except Nonsense as error:
            failures.log.warning("a worker that opened a picture answered nonsense: %s", error)
            raise failures.crashed() from None
        finally:
            os.close(request)
            os.close(answer)
            if number:
                self._forget(number)

    def _conversation(self, asked: Asked, worker: socket.socket, request: int, answer: int) -> Any:
        with open(request, "wb", closefd=False) as file:
            pickle.dump((asked.name, asked.data, asked.least is not None, tuple(asked.arguments)), file, protocol=5)
            length = file.tell()
        limits = {"seconds": asked.seconds, "memory": asked.memory, "room": ROOM}
        send(worker, limits | {"length": length}, (request, answer))
        deadline = time.monotonic() + asked.seconds
        self._start()  # the next one, while this one works
        for _ in range(MOST_QUESTIONS + 1):
            with _sense():
                said, _ = receive(worker, deadline=deadline)
                size = tuple(map(int, said["size"])) if "size" in said else None
            if size is None:
                break
            if asked.least is None or len(size) != 2 or min(size) < 1 or size[0] * size[1] > MAX_PIXELS:
                raise Nonsense(f"it asks about {size}")
            began = time.monotonic()
            send(worker, list(asked.least((size[0], size[1]))))
            deadline += time.monotonic() - began
        with _sense():
            failure = failures.told(said, asked.memory) if "failed" in said else None
            value = None if failure else self._unpacked(asked.name, said, answer)
        if failure:
            raise failure
        return value

    def _unpacked(self, name: str, said: Mapping[str, Any], answer: int) -> Any:
        size = int(said["bytes"])
        if not 0 <= size <= ROOM:
            raise ValueError(f"{size} bytes of an answer")
        return self._jobs[name].unpack(said["value"], mapped(answer, size))

    def _start(self) -> None:
        """Have one more worker ready. Raises Gone."""
        mine, its = socket.socketpair()
        with its, self._line():
            number = next(self._numbers)
            send(self._socket, {"start": number}, [its.fileno()])
            self._ready.append((number, mine))

    def _take(self) -> tuple[int, socket.socket]:
        """A worker that is ready, and its number. Raises Gone."""
        while True:
            with self._lock:
                if self._ready:
                    return self._ready.pop(0)
            self._start()

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
