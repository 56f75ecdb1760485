"""A shard whose process died twice: each photo by itself, so that the one it dies of becomes a row that says so."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from saliency.bulk.engines.local import TRIES, one_process
from saliency.bulk.errors import BulkError
from saliency.bulk.process import process
from saliency.bulk.shard import Outcome, begun_at, numbers_in, photos_of, tidy_crops, write_crops, write_rows

DIED = "the process that looked at it died, most likely for want of memory"


def make_carefully(output: str, number: int) -> Outcome:
    """Make a shard of the run at an output, and write it. Raises BulkError."""
    manifest, store = begun_at(output)
    tidy_crops(manifest, number)
    pool = one_process()
    rows: list[dict[str, Any]] = []
    try:
        for index in numbers_in(manifest, number):
            values, pool = _tried(pool, output, number, index)
            path = next(photos_of(manifest, store, number, index)).path if values is None else ""
            rows.append(values or {"path": path, "method": manifest.recipe.method, "error": DIED})
    finally:
        pool.shutdown(cancel_futures=True)
    if len(rows) > 1 and all(row.get("error") == DIED for row in rows):
        raise BulkError("every process that looks at photos dies at once; is there too little memory for one?")
    return write_rows(manifest, store, number, rows)


def _tried(
    pool: ProcessPoolExecutor, output: str, number: int, index: int
) -> tuple[dict[str, Any] | None, ProcessPoolExecutor]:
    """The row of a photo, None where the process dies of it each time; and the pool to go on with."""
    for _ in range(TRIES):
        try:
            return pool.submit(_row, output, number, index).result(), pool
        except BrokenProcessPool:
            pool = one_process()
    return None, pool


def _row(output: str, number: int, index: int) -> dict[str, Any]:
    manifest, store = begun_at(output)
    row = next(process(photos_of(manifest, store, number, index), manifest.recipe))
    write_crops(manifest, row)
    return row.values
