"""What is said where a request fails: RFC 9457 problem details, which tell nothing of what is inside."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

STATUS = {
    "form": 400,
    "path": 404,
    "verb": 405,
    "slow": 408,
    "bytes": 413,
    **dict.fromkeys(("picture", "pixels", "sides", "aspect", "metadata", "seconds", "memory", "settings"), 422),
    "full": 429,
    "fault": 500,
    "busy": 503,
    "deadline": 503,
    "worker": 503,
}
"""The status by reason. Those of 422 between `picture` and `settings` are names of LIMITS."""
REASONS = {status: [name for name, each in STATUS.items() if each == status] for status in STATUS.values()}
RETRY = {"Retry-After": "1"}  # seconds, the least that can be said
CLOSE = {"Connection": "close"}  # where the rest of an upload is not read
MEDIA = "application/problem+json"


class Problem(Exception):
    """reason: one of STATUS. detail: a sentence for whoever asked. headers: of the answer."""

    def __init__(self, reason: str, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.reason, self.detail, self.headers = reason, detail, headers
        self.status = STATUS[reason]


def full() -> Problem:
    return Problem("full", "all workers are busy, and those who may wait are there already; send it again", RETRY)


def our_fault() -> Problem:
    return Problem("fault", "this is a fault of the program")


def response(request_id: str, problem: Problem) -> JSONResponse:
    content = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
        "reason": problem.reason,
        "request_id": request_id,
    }
    return JSONResponse(content, problem.status, problem.headers, MEDIA)


def tell_problems(app: FastAPI) -> None:
    """Have every error of an app told in this way, those of the framework too."""

    def answered(request: Request, problem: Problem) -> JSONResponse:
        visit = request.scope["visit"]
        visit.reason = problem.reason
        return response(visit.id, problem)

    async def ours(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, Problem)
        return answered(request, error)

    async def of_http(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        if error.status_code == 404:
            said = Problem("path", "there is nothing at this path; /openapi.json says what there is")
        elif error.status_code == 405:
            said = Problem("verb", "this path does not take this method", error.headers)
        else:
            said = Problem("form", "the request cannot be read")
        return answered(request, said)

    async def invalid(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        wrong = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        return answered(request, Problem("settings", wrong))

    async def fault(request: Request, error: Exception) -> JSONResponse:  # noqa: ARG001
        return answered(request, our_fault())  # the gate logs it

    app.add_exception_handler(Problem, ours)
    app.add_exception_handler(Exception, fault)
    app.add_exception_handler(HTTPException, of_http)
    app.add_exception_handler(RequestValidationError, invalid)
