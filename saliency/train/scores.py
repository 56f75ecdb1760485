"""The figures by which training runs are compared: quick to compute, on all observers' fixations.

`python -m eval` is the full evaluation, with observers split in halves, intervals and every peer.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from eval.datasets import Sample
from eval.metrics.crop import formats_for, gaze_kept
from eval.metrics.fixation import at_image_size, cc, fixation_density, nss
from saliency.crop import center_window, crop_to_gaze
from saliency.image import open_image
from saliency.types import SaliencyModel

DENSITY_SIGMA = 0.03  # of the longer side


def quick_scores(samples: Sequence[Sample], model: SaliencyModel) -> dict[str, float]:
    """The means over photos: NSS and CC of the map, the share of fixations kept by its crops and by the centre's."""
    rows = [_scores(sample, model) for sample in samples]
    return {name: round(float(np.mean([row[name] for row in rows])), 4) for name in rows[0]}


def _scores(sample: Sample, model: SaliencyModel) -> dict[str, float]:
    grid = model.predict(open_image(sample.path))
    map = at_image_size(grid, sample.size)
    density = fixation_density(sample.fixations, sample.size, DENSITY_SIGMA * max(sample.size))
    crops = crop_to_gaze(grid, sample.size, formats_for(sample.size))
    centers = [center_window(sample.size, crop.aspect) for crop in crops]
    return {
        "NSS": nss(map, sample.fixations),
        "CC": cc(map, density),
        "gaze kept": float(np.mean([gaze_kept(crop.box, sample.fixations) for crop in crops])),
        "gaze kept by the centre": float(np.mean([gaze_kept(box, sample.fixations) for box in centers])),
    }
