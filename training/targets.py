"""Which density of fixations predicts people who were not asked: the table in training/README.md.

Each observer of each train and val photo is predicted from the others. What is fitted beyond the photo itself, the
centre prior, the typical weights, the best of single blurs, comes from the train split.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from tqdm import tqdm

from eval.datasets import Sample, load_dataset
from eval.metrics.crop import aspects_for, gaze_kept, human_window, observer_halves
from eval.metrics.fixation import DENSITY_SIGMA, cc, fixation_density, information_gain, nss
from eval.statistics import Estimate, bootstrap
from saliency.crop import best_window
from training.mixture import (
    CAUTION,
    CELLS,
    KERNELS,
    Array,
    Habits,
    Kernel,
    Parts,
    cells_of,
    habits_of,
    own_weights,
    shape_of,
    target_of,
    typical_weights,
)

BLURS = (0.015, 0.02, 0.025, 0.03, 0.04, 0.05)
"""Single blurs to choose from, of the longer side."""

TRIED = (*(Kernel(sigma) for sigma in BLURS), Kernel(0.01), *KERNELS)
PRIOR, UNIFORM = len(TRIED), len(TRIED) + 1
BASE, TARGET = "blur 3 %, uniform", "mixture, the photo's weights"
METRICS = ("bits", "NSS", "CC")
"""Of a density against held-out fixations: bits each over the uniform density, and the map metrics of `python -m eval`;
CC is with their own density, blurred by 3 %."""


@dataclass(frozen=True)
class Candidate:
    """A mixture to try. parts: which of TRIED, PRIOR and UNIFORM. weights: the dataset's, one for each of them.
    caution: how firmly the photo's own weights are held to those; None takes those."""

    parts: tuple[int, ...]
    weights: Array
    caution: float | None = None

    def density(self, parts: Parts) -> Array:
        """(h, w), of the photo whose parts of TRIED these are; sums to 1."""
        chosen = Parts(parts.likely[:, self.parts], parts.densities[list(self.parts)])
        if self.caution is None:
            return chosen.mixed(self.weights)
        return chosen.mixed(own_weights(chosen.likely, self.weights, self.caution))


def targets_table(samples: Sequence[Sample], train: Sequence[Sample]) -> pd.DataFrame:
    """One row a density: "target", then METRICS as means, and in "more bits" and "more NSS" what it has over BASE.

    `samples` and `train` are of one dataset; photos weigh the same, and in a photo observers.
    """
    habits = habits_of(train, TRIED)
    candidates = candidates_of([habits.parts(sample, TRIED).likely for sample in train])
    scores = [_held_out(sample, habits, candidates) for sample in tqdm(samples, unit="photo", mininterval=5)]
    rows = []
    for label in scores[0]:
        values = np.array([one[label] for one in scores])
        more = values - [one[BASE] for one in scores]
        cells = dict(zip(METRICS, values.mean(axis=0), strict=True))
        rows.append({"target": label, **cells, "more bits": interval(more[:, 0]), "more NSS": interval(more[:, 1])})
    return pd.DataFrame(rows)


def candidates_of(likely: Sequence[Array]) -> dict[str, Candidate]:
    """What is tried, by its label, with weights of the train photos' likelihoods, (N, K) of TRIED and the rest."""

    def typical(*parts: int, caution: float | None = None) -> Candidate:
        return Candidate(parts, typical_weights([one[:, parts] for one in likely]), caution)

    def bits(candidate: Candidate) -> float:
        return float(np.mean([np.log2(one[:, candidate.parts] @ candidate.weights).mean() for one in likely]))

    of_kernel = {kernel: rank for rank, kernel in enumerate(TRIED)}
    blur = max(range(len(BLURS)), key=lambda rank: bits(typical(rank, UNIFORM)))
    fixed = [of_kernel[Kernel(kernel.sigma)] for kernel in KERNELS]
    adaptive = [of_kernel[kernel] for kernel in KERNELS]
    name = f"blur {100 * BLURS[blur]:g} %"
    return {
        "centre prior": typical(PRIOR),
        BASE: typical(of_kernel[Kernel(DENSITY_SIGMA)], UNIFORM),
        f"{name}, uniform (the best of one)": typical(blur, UNIFORM),
        f"{name}, uniform, prior": typical(blur, PRIOR, UNIFORM),
        "blurs 1, 2, 4 %, uniform, prior": typical(*fixed, PRIOR, UNIFORM),
        "the same, the photo's weights": typical(*fixed, PRIOR, UNIFORM, caution=CAUTION),
        "mixture (adaptive blurs)": typical(*adaptive, PRIOR, UNIFORM),
        TARGET: typical(*adaptive, PRIOR, UNIFORM, caution=CAUTION),
        "mixture, hardly held weights": typical(*adaptive, PRIOR, UNIFORM, caution=1.0),
    }


def _held_out(sample: Sample, habits: Habits, candidates: Mapping[str, Candidate]) -> dict[str, Array]:
    """For each density METRICS, the mean over the photo's observers, each predicted from the others."""
    rows, columns = shape_of(sample.size)
    cells, sigma = cells_of(sample), DENSITY_SIGMA * CELLS
    flat = np.ones((rows, columns))
    scores: dict[str, list[tuple[float, ...]]] = {}
    for observer in np.unique(sample.observers):
        mine = sample.observers == observer
        others = replace(sample, fixations=sample.fixations[~mine], observers=sample.observers[~mine])
        parts = habits.parts(others, TRIED)
        wanted = fixation_density(cells[mine], (columns, rows), sigma)
        densities = {"blur 3 % alone": fixation_density(cells[~mine], (columns, rows), sigma)}
        densities |= {label: candidate.density(parts) for label, candidate in candidates.items()}
        for label, density in densities.items():
            found = information_gain(density, cells[mine], flat), nss(density, cells[mine]), cc(density, wanted)
            scores.setdefault(label, []).append(found)
    return {label: np.mean(found, axis=0) for label, found in scores.items()}


def ceiling_table(samples: Sequence[Sample], train: Sequence[Sample]) -> pd.DataFrame:
    """What crops keep of one half's fixations that the other half's density places: "blur" as `python -m eval` does,
    "mixture", and the mixture's "more". One row; means over formats and photos."""
    habits = habits_of(train)
    rows = []
    for sample in samples:
        even, odd = observer_halves(sample.observers)
        asked = replace(sample, fixations=sample.fixations[even], observers=sample.observers[even])
        density = target_of(asked, habits).astype(np.float64)
        for aspect in aspects_for(sample.size):
            blur = human_window(asked.fixations, sample.size, aspect)
            mixture = best_window(density, sample.size, aspect)
            kept = [gaze_kept(box, sample.fixations[odd]) for box in (blur, mixture)]
            rows.append((sample.name, str(aspect), *kept))
    table = pd.DataFrame(rows, columns=["photo", "format", "blur", "mixture"])
    more = (table["mixture"] - table["blur"]).groupby(table["photo"]).mean().to_numpy()
    means = table.groupby("photo")[["blur", "mixture"]].mean().mean()
    return pd.DataFrame([{"blur": means["blur"], "mixture": means["mixture"], "more": interval(more, 4)}])


def interval(values: Array, digits: int = 3) -> str:
    """The mean over photos with its 95 % interval, as +0.12 [+0.10, +0.14]."""
    found: Estimate = bootstrap([values[:, None]])
    return f"{found.mean:+.{digits}f} [{found.low:+.{digits}f}, {found.high:+.{digits}f}]"


def tables(name: str, split: str, every: int = 1) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Both tables of one split of a dataset; `every`: of so many photos one, to be quick."""
    train = load_dataset(name, "train")
    samples = load_dataset(name, split)[::every]
    return targets_table(samples, train), ceiling_table(samples, train)
