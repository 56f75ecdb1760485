"""The figures by which training runs are compared: quick to compute, on all observers' fixations.

`python -m eval` is the full evaluation, with observers split in halves, intervals and every peer.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence

import pandas as pd

from eval.datasets import DATASETS, Sample, load_dataset
from eval.metrics.crop import aspects_for, gaze_kept
from eval.metrics.fixation import DENSITY_SIGMA, at_image_size, cc, fixation_density, nss
from saliency.crop import center_window, crop_to_gaze
from saliency.image import open_image
from saliency.types import SaliencyModel

log = logging.getLogger("training")


def quick_scores(samples: Sequence[Sample], model: SaliencyModel) -> dict[str, float]:
    """The means over photos: NSS and CC of the map; over formats, the share of fixations kept by its crops and the
    centre's."""
    means = pd.DataFrame([_scores(sample, model) for sample in samples]).mean()
    return {
        "NSS": round(float(means["NSS"]), 4),
        "CC": round(float(means["CC"]), 4),
        "gaze kept": round(float(means.filter(like="gaze kept").mean()), 4),
        "gaze kept by the centre": round(float(means.filter(like="centre").mean()), 4),
    }


def scores_of(model: SaliencyModel, leave_out: str | None = None) -> dict[str, dict[str, dict[str, float]]]:
    """A run's scores as its manifest holds them: on val or, of a dataset that it left out, on train and val."""
    if leave_out:
        held = {leave_out: load_dataset(leave_out, "train") + load_dataset(leave_out, "val")}
    else:
        held = {name: load_dataset(name, "val") for name in DATASETS}
    scores = {name: quick_scores(samples, model) for name, samples in held.items()}
    title = "left out" if leave_out else "val"
    log.info("%s: %s", title, json.dumps(scores))
    return {title: scores}


def _scores(sample: Sample, model: SaliencyModel) -> dict[str, float]:
    grid = model.predict(open_image(sample.path))
    saliency_map = at_image_size(grid, sample.size)
    density = fixation_density(sample.fixations, sample.size, DENSITY_SIGMA * max(sample.size))
    crops = crop_to_gaze(grid, sample.size, aspects_for(sample.size))
    centers = [center_window(sample.size, crop.aspect) for crop in crops]
    kept = {f"gaze kept {crop.aspect}": gaze_kept(crop.box, sample.fixations) for crop in crops}
    by_centre = {
        f"centre {crop.aspect}": gaze_kept(box, sample.fixations) for crop, box in zip(crops, centers, strict=True)
    }
    return {"NSS": nss(saliency_map, sample.fixations), "CC": cc(saliency_map, density), **kept, **by_centre}
