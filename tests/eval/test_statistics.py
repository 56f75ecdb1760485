"""Intervals and tests: against SciPy, exact enumeration and what must hold by chance."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from eval.statistics import bootstrap, bootstrap_by_crop, by_dataset, holm, mean_of, permutation_p


def column(values: object) -> np.ndarray:
    """Values of images with one format."""
    return np.asarray(values, dtype=float).reshape(-1, 1)


def test_the_bootstrap_interval_is_that_of_scipy() -> None:
    values = np.random.default_rng(1).gamma(2, 1, 120)
    ours = bootstrap([column(values)])
    theirs = stats.bootstrap((values,), np.mean, n_resamples=9999, method="percentile", rng=2).confidence_interval
    assert ours.mean == pytest.approx(values.mean())
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=0.03)


def test_datasets_weigh_the_same() -> None:
    estimate = bootstrap([column(np.zeros(1000)), column(np.ones(10)), np.empty((0, 1))])
    assert (estimate.mean, estimate.low, estimate.high) == (0.5, 0.5, 0.5)
    assert np.isnan(bootstrap([]).mean)


def test_by_crop_each_value_of_a_group_counts_the_same() -> None:
    rng = np.random.default_rng(4)
    groups = [rng.random((size, 3)) * [[0.2, 1.0, 3.0]] for size in (25, 40)]
    for group in groups:
        group[5:, 0] = np.nan  # a format of few images
    estimate = bootstrap_by_crop(groups)
    assert estimate.mean == pytest.approx(np.mean([np.nanmean(group) for group in groups]))
    assert estimate.mean != pytest.approx(bootstrap(groups).mean, abs=0.05)
    drawn = [np.mean([np.nanmean(g[rng.integers(0, len(g), len(g))]) for g in groups]) for _ in range(4000)]
    assert (estimate.low, estimate.high) == pytest.approx(np.quantile(drawn, [0.025, 0.975]), abs=0.02)


def test_the_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(3)
    covered = 0
    for _ in range(100):
        estimate = bootstrap([column(rng.normal(0, 1, 60)), column(rng.normal(1, 2, 40))])
        covered += estimate.low <= 0.5 <= estimate.high
    assert 88 <= covered <= 99


def test_the_permutation_test_agrees_with_all_sign_patterns() -> None:
    differences = np.array([0.3, -0.1, 0.4, 0.2, 0.25, -0.05, 0.6, 0.1])
    means = [np.mean(differences * signs) for signs in itertools.product([-1, 1], repeat=8)]
    exact = np.mean(np.abs(means) >= abs(differences.mean()) - 1e-12)
    assert permutation_p([column(differences)]) == pytest.approx(exact, abs=0.012)


def test_no_difference_is_not_significant_and_a_clear_one_is() -> None:
    rng = np.random.default_rng(5)
    assert permutation_p([column(rng.normal(0, 1, 200))]) > 0.01
    assert permutation_p([column(rng.normal(0.5, 1, 200))]) < 0.001
    assert permutation_p([column(np.zeros(20))]) == 1


def test_holm_by_hand() -> None:
    # sorted .005 .01 .03 .04: times 4, 3, 2, 1, then never falling
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.6, 0.7]) == [1.0, 1.0]


def test_formats_weigh_the_same_however_many_images_have_them() -> None:
    values = np.array([[1.0, np.nan], [1.0, np.nan], [1.0, 0.0], [0.0, 0.5]])
    assert mean_of(values) == pytest.approx((0.75 + 0.25) / 2)
    # literally: draw images, take the mean of each format over those drawn that have it, then the mean of the formats
    rng = np.random.default_rng(7)
    large = np.where(rng.random((80, 3)) < 0.3, np.nan, rng.gamma(2, 1, (80, 3)))
    means = [np.nanmean(np.nanmean(large[rng.integers(0, 80, 80)], axis=0)) for _ in range(4000)]
    low, high = np.quantile(means, [0.025, 0.975])
    estimate = bootstrap([large])
    assert (estimate.low, estimate.high) == pytest.approx((low, high), abs=0.03)


def test_signs_go_by_image_not_by_crop() -> None:
    """Six copies of one format are one piece of evidence: p is that of the single format."""
    differences = column([0.3, -0.1, 0.4, 0.2, 0.25, -0.05, 0.6, 0.1])
    assert permutation_p([np.repeat(differences, 6, axis=1)]) == permutation_p([differences])


def test_values_are_split_by_dataset_without_gaps() -> None:
    rows = [("a", "1", "x"), ("b", "1", "x"), ("a", "2", "x"), ("a", "3", "x"), ("a", "3", "y")]
    index = pd.MultiIndex.from_tuples(rows, names=["dataset", "image", "aspect"])
    first, second = by_dataset(pd.Series([1.0, 2.0, np.nan, 3.0, 4.0], index=index))
    np.testing.assert_array_equal(first, [[1.0, np.nan], [3.0, 4.0]])
    np.testing.assert_array_equal(second, [[2.0]])
