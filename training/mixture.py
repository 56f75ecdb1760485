"""Where people look at one photo, as a mixture: the fixations, blurred more where they are rare, and two general parts.

One blur for all fixations is too wide where everyone looks and too narrow where one person did. Here each fixation has
its own (Abramson, "On bandwidth variation in kernel estimates", Annals of Statistics 10(4), 1982), at three widths; to
them come the dataset's centre prior and a uniform part, as in the gold standard of pysaliency (Kuemmerer, Wallis &
Bethge, PNAS 112(52), 2015). What each part weighs is fitted to the photo, every observer predicted from the others
(Agrawal, Hollman & Kuemmerer, "Raising the ceiling", arXiv 2605.03885, 2026; theirs has a saliency model's map as one
more part, which a target to learn from must not have).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from eval.context import PRIOR_CELLS
from eval.datasets import Sample
from eval.metrics.fixation import DENSITY_SIGMA, as_density, at_image_size, fixation_density

CELLS = 128  # of a density, along the longer side
LIMITS = (0.006, 0.2)  # of the longer side: the narrowest blur, about a cell, and the widest
CAUTION = 50.0  # the photo's weights are held to the dataset's as firmly as by so many fixations
ROUNDS = 60  # of expectation and maximisation
FAINT = 1e-300  # keeps a part that explains nothing from dividing by 0

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Kernel:
    """A Gaussian blur of fixations. sigma: of the longer side. power: 0 is one blur for all; else a fixation's is wider
    the fewer others are near it, as their density to the minus `power`, of geometric mean `sigma`."""

    sigma: float
    power: float = 0.0


KERNELS = (Kernel(0.01, 0.5), Kernel(0.02, 0.5), Kernel(0.04, 0.5))
"""What the target is made of, with the prior and the uniform part; the power is Abramson's."""


@dataclass(frozen=True)
class Parts:
    """What a photo's mixture is made of: K parts, the kernels', then the centre prior, then the uniform one.

    likely: (N, K) how likely each part says each fixation is, from the other observers' alone; uniform is 1. A row of
    an observer without others is left out. densities: (K, h, w), of all fixations; each sums to 1.
    """

    likely: Array
    densities: Array

    def mixed(self, weights: Array) -> Array:
        """(h, w) the parts' sum by their weights, which sum to 1."""
        return np.tensordot(weights, self.densities, axes=1)


@dataclass(frozen=True)
class Habits:
    """What is known of a dataset before one looks at a photo.

    seen: (64, 64) blurred counts of all fixations in the frame. names: of the photos that they are of. weights: (K,)
    what the parts weigh in all photos together; sums to 1.
    """

    seen: Array
    names: frozenset[str]
    weights: Array

    def prior(self, sample: Sample) -> Array:
        """(h, w) where people look in the frame whatever the picture, sums to 1; of the other photos."""
        seen = self.seen - _in_the_frame(sample) if sample.name in self.names else self.seen
        rows, columns = shape_of(sample.size)
        return as_density(np.maximum(at_image_size(seen, (columns, rows)), 0))

    def parts(self, sample: Sample, kernels: Sequence[Kernel] = KERNELS) -> Parts:
        """The parts of a photo, without what it says of itself in the prior."""
        return parts_of(sample, self.prior(sample), kernels)


def habits_of(samples: Sequence[Sample], kernels: Sequence[Kernel] = KERNELS) -> Habits:
    """The habits of one dataset's observers, from its photos; each photo weighs the same. Raises ValueError without."""
    if not samples:
        raise ValueError("habits are learned from at least one photo")
    seen = np.sum([_in_the_frame(sample) for sample in samples], axis=0)
    habits = Habits(seen, frozenset(sample.name for sample in samples), np.empty(0))
    return Habits(seen, habits.names, typical_weights([habits.parts(sample, kernels).likely for sample in samples]))


def target_of(sample: Sample, habits: Habits) -> NDArray[np.float32]:
    """Where people look at the photo: (h, w), CELLS along its longer side, sums to 1."""
    parts = habits.parts(sample)
    return parts.mixed(own_weights(parts.likely, habits.weights)).astype(np.float32)


def typical_weights(likely: Sequence[Array]) -> Array:
    """(K,) the weights under which the fixations of all photos, (N, K) each, are likeliest; each photo counts once."""
    counted = [one for one in likely if len(one)]
    each = np.concatenate([np.full(len(one), 1 / len(one)) for one in counted])
    return fit_weights(np.concatenate(counted), each, np.zeros(counted[0].shape[1]))


def own_weights(likely: Array, typical: Array, caution: float = CAUTION) -> Array:
    """(K,) one photo's weights, of the likelihoods (N, K), held to the typical ones: those again without fixations."""
    return fit_weights(likely, np.ones(len(likely)), caution * typical)


def fit_weights(likely: Array, each: Array, held: Array, rounds: int = ROUNDS) -> Array:
    """Weights (K,) that maximise sum(each * log(likely @ weights)) + sum(held * log(weights)); they sum to 1.

    By expectation and maximisation, which never goes down (Dempster, Laird & Rubin, 1977). It starts at `held`, where
    that is not 0. likely: (N, K). each: (N,) what a fixation counts. held: (K,) at least 0, thought of beside them.
    """
    weights = held / held.sum() if held.any() else np.full(likely.shape[1], 1 / likely.shape[1])
    for _ in range(rounds):
        shares = likely * weights
        shares /= np.maximum(shares.sum(axis=1, keepdims=True), FAINT)
        weights = each @ shares + held
        weights = weights / weights.sum()
    return np.asarray(weights)


def parts_of(sample: Sample, prior: Array, kernels: Sequence[Kernel] = KERNELS) -> Parts:
    """The parts of a photo's mixture; `prior` as `Habits.prior` gives it. Raises ValueError without fixations."""
    if len(sample.fixations) == 0:
        raise ValueError(f"{sample.name} has no fixations; a target is made of at least one")
    side = max(sample.size)
    points = sample.fixations / side
    cells = cells_of(sample)
    other = sample.observers[:, None] != sample.observers
    crowding = _crowding(points)
    found = []
    for kernel in kernels:
        sigmas = np.clip(kernel.sigma * crowding**-kernel.power, *LIMITS)
        down, across = _spread(points, sigmas, np.array(sample.size) / side, prior.shape)
        density = down.T @ across
        mass = down.sum(axis=1) * across.sum(axis=1)  # of each fixation's blur, the share inside the picture
        near = down[:, cells[:, 1]] * across[:, cells[:, 0]]  # of each fixation's blur, the share in each one's cell
        likely = (near * other).sum(axis=0) / np.maximum(mass @ other, FAINT) * prior.size
        found.append((likely, density / density.sum()))
    found.append((prior[cells[:, 1], cells[:, 0]] * prior.size, prior))
    found.append((np.ones(len(points)), np.full(prior.shape, 1 / prior.size)))
    likely, densities = zip(*found, strict=True)
    return Parts(np.stack(likely, axis=1)[other.any(axis=0)], np.stack(densities))


def shape_of(size: tuple[int, int]) -> tuple[int, int]:
    """(rows, columns) of a density of a photo of `size` = (width, height): CELLS along the longer side."""
    return max(1, round(CELLS * size[1] / max(size))), max(1, round(CELLS * size[0] / max(size)))


def cells_of(sample: Sample) -> NDArray[np.int64]:
    """(N, 2) which column and row of its density each fixation of the photo lies in."""
    rows, columns = shape_of(sample.size)
    return (sample.fixations / sample.size * (columns, rows)).astype(np.int64)


def _crowding(points: Array) -> Array:
    """(N,) how dense the fixations are around each of them, with one blur for all; of geometric mean 1."""
    squares = ((points[:, None] - points) ** 2).sum(axis=2)
    density = np.exp(-squares / (2 * DENSITY_SIGMA**2)).sum(axis=1)
    return np.asarray(density / np.exp(np.log(density).mean()))


def _spread(points: Array, sigmas: Array, extent: Array, shape: tuple[int, ...]) -> tuple[Array, Array]:
    """Each fixation's Gaussian as its masses by row, (N, h), and by column, (N, w): their product is that in a cell.

    points, sigmas, extent: of the longer side; extent is (width, height). What lies beyond the border is left out.
    """
    masses = []
    for axis, count in ((1, shape[0]), (0, shape[1])):
        edges = np.linspace(0, extent[axis], count + 1)
        masses.append(np.diff(ndtr((edges - points[:, axis, None]) / sigmas[:, None]), axis=1))
    return masses[0], masses[1]


def _in_the_frame(sample: Sample) -> Array:
    """(64, 64) the blurred counts of the photo's fixations by where they are in its frame; sums to their number."""
    if len(sample.fixations) == 0:
        return np.zeros((PRIOR_CELLS, PRIOR_CELLS))
    places = sample.fixations / sample.size * PRIOR_CELLS
    density = fixation_density(places, (PRIOR_CELLS, PRIOR_CELLS), DENSITY_SIGMA * PRIOR_CELLS)
    return density * len(places)
