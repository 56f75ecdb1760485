"""What `gazecrop bulk` does in a second, on one core and on two, and what it keeps in memory over a million rows.

    nice python -m tests.measure_bulk --out docs/scale/bulk.json [--photos DIR] [--rows 1000000]

On a machine that does nothing else: the first part is a matter of seconds and the second of minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

from saliency.bulk.beginning import begin, missing, only_one
from saliency.bulk.engines.local import make_all
from saliency.bulk.manifest import Source
from saliency.bulk.recipe import Recipe
from saliency.bulk.store import Folder
from tests.corpus.kind import encoded

SAMPLES = Path(__file__).parents[1] / "samples"
COPIES = 800  # photos of a measurement, each sample again and again
FORMATS = ("16:9", "1:1", "4:5", "9:16", "1.91:1", "3:1")
ROWS_A_PICTURE = 200  # of a million rows: a picture now and then, the others' bytes are none
EVERY = 0.2  # seconds between looks at memory
SHARES = (0.1, 0.25, 0.5, 0.75, 1.0)  # of the rows at which memory is told


def rate(album: Path, out: Path, method: str, workers: int) -> float:
    """Photos a second once all workers are at it: from the moment when each has done its first shard."""
    with only_one(str(out)):
        manifest = begin(str(out), Source((str(album),), str(Path.cwd())), Recipe(method, FORMATS))
        done: list[tuple[float, int]] = []
        for outcome in make_all(str(out), missing(manifest, Folder(out)), workers):
            done.append((time.perf_counter(), outcome.photos))
    warm = done[workers - 1][0]
    return sum(photos for _, photos in done[workers:]) / (done[-1][0] - warm)


def throughput(photos: Path, method: str) -> dict[str, Any]:
    """The rate on one core and on two, of copies of these photos."""
    files = sorted(path for path in photos.iterdir() if path.suffix in (".jpg", ".png", ".webp"))
    with tempfile.TemporaryDirectory() as folder:
        album = Path(folder, "album")
        album.mkdir()
        for number in range(COPIES):
            file = files[number % len(files)]
            shutil.copy(file, album / f"{number:05d}{file.suffix}")
        load = os.getloadavg()[0]
        one, two = (rate(album, Path(folder, f"out{workers}"), method, workers) for workers in (1, 2))
    found = {"method": method, "photos": COPIES, "formats": len(FORMATS), "load_before": round(load, 2)}
    return found | {"one_core": round(one, 1), "two_cores": round(two, 1), "of_twice_one": round(two / one / 2, 3)}


def make_rows(path: Path, rows: int) -> None:
    """A table of so many photos' bytes."""
    picture = encoded(Image.new("RGB", (32, 24), "teal"), "JPEG")
    group = [picture if number % ROWS_A_PICTURE == 0 else b"no picture" for number in range(1000)]
    table = pa.table({"bytes": group})
    with pq.ParquetWriter(path, table.schema) as writer:
        for _ in range(rows // len(group)):
            writer.write_table(table)


def memory(rows: int) -> dict[str, Any]:
    """MB that the driver and the largest worker hold over a run of so many rows, by how many are done."""
    with tempfile.TemporaryDirectory() as folder:
        table, out = Path(folder, "rows.parquet"), Path(folder, "out")
        make_rows(table, rows)
        words = [sys.executable, "-m", "saliency", "bulk", str(table), str(out), "--method", "gaze-nano"]
        began = time.perf_counter()
        run = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        seen: list[tuple[float, float, float]] = []
        while run.poll() is None:
            made = 1000 * sum(1 for _ in out.glob("part-*"))
            seen.append((made / rows, resident(run.pid), max(map(resident, children(run.pid)), default=0.0)))
            time.sleep(EVERY)
        seconds = time.perf_counter() - began
        written = sum(pq.read_metadata(path).num_rows for path in out.glob("part-*"))
    told = {}
    for share in SHARES:
        until = [look for look in seen if look[0] <= share]
        told[f"{share:.0%}"] = {"driver_mb": until[-1][1], "worker_mb": until[-1][2]}
    most = {"driver_mb": max(look[1] for look in seen), "worker_mb": max(look[2] for look in seen)}
    return {"rows": written, "seconds": round(seconds), "by_share_of_rows": told, "most": most}


def resident(pid: int) -> float:
    """MB of a process; 0 where it has ended."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0.0
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 1e6, 1)


def children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--photos", type=Path, default=SAMPLES)
    parser.add_argument("--methods", nargs="+", default=["gaze", "gaze-fast"])
    parser.add_argument("--rows", type=int, default=1_000_000)
    options = parser.parse_args()
    result = json.loads(options.out.read_text()) if options.out.exists() else {}
    result["throughput"] = [throughput(options.photos, method) for method in options.methods]
    print(json.dumps(result["throughput"], indent=2), flush=True)
    if options.rows:
        result["memory"] = memory(options.rows)
        print(json.dumps(result["memory"], indent=2))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
