"""Made-up runs of crops of which it is known how well what was said of them came true."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd

from eval.runs import BOX_COLUMNS, BOXES, MANIFEST, TABLE, Run
from eval.types import EVERYBODY, EXPECTED, HARM_EXPECTED, HELP_EXPECTED, SLICES

FORMATS = ("1:1", "16:9")


def made(bias: float = 0.0, count: int = 300) -> Run:
    """A run of which the crops of `gaze` keep what was expected, and so much more; 1 in 4 of those that are
    said to help with 0.25 does, by ten points."""
    rng, rows = np.random.default_rng(2), []
    for number in range(count):
        for aspect in FORMATS:
            helps = rng.choice([0.25, 0.75])
            gain = 0.1 * (rng.random() < helps)
            by_centre = rng.uniform(0.4, 0.7)
            said_gain = 0.1 * helps
            said = by_centre + said_gain
            for method, kept, expected in (
                ("center", by_centre, by_centre),
                ("gaze", by_centre + gain + bias, said),
            ):
                for metric, value in ((EVERYBODY, kept), (EXPECTED, expected)):
                    rows.append(("osie" if number % 2 else "crowd", f"{number}.jpg", method, aspect, metric, value))
            for metric, value in ((HELP_EXPECTED, helps), (HARM_EXPECTED, 0.0)):
                rows.append(("osie" if number % 2 else "crowd", f"{number}.jpg", "gaze", aspect, metric, value))
    table = pd.DataFrame(rows, columns=["dataset", "image", "method", "aspect", "metric", "value"])
    return Run("made", table, pd.DataFrame(), {})


def write_run(run: Run, folder: Path) -> None:
    """The run on disk, with one kind of photo."""
    folder.mkdir(parents=True)
    types = dict.fromkeys((*run.table.columns.drop("value"), *SLICES), "category") | {"value": "float32"}
    run.table.assign(**dict.fromkeys(SLICES, "any")).astype(types).to_parquet(folder / TABLE)
    pd.DataFrame(columns=list(BOX_COLUMNS)).to_parquet(folder / BOXES)
    images = run.table.groupby("dataset")["image"].nunique().to_dict()
    manifest = {"date": "2026-11-26 12:00", "split": "test", "images": images, "data": {}}
    (folder / MANIFEST).write_text(json.dumps(manifest))
