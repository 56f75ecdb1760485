"""What is printed: whole lines, safe to show whatever file names are in them, with whatever the terminal can write."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import unicodedata

_ODD = {"Cc", "Cs", "Zl", "Zp"}  # Unicode's categories: controls, halves of characters, ends of lines
_TURNING = {
    "LRE",
    "RLE",
    "LRO",
    "RLO",
    "PDF",
    "LRI",
    "RLI",
    "FSI",
    "PDI",
}  # bidirectional classes: reorder what is near


class UnheardError(Exception):
    """Standard output takes no more. gone: who read it went away, as `| head` does."""

    def __init__(self, error: OSError) -> None:
        super().__init__(error.strerror or str(error))
        self.gone = isinstance(error, BrokenPipeError)


def printable(text: str) -> str:
    r"""The text as one line that moves no cursor: a line's end in a name is \n, its bytes that are no text are \xe9."""
    return "".join(_escaped(character) if _is_odd(character) else character for character in text)


def tell(line: str) -> None:
    """Print a line of what was asked for, at once. Raises UnheardError."""
    try:
        print(printable(line), flush=True)
    except OSError as error:
        raise UnheardError(error) from None


def warn(line: str) -> None:
    """Print a line beside what was asked for; where nobody can read it, that is no fault."""
    with contextlib.suppress(OSError):
        print(printable(line), file=sys.stderr, flush=True)


def ready_streams() -> None:
    """Let standard output and error take any text, and have no file of ours opened in the place of a closed one."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(descriptor)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def flush() -> None:
    """Have all that was printed written. Raises UnheardError."""
    try:
        if sys.stdout:
            sys.stdout.flush()
    except OSError as error:
        raise UnheardError(error) from None


def hush() -> None:
    """Throw away what standard output still holds, which Python would else try to write once more at its end."""
    with contextlib.suppress(OSError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _is_odd(character: str) -> bool:
    return unicodedata.category(character) in _ODD or unicodedata.bidirectional(character) in _TURNING


def _escaped(character: str) -> str:
    if "\udc80" <= character <= "\udcff":  # as Python reads a byte of a file name that is no UTF-8
        return f"\\x{ord(character) - 0xDC00:02x}"
    return character.encode("unicode_escape").decode()
