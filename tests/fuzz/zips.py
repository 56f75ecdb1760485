"""Zips, and changes of what they say of themselves."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping
from random import Random

from tests.fuzz import raw

NAMES = (
    "a.jpg", "b/a.png", "B/A.PNG", "fixations.csv", "boxes.csv/x.png", "../up.jpg", "/etc/passwd.jpg", "C:\\x.jpg",
    "a\0b.jpg", "\ud800.jpg", "é.jpg", "a\\b.jpg", "x" * 300 + ".jpg", "a/" * 40 + "b.jpg", "", ".", "con.jpg",
    "__MACOSX/._a.jpg", "CROPS.csv", "a.jpg/b.jpg", "\u202egpj.exe.jpg", "a.jpg ", "n\nl.jpg",
)  # fmt: skip
_LOCAL, _LISTED, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_FIELDS = {_LOCAL: 30, _LISTED: 46, _END: 22}  # bytes of each record before its names


def zipped(files: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def changed(rng: Random, data: bytes, other: bytes) -> bytes:
    """A field of a record, a name in it, or the whole zip made anew with odd names."""
    way = rng.choice(("field", "field", "field", "made", "nested", "bytes"))
    if way == "made":
        names = rng.sample(NAMES, rng.randrange(1, 6))
        try:
            return zipped({name: rng.choice((other[:2000], bytes(300_000), b"")) for name in names})
        except (UnicodeError, ValueError, IndexError):  # Python writes none with such a name
            return data
    if way == "nested":
        return zipped({"a.zip": data, "a.jpg": data[:500]}, rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_BZIP2)))
    if way == "bytes":
        return raw.changed(rng, data)
    sign = rng.choice(list(_FIELDS))
    found = [at for at in range(len(data)) if data.startswith(sign, at)]
    if not found:
        return raw.changed(rng, data)
    at = rng.choice(found) + rng.randrange(4, _FIELDS[sign])
    return data[:at] + struct.pack("<I", raw.number(rng, data) & 0xFFFFFFFF)[: rng.choice((1, 2, 4))] + data[at + 4 :]
