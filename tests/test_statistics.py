"""Intervals and tests: against SciPy, exact enumeration and what must hold by chance."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from eval.statistics import bootstrap, by_dataset, holm, permutation_p


def test_the_bootstrap_interval_is_that_of_scipy() -> None:
    values = np.random.default_rng(1).gamma(2, 1, 120)
    ours = bootstrap([values])
    theirs = stats.bootstrap((values,), np.mean, n_resamples=9999, method="percentile", rng=2).confidence_interval
    assert ours.mean == pytest.approx(values.mean())
    assert (ours.low, ours.high) == (pytest.approx(theirs.low, abs=0.03), pytest.approx(theirs.high, abs=0.03))


def test_datasets_weigh_the_same() -> None:
    estimate = bootstrap([np.zeros(1000), np.ones(10), np.empty(0)])
    assert (estimate.mean, estimate.low, estimate.high) == (0.5, 0.5, 0.5)
    assert np.isnan(bootstrap([]).mean)


def test_the_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(3)
    covered = 0
    for _ in range(100):
        estimate = bootstrap([rng.normal(0, 1, 60), rng.normal(1, 2, 40)])
        covered += estimate.low <= 0.5 <= estimate.high
    assert 88 <= covered <= 99


def test_the_permutation_test_agrees_with_all_sign_patterns() -> None:
    differences = np.array([0.3, -0.1, 0.4, 0.2, 0.25, -0.05, 0.6, 0.1])
    means = [np.mean(differences * signs) for signs in itertools.product([-1, 1], repeat=8)]
    exact = np.mean(np.abs(means) >= abs(differences.mean()) - 1e-12)
    assert permutation_p([differences]) == pytest.approx(exact, abs=0.012)


def test_no_difference_is_not_significant_and_a_clear_one_is() -> None:
    rng = np.random.default_rng(5)
    assert permutation_p([rng.normal(0, 1, 200)]) > 0.01
    assert permutation_p([rng.normal(0.5, 1, 200)]) < 0.001
    assert permutation_p([np.zeros(20)]) == 1


def test_holm_by_hand() -> None:
    # sorted .005 .01 .03 .04: times 4, 3, 2, 1, then never falling
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.6, 0.7]) == [1.0, 1.0]


def test_values_are_split_by_dataset_without_gaps() -> None:
    index = pd.MultiIndex.from_tuples([("a", "1"), ("b", "1"), ("a", "2")], names=["dataset", "image"])
    groups = by_dataset(pd.Series([1.0, 2.0, np.nan], index=index))
    assert [group.tolist() for group in groups] == [[1.0], [2.0]]
