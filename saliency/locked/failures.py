"""What is said where a worker fails: a sentence for whoever sent the file."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Mapping
from typing import Any

from saliency.files.errors import ImageError, TooLargeError
from saliency.limits import LIMITS, MEMORY, SECONDS
from saliency.locked.answers import MOST_TEXT

log = logging.getLogger("gazecrop")


class Gone(RuntimeError):
    """There is no process that opens pictures, and none can be started: the log says why."""


class Nonsense(RuntimeError):
    """A worker answered what cannot be understood."""


class JobError(RuntimeError):
    """A job failed by our own fault."""


def told(answer: Mapping[str, Any], memory: int) -> ImageError | JobError:
    """What a worker says went wrong. memory: its limit in bytes."""
    kind, words = answer["failed"], str(answer.get("words", ""))[:MOST_TEXT]
    if kind == "memory":
        return too_much(memory)
    if kind == "large":
        return TooLargeError(LIMITS[answer["limit"]], words, float(answer["most"]))
    return ImageError(words) if kind == "image" else JobError(words)


def ended(status: int, seconds: float, memory: int) -> ImageError:
    """Why a worker gave no answer, by how it ended, as `os.waitpid` says it."""
    number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    if number == signal.SIGXCPU:
        return too_long(seconds)
    if number == signal.SIGKILL:  # by the kernel, which has no more
        return too_much(memory)
    log.warning("a worker that opened a picture ended by %s", signal.Signals(number).name if number else status)
    return crashed()


def too_long(seconds: float) -> ImageError:
    return TooLargeError(SECONDS, "the picture takes too long to open", seconds)


def too_much(memory: int) -> ImageError:
    return TooLargeError(MEMORY, "the picture needs too much memory to open", memory)


def crashed() -> ImageError:
    return ImageError("the picture ends the program that opens it; save it anew as JPEG or PNG and send that")
