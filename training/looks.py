"""What each look at a photo adds to the average of `gaze-best`: the table in training/README.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from tqdm import tqdm

from eval.context import make_context
from eval.datasets import Sample, load_dataset
from eval.metrics.crop import aspects_for, gaze_kept
from eval.metrics.fixation import at_image_size, information_gain, nss
from eval.report import POINTS
from saliency.crop import center_window, crop_to_gaze
from saliency.image import open_image
from saliency.models.average import LARGE_PIXELS, mean_of, on_one_grid
from saliency.models.gaze import GazeModel
from saliency.types import SaliencyMap, SaliencyModel

SMALL_PIXELS = 256 * 192
LEAST = 1e-12  # a cell that one look gives no gaze must not rule it out in a geometric mean

GAZE, FAST, SMALL, LARGE = "gaze", "fast", "small", "large"
SETS = (
    ("gaze", (GAZE,), False),
    ("gaze-fast", (FAST,), False),
    ("small", (SMALL,), False),
    ("large", (LARGE,), False),
    ("gaze and mirror", (GAZE,), True),
    ("large and mirror", (LARGE,), True),
    ("gaze, fast", (GAZE, FAST), False),
    ("gaze, fast and mirror", (GAZE, FAST), True),
    ("gaze, large and mirror", (GAZE, LARGE), True),
    ("large, fast and mirror", (LARGE, FAST), True),
    ("gaze, large, fast and mirror", (GAZE, LARGE, FAST), True),
    ("gaze, small, large and mirror", (GAZE, SMALL, LARGE), True),
    ("all and mirror", (GAZE, SMALL, LARGE, FAST), True),
)
"""What is tried: its label, which looks, and whether each also sees the mirror image."""


def looks_of(gaze: GazeModel, fast: SaliencyModel | None = None) -> dict[str, SaliencyModel]:
    """The looks that there are to choose from; `fast` is missing where no such network left the dataset out."""
    looks: dict[str, SaliencyModel] = {
        GAZE: gaze,
        SMALL: gaze.shown(SMALL_PIXELS),
        LARGE: gaze.shown(LARGE_PIXELS),
    }
    return looks if fast is None else looks | {FAST: fast}


def looks_table(dataset: str, samples: Sequence[Sample], looks: Mapping[str, SaliencyModel]) -> pd.DataFrame:
    """One row for each of SETS whose looks there are, and for each kind of mean.

    Columns: "looks"; "mean", arithmetic or geometric; "passes" through a network; of the map "NSS" and "IG" over the
    dataset's centre prior; "kept", the share of fixations, and "harm", the share of crops that keep POINTS less than
    the centre does. All fixations count, of all observers.
    """
    prior = make_context([], load_dataset(dataset, "train")).prior
    rows = []
    for sample in tqdm(samples, unit="photo", mininterval=5):
        seen = _look(sample, looks)
        baseline = at_image_size(prior, sample.size)
        for label, mean, passes, grid in _averages(seen):
            rows.append({"looks": label, "mean": mean, "passes": passes, **_scores(sample, grid, baseline)})
    return pd.DataFrame(rows).groupby(["looks", "mean", "passes"], sort=False).mean().reset_index()


def _look(sample: Sample, looks: Mapping[str, SaliencyModel]) -> dict[str, list[SaliencyMap]]:
    """For each look the map of the photo, and that of its mirror image turned back."""
    image = open_image(sample.path)
    mirrored = np.ascontiguousarray(image[:, ::-1])
    return {name: [model.predict(image), model.predict(mirrored)[:, ::-1]] for name, model in looks.items()}


def _averages(seen: Mapping[str, Sequence[SaliencyMap]]) -> Iterator[tuple[str, str, int, SaliencyMap]]:
    """(label, mean, passes, map) of each of SETS whose looks there are."""
    for label, names, mirrored in SETS:
        if not set(names) <= set(seen):
            continue
        maps = [grid for name in names for grid in seen[name][: 1 + mirrored]]
        yield label, "arithmetic", len(maps), mean_of(maps).astype(np.float32)
        if len(maps) > 1:
            yield label, "geometric", len(maps), geometric_mean_of(maps).astype(np.float32)


def geometric_mean_of(maps: Sequence[SaliencyMap]) -> NDArray[np.float64]:
    """The mean of the logarithms of maps of one picture, at least one, as a density on the finest of their grids."""
    logs = np.mean([np.log(np.maximum(grid, LEAST)) for grid in on_one_grid(maps)], axis=0)
    density = np.exp(logs - logs.max())
    return np.asarray(density / density.sum())


def _scores(sample: Sample, grid: SaliencyMap, baseline: NDArray[np.float64]) -> dict[str, float]:
    saliency_map = at_image_size(grid, sample.size)
    crops = crop_to_gaze(grid, sample.size, aspects_for(sample.size))
    kept = np.array([gaze_kept(crop.box, sample.fixations) for crop in crops])
    centre = [gaze_kept(center_window(sample.size, crop.aspect), sample.fixations) for crop in crops]
    return {
        "NSS": nss(saliency_map, sample.fixations),
        "IG": information_gain(saliency_map, sample.fixations, baseline),
        "kept": float(kept.mean()),
        "harm": float((kept - centre <= -POINTS).mean()),
    }
