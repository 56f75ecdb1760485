"""What a run came to: read back from its files, a part at a time, so that it counts what earlier starts made too."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from saliency.bulk.listing import shard_count, shard_name
from saliency.bulk.manifest import Manifest
from saliency.bulk.progress import counted
from saliency.bulk.store import Store

SUMMARY = "_summary.json"
NAMED = 3  # reasons told
MOST_REASONS = 100  # counted apart


@dataclass(slots=True)
class Summary:
    """photos: all of the run. errors: how many have no crops, by reason. sums: of kept and gain and how many have them,
    by format."""

    photos: int = 0
    damaged: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    sums: dict[str, list[float]] = field(default_factory=dict)

    def add(self, row: dict[str, Any]) -> None:
        self.photos += 1
        self.damaged += row["damage"] is not None
        if row["error"] is not None:
            known = row["error"] in self.errors or len(self.errors) < MOST_REASONS
            self.errors[row["error"] if known else "other reasons"] += 1
        for crop in row["crops"] or []:
            if crop["kept"] is not None:
                sums = self.sums.setdefault(crop["format"], [0, 0.0, 0.0])
                for place, value in enumerate((1, crop["kept"], crop["gain"])):
                    sums[place] += value

    @property
    def failed(self) -> int:
        return self.errors.total()

    def as_json(self) -> dict[str, Any]:
        formats = {
            name: {"photos": int(count), "kept": round(kept / count, 6), "gain": round(gain / count, 6)}
            for name, (count, kept, gain) in self.sums.items()
        }
        reasons = dict(self.errors.most_common())
        return {
            "photos": self.photos,
            "failed": self.failed,
            "damaged": self.damaged,
            "formats": formats,
            "errors": reasons,
        }

    def lines(self, output: str) -> Iterator[str]:
        yield f"{self.photos - self.failed:,} of {counted(self.photos, 'photo')} have crops, in {output}"
        for name, (count, kept, gain) in self.sums.items():
            points = f"{100 * gain / count:+.1f} points against the centre"
            yield f"{name}: keeps {kept / count:.1%} of expected gaze, {points}"
        told = self.errors.most_common(NAMED)
        for reason, number in told:
            yield f"{number:,} failed: {reason}"
        if rest := self.failed - sum(number for _, number in told):
            yield f"{rest:,} failed for other reasons; see the column error"


def summarise(manifest: Manifest, store: Store) -> Summary:
    """Count all rows of a finished run, and write what came of it beside them."""
    summary = Summary()
    for row in rows_of(manifest, store, ["damage", "error", "crops"]):
        summary.add(row)
    store.put(SUMMARY, json.dumps(summary.as_json(), indent=2).encode() + b"\n")
    return summary


def rows_of(manifest: Manifest, store: Store, columns: list[str] | None = None) -> Iterator[dict[str, Any]]:
    """The rows of a finished run, in the order of its list, one shard in memory at a time."""
    import pyarrow.parquet as pq

    for number in range(shard_count(manifest.photos)):
        yield from pq.ParquetFile(store.open(shard_name(number))).read(columns, use_threads=False).to_pylist()
