"""Who judges: rows of a run against plain loops, and chance among observers whose size is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from eval.benchmark import measure
from eval.context import make_context
from eval.datasets.types import Sample, make_sample
from eval.harm import gains_by, harm_by_chance, harm_without_noise, has_judges, help_and_harm_by_judge, noise_table
from eval.harm_tables import chance_table, judges_table, seen_table
from eval.metrics.crop import BENCHMARK_ASPECTS, human_window
from eval.report import help_and_harm, leaderboard
from eval.runs import Run, as_boxes, as_table
from eval.types import EVEN, EVERYBODY, GAZE_KEPT, ODD
from saliency.methods import load_method
from saliency.types import Box
from tests.scenes import BrightnessModel, gaze_by
from tests.synthetic import SCENES, write_dataset

SIZE = (400, 200)


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> list[Sample]:
    """Wide pictures at which five observers look in different places, some more often than others."""
    folder, rng = write_dataset(tmp_path_factory.mktemp("data")), np.random.default_rng(5)
    wide = [scene for scene in SCENES if scene.size == SIZE]
    return [
        make_sample("made", folder / scene.name, SIZE, [rng.random((n, 2)) ** 2 * SIZE for n in (3, 9, 1, 6, 4)])
        for scene in wide
    ]


@pytest.fixture(scope="module")
def run(samples: list[Sample]) -> Run:
    context = make_context(samples, samples)
    methods = [load_method("center"), gaze_by(BrightnessModel(), "bright")]
    outcomes = [measure(sample, methods, context) for sample in samples]
    return Run("made", as_table(outcomes), as_boxes(outcomes), {})


def kept_by(box: Box, points: np.ndarray) -> float:
    inside = [box.left <= x < box.right and box.top <= y < box.bottom for x, y in points]
    return sum(inside) / len(inside)


def test_every_judges_numbers_are_those_of_plain_loops(run: Run, samples: list[Sample]) -> None:
    rows = run.table.set_index(["image", "method", "aspect", "metric"])["value"].to_dict()
    boxes = {
        (b.image, b.method, b.aspect): Box(b.left, b.top, b.width, b.height) for b in run.boxes.itertuples(index=False)
    }
    for sample in samples:
        points, who = sample.fixations, sample.observers
        for aspect in (aspect for aspect in BENCHMARK_ASPECTS if str(aspect) != "2:1"):
            key = (sample.name, "bright", str(aspect))
            box = boxes[key]
            assert rows[(*key, ODD)] == pytest.approx(kept_by(box, points[who % 2 == 1]))
            assert rows[(*key, EVEN)] == pytest.approx(kept_by(box, points[who % 2 == 0]))
            each = [kept_by(box, points[who == one]) for one in range(5)]
            assert rows[(*key, EVERYBODY)] == pytest.approx(sum(each) / 5)
            human = (sample.name, "human", str(aspect))
            assert (*human, EVEN) in rows
            for_odd = human_window(points[who % 2 == 1], SIZE, aspect)
            assert rows[(*human, EVEN)] == pytest.approx(kept_by(for_odd, points[who % 2 == 0]))
            others = [kept_by(human_window(points[who != one], SIZE, aspect), points[who == one]) for one in range(5)]
            assert rows[(*human, EVERYBODY)] == pytest.approx(sum(others) / 5)
            assert rows[(sample.name, "oracle", str(aspect), EVEN)] >= rows[(*key, EVEN)] - 1e-6


def test_help_and_harm_are_the_leaderboards_by_each_judge(run: Run) -> None:
    assert has_judges(run)
    table = help_and_harm_by_judge(run)
    for judge, metric in zip(("odd half", "even half", "all"), GAZE_KEPT, strict=True):
        shares = help_and_harm(run.table, metric=metric)
        for effect in ("help", "harm"):
            estimates = table[judge][effect].dropna()
            assert estimates["mean"].to_dict() == pytest.approx(shares[effect].to_dict())
            assert (estimates["low"] <= estimates["mean"]).all()
            assert (estimates["mean"] <= estimates["high"]).all()
        assert leaderboard(run, metric).loc["human", "ceiling"] == pytest.approx(1)
    before = Run("before", run.table[run.table["metric"] != EVEN], run.boxes, {})
    assert not has_judges(before)


def test_the_ceilings_interval_is_that_of_photos_drawn_again(run: Run) -> None:
    """Many copies with changes of their own, so that there is something to draw; the slow way round."""
    rng = np.random.default_rng(6)
    photos, index = 60, []
    for number in range(photos):
        index += [(f"d{number % 2}", f"p{number}", method) for method in ("center", "human", "mine")]
    kept = {
        method: rng.normal(level, 0.1, photos) for method, level in {"center": 0.6, "human": 0.8, "mine": 0.7}.items()
    }
    rows = [(d, p, m, "1:1", ODD, kept[m][int(p[1:])], *(["x"] * 5)) for d, p, m in index]
    made = Run("made", pd.DataFrame(rows, columns=run.table.columns), run.boxes, {})
    found = leaderboard(made).loc["mine"]
    shares = []
    for _ in range(3000):
        drawn = np.concatenate([rng.choice(np.arange(first, photos, 2), photos // 2) for first in (0, 1)])
        mine, low, high = (kept[name][drawn].mean() for name in ("mine", "center", "human"))
        shares.append((mine - low) / (high - low))
    assert (found["ceiling low"], found["ceiling high"]) == pytest.approx(np.quantile(shares, [0.025, 0.975]), abs=0.03)
    assert found["ceiling low"] < found["ceiling"] < found["ceiling high"]


def test_chance_and_true_harm_are_those_the_numbers_were_made_with() -> None:
    rng = np.random.default_rng(7)
    true, noise = rng.normal(0.02, 0.05, 40_000), rng.normal(0, 0.06, (2, 40_000))
    odd, even = true + noise
    assert harm_by_chance(odd, even) == pytest.approx((noise[0] <= -0.05).mean(), abs=0.006)
    seen = (odd <= -0.05).mean()
    estimate = harm_without_noise(odd, even, (odd + even) / 2)
    assert estimate == pytest.approx((true <= -0.05).mean(), abs=0.006)
    assert seen > estimate + 0.05
    equal = noise[0], noise[1], noise.mean(axis=0)
    assert harm_without_noise(*equal) < 0.002
    assert (equal[2] <= -0.05).mean() > 0.1


def test_the_noise_table_counts_by_crop(run: Run) -> None:
    found = noise_table(run)
    assert list(found.index) == ["bright"]
    odd, even = (gains_by(run, metric)["bright"].to_dict() for metric in (ODD, EVEN))
    both = [odd[key] <= -0.05 and even[key] <= -0.05 for key in odd]
    assert found.loc["bright", "both"] == pytest.approx(sum(both) / len(both))
    assert 0 <= found.loc["bright", "without noise"] <= 1


def test_the_printed_tables_are_those_numbers(run: Run) -> None:
    shares, judged = help_and_harm_by_judge(run), judges_table(run)
    assert "center" not in judged.index
    for method, row in judged.iterrows():
        for effect, judge in (("help", "odd half"), ("harm", "all")):
            mean = shares.loc[method, (judge, effect, "mean")]
            assert row[f"{effect}s, {judge}"].startswith("" if np.isnan(mean) else f"{mean:.1%} [")
    assert judged.loc["oracle", "helps, all"] == ""
    assert chance_table(run).loc["bright", "harms, by both halves"] == f"{noise_table(run).loc['bright', 'both']:.1%}"
    named = [
        run.table.assign(method=run.table["method"].astype(str).replace("bright", name))
        for name in ("gaze", "gaze-only")
    ]
    table = pd.concat(named, ignore_index=True)
    table = table.drop_duplicates(["image", "method", "aspect", "metric"])
    whole, part = (Run("made", rows, run.boxes, {}) for rows in (table, table[table["image"] != "left.png"]))
    seen = seen_table(whole, part)
    assert list(seen["photos"]) == ["3", "2"] * 3
    for name, of in zip(seen.index[:2], (whole, part), strict=True):
        kept = leaderboard(of, EVERYBODY).loc["gaze", "mean"]
        assert seen.loc[name, "keeps"] == f"{kept:.3f}"
        assert seen.loc[name, "harms, all"].startswith(
            f"{help_and_harm(of.table, metric=EVERYBODY).loc['gaze', 'harm']:.1%}"
        )
