"""The table of what averages of looks reach."""

from __future__ import annotations

import math

import numpy as np
import pytest

from saliency.models.gaze import load_gaze
from tests.photos import needs_data, samples_of
from training.looks import SETS, geometric_mean_of, looks_of, looks_table
from training.scores import quick_scores


def test_the_geometric_mean_is_the_literal_one() -> None:
    rng = np.random.default_rng(3)
    maps = [(values / values.sum()).astype(np.float32) for values in rng.random((3, 4, 5))]
    found = geometric_mean_of(maps)
    roots = [[math.prod(float(grid[y, x]) for grid in maps) ** (1 / 3) for x in range(5)] for y in range(4)]
    np.testing.assert_allclose(found, np.array(roots) / np.sum(roots), rtol=1e-5)


def test_a_cell_that_one_look_rules_out_keeps_the_mean_a_density() -> None:
    one, other = np.array([[1, 0]], np.float32), np.array([[0, 1]], np.float32)
    assert geometric_mean_of([one, other]) == pytest.approx(np.array([[0.5, 0.5]]))


@needs_data
def test_a_single_look_scores_as_the_recipe_says() -> None:
    samples = samples_of("scene", "val")[:2]
    table = looks_table("scene", samples, looks_of(load_gaze("gaze"))).set_index("looks")
    assert set(table.index) == {label for label, names, _ in SETS if "fast" not in names}
    expected = quick_scores(samples, load_gaze("gaze"))
    assert table.loc["gaze", "NSS"] == pytest.approx(expected["NSS"], abs=1e-4)
    assert table.loc["gaze", "kept"] == pytest.approx(expected["gaze kept"], abs=1e-4)
    assert table.loc["gaze, large and mirror", "passes"].tolist() == [4, 4]
