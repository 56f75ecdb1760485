"""The list of a run's photos: fixed in a file when the run begins, so that a part of it means the same ever after."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from saliency.bulk.items import Item

LIST = "_inputs.parquet"
GROUP = 1000  # items of a row group, which are in memory at once
LEAST, MOST, PARTS = 16, 1000, 256  # photos of a shard, and shards that a short list has


@dataclass(frozen=True, slots=True)
class Listed:
    """count: photos. sha256: of all that is known of them, in their order."""

    count: int
    sha256: str


def write_list(items: Iterable[Item], path: Path) -> Listed:
    """Write the list to a file of this machine, a little at a time."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([("place", pa.binary()), ("row", pa.int64()), ("stamp", pa.string())])
    mark, count = hashlib.sha256(), 0
    rest = iter(items)
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        while group := list(islice(rest, GROUP)):
            for item in group:
                mark.update(repr((item.place, item.row, item.stamp)).encode())
            columns = zip(*((item.place, item.row, item.stamp) for item in group), strict=True)
            writer.write_table(pa.table([*map(list, columns)], schema=schema))
            count += len(group)
    return Listed(count, mark.hexdigest())


def read_list(file: Any, start: int = 0, stop: int | None = None) -> Iterator[Item]:
    """The items of a list from one number on and below another. file: as pyarrow reads it."""
    import pyarrow.parquet as pq

    table = pq.ParquetFile(file)
    stop = table.metadata.num_rows if stop is None else stop
    for group in range(start // GROUP, -(-stop // GROUP)):
        rows = table.read_row_group(group, use_threads=False).to_pylist()
        for row in rows[max(0, start - group * GROUP) : stop - group * GROUP]:
            yield Item(row["place"], row["row"], row["stamp"])


def shard_rows(count: int) -> int:
    """How many photos of a list of `count` a shard has: few enough that little is lost with one, and that they spread
    over the workers; not so few that there are countless files."""
    return min(MOST, max(LEAST, -(-count // PARTS)))


def shard_count(count: int) -> int:
    return -(-count // shard_rows(count))


def shard_name(number: int) -> str:
    """Of its file."""
    return f"part-{number:06d}.parquet"
