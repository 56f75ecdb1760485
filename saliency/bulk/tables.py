"""Tables of photos, CSV and Parquet: a column of paths or addresses, or of the photos' bytes themselves."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from saliency.bulk.errors import BulkError, cannot
from saliency.bulk.items import Item, local_item, place_of, stamp_of
from saliency.bulk.remote import file_system, is_url

COLUMNS = ("path", "file", "filename", "image", "photo", "url", "bytes", "content")  # sought in this order
LARGEST_GROUP = 2**31  # bytes of a row group: a shard reads all of those in which its rows lie
ROWS = 4096  # read at once


def items_of_table(place: str, column: str | None) -> Iterator[Item]:
    """The photos that a table names or holds, row by row; paths in it are beside the table. Raises BulkError."""
    try:
        yield from TABLES[place.rpartition(".")[2].lower()](place, column)
    except BulkError:
        raise
    except Exception as error:  # what readers of broken tables and of buckets raise has a dozen types
        raise cannot(f"read the table {place}", error) from error


def open_table(place: str) -> Any:
    """A Parquet file that is read a little at a time."""
    import pyarrow.parquet as pq

    return pq.ParquetFile(file_system(place).open(place, "rb") if is_url(place) else place)


def photos_in(place: str, rows: Sequence[int]) -> Iterator[bytes | None]:
    """The bytes of photos that lie in a Parquet table, at these rows, which ascend; None where there are none."""
    file = open_table(place)
    column = None
    start = 0
    wanted = list(rows)
    for group in range(file.num_row_groups):
        count = file.metadata.row_group(group).num_rows
        here = [row - start for row in wanted if start <= row < start + count]
        if here:
            column = column or _bytes_column(file, None)
            yield from _some(file, group, column, here)
        start += count


def _some(file: Any, group: int, column: str, rows: list[int]) -> Iterator[bytes | None]:
    start, ask = 0, set(rows)
    for batch in file.iter_batches(16, row_groups=[group], columns=[column], use_threads=False):
        values = batch.column(0)
        for index in range(len(values)):
            if start + index in ask:
                value = values[index].as_py()
                yield value["bytes"] if isinstance(value, dict) else value
        start += len(values)
        if start > rows[-1]:
            return


def _from_parquet(place: str, column: str | None) -> Iterator[Item]:
    import pyarrow.types as types

    file = open_table(place)
    schema = file.schema_arrow
    name = _chosen(schema.names, column, place)
    kind = schema.field(name).type
    if types.is_string(kind) or types.is_large_string(kind):
        for batch in file.iter_batches(ROWS, columns=[name], use_threads=False):
            for text in batch.column(0).to_pylist():
                yield _named(place, text or "")
        return
    if name != _bytes_column(file, column):
        raise BulkError(f"the column {name!r} of {place} has {kind}, neither text nor bytes; --column names another")
    _check_groups(file, place)
    stamp = _stamp(place)
    for row in range(file.metadata.num_rows):
        yield Item(_place(place), row, stamp)


def _bytes_column(file: Any, column: str | None) -> str:
    """The column that holds bytes, or {bytes, path} as Hugging Face's datasets do."""
    import pyarrow.types as types

    for name in [column] if column else [*COLUMNS, *file.schema_arrow.names]:
        index = file.schema_arrow.get_field_index(name)
        if index >= 0:
            kind = file.schema_arrow.field(index).type
            inner = kind.field("bytes").type if types.is_struct(kind) and kind.get_field_index("bytes") >= 0 else kind
            if types.is_binary(inner) or types.is_large_binary(inner):
                return str(name)
    return ""


def _check_groups(file: Any, place: str) -> None:
    largest = max((file.metadata.row_group(i).total_byte_size for i in range(file.num_row_groups)), default=0)
    if largest > LARGEST_GROUP:
        raise BulkError(
            f"a row group of {place} has {largest / 1e9:.1f} GB, all of which each shard would read; "
            "write the table with smaller ones, such as row_group_size=1000"
        )


def _from_csv(place: str, column: str | None) -> Iterator[Item]:
    with (
        _opened(place) as raw,
        io.TextIOWrapper(raw, encoding="utf-8-sig", errors="surrogateescape", newline="") as text,
    ):
        rows = csv.DictReader(text)
        name = _chosen(rows.fieldnames or [], column, place)
        for row in rows:
            yield _named(place, row[name] or "")


def _opened(place: str) -> Any:
    return file_system(place).open(place, "rb") if is_url(place) else Path(place).open("rb")


def _chosen(names: Sequence[str], column: str | None, place: str) -> str:
    found = next((name for name in ([column] if column else COLUMNS) if name in names), None)
    if found is None:
        has = ", ".join(map(repr, names)) or "none"
        asked = f"no column {column!r}" if column else "no column that is called like one of photos"
        raise BulkError(f"{place} has {asked}; it has {has}: name one with --column")
    return found


def _named(table: str, text: str) -> Item:
    """The photo that a table names, its path taken from where the table lies."""
    if is_url(text):
        return Item(text.encode(errors="surrogateescape"))
    if is_url(table):
        return Item(f"{table.rpartition('/')[0]}/{text}".encode(errors="surrogateescape"))
    return local_item(Path(table).parent / text)


def _place(place: str) -> bytes:
    return place.encode() if is_url(place) else place_of(place)


def _stamp(place: str) -> str:
    if not is_url(place):
        return stamp_of(Path(place).stat())
    info = file_system(place).info(place)
    return f"{info.get('size')}-{info.get('ETag', '')}"


TABLES: dict[str, Callable[[str, str | None], Iterator[Item]]] = {"csv": _from_csv, "parquet": _from_parquet}
