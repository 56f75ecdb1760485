"""Changes of bytes that know nothing of what they mean."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from random import Random

HEAD = 256  # bytes: what comes first says most
MOST = 400_000  # bytes of an input
NUMBERS = (0, 1, 2, 3, 7, 8, 127, 128, 255, 256, 32767, 32768, 65535, 65536, 2**24, 2**31 - 1, 2**31, 2**32 - 1, 2**63)
Change = Callable[[Random, bytes], bytes]


def place(rng: Random, data: bytes) -> int:
    """A byte of the data, half of the time an early one."""
    return rng.randrange(min(len(data), HEAD) if rng.random() < 0.5 else len(data)) if data else 0


def number(rng: Random, data: bytes) -> int:
    """One that a length, a place or a count may go wrong at."""
    near = rng.choice((*NUMBERS, len(data), place(rng, data), rng.randrange(2**32)))
    return max(near + rng.choice((-1, 0, 0, 0, 1)), 0)


def packed(rng: Random, value: int, size: int) -> bytes:
    """A whole number in so many bytes, in either order."""
    return (value & (1 << 8 * size) - 1).to_bytes(size, rng.choice(("little", "big")))


def flip(rng: Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 2, 4, 16))):
        if changed:
            changed[place(rng, data)] ^= 1 << rng.randrange(8)
    return bytes(changed)


def overwrite(rng: Random, data: bytes) -> bytes:
    """A number of 1, 2, 4 or 8 bytes somewhere."""
    at, size = place(rng, data), rng.choice((1, 2, 2, 4, 4, 4, 8))
    return data[:at] + packed(rng, number(rng, data), size) + data[at + size :]


def cut(rng: Random, data: bytes) -> bytes:
    """Without its end, or without something in its middle."""
    at = place(rng, data)
    return data[:at] if rng.random() < 0.5 else data[:at] + data[at + rng.choice((1, 2, 4, 16, 256)) :]


def insert(rng: Random, data: bytes) -> bytes:
    at, length = place(rng, data), rng.choice((1, 2, 4, 64, 4096))
    what = rng.choice((bytes(length), b"\xff" * length, rng.randbytes(length), data[at : at + length]))
    return data[:at] + what + data[at:]


def move(rng: Random, data: bytes) -> bytes:
    """A piece of it written over another one."""
    start, at, length = place(rng, data), place(rng, data), rng.choice((4, 16, 64, 1024))
    piece = data[start : start + length]
    return data[:at] + piece + data[at + len(piece) :]


def floats(rng: Random, data: bytes) -> bytes:
    """No number, infinity and the like, where a float may stand."""
    at, value = place(rng, data), rng.choice((float("nan"), float("inf"), -float("inf"), 0.0, -1.0, 3e38, 1e-45))
    return data[:at] + struct.pack(rng.choice((">f", "<f", "<d")), value) + data[at + 4 :]


CHANGES: Sequence[Change] = (flip, flip, overwrite, overwrite, cut, insert, move, floats)


def changed(rng: Random, data: bytes) -> bytes:
    """The bytes after one change."""
    return rng.choice(CHANGES)(rng, data)[:MOST]


def spliced(rng: Random, one: bytes, other: bytes) -> bytes:
    """The beginning of one and the end of the other."""
    return one[: place(rng, one)] + other[place(rng, other) :]
