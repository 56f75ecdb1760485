"""What opening a photo in a locked process of its own costs, and what of the locks this system lacks."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from typing import Any

from eval.machine import ROOT
from saliency.image import open_picture
from saliency.locked import doors

ROUNDS = 15  # of all photos, in turns; the quickest of each photo counts, as a busy machine only ever adds
PAUSE = 0.05  # seconds between photos, in which the next process gets ready as it does between visitors
SIDE = 640  # pixels that must remain of the shorter side, about what a look at a photo needs


def overhead() -> dict[str, Any]:
    """Milliseconds of a photo here and in a locked process, medians over the samples; and what is not locked."""
    photos = [path.read_bytes() for path in sorted((ROOT / "samples").glob("*.jpg"))]
    taken: dict[str, list[list[float]]] = {"here": [], "locked": []}
    for _ in range(ROUNDS):
        for name, open_one in (("here", open_picture), ("locked", doors.open_picture)):
            taken[name].append([_milliseconds(open_one, data) for data in photos])
    quickest = {name: [min(of_one) for of_one in zip(*rounds, strict=True)] for name, rounds in taken.items()}
    medians = {name: round(statistics.median(values), 2) for name, values in quickest.items()}
    found = {"photos": len(photos), "rounds": ROUNDS, **medians}
    return {"missing": doors.protection(), "milliseconds": found, "load": round(os.getloadavg()[0], 1)}


def _milliseconds(open_one: Callable[..., object], data: bytes) -> float:
    time.sleep(PAUSE)
    began = time.perf_counter()
    open_one(data, _least)
    return 1000 * (time.perf_counter() - began)


def _least(size: tuple[int, int]) -> tuple[int, int]:
    scale = min(1.0, SIDE / min(size))
    return round(size[0] * scale), round(size[1] * scale)
