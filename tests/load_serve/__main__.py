"""How fast `gazecrop serve` is on loopback, and whether it keeps its contract at ten times what it can do.

`make load-serve`, under a minute, on an idle machine. Writes docs/scale/serve.json; ends with status 1 where the
contract is not kept, or anybody got another photo's crops.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

import cv2
import numpy as np

from eval.machine import made
from saliency.export import encode
from saliency.image import open_image, open_picture, resized
from saliency.locked import doors
from saliency.models.input import least_size
from saliency.serve.wishes import weights_of
from tests.load_serve.client import FULL, Client, Sent
from tests.saliency.serve.server import ROOT, SAMPLES, Server, running

RESULTS = ROOT / "docs" / "scale" / "serve.json"
SIZE = (816, 612)  # pixels: 0.5 MP
TIMES = 10  # what it can do
SOON = 0.05  # seconds in which a 429 is there
MOST_STRETCHED = 2.0  # the 99th percentile of who is let in, over that of who is alone
STRICT = 0.999  # the share of 429 that must be there soon: one in a thousand is the machine's own


def main() -> int:
    """Measure, print, write."""
    options = _options()
    load = os.getloadavg()[0]
    photos = _photos()
    with tempfile.TemporaryDirectory() as folder, running("--log", "none", log=Path(folder) / "log.txt") as server:
        found = asyncio.run(measure(server, photos, options.seconds))
    found["decode only"] = {
        "a second": round(_rate(photos, lambda photo: open_picture(photo, least_size), options.seconds / 2), 1),
        "a second in locked processes": round(
            _rate(photos, lambda photo: doors.look(photo, least_size), options.seconds / 2), 1
        ),
    }
    doors.POOL.close()
    found["manifest"] = _about(load, options.seconds)
    print(json.dumps(found, indent=2))
    if options.out:
        options.out.parent.mkdir(exist_ok=True)
        options.out.write_text(json.dumps(found, indent=2) + "\n")
    return 0 if all(found["kept"].values()) else 1


async def measure(server: Server, photos: Sequence[bytes], seconds: float) -> dict[str, Any]:
    """Alone, as fast as it can, and at TIMES as much; each for so many seconds."""
    client = Client(server.port, photos)
    await client.in_rows(1, 1)  # warm
    alone = await client.in_rows(1, seconds)
    workers = os.cpu_count() or 1
    busy = await client.in_rows(workers, seconds)
    capacity = sum(one.status == 200 for one in busy) / seconds
    over = await client.at_rate(TIMES * capacity, seconds)
    client.close()
    let_in, sent_away = ([one for one in over if one.status == status] for status in (200, FULL))
    stretched = _percentile(let_in, 99) / _percentile(alone, 99)
    soon = float(np.mean([one.seconds <= SOON for one in sent_away]))
    return {
        "alone": _told(alone),
        "a row a core": {"a second": round(capacity, 1), "a second and core": round(capacity / workers, 1)}
        | _told(busy),
        f"at {TIMES} times as much": {
            "sent a second": round(len(over) / seconds, 1),
            "let in": _told(let_in),
            "sent away": _told(sent_away),
            "sent away within 50 ms": round(soon, 5),
            "99th percentile of who is let in, over that alone": round(stretched, 2),
        },
        "kept": {
            "who is let in waits at most twice as long": stretched <= MOST_STRETCHED,
            "the rest is sent away within 50 ms": soon >= STRICT and all(one.retry for one in sent_away),
            "nothing else happens": {one.status for one in [*alone, *busy, *over]} <= {200, FULL},
            "everybody gets the crops of their own photo": _own_crops([*alone, *busy, *over], len(photos)),
        },
    }


def _own_crops(sent: Sequence[Sent], photos: int) -> bool:
    """Whether each photo has one answer, and no two the same."""
    answers = {(one.photo, json.dumps(one.crops)) for one in sent if one.status == 200}
    return len(answers) == photos == len({crops for _, crops in answers})


def _told(sent: Sequence[Sent]) -> dict[str, Any]:
    milliseconds = {f"p{rank}": round(1000 * _percentile(sent, rank), 1) for rank in (50, 95, 99, 100)}
    return {"statuses": dict(Counter(str(one.status) for one in sent)), "milliseconds": milliseconds}


def _percentile(sent: Sequence[Sent], rank: float) -> float:
    return float(np.percentile([one.seconds for one in sent], rank)) if sent else float("nan")


def _photos() -> list[bytes]:
    """The samples at SIZE, as usual JPEGs."""
    return [encode(resized(open_image(path), SIZE), "JPEG") for path in sorted(SAMPLES.glob("*.jpg"))]


def _rate(photos: Sequence[bytes], do: Callable[[bytes], object], seconds: float) -> float:
    """How many a second one thread does."""
    cv2.setNumThreads(1)
    started, count = time.perf_counter(), 0
    while time.perf_counter() - started < seconds:
        do(photos[count % len(photos)])
        count += 1
    return count / (time.perf_counter() - started)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.load_serve", description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0, help="of each part; default %(default)s")
    parser.add_argument("--out", type=Path, help=f"such as {RESULTS.relative_to(ROOT)}")
    return parser.parse_args()


def _about(load: float, seconds: float) -> dict[str, Any]:
    """load: of the machine before."""
    manifest = made(f"python -m tests.load_serve --out {RESULTS.relative_to(ROOT)}")
    own = {name: version(name) for name in ("fastapi", "uvicorn", "h11")}
    versions = {**cast(dict[str, str], manifest["versions"]), **own}
    return {**manifest, "versions": versions, "weights": weights_of("gaze"), "load": round(load, 2), "seconds": seconds}


if __name__ == "__main__":
    sys.exit(main())
