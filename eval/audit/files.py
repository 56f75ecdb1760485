"""An audit on disk: three tables and a manifest, with nothing of a face or of a person's labels but group counts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from eval.audit.tables import Tables
from eval.runs import MANIFEST, RESULTS, RunError

COMMITTED = RESULTS / "audit"
GROUPS, PLACES, FATES = "groups.parquet", "places.parquet", "fates.parquet"


@dataclass(frozen=True)
class Audit:
    """tables: see `eval.audit.tables`. manifest: how it was made, of how many people."""

    tables: Tables
    manifest: dict[str, Any]


def save_audit(folder: Path, audit: Audit) -> None:
    """Write the tables and the manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = (audit.tables.groups, audit.tables.places, audit.tables.fates)
    for name, table in zip((GROUPS, PLACES, FATES), tables, strict=True):
        table.to_parquet(folder / name, compression="zstd", index=False)
    (folder / MANIFEST).write_text(json.dumps(audit.manifest, indent=2) + "\n")


def load_audit(folder: Path = COMMITTED) -> Audit:
    """Read an audit. Raises RunError when it is missing or damaged."""
    if not (folder / MANIFEST).exists():
        raise RunError(f"no audit at {folder}; make one with python -m eval audit DIR --out {folder}")
    try:
        manifest = json.loads((folder / MANIFEST).read_text())
        return Audit(Tables(*(pd.read_parquet(folder / name) for name in (GROUPS, PLACES, FATES))), manifest)
    except (OSError, ValueError) as error:
        raise RunError(f"the audit at {folder} is damaged: {error}") from None
