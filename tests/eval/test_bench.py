"""The bench: who takes turns when, and what is reported. Nothing here depends on how fast the machine is."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from eval.__main__ import main
from eval.bench.bench import as_text, medians
from eval.bench.curve import curve
from eval.bench.growth import _process, photo
from eval.bench.stages import ASPECTS, STAGES, work_of
from eval.bench.timing import WARM_UP, Laps, Spread, interleaved
from saliency.image import open_image
from saliency.methods import load_method
from saliency.models import NETWORKS, load_model
from tests.photos import needs_data, samples_of


def test_everything_takes_turns_and_another_begins_each_round() -> None:
    turns: list[str] = []

    def work(name: str) -> Any:
        def run(laps: Laps) -> None:
            with laps.lap("only"):
                turns.append(name)

        return run

    interleaved({name: work(name) for name in "abc"}, 5)
    rounds = ["".join(turns[i : i + 3]) for i in range(0, len(turns), 3)]
    assert len(rounds) == WARM_UP + 5
    assert all(sorted(turn) == ["a", "b", "c"] for turn in rounds)
    assert {turn[0] for turn in rounds} == {"a", "b", "c"}


def test_the_spread_is_that_of_the_rounds_that_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that jumps by known steps: 1000 ms while warming up, then 1, 2, 3 and 4 ms, in each of two laps."""
    steps = [step for step in [1.0] * WARM_UP + [0.001, 0.002, 0.003, 0.004] for _ in range(2)]
    clock = iter(np.cumsum([value for step in steps for value in (0.5, step)]).tolist())
    monkeypatch.setattr("eval.bench.timing.time.perf_counter", lambda: next(clock))

    def work(laps: Laps) -> None:
        with laps.lap("first"):
            pass
        with laps.lap("second"):
            pass

    found = interleaved({"it": work}, 4)["it"]
    assert list(found) == ["first", "second", "total"]
    assert found["first"] == found["second"] == Spread(2.5, 1.75, 3.25)
    assert found["total"] == Spread(5.0, 3.5, 6.5)


@pytest.mark.parametrize("name", NETWORKS)
def test_our_stages_end_in_the_boxes_of_the_method(name: str) -> None:
    data = photo(0.3)
    work, unavailable = work_of([name], data)
    laps = Laps()
    found = work[name](laps)
    assert unavailable == {}
    assert list(laps.milliseconds) == list(STAGES)
    assert found == load_method(name).crop(open_image(data), ASPECTS)  # too small to be decoded smaller


def test_twitters_stages_end_in_its_own_boxes() -> None:
    if not os.environ.get("FASTGAZE_VXM"):
        pytest.skip("FASTGAZE_VXM is not set")
    data = photo(0.3)
    (work,) = work_of(["twitter-2018"], data)[0].values()
    from eval.peers import load_peer

    expected = [crop.box for crop in load_peer("twitter-2018").crop(open_image(data), ASPECTS)]
    found = work(Laps())
    assert isinstance(found, list)
    assert max(abs(a.left - b.left) + abs(a.top - b.top) for a, b in zip(found, expected, strict=True)) <= 1


@pytest.mark.parametrize("megapixels", [0.3, 2.0])
def test_the_photo_has_its_size_and_a_cameras_bytes(megapixels: float) -> None:
    data = photo(megapixels)
    image = open_image(data)
    assert image.shape[0] * image.shape[1] == pytest.approx(megapixels * 1e6, rel=0.01)
    assert 0.15 < len(data) / (megapixels * 1e6) < 0.6


def test_one_object_of_medians_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--json", "--rounds", "1", "--against", "spectral-residual"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert list(found) == [*NETWORKS, "spectral-residual"]
    for name in NETWORKS:
        assert set(found[name]) == {*(f"{stage}_ms" for stage in STAGES), "total_ms", "images_per_s"}
    assert "network_ms" not in found["spectral-residual"]
    for values in found.values():
        assert values["images_per_s"] == pytest.approx(1000 / values["total_ms"], rel=0.1, abs=0.1)


def test_medians_and_text_say_the_same() -> None:
    methods = {"slow": {"decode": Spread(5.0, 4, 6), "network": Spread(15.0, 14, 16), "total": Spread(20.0, 18, 22)}}
    assert medians(methods) == {"slow": {"decode_ms": 5.0, "network_ms": 15.0, "total_ms": 20.0, "images_per_s": 50.0}}
    assert "20.00   [18.0, 22.0]" in as_text(methods)
    assert as_text(methods).endswith("50.0")


def test_an_unknown_method_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--against", "twiter"]) == 2
    assert "unknown method 'twiter'; available: " in capsys.readouterr().err


@needs_data
def test_the_curve_scores_what_the_evaluation_scores(monkeypatch: pytest.MonkeyPatch) -> None:
    """A photo a dataset; `gaze` at its own resolution against the recipe's own scores."""
    from training.scores import quick_scores

    monkeypatch.setattr("eval.bench.curve.load_dataset", lambda name, split: samples_of(name, split)[:1])
    points = {point.label: point for point in curve([], 1)}
    assert len(points) >= 5
    own = points["gaze 320x256"]
    for name, score in own.nss.items():
        expected = quick_scores(samples_of(name, "val")[:1], load_model("gaze"))
        assert score == pytest.approx(expected["NSS"], abs=1e-3)
        assert own.kept[name] == pytest.approx(expected["gaze kept"], abs=1e-3)


def test_the_committed_bench_has_a_curve_of_six_points_or_more() -> None:
    path = Path(__file__).parents[2] / "eval" / "results" / "bench" / "bench.json"
    bench = json.loads(path.read_text())
    assert len(bench["curve"]) >= 6
    assert [entry["megapixels"] for entry in bench["sizes"]] == [0.3, 1.0, 3.0, 12.0, 48.0]
    assert [entry["photos"] for entry in bench["counts"]] == [1, 10, 100, 1000, 10_000]
    memory = {entry["photos"]: entry["peak_mb"] for entry in bench["counts"]}
    assert memory[10_000] < 1.1 * memory[100]
    assert set(NETWORKS) <= set(bench["methods"])


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux")
def test_the_memory_is_the_programs_own() -> None:
    """Not what this process, large as it is, had before; and what is given back counts."""
    held = np.ones(400_000_000, np.uint8)
    assert _process("")["peak_mb"] < 100
    assert 150 < _process("data = bytearray(b'x') * 150_000_000; del data")["peak_mb"] < 250
    assert held.all()
