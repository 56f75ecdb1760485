"""Uploads -> a folder of photos and annotations. Pure, and made for files that mean harm.

Only pictures and the three CSVs are written, as plain files under checked names, and bytes are counted while they are
read: what a zip says of itself is not believed.
"""

from __future__ import annotations

import io
import itertools
import re
import stat
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from saliency.image import MAX_BYTES, SUFFIXES

TABLES = ("fixations.csv", "boxes.csv", "crops.csv")
MAX_PHOTOS = 500
MAX_UNPACKED = 1_000_000_000  # bytes of all files together
MAX_TABLE = 20_000_000  # bytes of one CSV: half a million fixations
MAX_LISTED = 20_000  # files that a zip may list, wanted or not
MAX_NAME, MAX_PART, MAX_DEPTH = 1000, 255, 20  # bytes of a path, bytes of a name in it, names in it
CHUNK = 1 << 20
LISTED = b"PK\x01\x02"  # every file that a zip lists begins with this
COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others may ask for gigabytes of memory


class UnpackError(ValueError):
    """The upload cannot be used; the message is a sentence for the person who sent it."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it arrived. name: perhaps with folders, from the visitor's system: not to be trusted."""

    name: str
    data: bytes

    @property
    def is_zip(self) -> bool:
        return self.name.lower().endswith(".zip")


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What is in the folder. photos, tables: paths relative to it. left_out: (name, why) of the files that are not."""

    photos: tuple[str, ...]
    tables: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A file that could be unpacked. refused: why it will not be, if so."""

    name: str
    open: Callable[[], IO[bytes]]
    refused: str = ""


def unpack(uploads: Sequence[Upload], folder: Path) -> Unpacked:
    """Write the pictures and CSVs of the uploads, loose or in zips, into `folder`, which is empty.

    A folder that holds all the rest, in a zip or among the loose files, is left away. Of files with the same name the
    last one counts. A picture that is damaged or larger than is ever opened is written as far as that shows: the run
    then says what is wrong with it. Raises UnpackError when there is no picture, when a limit is passed, when a zip or
    a CSV in it cannot be read, and when the disk is full.
    """
    groups = [_zip_entries(upload) for upload in uploads if upload.is_zip]
    groups.append([_loose_entry(upload) for upload in uploads if not upload.is_zip])
    wanted: dict[str, Entry] = {}
    left_out: list[tuple[str, str]] = []
    for group in groups:
        found, others = _sort_out(group)
        left_out += [*others, *((name, "there is a later file of this name") for name in found if name in wanted)]
        wanted |= found
    left_out += _remove_clashes(wanted)
    photos = sorted(name for name in wanted if name not in TABLES)
    if not photos:
        raise UnpackError(f"there is no picture in it; pictures end in {', '.join(SUFFIXES)}")
    if len(photos) > MAX_PHOTOS:
        raise UnpackError(f"it holds {len(photos)} photos and the limit is {MAX_PHOTOS}; send fewer")
    try:
        _write(wanted, folder)
    except OSError as error:
        raise UnpackError(f"the server cannot store it ({error.strerror}); try again with fewer photos") from None
    return Unpacked(tuple(photos), tuple(name for name in TABLES if name in wanted), tuple(left_out))


def _loose_entry(upload: Upload) -> Entry:
    return Entry(upload.name, lambda: io.BytesIO(upload.data))


def _zip_entries(upload: Upload) -> list[Entry]:
    """The files in a zip, folders left away. Raises UnpackError when it is none, has a password, or lists too many."""
    if upload.data.count(LISTED) > MAX_LISTED:
        raise UnpackError(f"the zip lists more than {MAX_LISTED} files; send one with photos and CSVs only")
    try:
        archive = zipfile.ZipFile(io.BytesIO(upload.data))
        members = archive.infolist()
    except Exception as error:  # like picture decoders, zipfile raises many types on hostile bytes
        raise UnpackError("it is no zip, or a damaged one; zip the folder again") from error
    if any(member.flag_bits & 1 for member in members):
        raise UnpackError("the zip has a password; zip the folder again without one")
    return [_zip_entry(archive, member) for member in members if not member.filename.endswith("/")]


def _zip_entry(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Entry:
    refused = ""
    if stat.S_ISLNK(member.external_attr >> 16):
        refused = "a link, not a file"
    elif member.compress_type not in COMPRESSIONS:
        refused = "compressed in an unusual way; use an ordinary zip"
    return Entry(member.filename, lambda: archive.open(member), refused)


def _sort_out(group: Sequence[Entry]) -> tuple[dict[str, Entry], list[tuple[str, str]]]:
    """The files to write, by path, without the folder that holds them all; and the rest, each with the reason."""
    found: dict[tuple[str, ...], Entry] = {}
    others: list[tuple[str, str]] = []
    for entry in group:
        parts = _parts(entry.name)
        if parts is None:
            others.append((entry.name, "its name leads out of the folder, or no system would take it"))
        elif any(part.startswith(".") or part == "__MACOSX" for part in parts):
            continue  # what systems add, and nobody meant to send
        elif entry.refused:
            others.append((entry.name, entry.refused))
        elif parts[-1] in TABLES or _is_picture(parts[-1]):
            if parts in found:
                others.append((entry.name, "there is a later file of this name"))
            found[parts] = entry
        else:
            others.append((entry.name, f"neither a picture nor one of {', '.join(TABLES)}"))
    root = _common([parts[:-1] for parts in found])
    named = {"/".join(parts[root:]): entry for parts, entry in found.items()}
    deep = [name for name in named if name.endswith(".csv") and name not in TABLES]
    others += [(name, "a CSV must lie beside the photos, not in a folder of its own") for name in deep]
    return {name: entry for name, entry in named.items() if name not in deep}, others


def _common(folders: Sequence[tuple[str, ...]]) -> int:
    """How many folders, from the top, all paths share."""
    columns = zip(*folders, strict=False)
    return sum(1 for _ in itertools.takewhile(lambda column: len(set(column)) == 1, columns))


def _parts(name: str) -> tuple[str, ...] | None:
    """The folders and the file of a name, split at / and \\; None where it is absolute, climbs, or fits no disk."""
    try:
        size = len(name.encode())
    except UnicodeEncodeError:
        return None
    path = name.replace("\\", "/")
    parts = tuple(part for part in path.split("/") if part not in ("", "."))
    unfit = (
        not parts
        or path.startswith("/")
        or re.match(r"[A-Za-z]:", path)
        or ".." in parts
        or any(part in TABLES for part in parts[:-1])
        or any(ord(character) < 32 or ord(character) == 127 for character in name)
        or size > MAX_NAME
        or len(parts) > MAX_DEPTH
        or any(len(part.encode()) > MAX_PART for part in parts)
    )
    if unfit:
        return None
    return (*parts[:-1], parts[-1].lower()) if parts[-1].lower() in TABLES else parts


def _is_picture(file: str) -> bool:
    return PurePosixPath(file).suffix.lower().lstrip(".") in SUFFIXES


def _remove_clashes(wanted: dict[str, Entry]) -> list[tuple[str, str]]:
    """Take out the files whose name another one uses as a folder."""
    folders = {parent.as_posix() for name in wanted for parent in PurePosixPath(name).parents}
    clashes = sorted(folders & set(wanted))
    for name in clashes:
        del wanted[name]
    return [(name, "a folder has the same name") for name in clashes]


def _write(wanted: dict[str, Entry], folder: Path) -> None:
    """Write every file, counting. Raises UnpackError past MAX_UNPACKED, and for a CSV that is damaged or too large."""
    room = MAX_UNPACKED
    for name, entry in wanted.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        limit = MAX_TABLE if name in TABLES else MAX_BYTES
        size, whole = _copy(entry, path, min(limit, room) + 1)
        room -= size
        if room < 0:
            raise UnpackError(
                f"unpacked it is larger than {MAX_UNPACKED / 1e6:g} MB; send fewer photos or smaller ones"
            )
        if name in TABLES and size > MAX_TABLE:
            raise UnpackError(f"{name} is larger than {MAX_TABLE / 1e6:g} MB; send less of it")
        if name in TABLES and not whole:
            raise UnpackError(f"{name} in the zip is damaged; zip the folder again")


def _copy(entry: Entry, path: Path, most: int) -> tuple[int, bool]:
    """Write at most `most` bytes. Returns how many there were, and whether nothing went wrong in reading them."""
    size = 0
    with path.open("wb") as file:
        try:
            source = entry.open()
        except Exception:  # see _zip_entries
            return 0, False
        with source:
            while size < most:
                try:
                    chunk = source.read(min(CHUNK, most - size))
                except Exception:
                    return size, False
                if not chunk:
                    break
                file.write(chunk)
                size += len(chunk)
    return size, True
