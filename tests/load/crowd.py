"""Visitors without browsers: some at once, or many who come and go; each must see the numbers of its own photo."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pages.shared.photos import read_samples
from tests.browser.crop_page import SAMPLES, core_numbers, fresh_copy
from tests.load.session import Session

AT_ONCE = 8  # of those who come and go
STAY = 4.0  # seconds at the most that one of them looks at the result


@dataclass
class Visit:
    """What came of one visit. first, all: seconds from the drop to the first crop, and to the last word of the page.

    wrong: what the page showed that the core does not say of this photo, or what failed. left: whether the visitor went
    without waiting for the result.
    """

    file: Path
    first: float = 0.0
    all: float = 0.0
    shown: dict[str, list[str]] = field(default_factory=dict)
    wrong: str = ""
    left: bool = False


def new_photos(count: int, folder: Path) -> list[Path]:
    """Photos that no cache knows, from all samples in turn."""
    samples = list(read_samples())
    stamp = time.monotonic_ns()
    return [fresh_copy(SAMPLES / samples[n % len(samples)], folder / f"visitor-{stamp}-{n}.jpg") for n in range(count)]


def at_once(url: str, count: int, folder: Path) -> list[Visit]:
    """So many visitors, who all drop their photo at the same time."""
    return checked(_apart(_at_once(url, new_photos(count, folder))))


def come_and_go(url: str, count: int, folder: Path, over: float) -> list[Visit]:
    """So many visitors over `over` seconds, AT_ONCE at the most, of whom every fourth leaves while the page works."""
    return checked(_apart(_come_and_go(url, new_photos(count, folder), over)))


def _apart(visits: Coroutine[Any, Any, list[Visit]]) -> list[Visit]:
    """Run them in a thread of their own: Playwright has a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, visits).result()


async def _at_once(url: str, files: Sequence[Path]) -> list[Visit]:
    gate = asyncio.Barrier(len(files))
    return await asyncio.gather(*(_visit(url, file, gate) for file in files))


async def _visit(url: str, file: Path, gate: asyncio.Barrier) -> Visit:
    """One who waits at the gate with the page open until all are there."""
    visit = Visit(file)
    async with Session(url) as session:
        await session.run()
        await gate.wait()
        await _drop(session, visit)
    return visit


async def _come_and_go(url: str, files: Sequence[Path], over: float) -> list[Visit]:
    room = asyncio.Semaphore(AT_ONCE)
    chance = random.Random(0)

    async def one(rank: int, file: Path) -> Visit:
        await asyncio.sleep(rank * over / len(files))
        visit = Visit(file, left=rank % 4 == 3)
        async with room, Session(url) as session:
            await session.run()
            if visit.left:
                await session.drop_and_leave({file.name: file.read_bytes()})
            else:
                await _drop(session, visit)
                await asyncio.sleep(chance.uniform(0, STAY))
        return visit

    return await asyncio.gather(*(one(rank, file) for rank, file in enumerate(files)))


async def _drop(session: Session, visit: Visit) -> None:
    try:
        began = await session.upload({visit.file.name: visit.file.read_bytes()})
    except Exception as error:
        visit.wrong = f"{type(error).__name__}: {error}"
        return
    visit.all = time.monotonic() - began
    visit.first = session.first_crop.get(visit.file.name, began + visit.all) - began
    visit.shown = session.numbers()
    visit.wrong = "; ".join(session.faults)


def checked(visits: list[Visit]) -> list[Visit]:
    """The same, each that shows another's numbers marked wrong."""
    for visit in visits:
        if not visit.left and not visit.wrong and visit.shown != (right := core_numbers(visit.file)):
            visit.wrong = f"shows {visit.shown}, but the core says {right}"
        visit.file.unlink()
    return visits
