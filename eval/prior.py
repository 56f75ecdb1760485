"""How much of the centre prior each map wants: `python -m eval prior`, on val photos alone.

A map that knows nothing of the frame places crops where nobody looks. `gaze` is mixed with a Gaussian around the
middle; what others' maps are worth is only told from what that is worth when they have it too, each at its best weight.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from eval.benchmark import HUMAN, from_the_others, on_map
from eval.context import Context, make_context
from eval.datasets import Sample
from eval.metrics.crop import aspects_for, gaze_kept
from eval.metrics.fixation import EPSILON, at
from eval.peers.mass import place_most_mass
from eval.statistics import mean_of
from saliency.image import open_image
from saliency.types import Evidence, RgbImage

WEIGHTS = tuple(round(0.05 * step, 2) for step in range(20))  # 0, 0.05, ... 0.95
Look = Callable[[RgbImage], Evidence]


def prior_table(
    looks: Mapping[str, Look], judged: Mapping[str, tuple[Sequence[Sample], Sequence[Sample]]]
) -> pd.DataFrame:
    """One row for each of WEIGHTS. A column a map: the share of all observers' fixations that the windows of the most
    of it keep, mixed with so much of the centre prior, the mean over datasets of the mean over formats of the mean over
    photos. "human": the IG, in bits a fixation, of all others' density mixed with so much of the datasets' own prior.

    looks: the maps' by name. judged: by dataset the photos to judge by, and those that its own prior is of.
    """
    columns = {name: np.mean([_kept(look, of) for of, _ in judged.values()], axis=0) for name, look in looks.items()}
    human = np.mean([_human(of, make_context(of, train)) for of, train in judged.values()], axis=0)
    return pd.DataFrame({**columns, HUMAN: human}, index=pd.Index(WEIGHTS, name="weight"))


def best_weights(table: pd.DataFrame) -> dict[str, float]:
    """The weight of the most in each column of `prior_table`; of equals the least."""
    return {str(name): float(table[name].idxmax()) for name in table}


def _kept(look: Look, samples: Sequence[Sample]) -> NDArray[np.float64]:
    """(weights,) the mean over formats of the mean over photos."""
    rows = [row for sample in samples for row in _kept_in(look, sample)]
    table = pd.DataFrame(rows, columns=["image", "aspect", *WEIGHTS]).set_index(["image", "aspect"])
    return np.array([mean_of(table[weight].unstack("aspect").to_numpy(np.float64)) for weight in WEIGHTS])


def _kept_in(look: Look, sample: Sample) -> list[tuple[object, ...]]:
    evidence, aspects = look(open_image(sample.path)), aspects_for(sample.size)
    placed = [place_most_mass(evidence, sample.size, aspects, weight) for weight in WEIGHTS]
    return [
        (sample.name, str(crops[0].aspect), *(gaze_kept(crop.box, sample.fixations) for crop in crops))
        for crops in zip(*placed, strict=True)
    ]


def _human(samples: Sequence[Sample], context: Context) -> NDArray[np.float64]:
    """(weights,) the mean over photos of the mean over observers."""
    return np.mean([_human_in(sample, context) for sample in samples], axis=0)


def _human_in(sample: Sample, context: Context) -> NDArray[np.float64]:
    """`information_gain` for each weight, from the two densities where the observer looked."""
    size, fixations, prior = on_map(sample, context)
    gains = []
    for mine, density in from_the_others(fixations, sample.observers, size):
        own, least = at(density, mine), at(prior, mine)
        weights = np.array(WEIGHTS)[:, None]
        gains.append(np.log2(((1 - weights) * own + weights * least + EPSILON) / (least + EPSILON)).mean(axis=1))
    return np.mean(gains, axis=0)
