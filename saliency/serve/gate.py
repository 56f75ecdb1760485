"""The gate before the app: a request gets its id, is counted and logged, and at once a word where there is no place."""

from __future__ import annotations

import time
from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from saliency.serve.metrics import Metrics
from saliency.serve.pool import Pool
from saliency.serve.problems import CLOSE, Problem, full, our_fault, response
from saliency.serve.visits import Visit, request_id
from saliency.serve.worker import log


class Gate:
    """write: takes the record of each request."""

    def __init__(self, app: ASGIApp, pool: Pool, metrics: Metrics, write: Callable[[dict[str, object]], None]) -> None:
        self._app, self._pool, self._metrics, self._write = app, pool, metrics, write

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        visit = scope["visit"] = Visit(request_id(headers.get("x-request-id", "")), scope["method"], scope["path"])
        answered = False

        async def tell(message: Message) -> None:
            nonlocal answered
            if message["type"] == "http.response.start":
                answered, visit.status = True, message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = visit.id
            await send(message)

        try:
            if self._turned_away(visit):
                await self._refuse(full(), scope, receive, tell)
            else:
                await self._app(scope, receive, tell)
        except ClientDisconnect:
            visit.reason = ""
        except Exception:
            log.exception("request %s failed by our own fault", visit.id)
            if not answered:
                await self._refuse(our_fault(), scope, receive, tell)
        finally:
            total = time.perf_counter() - visit.began
            self._metrics.request(visit.path, visit.status, visit.reason, total)
            self._write(visit.record(total))

    def _turned_away(self, visit: Visit) -> bool:
        """Before the photo is read, which would not be looked at."""
        return visit.path == "/crop" and visit.method == "POST" and self._pool.full

    async def _refuse(self, problem: Problem, scope: Scope, receive: Receive, send: Send) -> None:
        visit = scope["visit"]
        visit.reason = problem.reason
        answer = response(visit.id, problem)
        if "content-length" not in Headers(scope=scope) and scope["method"] == "POST":
            answer.headers.update(CLOSE)  # of an upload of unknown length nobody wants to read the rest
        await answer(scope, receive, send)
