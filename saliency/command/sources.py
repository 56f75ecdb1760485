"""The bytes of a photo on the command line, which are one's own: more of them are read than of a stranger's."""

from __future__ import annotations

import sys
from pathlib import Path

from saliency.image import ImageError, Least, Opened, open_picture, read_file
from saliency.limits import BYTES, OWN_MEGABYTES

MAX_BYTES = int(BYTES.value(OWN_MEGABYTES))
STDIN = Path("-")


def read_photo(path: Path) -> bytes:
    """A file's bytes, or those of standard input. Raises ImageError."""
    if path != STDIN:
        return read_file(path, MAX_BYTES)
    if sys.stdin is None:
        raise ImageError("standard input is closed")
    return read_file(sys.stdin.buffer, MAX_BYTES)


def open_photo(data: bytes, strict: bool, least: Least | None = None) -> Opened:
    """What `open_picture` makes of a photo's bytes. Raises ImageError, strict also for a damaged one."""
    return open_picture(data, least, max_bytes=len(data), strict=strict)
