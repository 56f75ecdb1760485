"""The table of what so many photos bring."""

from __future__ import annotations

import numpy as np
import pytest

from saliency.adapt import Adaptation
from tests.eval.test_adapt import all_observed
from training.adaptation import photos_table


def test_more_photos_bring_more_and_never_judge_themselves() -> None:
    looked = all_observed(Adaptation(certainty=1.8, pull_across=1.0), 60)
    table = photos_table(looked, looked, draws=2).set_index("photos")
    assert table.index.tolist() == [10, 25]  # 50 would leave too few to judge by
    gains = {count: float(table.loc[count, "information"].split()[0]) for count in table.index}
    assert 0.02 < gains[10] < gains[25] + 0.005


def test_photos_of_another_pool_are_all_judged() -> None:
    looked = all_observed(Adaptation(certainty=1.8), 80)
    table = photos_table(looked[:60], looked[60:], draws=2).set_index("photos")
    assert table.index.tolist() == [10, 25, 50]
    mean, low, high = (float(word.strip("[],")) for word in table.loc[50, "information"].split())
    assert low <= mean <= high
    assert mean == pytest.approx(np.mean([low, high]), abs=1e-4)  # of two draws
