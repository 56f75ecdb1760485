"""One shard: a part of the list -> a file of results. What it holds follows from the list and its number alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from saliency.bulk.errors import BulkError
from saliency.bulk.items import Item
from saliency.bulk.listing import LIST, read_list, shard_name, shard_rows
from saliency.bulk.manifest import Manifest, read_manifest
from saliency.bulk.process import Photo, Row, process
from saliency.bulk.reading import read_photos
from saliency.bulk.remote import is_url
from saliency.bulk.store import Folder, Store, store_at
from saliency.bulk.table import to_parquet

LONGEST = 60  # characters of a photo's name in those of its crops


@dataclass(frozen=True, slots=True)
class Outcome:
    """photos: of the shard; errors: those without crops. died: how often the process that made it ended before it was
    done, where it is not."""

    number: int
    photos: int = 0
    errors: int = 0
    died: int = 0


def make_shard(output: str, number: int) -> Outcome:
    """Make one shard of the run at an output, and write it. Raises BulkError, WeightsError, ImportError."""
    manifest, store = begun_at(output)
    tidy_crops(manifest, number)
    rows = []
    for row in process(photos_of(manifest, store, number), manifest.recipe):
        write_crops(manifest, row)
        rows.append(row.values)
    return write_rows(manifest, store, number, rows)


@cache
def begun_at(output: str) -> tuple[Manifest, Store]:
    """The run that was begun there. Raises BulkError where this machine sees none."""
    store = store_at(output)
    manifest = read_manifest(store)
    if manifest is None:
        raise BulkError(f"no run has begun in {output}, as this machine sees it; all workers need to reach it")
    return manifest, store


def photos_of(manifest: Manifest, store: Store, number: int, only: int | None = None) -> Iterator[Photo]:
    """The photos of a shard, one after the other; or only that at one number in the list."""
    numbers = numbers_in(manifest, number) if only is None else range(only, only + 1)
    start = numbers.start
    items = list(read_list(store.open(LIST), start, numbers.stop))
    for index, (item, data) in enumerate(zip(items, read_photos(items, manifest.folder), strict=True), start):
        yield Photo(item.path, crop_name(number, index, item), data)


def numbers_in(manifest: Manifest, number: int) -> range:
    """Those in the list of the photos of a shard."""
    rows = shard_rows(manifest.photos)
    return range(number * rows, min((number + 1) * rows, manifest.photos))


def write_crops(manifest: Manifest, row: Row) -> None:
    """Write the files of a row."""
    for name, data in row.files.items():
        store_at(crops_place(manifest)).put(name, data)


def crops_place(manifest: Manifest) -> str:
    """The folder or address of crops, empty where none are written."""
    place = manifest.recipe.cutting.place if manifest.recipe.cutting else ""
    return place if is_url(place) or not place else str(Path(manifest.folder, place))


def tidy_crops(manifest: Manifest, number: int) -> None:
    """Remove what a process that was killed left aside of a shard's crops."""
    place = crops_place(manifest)
    if place and not is_url(place):
        Folder(Path(place) / crop_folder(number)).tidy()


def write_rows(manifest: Manifest, store: Store, number: int, rows: list[dict[str, Any]]) -> Outcome:
    """Write the results of a shard, with which it is done."""
    store.put(shard_name(number), to_parquet(rows, manifest.model_sha256))
    return Outcome(number, len(rows), sum("error" in row for row in rows))


def crop_name(number: int, index: int, item: Item) -> str:
    """Of a photo's crops, without their ends: a folder a shard, the photo's number in the list, and what it is called.
    No two photos have the same, however they are called."""
    return f"{crop_folder(number)}/{index:09d}-{Path(item.path).stem[:LONGEST]}"


def crop_folder(number: int) -> str:
    """That of a shard's crops, among all of them."""
    return f"{number:06d}"
