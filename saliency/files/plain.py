"""Opening a file that somebody named, without ever waiting for it."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

_KINDS = {stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket", stat.S_IFCHR: "a device", stat.S_IFBLK: "a device"}


def open_plain(path: str | Path) -> BinaryIO:
    """A file on a disk, opened to read its bytes.

    Raises OSError, also for pipes, devices and sockets: to open or read those can take for ever.
    """
    file = open(path, "rb", opener=_at_once)  # noqa: SIM115  (Path.open takes no opener)
    kind = stat.S_IFMT(os.fstat(file.fileno()).st_mode)
    if kind in _KINDS:
        file.close()
        raise OSError(errno.EINVAL, f"it is {_KINDS[kind]}, not a file", str(path))
    return file


def _at_once(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))  # a pipe that nobody writes to would wait for somebody
