"""A run as files to take away. Pure: bytes out."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from eval.runs import BOXES, MANIFEST, TABLE, Run
from pages.shared.escaping import spreadsheet

NUMBERS = "results.csv"


def run_zip(run: Run, label: str) -> bytes:
    """The run in a folder named `label`, which `python -m eval report` reads once unpacked, and its numbers as CSV."""
    table, boxes = io.BytesIO(), io.BytesIO()
    run.table.to_parquet(table, compression="zstd", index=False)
    run.boxes.to_parquet(boxes, compression="zstd", index=False)
    files = {
        TABLE: table.getvalue(),
        BOXES: boxes.getvalue(),
        MANIFEST: json.dumps(portable(run.manifest, label), indent=2).encode(),
        NUMBERS: spreadsheet(run.table, index=False).encode(),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(f"{label}/{name}", data)
    return buffer.getvalue()


def portable(manifest: dict[str, Any], label: str) -> dict[str, Any]:
    """The manifest with the photos' folder called `label`, and the command without the server's folders."""
    photos = manifest["folder"]
    methods = " ".join(manifest["methods"])
    command = f'python -m eval run --folder "{label}" --methods {methods}'
    return {**manifest, "folder": label, "command": command} if photos else dict(manifest)
