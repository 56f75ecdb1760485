"""Kill a bulk run at random moments, start it again, and compare what it wrote, byte for byte, with an undisturbed one.

    nice python -m tests.kill_bulk --times 100 [--out docs/scale/kill.json]

Some tests do so a few times; this does as often as is asked.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from PIL import Image

WORKERS = 2
PHOTOS = 240  # fifteen shards
VICTIMS = ("driver", "worker")


def make_album(folder: Path, photos: int = PHOTOS) -> Path:
    """Photos that differ, each quick to look at, and two files that are none."""
    folder.mkdir(parents=True)
    draw = random.Random(1)
    for number in range(photos - 2):
        picture = Image.effect_noise((120, 90), 60).convert("RGB") if number % 9 == 0 else Image.new("RGB", (120, 90))
        picture.paste((draw.randrange(256), 200, 40), (draw.randrange(90), draw.randrange(60), 110, 80))
        picture.save(folder / f"{number:04d}.jpg")
    (folder / "torn.jpg").write_bytes((folder / "0000.jpg").read_bytes()[:300])
    (folder / "words.png").write_text("no picture at all")
    return folder


def command(album: Path, out: Path, *more: str) -> list[str]:
    """Of a run over the album, whose crops are written too."""
    words = [sys.executable, "-m", "saliency", "bulk", str(album), str(out / "rows"), "--crops", str(out / "crops")]
    return [*words, "--method", "gaze-nano", "--aspect", "16:9", "--workers", str(WORKERS), *more]


def contents(out: Path) -> dict[str, bytes]:
    """All files of a run but its manifest, in which its own address is."""
    files = (path for path in out.rglob("*") if path.is_file() and path.name not in ("_manifest.json", ".lock"))
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in files}


def finished(out: Path) -> dict[str, tuple[int, int]]:
    """The shards that are there, each with what tells whether it is written again."""
    return {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in (out / "rows").glob("part-*")}


def disturbed(album: Path, out: Path, victim: str, wait: float) -> int:
    """A run whose driver or worker is killed so many seconds after it began its work, and whose driver is then started
    again; how many shards there were at the kill, -1 where all was over before. Raises AssertionError where a shard
    that was finished is made again."""
    running = begun(album, out)
    try:
        running.wait(wait)
        return -1
    except subprocess.TimeoutExpired:
        pass
    pid = running.pid if victim == "driver" else next(iter(workers_of(running.pid)), None)
    if pid:
        os.kill(pid, signal.SIGKILL)
    before = finished(out)
    running.wait(120)
    if victim == "driver":
        before = finished(out)  # what a worker finished in its last moment stays too
        subprocess.run(command(album, out), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    after = finished(out)
    again = [name for name in before if after[name] != before[name]]
    assert not again, f"made again: {again}"
    return len(before)


def begun(album: Path, out: Path) -> subprocess.Popen[bytes]:
    """A run that has listed its photos, and now looks at them."""
    running = subprocess.Popen(command(album, out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not (out / "rows" / "_manifest.json").exists() and running.poll() is None:
        time.sleep(0.02)
    return running


def workers_of(pid: int) -> list[int]:
    """The processes in which a driver looks at photos."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    found = map(int, children.read_text().split()) if children.exists() else []
    return [child for child in found if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, help="JSON with what came of it")
    options = parser.parse_args()
    draw, found, shards = random.Random(options.seed), Counter[str](), Counter[int]()
    with tempfile.TemporaryDirectory() as folder:
        album = make_album(Path(folder, "album"))
        running, began = begun(album, Path(folder, "calm")), time.monotonic()
        running.wait()
        lasts = time.monotonic() - began
        right = contents(Path(folder, "calm"))
        for number in range(options.times):
            victim, out = VICTIMS[number % 2], Path(folder, str(number))
            there = disturbed(album, out, victim, draw.uniform(0, lasts))
            same = contents(out) == right
            found[f"{victim}: {'the same bytes' if same else 'OTHER BYTES'}{', too late' if there < 0 else ''}"] += 1
            shards[there] += 1
            print(f"{number + 1} of {options.times}: {victim}, {there} shards done, same: {same}", flush=True)
    result = {"times": options.times, "seed": options.seed, "undisturbed_seconds": round(lasts, 1)}
    result |= {
        "ends": dict(sorted(found.items())),
        "shards_done_at_the_kill": {str(k): shards[k] for k in sorted(shards)},
    }
    print(json.dumps(result, indent=2))
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(json.dumps(result, indent=2) + "\n")
    return int(any("OTHER" in end for end in found))


if __name__ == "__main__":
    sys.exit(main())
