"""The committed bench: one file, which the dashboard shows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from eval.runs import RESULTS

BENCH = RESULTS / "bench" / "bench.json"


def write_bench(bench: Mapping[str, Any], path: Path = BENCH) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(bench, indent=1, ensure_ascii=False) + "\n")


def load_bench(path: Path = BENCH) -> dict[str, Any]:
    """What `write_bench` wrote. Raises OSError or ValueError where there is none."""
    return dict(json.loads(path.read_text()))
