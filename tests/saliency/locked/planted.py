"""A nursery whose workers misbehave when they are asked to, run in place of the app's own: `Pool(PLANTED, JOBS)`.

A file that begins with MARK is one that breaks its decoder.
"""

from __future__ import annotations

import ctypes
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

from saliency.image import Least
from saliency.locked import jobs, nursery
from saliency.locked.jobs import Job

PLANTED = "tests.saliency.locked.planted"
MARK = b"\xff\xd8 breaks its decoder"
HOARD: list[bytearray] = []


def crash(*_: Any) -> None:
    ctypes.string_at(0)  # reads where no memory is


def allocate(*_: Any) -> None:
    while True:
        HOARD.append(bytearray(64_000_000))


def loop(*_: Any) -> None:
    while True:
        pass


def sleep(*_: Any) -> None:
    while True:
        ctypes.CDLL(None).usleep(100_000)


def remember(data: bytes, *_: Any) -> tuple[int, int]:
    """How many files this process has seen, this one included."""
    HOARD.append(bytearray(data))
    return len(HOARD), os.getpid()


def _network(family: socket.AddressFamily) -> Callable[[], object]:
    return lambda: socket.socket(family, socket.SOCK_STREAM)


def _fork() -> None:
    if not os.fork():
        os._exit(0)


ATTEMPTS: dict[str, Callable[[], object]] = {
    "internet": _network(socket.AF_INET),
    "internet, 6": _network(socket.AF_INET6),
    "socket": _network(socket.AF_UNIX),
    "read": lambda: Path("/etc/passwd").read_bytes(),
    "list": lambda: os.listdir("/"),  # noqa: PTH208
    "environment": lambda: Path("/proc/self/environ").read_bytes(),
    "write": lambda: Path("/tmp/gazecrop-planted").write_bytes(b"x"),
    "remove": lambda: Path("/tmp/gazecrop-planted").unlink(),
    "program": lambda: os.execv("/bin/true", ["true"]),
    "process": _fork,
    "signal": lambda: os.kill(os.getppid(), 0),
    "owner": lambda: os.setuid(1),
}


def _fault(*_: Any) -> None:
    raise KeyError("our own")


def attempt(*_: Any) -> list[bytes]:
    """What this process can do, by name."""
    return [name.encode() for name, try_it in ATTEMPTS.items() if _can(try_it)]


def _can(try_it: Callable[[], object]) -> bool:
    try:
        try_it()
    except OSError:
        return False
    return True


def _broken_by(job: Job) -> Job:
    def run(data: bytes, least: Least | None, *arguments: Any) -> Any:
        if data.startswith(MARK):
            crash()
        return job.run(data, least, *arguments)

    return Job(run, job.pack, job.unpack)


def _plain(run: Callable[..., Any], plain: object = None) -> Job:
    """A job that answers something in its own way."""
    return Job(run, lambda value, _: value if plain is None else plain, jobs.unpack_opened)


JOBS = {
    **{name: _broken_by(job) for name, job in jobs.JOBS.items()},
    **{run.__name__: _plain(run) for run in (crash, allocate, loop, sleep)},
    "remember": Job(remember, jobs.pack_size, jobs.unpack_size),
    "attempt": Job(attempt, jobs.pack_files, jobs.unpack_files),
    "nonsense": _plain(lambda *_: None, {"colours": {"shape": [9, 9, 3], "at": [0, 10**9]}}),
    "fault": _plain(_fault),
}

if __name__ == "__main__":
    nursery.main(JOBS)
