"""Which photos are shown, and in which order: a method's crops beside those of a reference. Pure: tables in and out.

The unit is the crop, a photo in one format, as on Quality; a metric that is not of a crop has one row a photo.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from eval.metrics.crop import BENCHMARK_ASPECTS
from eval.report import METRICS, POINTS, TIED_BELOW
from eval.runs import BOX_KEYS
from eval.statistics import by_dataset, mean_of
from saliency.boxes import intersection_over_union

SORTS = {"worst": "Worst", "best": "Best", "disagreement": "Most disagreement", "random": "Random"}
HELPS, SAME, HARMS = "helps", "no change", "harms"
PHOTO = ["dataset", "image"]
CROP = [*PHOTO, "aspect"]
SIDES = ["left", "top", "width", "height"]
COLUMNS = [*CROP, "value", "against", "difference", "advantage", "overlap", "outcome"]
EDGE = 1e-6  # stored values are float32: 5 points more may be 0.0499999
FORMAT_ORDER = {str(aspect): place for place, aspect in enumerate(BENCHMARK_ASPECTS)}


def compare_crops(values: pd.DataFrame, boxes: pd.DataFrame, method: str, reference: str, metric: str) -> pd.DataFrame:
    """One row a crop that both methods have, by dataset, image and format.

    values: `eval.report.values_of`. boxes: of the run. Columns: "dataset", "image", "aspect" ("" where the metric is
    not of a crop), "value", "against" (of the reference), "difference" (value - against), "advantage" (the same, but
    above 0 where the method is better), "overlap" of the two boxes (intersection over union, NaN where there are none)
    and "outcome": HELPS, SAME or HARMS.
    """
    if method not in values or reference not in values:
        return pd.DataFrame(columns=COLUMNS)
    crops = pd.DataFrame({"value": values[method], "against": values[reference]}).dropna().reset_index()
    crops = crops.astype(dict.fromkeys(CROP, "object"))
    crops["difference"] = crops["value"] - crops["against"]
    crops["advantage"] = crops["difference"] * (1 if METRICS[metric].more_is_better else -1)
    crops = crops.merge(_overlaps(boxes, method, reference), on=CROP, how="left")
    crops["outcome"] = outcomes(crops["advantage"], threshold(metric))
    place = crops["aspect"].map(FORMAT_ORDER).fillna(len(FORMAT_ORDER))
    return crops.assign(place=place).sort_values([*PHOTO, "place"], ignore_index=True).drop(columns="place")


def threshold(metric: str) -> float:
    """From which difference on a crop helps or harms; of other metrics, from which a photo is better or worse."""
    return POINTS if METRICS[metric].unit == "share" else TIED_BELOW


def outcomes(advantage: pd.Series, least: float) -> pd.Series:
    """Whether each crop helps, harms, or changes too little to tell."""
    found = np.select([advantage >= least - EDGE, advantage <= EDGE - least], [HELPS, HARMS], SAME)
    return pd.Series(found, advantage.index, dtype="object")


def _overlaps(boxes: pd.DataFrame, method: str, reference: str) -> pd.DataFrame:
    """CROP and "overlap", the intersection over union of the two methods' boxes, 0..1."""
    one, other = (
        boxes.loc[boxes["method"] == name, [*CROP, *SIDES]].astype(dict.fromkeys(CROP, "object"))
        for name in (method, reference)
    )
    both = one.merge(other, on=CROP, suffixes=("", " other"))
    mine, others = ([both[f"{side}{of}"] for side in SIDES] for of in ("", " other"))
    return both[CROP].assign(overlap=intersection_over_union(mine, others))


def in_range(crops: pd.DataFrame, low: float, high: float) -> pd.DataFrame:
    """The crops whose difference lies in [low, high)."""
    return crops[(crops["difference"] >= low) & (crops["difference"] < high)]


def gallery(crops: pd.DataFrame, sort: str, seed: int = 0) -> pd.DataFrame:
    """One row a photo, in the order of one of SORTS: the crop of that photo that comes first in that order.

    worst, best: by the advantage. disagreement: by the overlap of the boxes, the least first, then by the difference;
    where there are no boxes by the difference. random: by a draw from `seed`. Equals stay in the order of the crops.
    """
    if sort == "random":
        ordered = crops.iloc[np.random.default_rng(seed).permutation(len(crops))]
    elif sort == "disagreement":
        keys = crops.assign(overlap=crops["overlap"].fillna(0.0), apart=-crops["difference"].abs())
        ordered = crops.loc[keys.sort_values(["overlap", "apart"], kind="stable").index]
    else:
        ordered = crops.sort_values("advantage", ascending=sort == "worst", kind="stable")
    return ordered.drop_duplicates(PHOTO).reset_index(drop=True)


def mean_difference(crops: pd.DataFrame) -> float:
    """The mean difference as in `eval.report.leaderboard`: formats weigh the same, and so do datasets."""
    differences = crops.set_index(CROP)["difference"]
    return float(np.mean([mean_of(group) for group in by_dataset(differences)]))


def boxes_of(boxes: pd.DataFrame, dataset: str, image: str) -> pd.DataFrame:
    """Where each crop of one photo lies: SIDES and the photo's size, by (method, aspect)."""
    found = boxes[(boxes["dataset"] == dataset) & (boxes["image"] == image)]
    return found.astype(dict.fromkeys(BOX_KEYS, "object")).set_index(["method", "aspect"]).drop(columns=PHOTO)


def by_aspect(names: list[str]) -> list[str]:
    """Formats in their usual order, others after them."""
    return sorted(names, key=lambda name: (FORMAT_ORDER.get(name, len(FORMAT_ORDER)), name))
