"""Who may go in: a photo a worker, a few that wait shortly, and for all others a word at once to come again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from saliency.serve.looking import Answer, Refusal
from saliency.serve.options import Settings
from saliency.serve.wishes import Wish
from saliency.serve.worker import Worker, WorkerError, log


class BusyError(Exception):
    """There is no place."""


class LateError(Exception):
    """The deadline has passed."""


@dataclass(frozen=True, slots=True)
class Served:
    """waited: seconds until a worker began."""

    value: Answer | Refusal
    waited: float


class Pool:
    """The workers, which run already, and the queue before them. To be used on one event loop."""

    def __init__(self, workers: Sequence[Worker], settings: Settings) -> None:
        self._workers, self._settings = list(workers), settings
        self._free: asyncio.Queue[Worker] = asyncio.Queue()
        for worker in workers:
            self._free.put_nowait(worker)
        self._threads = ThreadPoolExecutor(len(workers), "gazecrop-worker")
        self.waiting = 0
        self._making = 0  # how many workers are made anew
        self._closed = False

    @property
    def working(self) -> int:
        return len(self._workers) - self._free.qsize() - self._making

    @property
    def alive(self) -> bool:
        """Whether every worker runs; one that ended by itself is made anew."""
        self._renew_dead()
        return not self._making and all(worker.alive for worker in self._workers)

    @property
    def full(self) -> bool:
        """Whether who comes now has to come again."""
        return self._free.empty() and self.waiting >= self._settings.waiting

    async def look(self, data: bytes, wish: Wish) -> Served:
        """Raises BusyError where there is no place, LateError after the deadline, WorkerError."""
        came = time.monotonic()
        worker = await self._place()
        loop = asyncio.get_running_loop()
        asked = self._threads.submit(worker.ask, data, wish)
        asked.add_done_callback(lambda _: loop.call_soon_threadsafe(self._give_back, worker))
        try:
            async with asyncio.timeout(self._settings.deadline - (time.monotonic() - came)):
                done = await asyncio.wrap_future(asked)
        except TimeoutError:
            worker.kill()
            raise LateError from None
        assert done.value is not None
        return Served(done.value, done.began - came)

    def close(self) -> None:
        """Leave nothing running."""
        self._closed = True
        for worker in self._workers:
            worker.kill()
        self._threads.shutdown()
        for worker in self._workers:
            worker.close()

    async def _place(self) -> Worker:
        self._renew_dead()
        if not self._free.empty():
            return self._free.get_nowait()
        if self.full:
            raise BusyError
        self.waiting += 1
        try:
            async with asyncio.timeout(self._settings.patience):
                return await self._free.get()
        except TimeoutError:
            raise BusyError from None
        finally:
            self.waiting -= 1

    def _give_back(self, worker: Worker) -> None:
        if worker.alive:
            self._free.put_nowait(worker)
        elif not self._closed:
            self._renew(worker)

    def _renew_dead(self) -> None:
        for _ in range(self._free.qsize()):
            self._give_back(self._free.get_nowait())

    def _renew(self, worker: Worker) -> None:
        log.warning("a worker ended; it is made anew")
        self._making += 1
        loop = asyncio.get_running_loop()

        def made(start: Future[None]) -> None:
            loop.call_soon_threadsafe(self._renewed, worker, start.exception())

        self._threads.submit(worker.start).add_done_callback(made)

    def _renewed(self, worker: Worker, error: BaseException | None) -> None:
        self._making -= 1
        if isinstance(error, (WorkerError, OSError)):
            log.error("it could not be made: %s", error)
        self._free.put_nowait(worker)
