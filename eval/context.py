"""What is known of a whole dataset before one of its photos is judged: the centre prior and everyone's fixations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval.datasets import Sample
from eval.metrics.fixation import DENSITY_SIGMA, fixation_density

PRIOR_CELLS = 64


@dataclass(frozen=True)
class Context:
    """prior: (64, 64) density of where people look in the frame whatever the picture, sums to 1. places: (N, 2) every
    fixation of the judged photos as (x, y) in 0..1 of its frame; owners: (N,) the photo of each, by name."""

    prior: NDArray[np.float64]
    places: NDArray[np.float64]
    owners: NDArray[np.str_]

    def others(self, sample: Sample) -> NDArray[np.float64]:
        """The other photos' fixations, rescaled to this one: (M, 2) in its pixels."""
        return self.places[self.owners != sample.name] * sample.size


def make_context(judged: Sequence[Sample], train: Sequence[Sample]) -> Context:
    """The context of `judged`, the centre prior from `train`; without training photos the prior is flat."""
    places = [sample.fixations / sample.size for sample in judged]
    owners = np.repeat([sample.name for sample in judged], [len(p) for p in places])
    return Context(_prior(train), np.concatenate([np.empty((0, 2)), *places]), owners)


def _prior(train: Sequence[Sample]) -> NDArray[np.float64]:
    if not train:
        return np.full((PRIOR_CELLS, PRIOR_CELLS), PRIOR_CELLS**-2.0)
    places = np.concatenate([sample.fixations / sample.size for sample in train])
    return fixation_density(places * PRIOR_CELLS, (PRIOR_CELLS, PRIOR_CELLS), DENSITY_SIGMA * PRIOR_CELLS)
