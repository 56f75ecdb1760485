"""What keeping heads whole costs of the gaze, for each worth of a head: the table in docs/how-it-works.md."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from eval.datasets import Sample
from eval.metrics.crop import aspects_for, gaze_kept
from eval.metrics.face import head_lost, main_head
from eval.report import POINTS
from saliency.crop import aversion_to_loss, center_window, expected_gaze, place_widest
from saliency.image import open_image
from saliency.models.face import detect_quickly, detect_yunet
from saliency.models.gaze import load_gaze
from saliency.things import heads
from saliency.types import Thing

WORTHS = (0.0, 0.06, 0.12, 0.18, 0.24, 0.3, 0.4)
"""A main head's worth from LOOKED_AT of the gaze on."""


def worth_table(samples: Sequence[Sample], model_name: str = "gaze") -> pd.DataFrame:
    """One row for each of WORTHS, and for each dataset: the share of fixations kept and of crops that harm (keep POINTS
    less than the centre does), and of main heads that fit those cut. All fixations count, of all observers."""
    model = load_gaze(model_name)
    rows = []
    for sample in samples:
        image = open_image(sample.path)
        size = image.shape[1], image.shape[0]
        picture = model.see(image)
        saliency_map = model.look(picture)
        gaze, faces = expected_gaze(saliency_map), detect_quickly(picture, size)
        main = main_head(detect_yunet(image), sample.fixations, size)
        for worth in WORTHS:
            things: list[Thing] = heads(faces, saliency_map, size, worth)
            for aspect in aspects_for(size):
                box = place_widest(gaze, size, aspect, things, aversion=aversion_to_loss(gaze))
                kept = gaze_kept(box, sample.fixations)
                by_centre = gaze_kept(center_window(size, aspect), sample.fixations)
                lost = np.nan if main is None else head_lost(box, main)
                cut = np.nan if np.isnan(lost) else float(lost > 1e-9)
                rows.append((worth, sample.dataset, kept, float(kept <= by_centre - POINTS), cut))
    table = pd.DataFrame(rows, columns=["worth", "dataset", "kept", "harm", "heads cut"])
    means = table.groupby(["worth", "dataset"], sort=False).mean().unstack("dataset")
    means.columns = [f"{metric} {dataset}" for metric, dataset in means.columns]
    return means.dropna(axis=1).reset_index()
