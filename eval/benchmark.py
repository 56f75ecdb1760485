"""The loop: samples -> map and crops -> metrics."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import pandas as pd

from eval.datasets import Sample
from eval.metrics.crop import formats_for, gaze_kept
from eval.metrics.fixation import at_image_size, cc, fixation_density, nss
from saliency.image import open_image
from saliency.types import Method, RgbImage, SaliencyModel

DENSITY_SIGMA = 0.03  # of the longer side, for maps of human gaze


def measure(samples: Iterable[Sample], model: SaliencyModel, methods: Sequence[Method]) -> pd.DataFrame:
    """One row a sample, method, aspect and metric: columns dataset, image, method, aspect, metric, value."""
    return pd.DataFrame([row for sample in samples for row in _rows(sample, model, methods)])


def summary(table: pd.DataFrame) -> pd.DataFrame:
    """One row a dataset; columns (metric, method): the mean over photos, for crops over formats and then photos."""
    by_photo = table.groupby(["dataset", "metric", "method", "image"], sort=False)["value"].mean()
    return by_photo.groupby(["dataset", "metric", "method"], sort=False).mean().unstack(["metric", "method"])


def _rows(sample: Sample, model: SaliencyModel, methods: Sequence[Method]) -> Iterator[dict[str, object]]:
    image = open_image(sample.path)
    of = {"dataset": sample.dataset, "image": sample.name}
    for metric, value in map_scores(image, sample, model).items():
        yield {**of, "method": model.name, "aspect": "", "metric": metric, "value": value}
    aspects = formats_for(sample.size)
    for method in methods:
        for crop in method.crop(image, aspects):
            kept = gaze_kept(crop.box, sample.fixations)
            yield {**of, "method": method.name, "aspect": str(crop.aspect), "metric": "gaze kept", "value": kept}


def map_scores(image: RgbImage, sample: Sample, model: SaliencyModel) -> dict[str, float]:
    """NSS and CC of the model's map against all observers' fixations."""
    map = at_image_size(model.predict(image), sample.size)
    density = fixation_density(sample.fixations, sample.size, DENSITY_SIGMA * max(sample.size))
    return {"NSS": nss(map, sample.fixations), "CC": cc(map, density)}
