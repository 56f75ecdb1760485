"""A hook with one place: who finds it taken, who is slow, and what happens when its worker or itself is ended."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from tests.corpus.kind import SCENE, encoded
from tests.saliency.serve.server import PATIENCE, ROOT, Reply, Server, read, running, until

SMALL = encoded(SCENE, "JPEG")
LARGE = encoded(np.full((5000, 6000, 3), 200, np.uint8), "PNG")  # takes a while


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    options = ["--workers", "1", "--waiting", "0", "--upload", "0.5", "--log", "json"]
    with running(*options, log=tmp_path_factory.mktemp("narrow") / "log.txt") as server:
        yield server


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor() as pool:
        yield pool


def number(server: Server, name: str) -> float:
    lines = server.ask("GET", "/metrics").body.decode().splitlines()
    return next(float(line.split()[-1]) for line in lines if line.startswith(f"{name} "))


def occupied(server: Server, threads: ThreadPoolExecutor) -> Future[Reply]:
    """The reply to come of a photo that the worker has now."""
    until(lambda: server.ask("GET", "/ready").status == 200)
    future = threads.submit(server.crop, LARGE)
    until(lambda: number(server, "gazecrop_working") == 1)
    return future


def test_who_finds_no_place_is_told_to_come_again(narrow: Server, threads: ThreadPoolExecutor) -> None:
    future = occupied(narrow, threads)
    before = number(narrow, 'gazecrop_rejections_total{reason="full"}')
    reply = narrow.crop(SMALL)
    assert narrow.problem(reply) == (429, "full")
    assert reply.headers["retry-after"] == "1"
    ready = narrow.ask("GET", "/ready")
    assert not future.done(), "the large photo was too quick for this test"
    assert narrow.problem(ready) == (503, "busy")
    assert narrow.ask("GET", "/health").status == 200
    assert number(narrow, 'gazecrop_rejections_total{reason="full"}') == before + 1
    assert future.result().status == 200
    assert narrow.crop(SMALL).status == 200


def test_who_announces_a_photo_that_has_no_place_need_not_send_it(narrow: Server, threads: ThreadPoolExecutor) -> None:
    future = occupied(narrow, threads)
    connection = narrow.connection()
    connection.putrequest("POST", "/crop")
    connection.putheader("Content-Length", "1000000")
    connection.putheader("Expect", "100-continue")
    connection.endheaders()
    assert narrow.problem(read(connection)) == (429, "full")
    assert future.result().status == 200


def test_a_slow_upload_is_given_up(narrow: Server) -> None:
    with socket.create_connection(("127.0.0.1", narrow.port), PATIENCE) as line:
        line.sendall(b"POST /crop HTTP/1.1\r\nHost: here\r\nContent-Length: 1000\r\n\r\nand nothing more")
        said = b"".join(iter(lambda: line.recv(4096), b""))  # until it is closed
    assert said.startswith(b"HTTP/1.1 408 ")
    assert b'"reason":"slow"' in said
    assert number(narrow, 'gazecrop_rejections_total{reason="slow"}') >= 1


def test_a_worker_that_is_killed_is_made_anew(narrow: Server, threads: ThreadPoolExecutor) -> None:
    for busy in (True, False):
        future = occupied(narrow, threads) if busy else None
        (worker,) = workers(narrow)
        os.kill(worker, signal.SIGKILL)
        if future:
            assert narrow.problem(future.result()) == (503, "worker")
        else:
            until(lambda: narrow.ask("GET", "/ready").status == 503)
        until(lambda: narrow.ask("GET", "/ready").status == 200)
        assert workers(narrow) != [worker]
        assert narrow.crop(SMALL).status == 200


def workers(server: Server) -> list[int]:
    """The processes that the server has made, but for the one by which Python watches over what they share."""
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
    threads = Path(f"/proc/{server.process.pid}/task").iterdir()
    children += [child for thread in threads for child in (thread / "children").read_text().split()]
    found = {int(child) for child in children}
    return sorted(pid for pid in found if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes())


def test_who_ends_it_lets_it_finish(tmp_path: Path, threads: ThreadPoolExecutor) -> None:
    with running("--workers", "1", log=tmp_path / "log.txt") as server:
        future = occupied(server, threads)
        (worker,) = workers(server)
        os.killpg(server.process.pid, signal.SIGTERM)  # as service managers do: all of them
        assert future.result().status == 200
        assert server.process.wait(PATIENCE) == 0
        with pytest.raises(ConnectionRefusedError):
            server.ask("GET", "/health")
        assert not Path(f"/proc/{worker}").exists()
    lines = (tmp_path / "log.txt").read_text().splitlines()
    assert len(lines) == 1 + sum(bool(re.search(r" (GET|POST) /", line)) for line in lines)  # nothing but requests


def test_an_address_that_is_taken_is_told_at_once(narrow: Server) -> None:
    command = [sys.executable, "-m", "saliency", "serve", "--port", str(narrow.port)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 1
    assert "Address already in use" in done.stderr
    assert "Traceback" not in done.stderr
