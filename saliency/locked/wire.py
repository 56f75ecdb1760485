"""Between processes: messages, which are JSON behind its length with open files beside it, and shared memory."""

from __future__ import annotations

import fcntl
import json
import math
import mmap
import os
import socket
import struct
import tempfile
import time
from collections.abc import Sequence
from typing import Any

LONGEST = 1 << 20  # bytes of a message, which has no pixels in it
_LENGTH = struct.Struct(">I")


def send(to: socket.socket, message: Any, files: Sequence[int] = ()) -> None:
    """A message, with file descriptors that the other process gets copies of. Raises OSError where nobody listens."""
    text = json.dumps(message).encode()
    data = _LENGTH.pack(len(text)) + text
    sent = socket.send_fds(to, [data], list(files)) if files else 0
    if sent < len(data):  # even nothing cannot be sent to who has read all and gone
        to.sendall(data[sent:])


def receive(source: socket.socket, most_files: int = 0, deadline: float = math.inf) -> tuple[Any, list[int]]:
    """The next message and the files beside it. deadline: of `time.monotonic`.

    Raises EOFError where the other end is closed, TimeoutError, other OSErrors, and ValueError for what is no message.
    """
    head, files = b"", list[int]()
    while len(head) < _LENGTH.size:
        part, more = _part(source, _LENGTH.size - len(head), most_files, deadline)
        head, files = head + part, files + more
    (length,) = _LENGTH.unpack(head)
    if length > LONGEST:
        raise ValueError(f"a message of {length} bytes is too long")
    text = bytearray()
    while len(text) < length:
        text += _part(source, length - len(text), 0, deadline)[0]
    return json.loads(text), files


def _part(source: socket.socket, most: int, most_files: int, deadline: float) -> tuple[bytes, list[int]]:
    if deadline < math.inf:
        source.settimeout(max(deadline - time.monotonic(), 0.001))
    if most_files:
        part, files, _, _ = socket.recv_fds(source, most, most_files)
    else:
        part, files = source.recv(most), []
    if not part:
        raise EOFError("the other process has closed its end")
    return part, list(files)


def shared_file(size: int = 0) -> int:
    """A file in memory for two processes, of `size` bytes that take no room until they are written.

    With a size, neither can make it shorter or longer: a process that reads beyond the end of a file that another has
    cut is killed. (Where the system has no such files, it is one on disk without a name, and can be cut.)
    """
    if not hasattr(os, "memfd_create"):
        with tempfile.TemporaryFile() as file:
            os.truncate(file.fileno(), size)
            return os.dup(file.fileno())
    number = os.memfd_create("gazecrop", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    if size:
        os.ftruncate(number, size)
        fcntl.fcntl(number, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL)
    return number


def mapped(number: int, size: int, *, write: bool = False) -> memoryview:
    """The first bytes of a shared file, which need not stay open for it."""
    if not size:
        return memoryview(b"")
    return memoryview(mmap.mmap(number, size, prot=mmap.PROT_READ | (mmap.PROT_WRITE if write else 0)))
