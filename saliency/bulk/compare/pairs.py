"""The boxes of two runs beside each other, a shard in memory at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from saliency.bulk.errors import BulkError, cannot
from saliency.bulk.listing import shard_count, shard_name
from saliency.bulk.manifest import Manifest, read_manifest
from saliency.bulk.store import Store, store_at

BOX = ("left", "top", "width", "height")
COLUMNS = ["path", "width", "height", "crops", "error"]


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run of bulk. place: as it was named."""

    place: str
    store: Store
    manifest: Manifest

    def shard(self, number: int) -> Any:
        """The table of a shard. Raises BulkError where it is not there."""
        import pyarrow.parquet as pq

        try:
            return pq.ParquetFile(self.store.open(shard_name(number))).read(COLUMNS, use_threads=False)
        except (OSError, ValueError) as error:
            raise cannot(f"read {self.place}/{shard_name(number)}; is the run finished", error) from None


@dataclass(frozen=True, slots=True)
class Pairs:
    """Photos of one shard that have crops in both runs, n of them, in f formats.

    paths: n. sizes: (n, 2) of width and height in pixels. boxes: of one run and the other, each (n, f, 4) of left, top,
    width, height in pixels. kept, gain: of both, each (n, f), NaN where it is not known. failed: how many photos have
    crops in the other run only, in the first one only, in neither.
    """

    paths: list[str]
    sizes: NDArray[np.int64]
    boxes: tuple[NDArray[np.int64], NDArray[np.int64]]
    kept: tuple[NDArray[np.float64], NDArray[np.float64]]
    gain: tuple[NDArray[np.float64], NDArray[np.float64]]
    failed: tuple[int, int, int]


def open_run(place: str) -> Run:
    """The run whose results lie there. Raises BulkError where none do."""
    store = store_at(place)
    manifest = read_manifest(store)
    if manifest is None:
        raise BulkError(f"{place} has no results of gazecrop bulk")
    return Run(place, store, manifest)


def shared_formats(one: Run, other: Run) -> list[str]:
    """The formats that both have. Raises BulkError where there are none, or the runs are of other photos."""
    if one.manifest.photos != other.manifest.photos:
        raise BulkError(
            f"{one.place} has {one.manifest.photos:,} photos and {other.place} {other.manifest.photos:,}: "
            "to be compared, runs need the same inputs, and the same --limit or --sample"
        )
    formats = [name for name in one.manifest.recipe.formats if name in other.manifest.recipe.formats]
    if not formats:
        raise BulkError(f"{one.place} and {other.place} have no format in common")
    return formats


def pairs_of(one: Run, other: Run, formats: list[str]) -> Iterator[Pairs]:
    """Shard by shard. Raises BulkError where the photos are not the same."""
    for number in range(shard_count(one.manifest.photos)):
        tables = one.shard(number), other.shard(number)
        if not tables[0]["path"].equals(tables[1]["path"]):
            raise BulkError(f"{one.place} and {other.place} are not of the same photos: they differ in part {number}")
        valid = [table["error"].is_null().to_numpy() for table in tables]
        both = valid[0] & valid[1]
        found = [_crops(run, table, both, formats) for run, table in zip((one, other), tables, strict=True)]
        sizes = np.stack([tables[0][side].to_numpy()[both] for side in ("width", "height")], axis=1).astype(int)
        failed = (
            int((~valid[0] & valid[1]).sum()),
            int((valid[0] & ~valid[1]).sum()),
            int((~valid[0] & ~valid[1]).sum()),
        )
        paths = tables[0]["path"].filter(both).to_pylist()
        boxes, kept, gain = zip(*found, strict=True)
        yield Pairs(paths, sizes, boxes, kept, gain, failed)


def _crops(
    run: Run, table: Any, both: NDArray[np.bool_], formats: list[str]
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """The boxes, kept and gain of the photos that both runs have, in these formats."""
    names = run.manifest.recipe.formats
    crops = table["crops"].combine_chunks().filter(both).flatten()
    fields = {name: crops.field(name).to_numpy(zero_copy_only=False).reshape(-1, len(names)) for name in BOX}
    values = [crops.field(name).to_numpy(zero_copy_only=False).astype(float) for name in ("kept", "gain")]
    places = [names.index(name) for name in formats]
    boxes = np.stack([fields[name] for name in BOX], axis=-1)[:, places].astype(int)
    kept, gain = (value.reshape(-1, len(names))[:, places] for value in values)
    return boxes, kept, gain
