"""The figures by which training runs are compared: quick to compute, on all observers' fixations.

`python -m eval` is the full evaluation, with observers split in halves, intervals and every peer.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from eval.datasets import Sample
from eval.metrics.crop import aspects_for, gaze_kept
from eval.metrics.fixation import DENSITY_SIGMA, at_image_size, cc, fixation_density, nss
from saliency.crop import center_window, crop_to_gaze
from saliency.image import open_image
from saliency.types import SaliencyModel


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
