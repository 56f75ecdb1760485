"""Verdicts: against the studentised range, brute force, and made-up methods that are known to differ or not."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from eval.statistics import by_dataset, mean_of
from eval.verdicts import more_photos, standings, turned_by


def made_up(columns: dict[str, np.ndarray], formats: int = 1, datasets: int = 1) -> pd.DataFrame:
    """Values by (dataset, image, aspect), from one array of images x formats a method."""
    images = len(next(iter(columns.values())))
    index = pd.MultiIndex.from_tuples(
        [(f"d{i % datasets}", f"{i:05d}", f"{f}:1") for i in range(images) for f in range(1, formats + 1)],
        names=["dataset", "image", "aspect"],
    )
    return pd.DataFrame({name: np.reshape(values, -1) for name, values in columns.items()}, index=index)


def alike(methods: int, images: int, seed: int, lead: float = 0.0) -> pd.DataFrame:
    """Methods that are equally good on the whole; the first by a lead better."""
    noise = np.random.default_rng(seed).normal(0, 1, (images, methods))
    noise[:, 0] += lead
    return made_up({f"m{rank}": noise[:, rank] for rank in range(methods)})


@pytest.mark.parametrize("methods", [2, 4, 9])
def test_the_reach_is_that_of_the_studentised_range(methods: int) -> None:
    """Of equally uncertain, independent means the largest difference is distributed as Tukey's range is."""
    found = standings(alike(methods, 400, seed=methods)).reach
    assert found == pytest.approx(stats.studentized_range.ppf(0.95, methods, np.inf) / np.sqrt(2), rel=0.06)


def test_equal_methods_are_rarely_told_apart_in_any_pair() -> None:
    told = [bool((standings(alike(6, 80, seed)).ranks()["best"] > 1).any()) for seed in range(120)]
    assert sum(told) <= 14  # of 120; 6 expected, and without the correction some 40


def test_leads_intervals_and_ranks_are_those_of_plain_loops() -> None:
    rng = np.random.default_rng(4)
    columns = {name: rng.normal(mean, 1, (90, 3)) for name, mean in {"a": 0.85, "b": 0.8, "c": 0.0}.items()}
    columns["a"][:20, 0] = np.nan  # not cropped to this format: then no method is
    values = made_up(columns, formats=3, datasets=2)
    found = standings(values)
    shared = values.dropna()
    level = {name: np.mean([mean_of(group) for group in by_dataset(shared[name])]) for name in shared}
    drawn: dict[tuple[str, str], list[float]] = {pair: [] for pair in itertools.combinations("abc", 2)}
    images = {name: sorted(shared.loc[name].index.unique("image")) for name in ("d0", "d1")}
    for _ in range(200):
        again = {name: list(rng.choice(of, len(of))) for name, of in images.items()}
        means = {name: np.mean([slow_mean(shared[name].loc[d], again[d]) for d in again]) for name in shared}
        for (one, other), differences in drawn.items():
            differences.append(float(means[one] - means[other]))
    errors = {pair: np.std(of) for pair, of in drawn.items()}
    largest = np.max([np.abs(np.array(of) - np.mean(of)) / errors[pair] for pair, of in drawn.items()], axis=0)
    reach = np.quantile(largest, 0.95)
    beaten, beats = dict.fromkeys("abc", 0), dict.fromkeys("abc", 0)
    for (one, other), error in errors.items():
        pair = found.pair(one, other)
        lead = abs(level[one] - level[other])
        assert pair.lead == pytest.approx(lead)
        assert (pair.low, pair.high) == pytest.approx((lead - reach * error, lead + reach * error), abs=0.06)
        assert found.pair(other, one) == pair
        beaten[pair.worse] += lead > reach * error
        beats[pair.better] += lead > reach * error
    assert found.names == tuple(sorted("abc", key=lambda name: -level[name]))
    for name, (best, worst) in found.ranks().iterrows():
        assert (best, worst) == (1 + beaten[name], 3 - beats[name])
    assert found.ranks().loc["c"].tolist() == [3, 3]


def slow_mean(values: pd.Series, images: list[str]) -> float:
    by_format: dict[str, list[float]] = {}
    kept = values.to_dict()
    for image in images:
        for aspect in ("1:1", "2:1", "3:1"):
            if (image, aspect) in kept:
                by_format.setdefault(aspect, []).append(kept[image, aspect])
    return float(np.mean([np.mean(of) for of in by_format.values()]))


def test_less_may_be_better() -> None:
    values = made_up({"few": np.full(50, 0.1), "many": np.linspace(0.4, 0.6, 50)})
    pair = standings(values, more_is_better=False).pair("few", "many")
    assert (pair.better, pair.decided) == ("few", True)
    assert pair.lead == pytest.approx(0.4)


def test_the_same_crops_are_not_told_apart_by_any_number_of_photos() -> None:
    same = np.random.default_rng(1).random(40)
    pair = standings(made_up({"one": same, "other": same})).pair("one", "other")
    assert (pair.lead, pair.low, pair.high) == (0, 0, 0)
    assert not pair.decided
    assert pair.more is None
    assert pair.turned_by == 0


def test_so_many_more_photos_decide_about_as_often_as_said() -> None:
    lead, images = 0.12, 100
    error = np.sqrt(2 / images)
    more = more_photos(lead, error, images, reach=1.96)
    assert more is not None
    told = [standings(alike(2, images + more, seed, lead)).pair("m0", "m1") for seed in range(100)]
    assert 70 <= sum(pair.decided and pair.better == "m0" for pair in told) <= 90
    assert more_photos(lead / 100, error, images, 1.96) is None
    assert more_photos(0.0, error, images, 1.96) is None


def test_the_fewest_photos_that_turn_one_format_are_those_of_brute_force() -> None:
    rng = np.random.default_rng(2)
    for _ in range(30):
        values = rng.normal(0.4, 1, (10, 1))
        assert turned_by([values]) == fewest([values])


def test_with_formats_and_datasets_hardly_more_than_the_fewest() -> None:
    rng = np.random.default_rng(3)
    over = []
    for _ in range(20):
        groups = [rng.normal(0.3, 1, (size, 2)) for size in (5, 6)]
        groups[0][0, 1] = np.nan
        found = turned_by(groups)
        if found is not None:
            over.append(found - fewest(groups))
    assert min(over) == 0
    assert max(over) <= 1
    assert np.mean(over) < 0.2


def test_by_crop_each_crop_counts_the_same() -> None:
    rng = np.random.default_rng(9)
    group = rng.normal(0.4, 1, (9, 3))
    group[3:, 0] = np.nan  # a format of few images
    found = turned_by([group], by_crop=True)
    assert found is not None
    assert 0 <= found - fewest([group], np.nanmean) <= 1
    worse = group - rng.normal([[0.1, 0.5, 0.9]], 0.1, group.shape)
    values = made_up({"a": group, "b": worse}, formats=3)
    values = values[group.reshape(-1) == group.reshape(-1)]
    pair = standings(values, by_crop=True).pair("a", "b")
    assert pair.lead == pytest.approx(np.nanmean(group - worse))
    assert pair.lead != pytest.approx(np.mean(np.nanmean(group - worse, axis=0)), abs=1e-4)


def fewest(groups: list[np.ndarray], mean: Callable[[np.ndarray], float] = mean_of) -> int:
    """Every choice of images, the small ones first."""
    images = [(g, i) for g, group in enumerate(groups) for i in range(len(group))]
    for count in range(len(images)):
        for left_out in itertools.combinations(images, count):
            kept = [np.delete(group, [i for at, i in left_out if at == g], axis=0) for g, group in enumerate(groups)]
            if all(map(len, kept)) and np.mean([mean(group) for group in kept]) <= 0:
                return count
    return len(images)


def test_what_is_better_on_every_photo_is_never_turned() -> None:
    assert turned_by([np.array([[0.2], [0.5], [0.1]])]) is None


def test_one_method_has_no_verdict() -> None:
    with pytest.raises(ValueError, match="a verdict takes two methods on the same photos, got only"):
        standings(made_up({"only": np.ones(5)}))
