"""Who may go in, with workers that are nothing but a wait."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

import pytest

from saliency.serve.looking import Answer
from saliency.serve.options import USUAL, Settings
from saliency.serve.pool import BusyError, LateError, Pool
from saliency.serve.wishes import Wish
from saliency.serve.worker import Done, Worker, WorkerError


class Waiting(Worker):
    """Answers a photo with itself, once it is let go; killed it says so."""

    def __init__(self) -> None:
        self.go, self.dead, self.starts = threading.Event(), False, 0

    def start(self) -> None:
        self.dead, self.starts = False, self.starts + 1
        self.go.clear()

    @property
    def alive(self) -> bool:
        return not self.dead

    def ask(self, data: bytes, wish: Wish) -> Done:  # noqa: ARG002
        self.go.wait(10)
        if self.dead:
            raise WorkerError("killed")
        return Done(Answer({"photo": data}, []))

    def kill(self) -> None:
        self.dead = True
        self.go.set()

    def close(self) -> None:
        self.kill()


def play(story: Callable[[Pool, list[Waiting]], Coroutine[Any, Any, None]], settings: Settings, count: int = 2) -> None:
    workers = [Waiting() for _ in range(count)]

    async def told() -> None:
        pool = Pool(workers, settings)
        try:
            await story(pool, workers)
        finally:
            pool.close()

    asyncio.run(told())


def ask(pool: Pool, data: bytes) -> asyncio.Task[Any]:
    return asyncio.create_task(pool.look(data, Wish()))


def test_places_are_for_workers_and_those_who_may_wait() -> None:
    async def story(pool: Pool, workers: list[Waiting]) -> None:
        asked = [ask(pool, bytes([n])) for n in range(5)]
        await asyncio.sleep(0.05)
        assert (pool.working, pool.waiting, pool.full) == (2, 2, True)
        with pytest.raises(BusyError):
            await asked[4]
        for worker in workers:
            worker.go.set()
        served = await asyncio.gather(*asked[:4])
        assert [one.value.photo for one in served] == [{"photo": bytes([n])} for n in range(4)]
        await asyncio.sleep(0.05)
        assert (pool.working, pool.waiting, pool.full) == (0, 0, False)

    play(story, replace(USUAL, waiting=2, patience=5))


def test_nobody_waits_longer_than_patience() -> None:
    async def story(pool: Pool, workers: list[Waiting]) -> None:
        first = ask(pool, b"")
        await asyncio.sleep(0)
        with pytest.raises(BusyError):
            await pool.look(b"", Wish())
        assert (pool.waiting, first.done()) == (0, False)
        workers[0].go.set()
        await first
        assert (await pool.look(b"again", Wish())).value == Answer({"photo": b"again"}, [])

    play(story, replace(USUAL, waiting=1, patience=0.02), count=1)


def test_after_the_deadline_a_worker_is_ended_and_made_anew() -> None:
    async def story(pool: Pool, workers: list[Waiting]) -> None:
        with pytest.raises(LateError):
            await pool.look(b"", Wish())
        while not pool.alive:
            await asyncio.sleep(0.01)
        assert workers[0].starts == 1
        workers[0].go.set()
        assert (await pool.look(b"again", Wish())).value == Answer({"photo": b"again"}, [])

    play(story, replace(USUAL, deadline=0.05), count=1)


def test_who_goes_away_leaves_the_worker_to_finish_for_itself() -> None:
    async def story(pool: Pool, workers: list[Waiting]) -> None:
        gone = ask(pool, b"")
        await asyncio.sleep(0.02)
        gone.cancel()
        await asyncio.sleep(0.02)
        assert (pool.working, pool.full) == (1, True)
        workers[0].go.set()
        await asyncio.sleep(0.05)
        assert (pool.working, pool.full, workers[0].starts) == (0, False, 0)

    play(story, replace(USUAL, waiting=0), count=1)
