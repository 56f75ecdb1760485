"""The table of what predicts people who were not asked, on a made-up dataset whose answer is known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from eval.datasets import Sample
from training.data import load_photos
from training.mixture import habits_of, target_of
from training.targets import BASE, TARGET, ceiling_table, interval, targets_table

SIZE = (240, 160)


def photos(deviation: float, count: int = 5, observers: int = 6) -> list[Sample]:
    """Everyone looks eight times at one place of each photo, as closely as `deviation` of the width."""
    rng = np.random.default_rng(0)
    found = []
    for rank in range(count):
        place = rng.uniform(0.25, 0.75, 2) * SIZE
        points = place + rng.normal(0, deviation * SIZE[0], (8 * observers, 2))
        points = np.clip(points, 0, np.array(SIZE) - 0.01)
        found.append(Sample("osie", f"{rank}.png", Path("none"), SIZE, points, np.arange(len(points)) % observers))
    return found


def test_people_who_look_closely_are_better_predicted_by_less_blur_and_best_by_the_mixture() -> None:
    samples = photos(0.01)
    table = targets_table(samples, samples).set_index("target")
    bits = table["bits"]
    assert bits["blur 1.5 %, uniform (the best of one)"] > bits[BASE] + 0.3
    assert bits[TARGET] > bits[BASE] + 0.3
    assert table["NSS"][TARGET] > table["NSS"][BASE] > table["NSS"]["centre prior"]
    assert table["more bits"][BASE] == "+0.000 [+0.000, +0.000]"


def test_people_who_look_anywhere_are_not_predicted_better_by_less_blur() -> None:
    samples = photos(0.2)
    bits = targets_table(samples, samples).set_index("target")["bits"]
    assert "blur 5 %, uniform (the best of one)" in bits
    assert bits[TARGET] > bits[BASE]


def test_the_target_is_judged_by_observers_that_it_did_not_see() -> None:
    """A literal loop over observers: the target of all the others, looked up where the one looked."""
    sample, *rest = photos(0.05)
    sample = replace(sample, fixations=np.where(sample.observers[:, None] == 3, (5.0, 5.0), sample.fixations))
    train = [sample, *rest]
    habits = habits_of(train)
    bits = []
    for observer in range(6):
        out = sample.observers == observer
        others = replace(sample, fixations=sample.fixations[~out], observers=sample.observers[~out])
        target = target_of(others, habits).astype(np.float64)
        places = [(int(y / 160 * 85), int(x / 240 * 128)) for x, y in sample.fixations[out]]
        bits.append(np.mean([np.log2(target[place] * target.size) for place in places]))
    table = targets_table([sample], train).set_index("target")
    assert table["bits"][TARGET] == pytest.approx(np.mean(bits), abs=1e-5)


def test_the_ceiling_of_people_who_agree_is_all_of_the_gaze() -> None:
    samples = photos(0.01)
    (row,) = ceiling_table(samples, samples).to_dict("records")
    assert row["mixture"] == row["blur"] == 1
    assert row["more"] == "+0.0000 [+0.0000, +0.0000]"


def test_an_interval_holds_its_mean() -> None:
    assert interval(np.full(9, 0.25), 2) == "+0.25 [+0.25, +0.25]"


def test_training_photos_carry_the_target_that_was_asked_for(tmp_path: Path) -> None:
    samples = [replace(sample, path=tmp_path / sample.name) for sample in photos(0.05)]
    for sample in samples:
        Image.new("RGB", SIZE).save(sample.path)
    habits = habits_of(samples)
    for photo, sample in zip(load_photos(samples, ["osie"], targets="mixture"), samples, strict=True):
        assert photo.target is not None
        np.testing.assert_array_equal(photo.target, target_of(sample, habits))
    assert all(photo.target is None for photo in load_photos(samples, ["osie"], targets="blur"))
    with pytest.raises(ValueError, match="unknown targets 'blurs'; available: blur, mixture"):
        load_photos(samples, ["osie"], targets="blurs")
