"""The results: one row a photo. No time and no machine is in them, so that the same photos give the same bytes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

CROP = pa.struct(
    [
        ("format", pa.string()),  # "16:9", or "1200x630"
        ("left", pa.int32()),  # of the box, in pixels of the upright photo
        ("top", pa.int32()),
        ("width", pa.int32()),
        ("height", pa.int32()),
        ("kept", pa.float64()),  # share of the expected gaze, 0..1
        ("gain", pa.float64()),  # over the centre crop, -1..1
        ("helps", pa.float64()),  # how likely it keeps five points more than that one, 0..1
        ("harms", pa.float64()),  # or five less
        ("focal_x", pa.float64()),  # in pixels of the upright photo
        ("focal_y", pa.float64()),
        ("note", pa.string()),
        ("cut", pa.string()),  # which things it does not keep whole, in words
        ("file", pa.string()),  # of the crop, below --crops
    ]
)
SCHEMA = pa.schema(
    [
        ("path", pa.string()),
        ("width", pa.int32()),  # of the upright photo, in pixels
        ("height", pa.int32()),
        ("crops", pa.list_(CROP)),  # one a format, in the order asked for; null where there is an error
        ("within", pa.list_(pa.int32())),  # left, top, width, height inside the photo's plain bars
        ("damage", pa.string()),  # what was wrong with a file that was opened all the same
        ("method", pa.string()),
        ("model_sha256", pa.string()),
        ("error", pa.string()),  # why there are no crops
    ]
)


def to_parquet(rows: Sequence[dict[str, Any]], model_sha256: str) -> bytes:
    """The file of some rows, which lack what is null."""
    table = pa.Table.from_pylist([row | {"model_sha256": model_sha256} for row in rows], schema=SCHEMA)
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()
