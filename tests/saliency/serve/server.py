"""A hook to talk to: the real command on a free port, and a client that adds nothing of its own."""

from __future__ import annotations

import http.client
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
SAMPLES = ROOT / "samples"
PATIENCE = 60  # seconds: a busy machine is slow, not wrong
BOUNDARY = "----a-line-between"


@dataclass(frozen=True, slots=True)
class Reply:
    """headers: by their names in small letters."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Server:
    process: subprocess.Popen[bytes]
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | Iterable[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        connection = self.connection()
        connection.request(method, path, body, dict(headers or {}))
        return read(connection)

    def crop(self, data: bytes, query: str = "", **headers: str) -> Reply:
        """query: of the address. headers: with underscores for hyphens."""
        return self.ask("POST", f"/crop?{query}", data, {name.replace("_", "-"): of for name, of in headers.items()})

    def problem(self, reply: Reply) -> tuple[int, str]:
        """The status and reason of an error, which is told as RFC 9457 asks for."""
        assert reply.headers["content-type"] == "application/problem+json"
        told = reply.json
        assert set(told) == {"type", "title", "status", "detail", "reason", "request_id"}
        assert told["status"] == reply.status
        assert told["request_id"] == reply.headers["x-request-id"]
        return reply.status, told["reason"]


def read(connection: http.client.HTTPConnection) -> Reply:
    """The reply to what was sent; the connection is closed."""
    response = connection.getresponse()
    reply = Reply(response.status, {name.lower(): of for name, of in response.getheaders()}, response.read())
    connection.close()
    return reply


def form(photo: bytes | None, *fields: tuple[str, str]) -> tuple[bytes, dict[str, str]]:
    """A multipart form's body and headers."""
    parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{text}'.encode() for name, text in fields]
    if photo is not None:
        head = 'Content-Disposition: form-data; name="photo"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
        parts.append(head.encode() + photo)
    line = f"--{BOUNDARY}".encode()
    body = b"".join(line + b"\r\n" + part + b"\r\n" for part in parts) + line + b"--\r\n"
    return body, {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}


def until(true: Callable[[], bool]) -> None:
    """Wait for what comes true sooner or later."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@contextmanager
def running(*options: str, log: Path) -> Iterator[Server]:
    """`gazecrop serve` with these options, once it listens. log: the file of what it says."""
    command = [sys.executable, "-m", "saliency", "serve", "--port", "0", *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with log.open("w") as file:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=file, start_new_session=True)
    try:
        yield Server(process, _port(process, log))
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _port(process: subprocess.Popen[bytes], log: Path) -> int:
    """That the server listens at, once it says so."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        if said := re.search(r"^listening at http://127\.0\.0\.1:(\d+),", log.read_text(), re.MULTILINE):
            return int(said[1])
        time.sleep(0.05)
    raise RuntimeError(log.read_text())
