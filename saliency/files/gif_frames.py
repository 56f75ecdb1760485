"""GIF: the frames of an animation, each taken out as a file of its own."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from functools import partial

from saliency.files.counted import counted
from saliency.files.moving import BACKGROUND, MOST_FRAMES, NONE, PREVIOUS, Moving, Piece, check_inside, composed
from saliency.files.stored import by_pillow

_DISPOSALS = {2: BACKGROUND, 3: PREVIOUS, 4: PREVIOUS}
_EXTENSION, _IMAGE, _CONTROL, APPLICATION = 0x21, 0x2C, 0xF9, 0xFF
_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


def moving(data: bytes) -> Moving | None:
    """The animation with its blocks read; None for a single picture. Raises DamagedError."""
    canvas = struct.unpack_from("<HH", data, 6)
    pieces: list[Piece] = []
    plays, control = 1, bytes(4)
    for label, start, end in blocks(data):
        if label == _CONTROL and end - start >= 6:
            control = data[start + 1 : start + 5]
        elif label == APPLICATION and is_loop(data, start):
            again = int.from_bytes(data[start + 14 : start + 16], "little")
            plays = again + 1 if again else 0
        elif label == _IMAGE:
            if len(pieces) > MOST_FRAMES:
                break
            place = struct.unpack_from("<HHHH", data, start)
            check_inside(place, canvas)
            disposal = _DISPOSALS.get(control[0] >> 2 & 7, NONE)
            hundredths = int.from_bytes(control[1:3], "little")
            decode = partial(by_pillow, _file_of(data, start, end, control), "GIF")
            pieces.append(Piece(place, decode, 10 * hundredths, disposal))
            control = bytes(4)
    if len(pieces) < 2:
        return None
    return Moving(tuple(piece.milliseconds for piece in pieces), plays, lambda: composed(canvas, pieces))


@counted
def blocks(data: bytes) -> Iterator[tuple[int, int, int]]:
    """What a block is, its first byte after that, and its end, up to where the file breaks off."""
    at = 13 + table_bytes(data[10])
    while at + 1 < len(data) and data[at] in (_EXTENSION, _IMAGE):
        label, start = (_IMAGE, at + 1) if data[at] == _IMAGE else (data[at + 1], at + 2)
        at = start
        if label == _IMAGE:
            if at + 9 > len(data):
                return
            at += 10 + table_bytes(data[at + 8])
        while at < len(data) and data[at]:
            at += 1 + data[at]
        at += 1
        yield label, start, min(at, len(data))


def is_loop(data: bytes, start: int) -> bool:
    """Whether the block of an application that begins at a byte says how often the frames are shown."""
    return data[start + 1 : start + 12] in _LOOPS and data[start + 12 : start + 14] == b"\3\1"


def table_bytes(flags: int) -> int:
    """Of a table of colours."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _file_of(data: bytes, start: int, end: int, control: bytes) -> bytes:
    """One frame alone, which fills its canvas."""
    head = data[:6] + data[start + 4 : start + 8] + data[10 : 13 + table_bytes(data[10])]
    shown = bytes([_EXTENSION, _CONTROL, 4, control[0] & 1]) + control[1:4] + b"\0"
    return b"".join([head, shown, bytes([_IMAGE, 0, 0, 0, 0]), data[start + 4 : end], b";"])
