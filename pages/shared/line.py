"""A line before the work that only a few can have done at once: first come, first served. Pure."""

from __future__ import annotations

import threading
import time
from bisect import insort
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

SHARE = 2.0  # seconds that each further ticket of one owner counts as having come later


@dataclass(eq=False, slots=True)
class Ticket:
    """A place in the line. owner: who holds it. due: when it came, or is to count as having come."""

    owner: str
    due: float


class Line:
    """Who waits, and who is at work: `places` at most. now: a clock in seconds. Safe in threads.

    First come, first served; but who holds a ticket already stands SHARE seconds further behind with the next, so that
    one photo does not wait for another visitor's twenty.
    """

    def __init__(self, places: int, now: Callable[[], float] = time.monotonic) -> None:
        self.places = places
        self._now = now
        self._waiting: list[Ticket] = []  # the next one first
        self._working: list[Ticket] = []
        self._moved = threading.Condition()

    def join(self, owner: str, later: float = 0) -> Ticket:
        """Stand in line. later: seconds that others may come and still go first."""
        with self._moved:
            held = sum(ticket.owner == owner for ticket in [*self._waiting, *self._working])
            ticket = Ticket(owner, self._now() + later + SHARE * held)
            insort(self._waiting, ticket, key=lambda one: one.due)
            self._call()
        return ticket

    def leave(self, ticket: Ticket) -> None:
        """Be done, or give up waiting; the next one moves up."""
        with self._moved:
            for tickets in (self._waiting, self._working):
                if ticket in tickets:
                    tickets.remove(ticket)
            self._call()

    def wait(self, ticket: Ticket, seconds: float) -> bool:
        """Until it is this ticket's turn, so many seconds at most. Returns whether it is."""
        with self._moved:
            return self._moved.wait_for(lambda: ticket in self._working, seconds)

    def before(self, ticket: Ticket) -> int:
        """How many are served before this one: at work now, or in front of it."""
        with self._moved:
            if ticket not in self._waiting:
                return 0
            return len(self._working) + self._waiting.index(ticket)

    @contextmanager
    def turn(
        self, owner: str, meanwhile: Callable[[int], None], later: float = 0, every: float = 0.2
    ) -> Iterator[None]:
        """Wait for one's turn, and have the place until the end of the block, however it ends.

        meanwhile: called about every `every` seconds with how many are before; what it raises gives up the place.
        """
        ticket = self.join(owner, later)
        try:
            while not self.wait(ticket, every):
                meanwhile(self.before(ticket))
            yield
        finally:
            self.leave(ticket)

    def _call(self) -> None:
        """Let the next ones in while there are places."""
        while self._waiting and len(self._working) < self.places:
            self._working.append(self._waiting.pop(0))
        self._moved.notify_all()
