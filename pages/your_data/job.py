"""Work in the background: the command that people type, in a process of its own.

The command and its workers form one process group. It ends with the command, however that ends: done, cancelled, past
the time limit, or because nobody waits for it any more; and with the server, however that ends.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from eval.adapt import FITTING, FOLDS, LOOKED
from eval.opening import STRANGERS
from eval.runs import PROGRESS, TABLE

ROOT = Path(__file__).parents[2]
MOST_JOBS = 2  # at once, of all visitors together
PROCESSES = max(1, min(4, (os.cpu_count() or 2) - 1))  # of one job; a core is left for the pages
TIME_LIMIT = 3600  # seconds
PATIENCE = 5  # seconds that a cancelled job may take to end by itself
NICENESS = 10  # the pages go first
TIED = (sys.executable, "-m", "pages.your_data.tied")

State = Literal["running", "done", "stopped", "failed"]
_places = threading.BoundedSemaphore(MOST_JOBS)


class NotStarted(RuntimeError):
    """The work could not begin; the message says why."""


class Busy(NotStarted):
    """As many jobs as there may be are running."""


@dataclass(eq=False)
class Background(ABC):
    """A command that works on the folder `photos`, into the folder `out`. log: where its words go.

    It can be cancelled and started again.
    """

    photos: Path
    out: Path
    log: Path
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    began: float = field(default=0.0, init=False)
    cancelled: bool = field(default=False, init=False)

    @property
    @abstractmethod
    def command(self) -> list[str]:
        """The words of the command."""

    @property
    @abstractmethod
    def result(self) -> Path:
        """The file that is there once it is done."""

    def start(self, time_limit: float = TIME_LIMIT) -> None:
        """Begin, or begin again. Raises NotStarted."""
        if not _places.acquire(blocking=False):
            raise Busy(f"{MOST_JOBS} runs are being made here already; try again in a minute")
        try:
            with self.log.open("wb") as log:
                self.process = subprocess.Popen(
                    self.command,
                    cwd=ROOT,
                    env=os.environ | {STRANGERS: "1"},
                    stdin=subprocess.PIPE,  # see tied.py
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
        except OSError as error:
            _places.release()
            raise NotStarted(f"the server cannot start it now: {error.strerror or error}; try again later") from error
        self.began, self.cancelled = time.monotonic(), False
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self.process.pid, NICENESS)
        # the thread knows the process and not the job, which can be forgotten meanwhile
        threading.Thread(target=_attend, args=(self.process, self.log, time_limit), daemon=True).start()

    @property
    def state(self) -> State:
        if self.process is not None and self.process.poll() is None:
            return "running"
        if self.result.exists():
            return "done"
        return "stopped" if self.cancelled else "failed"

    @property
    def elapsed(self) -> float:
        """Seconds since it was started, or started again."""
        return time.monotonic() - self.began

    @property
    def problem(self) -> str:
        """The last thing that the command said, without the folders' real names."""
        try:
            text = self.log.read_text(errors="replace")
        except OSError:
            return "it left no message"
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        last = lines[-1] if lines else "it ended without a message"
        for folder in (self.photos, self.out, self.log.parent, ROOT):
            last = last.replace(f"{folder}/", "").replace(str(folder), folder.name)
        return last.removeprefix("error: ")

    def cancel(self) -> None:
        """Ask it to end, make it end, and wait until it has."""
        self.cancelled = True
        if self.process is not None:
            end_group(self.process, PATIENCE)

    def discard(self) -> None:
        """End it at once, and remove what it made."""
        if self.process is not None:
            end_group(self.process, 0)
        shutil.rmtree(self.out, ignore_errors=True)


@dataclass(eq=False)
class Job(Background):
    """One run of `methods`. total: photos. What was finished before it was cancelled stays."""

    methods: tuple[str, ...]
    total: int
    before: int = field(default=0, init=False)

    @property
    def command(self) -> list[str]:
        run = [*TIED, "eval", "run", "--folder", str(self.photos), "--out", str(self.out)]
        return [*run, "--jobs", str(PROCESSES), "--methods", *self.methods]

    @property
    def result(self) -> Path:
        return self.out / TABLE

    def start(self, time_limit: float = TIME_LIMIT) -> None:
        """Begin, or go on where it was stopped. Raises NotStarted."""
        before = self.done
        super().start(time_limit)
        self.before = before

    @property
    def done(self) -> int:
        """How many photos are finished, also when they were finished before a cancellation."""
        if self.result.exists():
            return self.total
        try:
            lines = (self.out / PROGRESS).read_bytes().count(b"\n")
        except OSError:
            return 0
        return max(0, lines - 1)  # the first one says what the run is of

    @property
    def remaining(self) -> float | None:
        """Seconds to go at the speed so far; None before a photo is finished."""
        new = self.done - self.before
        return self.elapsed / new * (self.total - self.done) if new > 0 else None


@dataclass(eq=False)
class Fit(Background):
    """An adaptation that is fitted to where people looked on `total` photos."""

    total: int

    @property
    def command(self) -> list[str]:
        return [*TIED, "eval", "adapt", "--folder", str(self.photos), "--out", str(self.result)]

    @property
    def result(self) -> Path:
        return self.out / "adaptation.json"

    @property
    def progress(self) -> tuple[float, str]:
        """How far it is, 0..1, and what it last said of that."""
        try:
            lines = self.log.read_text(errors="replace").splitlines()
        except OSError:
            lines = []
        told = [line for line in lines if line.startswith((LOOKED, FITTING))]
        steps = self.total + FOLDS + 1
        return min(1.0, len(told) / steps), told[-1] if told else "loading the network"


def end_group(process: subprocess.Popen[bytes], patience: float) -> None:
    """End a process and its children: kindly for `patience` seconds, then by force; none that has ended."""
    if patience and process.poll() is None:
        _signal(process, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)
    if process.poll() is None:
        _signal(process, signal.SIGKILL)
        process.wait()


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def _attend(process: subprocess.Popen[bytes], log: Path, time_limit: float) -> None:
    """Wait until it ends, end it when that takes too long, and give its place to the next."""
    try:
        process.wait(time_limit)
    except subprocess.TimeoutExpired:
        end_group(process, 0)
        with contextlib.suppress(OSError), log.open("a") as file:
            file.write(f"\nerror: it took more than {time_limit / 60:g} minutes and was stopped\n")
    finally:
        # workers that outlived it; right away, while the group's number is still theirs
        _signal(process, signal.SIGKILL)
        _places.release()
        if process.stdin:
            process.stdin.close()
