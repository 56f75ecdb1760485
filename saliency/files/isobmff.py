"""AVIF and HEIC: files of boxes in boxes (ISO/IEC 14496-12 and 23008-12); decoded by Pillow and by libheif."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

import pillow_heif
from PIL import UnidentifiedImageError

from saliency.files.colours import Colours, from_code_points
from saliency.files.counted import counted
from saliency.files.errors import DamagedError, ImageError
from saliency.files.ifd import exif_orientation
from saliency.files.stored import Stored, by_pillow, decoder_of

pillow_heif.register_heif_opener()


@dataclass(frozen=True, slots=True)
class Box:
    """A box of the file: its name, where it begins, where its content begins and ends."""

    name: bytes
    start: int
    body: int
    end: int


def read_avif(data: bytes) -> Stored:
    """The picture with its header read. The file's own turns count, and not its EXIF, which only repeats them."""
    return _read(_tidy(data), "AVIF")


def read_heif(data: bytes) -> Stored:
    """The picture with its header read; libheif turns it upright."""
    return _read(data, "HEIF")


@counted
def boxes(data: bytes, start: int, end: int) -> Iterator[Box]:
    """The boxes between two bytes, as far as they are whole."""
    while start + 8 <= end:
        size, name = struct.unpack_from(">I4s", data, start)
        body = start + 8
        if size == 1 and start + 16 <= end:
            (size,) = struct.unpack_from(">Q", data, body)
            body += 8
        stop = start + size if size else end
        if stop < body or stop > end:
            return
        yield Box(name, start, body, stop)
        start = stop


def _read(data: bytes, kind: str) -> Stored:
    try:
        image = by_pillow(data, kind)
    except UnidentifiedImageError:
        if sum(box.end - box.start for box in boxes(data, 0, len(data))) < len(data) or _meta(data) is None:
            raise DamagedError("its end is missing") from None
        shown = "HEIC" if kind == "HEIF" else kind
        raise ImageError(f"this kind of {shown} is not supported; save it as JPEG or PNG") from None
    profile = image.info.get("icc_profile", b"")
    return Stored(
        image.size,
        decoder_of(image),
        exif_orientation(image.info.get("exif") or b"") if kind == "AVIF" else 1,
        profile,
        None if profile else _colours_of(data),
        metadata=sum(len(image.info.get(name) or b"") for name in ("exif", "xmp", "icc_profile")),
    )


def _meta(data: bytes) -> Box | None:
    return next((box for box in boxes(data, 0, len(data)) if box.name == b"meta"), None)


def _inside(data: bytes, *path: bytes) -> Iterator[Box]:
    """The boxes of a path below the file's meta box, whose content begins with four more bytes."""
    meta = _meta(data)
    found = [Box(meta.name, meta.start, meta.body + 4, meta.end)] if meta else []
    for name in path:
        found = [box for outer in found for box in boxes(data, outer.body, outer.end) if box.name == name]
    yield from found


def _colours_of(data: bytes) -> Colours | None:
    """The colours that the file's code points say; those of the first picture that has any."""
    for box in _inside(data, b"iprp", b"ipco", b"colr"):
        if data[box.body : box.body + 4] == b"nclx" and box.end - box.body >= 8:
            return from_code_points(*struct.unpack_from(">HH", data, box.body + 4))
    return None


def _tidy(data: bytes) -> bytes:
    """The file without what libavif refuses and browsers do not: notes beside the picture that are broken, and
    properties of its parts told in two boxes of one kind."""
    data = _without_exif(data)
    for outer in _inside(data, b"iprp"):
        pairs = [box for box in boxes(data, outer.body, outer.end) if box.name == b"ipma"]
        if len(pairs) != 2 or pairs[0].end != pairs[1].start or pairs[1].end != outer.end:
            continue
        first, second = (data[box.body : box.end] for box in pairs)
        if first[:4] == second[:4]:
            joined, free = _joined(first, second), struct.pack(">I4s8x", 16, b"free")
            size = struct.pack(">I", outer.end - outer.start - len(free))  # nothing behind it moves
            inside = data[outer.start + 4 : pairs[0].start] + joined
            return data[: outer.start] + size + inside + free + data[outer.end :]
    return data


def _without_exif(data: bytes) -> bytes:
    """The items named Exif under a name that nobody reads; what turns the picture is said elsewhere."""
    for box in _inside(data, b"iinf"):
        at = data.find(b"Exif\0", box.body, box.end)
        if at >= 0:
            return data[:at] + b"free" + data[at + 4 :]
    return data


def _joined(first: bytes, second: bytes) -> bytes:
    """The contents of two boxes of properties as one box, its entries in the order of their items."""
    entries = sorted(_entries(first) + _entries(second))
    content = first[:4] + struct.pack(">I", len(entries)) + b"".join(entry for _, entry in entries)
    return struct.pack(">I4s", 8 + len(content), b"ipma") + content


def _entries(content: bytes) -> list[tuple[int, bytes]]:
    version, wide = content[0], content[3] & 1
    (count,) = struct.unpack_from(">I", content, 4)
    at, found = 8, []
    for _ in range(count):
        name = 4 if version else 2
        length = name + 1 + content[at + name] * (2 if wide else 1)
        found.append((int.from_bytes(content[at : at + name], "big"), content[at : at + length]))
        at += length
    return found
