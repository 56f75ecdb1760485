"""How far a run is: on a terminal a line that is written over, elsewhere a line now and then."""

from __future__ import annotations

import sys
import time
from collections import deque

from saliency.bulk.shard import Outcome
from saliency.command.printing import warn

EVERY = 30.0  # seconds between lines where there is no terminal
RECENT = 300.0  # seconds over which the rate is taken


class Progress:
    """total: photos of the run. before: those that were done when it began."""

    def __init__(self, total: int, before: int, now: float | None = None) -> None:
        self.total, self.before = total, before
        self.done, self.errors = before, 0
        self._began = time.monotonic() if now is None else now
        self._recent: deque[tuple[float, int]] = deque([(self._began, before)])
        self._told = self._began
        self._on_terminal = sys.stderr is not None and sys.stderr.isatty()

    def add(self, outcome: Outcome) -> None:
        """Count a shard, and tell of it where it is time to."""
        now = time.monotonic()
        self.count(outcome, now)
        if self._on_terminal:
            sys.stderr.write(f"\r\x1b[K{self.line(now)}")
            sys.stderr.flush()
        elif now - self._told >= EVERY:
            self._told = now
            warn(self.line(now))

    def count(self, outcome: Outcome, now: float) -> None:
        self.done += outcome.photos
        self.errors += outcome.errors
        self._recent.append((now, self.done))
        while now - self._recent[0][0] > RECENT and len(self._recent) > 2:
            self._recent.popleft()

    def rate(self, now: float) -> float:
        """Photos a second of late."""
        then, done = self._recent[0]
        return (self.done - done) / max(now - then, 1e-9)

    def line(self, now: float) -> str:
        """ "12,000 of 40,000 photos · 181 a second · 2:35 left · 3 errors"."""
        rate = self.rate(now)
        left = f" · {clock((self.total - self.done) / rate)} left" if rate and self.done < self.total else ""
        errors = f" · {counted(self.errors, 'error')}" if self.errors else ""
        return f"{self.done:,} of {counted(self.total, 'photo')} · {rate:,.3g} a second{left}{errors}"

    def end(self) -> None:
        """Leave the last line on the terminal."""
        if self._on_terminal:
            sys.stderr.write("\n")


def counted(number: int, one: str) -> str:
    """ "1 photo", "12,000 photos"."""
    return f"{number:,} {one}{'s' * (number != 1)}"


def clock(seconds: float) -> str:
    """75.3 -> "1:15", 7500 -> "2:05:00"."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
