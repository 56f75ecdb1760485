"""The mixture that a photo's fixations are learned as: against slow literal versions, and known mixtures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import multivariate_normal, norm

from eval.datasets import Sample
from training.mixture import (
    CELLS,
    KERNELS,
    LIMITS,
    Array,
    Kernel,
    Parts,
    cells_of,
    fit_weights,
    habits_of,
    own_weights,
    parts_of,
    shape_of,
    target_of,
    typical_weights,
)

SIZE = (400, 300)


def photo(seed: int, observers: int = 4, size: tuple[int, int] = SIZE) -> Sample:
    """Each observer looks six times near a place of the photo's own, and twice anywhere."""
    rng = np.random.default_rng(seed)
    place = rng.uniform(0.2, 0.8, 2) * size
    near = place + rng.normal(0, 0.03 * size[0], (6 * observers, 2))
    points = np.concatenate([near, rng.uniform(0, 1, (2 * observers, 2)) * size])
    points = np.clip(points, 0, np.array(size) - 0.01)
    return Sample("one", str(seed), Path("none"), size, points, np.arange(len(points)) % observers)


def log_likelihood(likely: Array, each: Array, held: Array, weights: Array) -> float:
    return float(each @ np.log(likely @ weights) + held[held > 0] @ np.log(weights[held > 0]))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("caution", [0.0, 3.0])
def test_no_round_makes_the_fixations_less_likely(seed: int, caution: float) -> None:
    rng = np.random.default_rng(seed)
    likely, each, held = rng.gamma(0.5, 1, (50, 4)), rng.random(50), caution * rng.random(4)
    found = [fit_weights(likely, each, held, rounds) for rounds in range(40)]
    values = [log_likelihood(likely, each, held, weights) for weights in found]
    assert min(np.diff(values)) >= -1e-10
    assert values[-1] > values[0]
    np.testing.assert_allclose([weights.sum() for weights in found], 1)


def test_the_weights_are_the_likeliest_of_a_grid() -> None:
    rng = np.random.default_rng(1)
    likely, each, held = rng.gamma(0.5, 1, (40, 2)), rng.random(40), np.array([1.0, 2.0])
    grid = np.linspace(0.001, 0.999, 999)
    values = [log_likelihood(likely, each, held, np.array([first, 1 - first])) for first in grid]
    assert fit_weights(likely, each, held, 2000)[0] == pytest.approx(grid[np.argmax(values)], abs=1e-3)


def test_a_known_mixture_is_found_again() -> None:
    """Points of three known densities on a line, drawn with known weights."""
    rng = np.random.default_rng(2)
    true, middles = np.array([0.5, 0.35, 0.15]), np.array([0.2, 0.5, 0.9])
    points = rng.normal(middles[rng.choice(3, 20000, p=true)], 0.1)
    likely = norm.pdf(points[:, None], middles, 0.1)
    np.testing.assert_allclose(fit_weights(likely, np.ones(len(points)), np.zeros(3), 300), true, atol=0.015)


def test_a_photo_has_the_typical_weights_where_it_says_nothing_and_its_own_where_it_says_much() -> None:
    typical = np.array([0.7, 0.3])
    one_sided = np.tile([1e-6, 1.0], (1000, 1))
    np.testing.assert_allclose(own_weights(np.empty((0, 2)), typical), typical)
    np.testing.assert_allclose(own_weights(np.ones((1000, 2)), typical), typical)
    assert own_weights(one_sided, typical)[1] > 0.95
    assert own_weights(one_sided[:10], typical)[1] < 0.5


def test_every_photo_counts_the_same_in_the_typical_weights() -> None:
    many, few = np.tile([1.0, 1e-9], (100, 1)), np.tile([1e-9, 1.0], (5, 1))
    np.testing.assert_allclose(typical_weights([many, few, np.empty((0, 2))]), [0.5, 0.5], atol=1e-6)


@pytest.mark.parametrize("size", [(400, 300), (200, 500), (300, 300)])
@pytest.mark.parametrize("kernel", [Kernel(0.03), Kernel(0.02, 0.5)], ids=["one blur", "adaptive"])
def test_the_parts_are_those_of_a_literal_loop(kernel: Kernel, size: tuple[int, int]) -> None:
    sample = photo(3, size=size)
    rows, columns = shape_of(size)
    prior = np.random.default_rng(4).random((rows, columns))
    prior /= prior.sum()
    parts = parts_of(sample, prior, [kernel])
    points, side = sample.fixations, max(size)
    sigmas = [kernel.sigma * side] * len(points)
    if kernel.power:
        pilot = [sum(np.exp(-((p - q) ** 2).sum() / 2 / (0.03 * side) ** 2) for q in points) for p in points]
        middle = np.prod(pilot) ** (1 / len(pilot))
        sigmas = [side * min(max(kernel.sigma * (middle / f) ** 0.5, LIMITS[0]), LIMITS[1]) for f in pilot]
    grids = []
    for (x, y), sigma in zip(points, sigmas, strict=True):
        across = np.diff(norm.cdf(np.arange(columns + 1) * size[0] / columns, x, sigma))
        down = np.diff(norm.cdf(np.arange(rows + 1) * size[1] / rows, y, sigma))
        grids.append(np.outer(down, across))
    np.testing.assert_allclose(parts.densities[0], np.sum(grids, axis=0) / np.sum(grids), atol=1e-12)
    for rank, (column, row) in enumerate(cells_of(sample)):
        others = np.sum(
            [g for g, who in zip(grids, sample.observers, strict=True) if who != sample.observers[rank]], axis=0
        )
        expected = [others[row, column] / others.sum(), prior[row, column], 1 / prior.size]
        np.testing.assert_allclose(parts.likely[rank], np.array(expected) * prior.size, rtol=1e-9)


def test_a_mixture_is_as_likely_as_its_formula_says() -> None:
    """One blur, prior and uniform, as in pysaliency's gold standard; away from the border, point by point."""
    sample = photo(5, size=(512, 512))
    middles = np.floor(np.clip(sample.fixations, 80, 432) / 4) * 4 + 2  # of cells, which have one density each
    sample = replace(sample, fixations=middles)
    slope = np.ones(shape_of(sample.size)) + np.arange(CELLS)
    prior = slope / slope.sum()
    parts = parts_of(sample, prior, [Kernel(0.03)])
    weights = np.array([0.8, 0.15, 0.05])
    found = np.log(parts.likely @ weights)
    expected = []
    for point, who in zip(sample.fixations / 512, sample.observers, strict=True):
        others = sample.fixations[sample.observers != who] / 512
        blur = np.mean([multivariate_normal.pdf(point, other, 0.03**2) for other in others])
        middle = (1 + CELLS * point[0] - 0.5) / (1 + (CELLS - 1) / 2)
        expected.append(np.log(weights @ [blur, middle, 1]))
    np.testing.assert_allclose(found, expected, atol=0.01)


def test_a_crowd_is_blurred_less_than_one_who_looked_elsewhere() -> None:
    points = np.array([[100.0, 150.0]] * 12 + [[300.0, 150.0]])
    sample = Sample("one", "two places", Path("none"), SIZE, points, np.arange(13))
    (density, *_) = parts_of(sample, np.full((96, 128), 1 / (96 * 128)), [KERNELS[1]]).densities
    crowd, one = density[48, 32] / 12, density[48, 96]
    assert crowd > 5 * one


def test_a_target_sums_to_1_and_no_place_is_ruled_out() -> None:
    samples = [photo(seed) for seed in range(6)]
    habits = habits_of(samples)
    for sample in samples:
        target = target_of(sample, habits)
        assert target.shape == (96, 128)
        assert target.sum() == pytest.approx(1, abs=1e-5)
        assert target.min() > 0
    alone = replace(samples[0], observers=np.zeros(len(samples[0].fixations), int))
    assert target_of(alone, habits).max() > 10 / (96 * 128)


def test_a_photo_says_nothing_of_itself_in_its_prior() -> None:
    samples = [photo(seed) for seed in range(4)]
    np.testing.assert_allclose(
        habits_of(samples).prior(samples[2]), habits_of([*samples[:2], samples[3]]).prior(samples[2]), atol=1e-12
    )


def test_what_has_no_fixations_has_no_target() -> None:
    empty = replace(photo(0), fixations=np.empty((0, 2)), observers=np.empty(0, int))
    with pytest.raises(ValueError, match="0 has no fixations"):
        target_of(empty, habits_of([photo(1)]))
    with pytest.raises(ValueError, match="at least one photo"):
        habits_of([])


def test_mixed_parts_weigh_what_they_should() -> None:
    parts = Parts(np.ones((1, 2)), np.array([[[1.0, 0.0]], [[0.25, 0.75]]]))
    np.testing.assert_allclose(parts.mixed(np.array([0.6, 0.4])), [[0.7, 0.3]])
