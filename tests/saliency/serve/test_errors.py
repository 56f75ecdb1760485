"""What goes wrong is told as RFC 9457 has it, and nothing of it stops the next request."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import socket
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from starlette.types import ASGIApp, Message

from saliency.image import MAX_BYTES
from saliency.serve.app import MOST_UPLOADS, make_app
from saliency.serve.options import USUAL
from saliency.serve.pool import Pool, Served
from saliency.serve.problems import STATUS
from saliency.serve.wishes import Wish
from saliency.serve.worker import Worker
from tests.corpus import ALL
from tests.corpus.kind import SCENE, encoded
from tests.saliency.serve.server import PATIENCE, Server, form, read, until

PHOTO = encoded(SCENE, "JPEG")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("format=16", "cannot read aspect ratio '16'.* or one of single, square"),
        ("format=", "cannot read aspect ratio ''"),
        ("format=0:1", "is no aspect ratio"),
        ("format=1:2000", "beyond 1000:1"),
        ("format=20000x20000", "out of range"),
        ("format=" + "1" * 50, "at most 40 letters"),
        ("&".join(["format=1:1"] * 17), "17 formats are too many"),
        ("method=fase", "unknown method 'fase'; available: gaze"),
        ("method=face&method=gaze", "more than one method"),
        ("aspect=1:1", "unknown parameter 'aspect'; available: format, method"),
        ("url=http://localhost/", "unknown parameter 'url'"),
        ("format=" + quote("\0\u202e"), "cannot read aspect ratio"),
    ],
)
def test_a_wish_that_means_nothing_is_named(query: str, sentence: str, hook: Server) -> None:
    reply = hook.crop(PHOTO, query)
    assert hook.problem(reply) == (422, "settings")
    assert re.search(sentence, reply.json["detail"])


@pytest.mark.parametrize(
    ("method", "path", "status", "reason"),
    [
        ("GET", "/", 404, "path"),
        ("GET", "/docs", 404, "path"),
        ("POST", "/crop/", 404, "path"),
        ("GET", "/crop", 405, "verb"),
        ("DELETE", "/health", 405, "verb"),
        ("BREW", "/crop", 405, "verb"),
    ],
)
def test_other_paths_and_methods_are_told_so(method: str, path: str, status: int, reason: str, hook: Server) -> None:
    reply = hook.ask(method, path)
    assert hook.problem(reply) == (status, reason)
    assert ("allow" in reply.headers) == (status == 405)


def test_what_is_no_picture_is_refused_in_the_words_of_the_command_line(hook: Server) -> None:
    for kind in [kind for kind in ALL if kind.refused][::3]:
        reply = hook.crop(kind.make())
        assert hook.problem(reply) == (422, "picture"), kind.name
        assert re.search(kind.refused, reply.json["detail"]), kind.name


def test_a_picture_beyond_a_limit_is_refused_by_its_name(hook: Server) -> None:
    header = encoded(SCENE, "BMP")
    wide = header[:18] + (20_000).to_bytes(4, "little") + (20_000).to_bytes(4, "little") + header[26:]
    long = header[:18] + (40_000).to_bytes(4, "little") + (1).to_bytes(4, "little") + header[26:]
    assert hook.problem(hook.crop(wide)) == (422, "pixels")
    reply = hook.crop(long)
    assert hook.problem(reply) == (422, "sides")
    assert "GAZECROP_" not in reply.json["detail"]  # what raises it is nothing for strangers


def test_a_large_upload_is_refused_before_it_is_sent(hook: Server) -> None:
    connection = hook.connection()
    connection.putrequest("POST", "/crop")
    connection.putheader("Content-Length", str(MAX_BYTES + 1))
    connection.endheaders()
    reply = read(connection)  # nothing was sent
    assert hook.problem(reply) == (413, "bytes")
    assert reply.headers["connection"] == "close"
    assert "25 MB" in reply.json["detail"]


def test_an_upload_of_unknown_length_is_read_no_further_than_the_limit(hook: Server) -> None:
    sent = 0

    def pieces() -> Iterator[bytes]:
        nonlocal sent
        while sent < 10 * MAX_BYTES:
            yield bytes(1_000_000)
            sent += 1_000_000

    with contextlib.suppress(OSError):  # the server may have closed the connection while we were still sending
        assert hook.problem(hook.ask("POST", "/crop", pieces())) == (413, "bytes")
    assert sent < 2 * MAX_BYTES


def test_only_so_many_uploads_are_read_at_once(hook: Server) -> None:
    head = b"POST /crop HTTP/1.1\r\nHost: here\r\nContent-Length: 1000\r\n\r\nand more to come"
    with contextlib.ExitStack() as lines:
        for _ in range(MOST_UPLOADS):
            line = lines.enter_context(socket.create_connection(("127.0.0.1", hook.port), PATIENCE))
            line.sendall(head)
        until(lambda: hook.crop(PHOTO).status == 429)
        assert hook.ask("GET", "/health").status == 200
    until(lambda: hook.crop(PHOTO).status == 200)  # they went away


def test_a_form_that_cannot_be_read_is_told_so(hook: Server) -> None:
    body, headers = form(PHOTO)
    cases: list[tuple[bytes, dict[str, str], tuple[int, str]]] = [
        (*form(None, ("format", "1:1")), (400, "form")),
        (body, {"Content-Type": "multipart/form-data"}, (400, "form")),
        (b"no form at all", headers, (400, "form")),
        (*form(PHOTO, ("aspect", "1:1")), (422, "settings")),
        (*form(PHOTO, ("format", "x" * 2000)), (400, "form")),
        (*form(PHOTO, *[("format", "1:1")] * 17), (422, "settings")),
        (*form(PHOTO, *[("format", "1:1")] * 40), (400, "form")),
        (*form(b""), (422, "picture")),
    ]
    for sent, its, expected in cases:
        assert hook.problem(hook.ask("POST", "/crop", sent, its)) == expected, sent[:100]


def test_a_form_does_not_make_up_for_what_is_wrong_in_the_address(hook: Server) -> None:
    body, headers = form(PHOTO, ("format", "1:1"), ("method", "center"))
    for query in ("format=16", "method=fase"):
        assert hook.problem(hook.ask("POST", f"/crop?{query}", body, headers)) == (422, "settings")


def test_a_request_keeps_its_id_where_that_is_one(hook: Server) -> None:
    assert hook.ask("GET", "/health", headers={"X-Request-ID": "a-1.b_2:c"}).headers["x-request-id"] == "a-1.b_2:c"
    for odd in ("", "a b", "é", "x" * 65, '"quoted"'):
        made = hook.ask("GET", "/health", headers={"X-Request-ID": odd.encode().decode("latin-1")})
        assert re.fullmatch("[0-9a-f]{32}", made.headers["x-request-id"])


def test_what_is_no_http_ends_only_its_own_connection(hook: Server) -> None:
    with socket.create_connection(("127.0.0.1", hook.port), PATIENCE) as line:
        line.sendall(b"\x16\x03\x01 this is no HTTP\r\n\r\n")
        assert line.recv(100).startswith(b"HTTP/1.1 400")
    assert hook.ask("GET", "/health").json == {"status": "up"}


def test_openapi_tells_of_every_reason(hook: Server) -> None:
    told = json.dumps(hook.ask("GET", "/openapi.json").json["paths"])
    for reason in set(STATUS) - {"path", "verb"}:
        assert f'"{reason}"' in told


def test_what_fails_inside_is_not_told(caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither by a photo nor by a path that fails; the log has it, with the request's id."""

    class Broken(Pool):
        async def look(self, data: bytes, wish: Wish) -> Served:  # noqa: ARG002
            raise RuntimeError("a secret")

        @property
        def alive(self) -> bool:
            raise KeyError("another secret")

    app = make_app(Broken([Worker()], USUAL), USUAL)
    for method, path in (("POST", "/crop"), ("GET", "/ready")):
        status, headers, body = asyncio.run(asked(app, method, path))
        assert (status, headers["content-type"]) == (500, "application/problem+json")
        assert "secret" not in body.decode()
        assert json.loads(body)["reason"] == "fault"
        assert json.loads(body)["request_id"] == headers["x-request-id"] == "mine"
    assert caplog.text.count("request mine failed") == 2
    assert "a secret" in caplog.text
    assert "another secret" in caplog.text
    assert capsys.readouterr().err.count("reason=fault") == 2


async def asked(app: ASGIApp, method: str, path: str) -> tuple[int, dict[str, str], bytes]:
    """What an app answers: status, headers and body."""
    sent: list[Message] = []
    scope = {"type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b""}
    scope |= {"headers": [(b"x-request-id", b"mine"), (b"content-length", b"4")], "http_version": "1.1"}

    async def receive() -> Message:
        return {"type": "http.request", "body": b"some", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    headers = {name.decode().lower(): of.decode() for name, of in sent[0]["headers"]}
    return sent[0]["status"], headers, b"".join(message.get("body", b"") for message in sent[1:])
