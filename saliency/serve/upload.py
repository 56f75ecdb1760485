"""A photo as it comes in, raw or in a form: read no further than its limits of bytes and time, and kept in memory."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from saliency.files.errors import TooLargeError
from saliency.image import MAX_BYTES
from saliency.limits import BYTES
from saliency.serve.problems import CLOSE, Problem
from saliency.serve.wishes import MOST_FORMATS

PHOTO, FIELDS = "photo", ("format", "method")
AROUND = 64_000  # bytes of a form beside the photo
AT_ONCE = 1_000_000  # bytes that are hashed without anybody noticing


@dataclass(frozen=True, slots=True)
class Upload:
    """formats, methods: of the form."""

    data: bytes
    formats: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()

    async def digest(self) -> str:
        """SHA-256 of the photo's bytes."""
        if len(self.data) <= AT_ONCE:
            return _sha256(self.data)
        return await asyncio.to_thread(_sha256, self.data)


async def read_upload(request: Request, seconds: float) -> Upload:
    """seconds: that it may take. Raises Problem."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        async with asyncio.timeout(seconds):
            if kind == "multipart/form-data":
                return await _form(request)
            return Upload(b"".join([part async for part in _parts(request, MAX_BYTES)]))
    except TimeoutError:
        raise Problem("slow", f"the upload takes more than {seconds:g} seconds", CLOSE) from None


async def _parts(request: Request, most: int) -> AsyncGenerator[bytes, None]:
    """The body, piece by piece. Raises Problem beyond so many bytes, where they are announced before any is read."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > most:
        raise _too_large()
    total = 0
    async for part in request.stream():
        total += len(part)
        if total > most:
            raise _too_large()
        yield part


class _Parser(MultiPartParser):
    spool_max_size = MAX_BYTES + AROUND + 1  # nothing is written to disk


async def _form(request: Request) -> Upload:
    parts = _parts(request, MAX_BYTES + AROUND)
    try:
        form = await _Parser(
            request.headers, parts, max_files=1, max_fields=MOST_FORMATS + 1, max_part_size=1000
        ).parse()
    except MultiPartException as error:
        raise Problem("form", f"the form cannot be read: {error.message}", CLOSE) from None
    except KeyError:  # of a boundary
        raise Problem("form", "the form cannot be read: its Content-Type names no boundary", CLOSE) from None
    photo = form.get(PHOTO)
    if not isinstance(photo, UploadFile):
        raise Problem("form", f"the form has no file named {PHOTO}")
    if unknown := [name for name in form if name not in (PHOTO, *FIELDS)]:
        raise Problem("settings", f"unknown field {unknown[0][:40]!r}; available: {', '.join((PHOTO, *FIELDS))}")
    data = await photo.read()
    if len(data) > MAX_BYTES:
        raise _too_large()
    formats, methods = (tuple(text for text in form.getlist(name) if isinstance(text, str)) for name in FIELDS)
    return Upload(data, formats, methods)


def _too_large() -> Problem:
    return Problem("bytes", str(TooLargeError(BYTES, "the file has more bytes than are read", MAX_BYTES)), CLOSE)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
