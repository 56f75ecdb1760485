"""`gazecrop bulk-compare`: prints how two runs differ, and writes it for the page Your data."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from saliency.bulk.compare.counting import FAR, Counting
from saliency.bulk.compare.pairs import Run, open_run, pairs_of, shared_formats
from saliency.bulk.compare.previews import preview
from saliency.bulk.errors import BulkError, cannot
from saliency.command.ending import FAILED
from saliency.command.printing import tell, warn

KIND = "gazecrop bulk-compare"
VERSION = 1


def run_compare(options: argparse.Namespace) -> int:
    """Run the command; returns the exit status: 0, or 1 where the runs cannot be compared."""
    try:
        record = compare(options.one, options.other)
        if options.out:
            _write(record, options.out)
    except BulkError as error:
        warn(f"error: {error}")
        return FAILED
    for line in lines(record):
        tell(line)
    if options.out:
        tell(f"written to {options.out}, which the page Your data shows")
    return 0


def compare(one: str, other: str) -> dict[str, Any]:
    """How two runs differ, as it is written. Raises BulkError."""
    runs = open_run(one), open_run(other)
    counting = Counting(shared_formats(*runs))
    for pairs in pairs_of(*runs, list(counting.formats)):
        counting.add(pairs)
    most = [
        {
            "path": photo.path,
            "size": list(photo.size),
            "iou": round(-photo.agreement, 6),
            "boxes": {name: [photo.boxes[0][i], photo.boxes[1][i]] for i, name in enumerate(counting.formats)},
            "preview": preview(photo.path, runs[0].manifest.folder),
        }
        for photo in counting.most_different()
    ]
    return {
        "kind": KIND,
        "version": VERSION,
        "runs": [_named(run) for run in runs],
        "photos": runs[0].manifest.photos,
        "both": counting.both,
        "failed": dict(zip(("first", "second", "both"), counting.failed, strict=True)),
        "formats": {name: sums.as_json() for name, sums in counting.formats.items()},
        "most": most,
    }


def _named(run: Run) -> dict[str, str]:
    manifest = run.manifest
    return {"name": run.place, "method": manifest.recipe.method, "model_sha256": manifest.model_sha256}


def lines(record: dict[str, Any]) -> Iterator[str]:
    """The comparison as a table and the photos that differ most, in words."""
    one, other = (run["method"] for run in record["runs"])
    yield f"{other} against {one}: {record['both']:,} of {record['photos']:,} photos have crops in both"
    if any(record["failed"].values()):
        first, second, both = (record["failed"][name] for name in ("first", "second", "both"))
        yield f"no crops: {first:,} in {one} only, {second:,} in {other} only, {both:,} in both"
    yield f"{'format':<12}{'same box':>10}{'overlap':>10}{'another':>10}{'moved':>8}{'gain':>16}"
    for name, sums in record["formats"].items():
        photos = max(sums["photos"], 1)
        gain = " -> ".join(f"{100 * value:+.1f}" for value in sums["gain"]) if sums["gain"] else "not known"
        shares = f"{sums['same'] / photos:>10.1%}{sums['iou']:>10.1%}{sums['far'] / photos:>10.1%}{sums['moved']:>8.1%}"
        yield f"{name:<12}{shares}{gain:>16}"
    yield f"overlap: intersection over union; another: below {FAR:.0%}; moved: of the longer side; gain: in points, by"
    yield "what each one's own network expects, so that it does not say which is better"
    for photo in record["most"][:5]:
        yield f"differs most: {photo['path']} (overlap {photo['iou']:.0%})"


def _write(record: dict[str, Any], path: Path) -> None:
    try:
        path.write_text(json.dumps(record) + "\n")
    except OSError as error:
        raise cannot(f"write {path}", error) from None
