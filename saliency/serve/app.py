"""The hook as an ASGI app: its paths, and what is behind them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.types import ASGIApp

from saliency import __version__
from saliency.serve import schema
from saliency.serve.gate import Gate
from saliency.serve.looking import Refusal
from saliency.serve.metrics import Metrics
from saliency.serve.options import Settings
from saliency.serve.pool import BusyError, LateError, Pool, Served
from saliency.serve.problems import RETRY, Problem, full, tell_problems
from saliency.serve.upload import FIELDS, Upload, read_upload
from saliency.serve.visits import WRITERS, Visit
from saliency.serve.wishes import Wish, read_wish, weights_of
from saliency.serve.worker import WorkerError

MOST_UPLOADS = 32  # read at once: each may take the memory of the largest file


def make_app(pool: Pool, settings: Settings) -> ASGIApp:
    """pool: with workers that run; it is closed when the app ends."""

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        yield
        pool.close()

    metrics, uploading = Metrics(pool), 0
    app = FastAPI(
        title="Gazecrop",
        version=__version__,
        description=schema.ABOUT,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=life,
    )
    tell_problems(app)

    @app.post("/crop", **schema.CROP)
    async def crop(request: Request) -> Response:
        """Where to cut a photo, for each format."""
        nonlocal uploading
        visit: Visit = request.scope["visit"]
        if uploading >= MOST_UPLOADS:
            raise full()
        uploading += 1
        try:
            upload = await read_upload(request, settings.upload)
        finally:
            uploading -= 1
        visit.size = len(upload.data)
        try:
            wish = _asked(request, upload)
        except ValueError as error:
            raise Problem("settings", str(error)) from None
        digest = await upload.digest()
        tag = wish.tag(digest)
        if tag in _tags(request):
            return Response(status_code=304, headers={"ETag": tag})
        served = await _looked(pool, upload.data, wish)
        if isinstance(served.value, Refusal):
            raise Problem(served.value.reason, served.value.words)
        visit.seconds = {"queue": served.waited, **served.value.seconds}
        metrics.photo(visit.seconds)
        content = {
            "photo": {**served.value.photo, "bytes": len(upload.data), "sha256": digest},
            "method": wish.method,
            "weights": weights_of(wish.method),
            "version": __version__,
            "crops": served.value.crops,
        }
        return JSONResponse(content, headers={"ETag": tag})

    @app.get("/health", **schema.HEALTH)
    async def health() -> Response:
        """Whether the process answers."""
        return JSONResponse({"status": "up"})

    @app.get("/ready", **schema.READY)
    async def ready() -> Response:
        """Whether a photo would be looked at now: every worker runs, and there is a place."""
        if not pool.alive:
            raise Problem("worker", "not every worker runs", RETRY)
        if pool.full:
            raise Problem("busy", "all workers are busy", RETRY)
        return JSONResponse({"status": "ready"})

    @app.get("/metrics", **schema.METRICS)
    async def metrics_text() -> Response:
        """What was counted since the start, for Prometheus."""
        return Response(metrics.text(), media_type=CONTENT_TYPE_LATEST)

    return Gate(app, pool, metrics, WRITERS[settings.log])


def _asked(request: Request, upload: Upload) -> Wish:
    """What the address asks for, and the form instead where it says anything. Raises ValueError for either."""
    given = request.query_params
    if unknown := [name for name in given if name not in FIELDS]:
        raise ValueError(f"unknown parameter {unknown[0][:40]!r}; available: {', '.join(FIELDS)}")
    asked = read_wish(given.getlist("format"), given.getlist("method"))
    formed = read_wish(upload.formats, upload.methods)
    return Wish(formed.formats if upload.formats else asked.formats, formed.method if upload.methods else asked.method)


async def _looked(pool: Pool, data: bytes, wish: Wish) -> Served:
    try:
        return await pool.look(data, wish)
    except BusyError:
        raise full() from None
    except LateError:
        raise Problem("deadline", "the photo takes longer than an answer may; send it again", RETRY) from None
    except WorkerError:
        raise Problem("worker", "the process that looked at the photo ended; send it again", RETRY) from None


def _tags(request: Request) -> list[str]:
    """The ETags of what who asks has an answer to."""
    given = ",".join(request.headers.getlist("if-none-match"))
    return [tag.strip().removeprefix("W/") for tag in given.split(",")]
