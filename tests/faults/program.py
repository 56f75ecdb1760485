"""The command line as a process of its own, and how to take from it what it counts on."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[2]
CAT = ROOT / "samples" / "chelsea_cat.jpg"
PATIENCE = 120  # seconds, for a busy machine: what waits for ever fails
DROP, OVERRIDES = 24, (1, 2)  # PR_CAPBSET_DROP; CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH


@dataclass(frozen=True, slots=True)
class Done:
    status: int
    out: str
    err: str


def words(*arguments: str | bytes | Path, module: str = "saliency") -> list[str | bytes | Path]:
    """`python -m` and the arguments."""
    return [sys.executable, "-m", module, *arguments]


def run(
    command: Sequence[str | bytes | Path],
    *,
    cwd: Path = ROOT,
    stdout: int | IO[bytes] = subprocess.PIPE,
    env: Mapping[str, str] | None = None,
    first: Callable[[], None] | None = None,
) -> Done:
    """Run to the end; no traceback comes of it, whatever else does. first: to call in the new process."""
    done = subprocess.run(
        command, cwd=cwd, stdout=stdout, stderr=subprocess.PIPE, env=env, preexec_fn=first, timeout=PATIENCE
    )
    found = Done(done.returncode, (done.stdout or b"").decode(), done.stderr.decode())
    assert "Traceback" not in found.err, found.err
    return found


def as_anybody() -> None:
    """To call in a new process: from now on the rights of files and folders hold for root too."""
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None)
        for capability in OVERRIDES:
            assert libc.prctl(DROP, capability) == 0


def with_signals() -> None:
    """To call in a new process: SIGINT and SIGPIPE as in a shell's foreground, whatever runs the tests ignores."""
    for number in (signal.SIGINT, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)


class _Who(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("process", ctypes.c_int))


_Rights = ctypes.c_uint32 * 6  # effective, permitted and inheritable capabilities, twice 32 of them


@contextmanager
def rights_hold() -> Iterator[None]:
    """In the block the rights of files and folders hold for root too, in this thread and those that it starts."""
    if os.geteuid() != 0:
        yield
        return
    libc, who, rights = ctypes.CDLL(None), _Who(0x20080522, 0), _Rights()
    assert libc.capget(ctypes.byref(who), rights) == 0
    fewer = _Rights(*rights)
    fewer[0] &= ~sum(1 << capability for capability in OVERRIDES)
    assert libc.capset(ctypes.byref(who), fewer) == 0
    try:
        yield
    finally:
        libc.capset(ctypes.byref(who), rights)
