"""Who sends photos to the hook, and takes the time: in a row, or so many a second whether they are answered or not."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import cycle
from typing import Any

QUERY = "format=16:9&format=1:1&format=4:5&format=9:16&format=3:1&format=link"
FULL = 429


@dataclass(frozen=True, slots=True)
class Sent:
    """photo: its number. seconds: from the moment it was due until its reply was there. body: of the reply."""

    photo: int
    status: int
    seconds: float
    retry: bool
    body: bytes

    @property
    def crops(self) -> Any:
        return json.loads(self.body)["crops"]


class Client:
    """Keeps its connections. photos: bytes of files."""

    def __init__(self, port: int, photos: Sequence[bytes]) -> None:
        self._port, self._idle = port, list[tuple[asyncio.StreamReader, asyncio.StreamWriter]]()
        head = f"POST /crop?{QUERY} HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/jpeg\r\nContent-Length: "
        self._requests = [f"{head}{len(photo)}\r\n\r\n".encode() + photo for photo in photos]

    async def send(self, photo: int, due: float) -> Sent:
        """due: of `time.perf_counter`."""
        async with self._line() as (reader, writer):
            writer.write(self._requests[photo])
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            body = await reader.readexactly(int(head.split(b"content-length:")[1].split(b"\r\n")[0]))
        return Sent(photo, int(head.split()[1]), time.perf_counter() - due, b"\r\nretry-after:" in head, body)

    async def in_rows(self, rows: int, seconds: float) -> list[Sent]:
        """So many at once, each of which sends the next photo when it has its reply."""
        end, turns, sent = time.perf_counter() + seconds, cycle(range(len(self._requests))), list[Sent]()

        async def row() -> None:
            while time.perf_counter() < end:
                sent.append(await self.send(next(turns), time.perf_counter()))

        await asyncio.gather(*(row() for _ in range(rows)))
        return sent

    async def at_rate(self, rate: float, seconds: float) -> list[Sent]:
        """So many a second, at random moments; who finds no connection that is free opens one."""
        moments, turns, due = random.Random(0), cycle(range(len(self._requests))), time.perf_counter()
        end, tasks = due + seconds, list[asyncio.Task[Sent]]()
        while due < end:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            tasks.append(asyncio.create_task(self.send(next(turns), due)))
            due += moments.expovariate(rate)
        return list(await asyncio.gather(*tasks))

    def close(self) -> None:
        for _, writer in self._idle:
            writer.close()

    @asynccontextmanager
    async def _line(self) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        while self._idle and self._idle[-1][0].at_eof():  # the hook closes what nobody has used for some seconds
            self._idle.pop()[1].close()
        line = self._idle.pop() if self._idle else await asyncio.open_connection("127.0.0.1", self._port)
        yield line
        self._idle.append(line)
