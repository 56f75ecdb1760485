"""The crops of drawn scenes in a run, one row each. Pure: tables in, tables out."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from eval.report import METRICS
from eval.runs import Run
from eval.types import SCENES
from pages.shared.run_cache import RunFile

RIGHT = "scene right"
SCENE_METRICS = (RIGHT, "heads cut", "objects cut", "room left")
SIDES = ["left", "top", "width", "height"]
CROP = ["image", "aspect"]


@dataclass(frozen=True, slots=True)
class SceneChoice:
    """What the visitor looks at. beside: the method whose crops stand beside those of `method`."""

    file: RunFile
    run: Run
    metric: str
    method: str
    beside: str
    kind: str


def scene_metrics(run: Run) -> list[str]:
    """Those of SCENE_METRICS that a run has of scenes."""
    present = set(run.table.loc[run.table["dataset"] == SCENES, "metric"].unique())
    return [name for name in SCENE_METRICS if name in present]


def crops_of(run: Run, kind: str, method: str) -> pd.DataFrame:
    """A method's crops of a kind: index (image, aspect), columns SIDES in pixels and the metrics that the run has."""
    images = [name for name in run.boxes["image"].unique() if str(name).split("/")[0] == kind]
    rows, boxes = (
        table[(table["dataset"] == SCENES) & (table["method"] == method) & table["image"].isin(images)].astype(
            dict.fromkeys(CROP, "str")
        )
        for table in (run.table, run.boxes)
    )
    values = rows.astype({"metric": "str"}).pivot_table(index=CROP, columns="metric", values="value")
    return boxes.set_index(CROP)[SIDES].join(values)


def worst_first(crops: pd.DataFrame, metric: str) -> pd.DataFrame:
    """The crops that have a value of the metric: wrong ones first, among them the worst, among equals each scene once
    before any comes again. crops: of `crops_of`."""
    rows = crops.dropna(subset=[metric])
    rows = rows.assign(goodness=rows[metric] if METRICS[metric].more_is_better else -rows[metric])
    rows = rows.sort_values([RIGHT, "goodness", *CROP])
    rows = rows.assign(turn=rows.groupby([RIGHT, "goodness", "image"]).cumcount())
    return rows.sort_values([RIGHT, "goodness", "turn", *CROP]).drop(columns=["goodness", "turn"])
