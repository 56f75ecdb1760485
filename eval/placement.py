"""Where crops lie, from a run's boxes alone: how far each is from the centre, and how much two methods agree.

This needs nobody's gaze, so it can be said of any photos; and it says nothing of which crop is better.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

from eval.runs import BOX_KEYS
from eval.statistics import by_dataset, mean_of
from saliency.boxes import intersection_over_union


def moves(boxes: pd.DataFrame) -> pd.DataFrame:
    """How far the middle of each crop is from that of the centre crop, as a share of the image's free side.

    boxes: a run's. Index (dataset, image, aspect), a column a method; NaN where it has no crop. The free side is the
    one along which the window slides: 0 in the centre, and never 0.5 or more.
    """
    across = _off_centre(boxes["left"], boxes["width"], boxes["image width"])
    down = _off_centre(boxes["top"], boxes["height"], boxes["image height"])
    # a crop is as wide or as high as the image: one of the two is 0
    return _by_method(boxes, pd.Series(np.hypot(across, down), index=boxes.index))


def overlaps(boxes: pd.DataFrame) -> pd.DataFrame:
    """The overlap of each pair of methods' crops, intersection over union, 0..1: index (dataset, image, aspect), a
    column a pair of methods; NaN where one of them has no crop.

    boxes: a run's.
    """
    sides = [_by_method(boxes, boxes[name].astype("float64")) for name in ("left", "top", "width", "height")]
    pairs = list(combinations(sides[0].columns, 2))
    columns = pd.MultiIndex.from_tuples(pairs, names=["one", "other"]) if pairs else None
    found = [
        intersection_over_union([side[one] for side in sides], [side[other] for side in sides]) for one, other in pairs
    ]
    return pd.DataFrame(np.column_stack(found) if found else None, index=sides[0].index, columns=columns)


def agreement(boxes: pd.DataFrame) -> pd.DataFrame:
    """The mean overlap of each pair of methods' crops, see `overlaps`: a square table by method, 1 on the diagonal.

    The mean over formats of the mean over images, datasets weighing the same; NaN where two methods share no crop.
    """
    methods = sorted(boxes["method"].astype(str).unique())
    table = pd.DataFrame(np.eye(len(methods)), index=methods, columns=methods)
    for (one, other), values in overlaps(boxes).items():
        groups = by_dataset(values)
        mean = float(np.mean([mean_of(group) for group in groups])) if groups else float("nan")
        table.loc[one, other] = table.loc[other, one] = mean
    return table.rename_axis(index="method", columns="method")


def _off_centre(start: pd.Series, length: pd.Series, side: pd.Series) -> pd.Series:
    """How far the start is from that of `center_window`, which is rounded down, as a share of the side."""
    return (start - (side - length) // 2).abs() / side


def _by_method(boxes: pd.DataFrame, values: pd.Series) -> pd.DataFrame:
    """Values by row of `boxes` -> index (dataset, image, aspect), one column a method."""
    index = pd.MultiIndex.from_frame(boxes[list(BOX_KEYS)].astype(str))
    return pd.Series(values.to_numpy(), index=index).unstack("method").rename_axis(columns="method")
