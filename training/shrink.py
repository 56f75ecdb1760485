"""How far a crop should distrust its map, measured on datasets that the map's network never saw."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from tqdm import tqdm

from eval.datasets import Sample
from eval.metrics.crop import aspects_for, gaze_kept
from eval.report import POINTS
from saliency.crop import best_window, cautious, center_window, expected_gaze
from saliency.image import open_image
from saliency.types import SaliencyModel

WEIGHTS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
DEVIATIONS = (0.18, 0.22, 0.26)


def shrink_table(samples: Sequence[Sample], model: SaliencyModel) -> pd.DataFrame:
    """One row a weight and deviation of the frame's Gaussian: the means over all crops.

    Columns: "kept" and "centre" (share of fixations inside), "help" and "harm" (share of crops).
    """
    rows = []
    for sample in tqdm(samples, unit="photo", mininterval=5):
        saliency_map = model.predict(open_image(sample.path))
        for aspect in aspects_for(sample.size):
            centre = gaze_kept(center_window(sample.size, aspect), sample.fixations)
            for weight in WEIGHTS:
                for deviation in DEVIATIONS:
                    gaze = cautious(expected_gaze(saliency_map), weight, deviation)
                    box = best_window(gaze, sample.size, aspect)
                    rows.append((weight, deviation, gaze_kept(box, sample.fixations), centre))
    table = pd.DataFrame(rows, columns=["weight", "deviation", "kept", "centre"])
    gain = table["kept"] - table["centre"]
    table["help"], table["harm"] = gain >= POINTS, gain <= -POINTS
    return table.groupby(["weight", "deviation"]).mean()
