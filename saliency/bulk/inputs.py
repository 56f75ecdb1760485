"""Which photos are meant: by folders, globs, tables, and addresses of buckets, in an order that is always the same."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from saliency.bulk.errors import BulkError, cannot
from saliency.bulk.items import Item, local_item, place_of, stamp_of
from saliency.bulk.remote import file_system, full_url, is_url
from saliency.bulk.tables import TABLES, items_of_table
from saliency.command.paths import is_folder
from saliency.image import SUFFIXES

STAMPS = ("ETag", "etag", "md5Hash", "content_md5", "LastModified", "last_modified", "mtime")  # as buckets call it


def find(inputs: Sequence[str], column: str | None, leave_out: Sequence[Path] = ()) -> Iterator[Item]:
    """The photos that the inputs stand for: those in the order given, in a folder by the bytes of their names, files
    before folders. column: of tables, None for the first that is called like one of photos. leave_out: folders that are
    passed over, such as the one written to.

    Links to files are taken, links to folders not. What a table names and is not there is an item all the same: it
    becomes a row that says so. Raises BulkError for an input that is not there, or cannot be listed.
    """
    skipped = [os.path.realpath(folder) for folder in leave_out]
    for text in inputs:
        if is_url(text):
            yield from _in_bucket(text, column)
        elif glob.has_magic(text) and not os.path.lexists(text):
            for path in sorted(glob.glob(text, recursive=True), key=os.fsencode):  # noqa: PTH207  (patterns may be absolute)
                if not is_folder(Path(path)) and _parent(path) not in skipped:
                    yield from _one(path, column)
        elif is_folder(Path(text)):
            yield from _below(text, skipped)
        elif os.path.lexists(text):
            yield from _one(text, column)
        else:
            raise BulkError(f"there is no {text}")


def _one(path: str, column: str | None) -> Iterator[Item]:
    if _suffix(path) in TABLES:
        yield from items_of_table(path, column)
    else:
        yield local_item(path)


def _below(folder: str, skipped: Sequence[str]) -> Iterator[Item]:
    try:
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: os.fsencode(entry.name))
    except OSError:
        yield Item(place_of(folder))  # a row that says that it cannot be read
        return
    for entry in found:
        if _suffix(entry.name) in SUFFIXES and not entry.is_dir() and (item := _plain(entry)):
            yield item
    for entry in found:
        if entry.is_dir(follow_symlinks=False) and os.path.realpath(entry.path) not in skipped:
            yield from _below(entry.path, skipped)


def _plain(entry: os.DirEntry[str]) -> Item | None:
    """None for pipes, devices and links that lead nowhere."""
    try:
        return Item(place_of(entry.path), stamp=stamp_of(entry.stat())) if entry.is_file() else None
    except OSError:
        return Item(place_of(entry.path))


def _in_bucket(url: str, column: str | None) -> Iterator[Item]:
    files = file_system(url)
    try:
        if glob.has_magic(url):
            found = files.glob(url, detail=True)
        elif _suffix(url) in TABLES:
            found = {url: files.info(url)}
        else:
            found = files.find(url, detail=True)
    except Exception as error:  # each package's own
        raise cannot(f"list {url}", error) from error
    for path in sorted(found):
        if found[path].get("type", "file") != "file":
            continue
        address = path if is_url(path) else full_url(url, path)
        if _suffix(path) in TABLES:
            if address == url or glob.has_magic(url):
                yield from items_of_table(address, column)
        elif _suffix(path) in SUFFIXES or address == url:
            yield Item(address.encode(), stamp=_remote_stamp(found[path]))


def _remote_stamp(info: dict[str, Any]) -> str:
    mark = next((str(info[name]).strip('"') for name in STAMPS if info.get(name)), "")
    return f"{info.get('size', '')}-{mark}"


def _suffix(path: str) -> str:
    return path.rpartition(".")[2].lower()


def _parent(path: str) -> str:
    return os.path.realpath(Path(path).parent)
