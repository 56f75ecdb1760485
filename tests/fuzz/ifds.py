"""Changes of TIFF's tags, in a TIFF file and in the EXIF of others."""

from __future__ import annotations

import re
import struct
from random import Random

from tests.fuzz import raw

_START = re.compile(rb"II\*\0|MM\0\*")
_TAGS = (256, 257, 258, 259, 262, 273, 274, 277, 278, 279, 284, 317, 320, 322, 323, 324, 325, 330, 338, 339, 513, 514,
         700, 33723, 34377, 34665, 34675, 34853, 50706)  # fmt: skip


def changed(rng: Random, data: bytes, _: bytes = b"") -> bytes:
    """The bytes after one field of one tag was changed, or a folder was made to hold many."""
    starts = [match.start() for match in _START.finditer(data)]
    if not starts:
        return raw.changed(rng, data)
    start = rng.choice(starts)
    order = "<" if data[start : start + 2] == b"II" else ">"
    try:
        (folder,) = struct.unpack_from(order + "I", data, start + 4)
        (count,) = struct.unpack_from(order + "H", data, start + folder)
    except struct.error:
        return raw.changed(rng, data)
    at = start + folder + 2 + 12 * rng.randrange(max(count, 1))
    field = rng.choice(("tag", "kind", "count", "value", "value", "first", "many", "same"))
    changed = bytearray(data)
    try:
        if field == "tag":
            struct.pack_into(order + "H", changed, at, rng.choice((*_TAGS, rng.randrange(65536))))
        elif field == "kind":
            struct.pack_into(order + "H", changed, at + 2, rng.choice((*range(20), 65535)))
        elif field == "count":
            struct.pack_into(order + "I", changed, at + 4, raw.number(rng, data) & 0xFFFFFFFF)
        elif field == "value":
            struct.pack_into(order + "I", changed, at + 8, raw.number(rng, data) & 0xFFFFFFFF)
        elif field == "first":  # a folder somewhere else, or inside itself
            struct.pack_into(order + "I", changed, start + 4, raw.number(rng, data) & 0xFFFFFFFF)
        elif field == "many":
            struct.pack_into(order + "H", changed, start + folder, rng.choice((count + 1, 4096, 65535)))
        else:
            return _all_the_same(rng, data, start, order)
    except struct.error:
        return raw.changed(rng, data)
    return bytes(changed)


def _all_the_same(rng: Random, data: bytes, start: int, order: str) -> bytes:
    """A new folder at the end, whose many tags all point to the whole file."""
    count, length = rng.choice((10, 300, 8000)), max(len(data) - start - 8, 1)
    folder = struct.pack(order + "H", count)
    folder += b"".join(
        struct.pack(order + "HHII", 1000 + tag, rng.choice((1, 2, 7, 3, 12)), length // 8, 8) for tag in range(count)
    )
    return data[: start + 4] + struct.pack(order + "I", len(data) - start) + data[start + 8 :] + folder + bytes(4)
