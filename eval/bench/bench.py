"""`python -m eval bench`: every method side by side, one thread, and what it says written to one file."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import cv2

from eval.bench.curve import curve
from eval.bench.growth import USUAL, by_count, by_size, photo, start
from eval.bench.stages import STAGES, work_of
from eval.bench.timing import Spread, interleaved
from eval.machine import made
from saliency.limits import THREADS
from saliency.models import NETWORKS, load_model

OURS, FAST = NETWORKS, "gaze-fast"


def one_thread() -> None:
    """Whatever is loaded from here on works on one core: times are per core."""
    cv2.setNumThreads(1)
    os.environ["VIPS_CONCURRENCY"] = os.environ[THREADS] = "1"
    load_model.cache_clear()  # a network that was loaded before keeps its threads


def bench_methods(against: Sequence[str], rounds: int) -> tuple[dict[str, dict[str, Spread]], dict[str, str]]:
    """By method the spread of each stage and of the total, on a JPEG of the usual size; why others are left out."""
    work, unavailable = work_of([*OURS, *against], photo(USUAL))
    return interleaved(work, rounds), unavailable


def make_bench(against: Sequence[str], pruned: Sequence[Path], rounds: int, command: str) -> dict[str, Any]:
    """All there is to measure; the curve needs GAZE_DATA. Takes some minutes."""
    methods, unavailable = bench_methods(against, rounds)
    return {
        "manifest": {**made(command), "threads": 1, "rounds": rounds, "unavailable": unavailable},
        "methods": {name: {stage: asdict(spread) for stage, spread in of.items()} for name, of in methods.items()},
        "sizes": by_size(OURS, rounds),
        "counts": by_count(FAST),
        "start": start(FAST),
        "curve": [asdict(point) for point in curve(pruned, rounds)],
    }


def medians(methods: Mapping[str, Mapping[str, Spread]]) -> dict[str, dict[str, float]]:
    """method -> {"network_ms": …, "total_ms": …, "images_per_s": …, …}, medians; without stages that it has not."""
    return {
        name: {f"{stage}_ms": spread.median for stage, spread in of.items()}
        | {"images_per_s": round(1000 / of["total"].median, 1)}
        for name, of in methods.items()
    }


def as_text(methods: Mapping[str, Mapping[str, Spread]]) -> str:
    """A table for people: milliseconds, the quartiles of the total in brackets, the quickest last."""
    lines = [f"{'ms':18}" + "".join(f"{stage:>9}" for stage in (*STAGES, "total")) + "   quartiles      images/s"]
    for name, of in sorted(methods.items(), key=lambda item: -item[1]["total"].median):
        cells = [f"{of[stage].median:9.2f}" if stage in of else " " * 9 for stage in (*STAGES, "total")]
        total = of["total"]
        lines.append(
            f"{name:18}{''.join(cells)}   [{total.low:.1f}, {total.high:.1f}]".ljust(82) + f"{1000 / total.median:8.1f}"
        )
    return "\n".join(lines)
