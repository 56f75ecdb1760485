"""How a command ends, whatever happens in it: with a sentence and an exit status, never with a traceback."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable

from saliency.command.printing import UnheardError, flush, hush, ready_streams, warn
from saliency.models.weights import WeightsError

DEBUG = "GAZECROP_DEBUG"
FAILED = 1
STOPPED = 130  # as shells have it: 128 and the number of the signal, here SIGINT
UNREAD = 141  # and SIGPIPE, of which `cat` dies when nobody reads it any more


def end_well(command: Callable[[], int]) -> int:
    """Run a command; returns the status it gives, or what `ended` makes of its error."""
    ready_streams()
    try:
        status = command()
        flush()
    except (Exception, KeyboardInterrupt) as error:
        return ended(error)
    return status


def ended(error: Exception | KeyboardInterrupt) -> int:
    """Say why a command ended; returns its status. A KeyboardInterrupt says how far it came."""
    if isinstance(error, BrokenPipeError) or (isinstance(error, UnheardError) and error.gone):
        hush()
        return UNREAD
    if isinstance(error, KeyboardInterrupt):
        warn(f"stopped {error}".rstrip())
        return STOPPED
    if isinstance(error, UnheardError):
        hush()
        warn(f"error: cannot write to standard output: {error}")
    else:
        warn(f"error: {why(error)}")
    return FAILED


def why(error: Exception) -> str:
    """What went wrong, and what to do where it is not in the hands of whoever runs the command.

    GAZECROP_DEBUG=1 prints the traceback too.
    """
    if os.environ.get(DEBUG, "") not in ("", "0"):
        traceback.print_exception(error)
    if isinstance(error, MemoryError):
        return "there is not enough memory"
    if isinstance(error, WeightsError):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    said = f"{type(error).__name__}: {error}".removesuffix(": ")
    return f"this is a fault of the program ({said}); please report it, with what {DEBUG}=1 prints"
