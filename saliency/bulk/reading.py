"""The bytes of the photos of a shard, a few read ahead of the one that is looked at."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import groupby
from pathlib import Path

from saliency.bulk.errors import reason
from saliency.bulk.items import WHOLE_FILE, Item, stamp_of
from saliency.bulk.remote import file_system
from saliency.bulk.tables import photos_in
from saliency.command.sources import MAX_BYTES
from saliency.image import ImageError, TooLargeError, read_file
from saliency.limits import BYTES

AHEAD = 2  # photos of one's own disks
FAR_AHEAD = 16  # of a bucket, where one takes as long to come as some take to be looked at
CHANGED = "it is no longer the file that was listed when the run began"

Bytes = bytes | ImageError


def read_photos(items: Sequence[Item], folder: str) -> Iterator[Bytes]:
    """The bytes of each photo, in order, or why they cannot be had. folder: where relative paths begin."""
    for table, group in groupby(items, lambda item: item.place if item.row != WHOLE_FILE else b""):
        read = _of_table if table else _of_files
        yield from read(list(group), folder)


def _of_files(items: Sequence[Item], folder: str) -> Iterator[Bytes]:
    ahead = FAR_AHEAD if any(item.url for item in items) else AHEAD
    waiting: deque[Future[Bytes]] = deque()
    with ThreadPoolExecutor(ahead) as pool:
        for item in items:
            if len(waiting) == ahead:
                yield waiting.popleft().result()
            waiting.append(pool.submit(_read, item, folder))
        while waiting:
            yield waiting.popleft().result()


def _read(item: Item, folder: str) -> Bytes:
    try:
        if item.url:
            return _fetched(item)
        path = _real(item, folder)
        if item.stamp and stamp_of(path.stat()) != item.stamp:
            return ImageError(CHANGED)
        return read_file(path, MAX_BYTES)
    except ImageError as error:
        return error
    except Exception as error:  # a bucket's errors are each package's own
        return ImageError(f"cannot read the file: {reason(error)}")


def _fetched(item: Item) -> bytes:
    files = file_system(item.url)
    size = int(item.stamp.partition("-")[0] or files.info(item.url)["size"])
    if size > MAX_BYTES:
        raise TooLargeError(BYTES, f"the file has {size / 1e6:.6g} MB", MAX_BYTES)
    data = read_file(bytes(files.cat_file(item.url)), MAX_BYTES)
    if len(data) != size:
        raise ImageError(CHANGED)
    return data


def _of_table(items: Sequence[Item], folder: str) -> Iterator[Bytes]:
    """Of photos that all lie in one table. One that cannot be read is none of a single photo's fault: raises."""
    place = items[0].url or str(_real(items[0], folder))
    if not items[0].url and items[0].stamp and stamp_of(Path(place).stat()) != items[0].stamp:
        for _ in items:
            yield ImageError(CHANGED)
        return
    for data in photos_in(place, [item.row for item in items]):
        try:
            yield read_file(data or b"", MAX_BYTES)
        except ImageError as error:
            yield error


def _real(item: Item, folder: str) -> Path:
    return Path(folder, os.fsdecode(item.place))
