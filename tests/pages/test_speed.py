"""Quality's tab of speed: the figures and the sentence against a bench that is known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval.bench.files import BENCH
from pages.quality.speed import as_table, sentence
from pages.quality.speed_figures import as_points, curve, stages
from tests.pages.app import open_page


def spread(median: float) -> dict[str, float]:
    return {"median": median, "low": median, "high": median}


METHODS = {
    "twitter-2018": {
        "decode": spread(4),
        "resize": spread(16),
        "network": spread(80),
        "crop": spread(0),
        "total": spread(100),
    },
    "gaze-fast": {
        "decode": spread(3),
        "resize": spread(2),
        "network": spread(4),
        "crop": spread(1),
        "total": spread(10),
    },
    "smartcrop": {"decode": spread(4), "crop": spread(46), "total": spread(50)},
}
ENTRIES: list[dict[str, Any]] = [
    {
        "family": "gaze-fast",
        "label": "half",
        "milliseconds": 2.0,
        "nss": {"a": 1.0, "b": 2.0},
        "kept": {"a": 0.8, "b": 0.9},
    },
    {
        "family": "twitter-2018",
        "label": "twitter-2018",
        "milliseconds": 80.0,
        "nss": {"a": 1.0, "b": 1.0},
        "kept": {"a": 0.7, "b": 0.7},
    },
    {
        "family": "gaze-fast",
        "label": "whole",
        "milliseconds": 4.0,
        "nss": {"a": 2.0, "b": 2.0},
        "kept": {"a": 0.8, "b": 0.8},
    },
]


def test_the_sentence_says_how_often_and_how_much_faster() -> None:
    text = sentence({"methods": METHODS})
    assert "100 photos a second on one core" in text
    assert "4.0 ms, **20 times less than Twitter's**" in text
    assert "Twitter" not in sentence({"methods": {"gaze-fast": METHODS["gaze-fast"]}})


def test_a_family_is_one_line_from_fast_to_slow() -> None:
    figure = curve(as_points(ENTRIES))
    lines = {line.name: line for line in figure.data}
    assert list(lines["Saliency (fast)"].x) == [2.0, 4.0]
    assert list(lines["Saliency (fast)"].y) == [1.5, 2.0]
    assert list(lines["Saliency (fast)"].customdata) == ["half", "whole"]
    assert list(lines["Twitter 2018"].y) == [1.0]


def test_the_bars_of_a_method_add_up_to_its_total_and_the_quickest_is_on_top() -> None:
    figure = stages(METHODS)
    names = list(figure.data[0].y)
    assert names == ["Twitter 2018", "smartcrop", "Saliency (fast)"]  # plotly draws the last on top
    for i, total in enumerate((100, 50, 10)):
        assert sum(bar.x[i] for bar in figure.data) == total


def test_the_table_has_the_quickest_first() -> None:
    table = as_table(METHODS)
    assert list(table.index) == ["gaze-fast", "smartcrop", "twitter-2018"]
    assert table.loc["gaze-fast", "images per second"] == 100


def test_the_tab_shows_the_committed_bench() -> None:
    page = open_page("quality", show="Speed")
    bench = json.loads(BENCH.read_text())
    assert any(sentence(bench) == text.value for text in page.markdown)
    shown = [table.value for table in page.dataframe]
    assert any(list(table.iloc[:, 0]) == [entry["megapixels"] for entry in bench["sizes"]] for table in shown)
    assert any(list(table.iloc[:, 0]) == [entry["photos"] for entry in bench["counts"]] for table in shown)


def test_without_a_bench_the_way_to_make_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("eval.bench.files.load_bench.__defaults__", (tmp_path / "none.json",))
    page = open_page("quality", show="Speed")
    assert any("python -m eval bench --write" in info.value for info in page.info)
