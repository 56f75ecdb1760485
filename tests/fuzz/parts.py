"""Files as lists of parts: chunks, segments, blocks, boxes. Parts are dropped, doubled, swapped, grown, brought from
another file and changed inside, and then lengths and check sums are put right again, or not."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from tests.fuzz import raw

Parts = list[bytes]
_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")  # of a JPEG, after a scan


@dataclass(frozen=True, slots=True)
class Layout:
    """How a kind of file is built. begins: its first bytes. split: into parts, all bytes of it; the first is no part
    by itself. mend: a part with its length and check sum put right."""

    begins: tuple[bytes, ...]
    split: Callable[[bytes], Parts]
    mend: Callable[[bytes], bytes]
    whole: Callable[[bytes], bytes] = lambda data: data


def _chunks_of_png(data: bytes) -> Parts:
    return _walk(data, 8, lambda at: 12 + int.from_bytes(data[at : at + 4], "big"))


def _mend_png(part: bytes) -> bytes:
    name, content = part[4:8], part[8:-4]
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def _segments_of_jpeg(data: bytes) -> Parts:
    def length(at: int) -> int:
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if data[at + 1 : at + 2] == b"\xda":
            found = _MARKER.search(data, end)
            end = found.start() if found else len(data)
        return end - at

    return _walk(data, 2, length)


def _mend_jpeg(part: bytes) -> bytes:
    bare = part[:2] == b"\xff\xda" or len(part) < 4 or len(part) > 65_537
    return part if bare else part[:2] + struct.pack(">H", len(part) - 2) + part[4:]


def _chunks_of_webp(data: bytes) -> Parts:
    return _walk(data, 12, lambda at: 8 + (int.from_bytes(data[at + 4 : at + 8], "little") + 1) // 2 * 2)


def _mend_webp(part: bytes) -> bytes:
    return part[:4] + struct.pack("<I", max(len(part) - 8, 0)) + part[8:]


def _whole_webp(data: bytes) -> bytes:
    return data[:4] + struct.pack("<I", max(len(data) - 8, 0)) + data[8:]


def _boxes(data: bytes) -> Parts:
    return [b"", *_walk(data, 0, lambda at: max(int.from_bytes(data[at : at + 4], "big"), 8))[1:]]


def _mend_box(part: bytes) -> bytes:
    return struct.pack(">I", len(part)) + part[4:]


def _blocks_of_gif(data: bytes) -> Parts:
    def table(flags: int) -> int:
        return 3 << (flags & 7) + 1 if flags & 0x80 else 0

    def length(at: int) -> int:
        end = at + (2 if data[at] == 0x21 else 11 + table(data[at + 9]) if data[at] == 0x2C else 1)
        if data[at] in (0x21, 0x2C):
            while end < len(data) and data[end]:
                end += 1 + data[end]
            end += 1
        return end - at

    return _walk(data, 13 + table(data[10]) if len(data) > 10 else len(data), length)


def _walk(data: bytes, start: int, length: Callable[[int], int]) -> Parts:
    parts, at = [data[:start]], start
    while at < len(data):
        try:
            end = at + max(length(at), 1)
        except IndexError:
            end = len(data)
        parts.append(data[at:end])
        at = end
    return parts


def _as_it_is(part: bytes) -> bytes:
    return part


LAYOUTS = (
    Layout((b"\x89PNG",), _chunks_of_png, _mend_png),
    Layout((b"\xff\xd8",), _segments_of_jpeg, _mend_jpeg),
    Layout((b"RIFF",), _chunks_of_webp, _mend_webp, _whole_webp),
    Layout((b"GIF8",), _blocks_of_gif, _as_it_is),
    Layout((b"\0\0\0",), _boxes, _mend_box),
)
_OUTER = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"iprp", b"ipco", b"dinf")
_FULL = (b"meta", b"iinf", b"iref")  # four bytes, or six, before what is inside


def layout_of(data: bytes) -> Layout | None:
    return next((layout for layout in LAYOUTS if data.startswith(layout.begins)), None)


def changed(rng: Random, data: bytes, other: bytes) -> bytes:
    """The file after one change of its parts, other: a file whose parts may come into it."""
    layout, foreign = layout_of(data), layout_of(other)
    if layout is None:
        return raw.changed(rng, data)
    first, *parts = layout.split(data)
    brought = foreign.split(other)[1:] if foreign else [other[:4096]]
    parts = _rearranged(rng, parts, brought, layout)
    if rng.random() < 0.9:
        parts = [layout.mend(part) if len(part) >= 8 else part for part in parts]
    data = first + b"".join(parts)
    return (layout.whole(data) if rng.random() < 0.9 else data)[: raw.MOST]


def _rearranged(rng: Random, parts: Parts, brought: Parts, layout: Layout) -> Parts:
    if not parts:
        return brought[:1]
    at, to = rng.randrange(len(parts)), rng.randrange(len(parts))
    change = rng.choice(("drop", "double", "swap", "bring", "grow", "inside", "inside", "inside", "name", "deep"))
    part = parts[at]
    if change == "drop":
        return parts[:at] + parts[at + 1 :]
    if change == "double":
        return [*parts[:to], part, *parts[to:]]
    if change == "swap":
        parts[at], parts[to] = parts[to], parts[at]
    elif change == "bring" and brought:
        parts.insert(to, rng.choice(brought))
    elif change == "grow":
        parts[at:at] = [part] * min(rng.choice((10, 100, 2000)), raw.MOST // max(len(part), 1))
    elif change == "name":
        parts[at] = part[:4] + rng.choice(brought or [part])[4:8] + part[8:]
    elif change == "deep" and layout.mend is _mend_box:
        for _ in range(rng.choice((3, 50, 3000))):
            part = struct.pack(">I", len(part) + 8) + rng.choice(_OUTER) + part
        parts[at] = part
    elif layout.mend is _mend_box and part[4:8] in (*_OUTER, *_FULL):
        start = 8 + (0 if part[4:8] in _OUTER else 4 if part[4:8] != b"iinf" else 6)
        inner = _boxes(part[start:])[1:]
        parts[at] = part[:start] + b"".join(map(_mend_box, _rearranged(rng, inner, brought, layout)))
    else:
        head, body = part[:8], part[8:]
        parts[at] = head + raw.changed(rng, body)
    return parts
