"""Quality's tab of calibration, on made-up runs: what was said of crops, against what pandas finds of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from eval.calibration import forecasts, reliability
from eval.runs import Run
from eval.stability import ANY, MIRRORED, write_stability
from eval.types import EVERYBODY, EXPECTED, HELP_EXPECTED
from pages.quality.jumps import FAR, JUMPS, jumps_sentence, jumps_table
from pages.shared import run_cache as runs
from pages.shared.figures.calibration import reliability_diagram
from pages.shared.reliability_words import reliability_sentence
from tests.forecasts import made, write_run
from tests.pages.app import open_page


@pytest.fixture
def committed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the committed runs lie; no local ones, and no bench of stability."""
    monkeypatch.setattr(runs, "LOCAL", tmp_path / "runs")
    monkeypatch.setattr(runs, "RESULTS", tmp_path / "committed")
    monkeypatch.setattr("eval.stability.load_stability.__defaults__", (tmp_path / "stability.json",))
    return tmp_path / "committed"


def shown(**query: str) -> AppTest:
    return open_page("quality", show="Calibration", **query)


def without(run: Run, *metrics: str) -> Run:
    return replace(run, table=run.table[~run.table["metric"].isin(metrics)])


def by_hand(run: Run, metric: str, method: str = "gaze") -> pd.Series:
    rows = run.table[(run.table["metric"] == metric) & (run.table["method"] == method)]
    return rows.set_index(["dataset", "image", "aspect"])["value"]


def headers(page: AppTest) -> list[str]:
    return [header.value for header in page.header]


def test_the_tab_says_what_came_of_what_was_said(committed: Path) -> None:
    run = made(bias=0.03)
    write_run(run, committed / "test")
    page = shown()
    error = by_hand(run, EVERYBODY) - by_hand(run, EXPECTED)
    table = page.dataframe[0].value
    assert list(table.index) == ["crowd", "osie", "all"]
    for name in ("crowd", "osie"):
        assert table.loc[name, "Crops"] == 300
        assert table.loc[name, "Bias, points"] == pytest.approx(100 * error[name].mean(), abs=1e-3)
        assert table.loc[name, "MAE, points"] == pytest.approx(100 * error[name].abs().mean(), abs=1e-3)
    assert page.markdown[0].value == reliability_sentence(reliability(forecasts(run), "kept"), "kept")
    assert "more than is said" in page.markdown[0].value
    assert headers(page) == ["Said and seen", "How far it is off"]
    assert "600 crops of 300 test photos of crowd and osie" in page.caption[0].value


def test_datasets_never_seen_stand_beside_the_committed_run(committed: Path) -> None:
    write_run(made(), committed / "test")
    write_run(made(bias=-0.05), committed / "unseen")
    page = shown(said="gain")
    assert headers(page) == ["Test photos of its own datasets", "Photos of datasets it never saw"]
    own, other = (frame.value for frame in page.dataframe)
    assert other.loc["all", "Bias, points"] == pytest.approx(own.loc["all", "Bias, points"] - 5, abs=0.01)
    assert "as far as can be told. On photos of datasets it never saw: crops said to keep" in page.markdown[0].value
    assert page.markdown[0].value.endswith("less than is said.")
    assert headers(shown(said="gain", run="unseen")) == ["Said and seen", "How far it is off"]


def test_by_format_and_of_help_there_is_no_error_of_a_single_crop(committed: Path) -> None:
    write_run(made(), committed / "test")
    page = shown(said="help", by="format")
    assert list(page.dataframe[0].value.index) == ["16:9", "1:1", "all"]
    assert list(page.dataframe[0].value.columns) == ["Bias, points", "ECE, points", "Crops"]
    assert "likely to keep 5 points more than the centre crop" in page.markdown[0].value


def test_a_run_that_does_not_say_enough_says_what_to_do(committed: Path) -> None:
    write_run(without(made(), EXPECTED, HELP_EXPECTED), committed / "test")
    (info,) = shown().info
    assert "python -m eval run" in info.value


def test_an_older_run_is_shown_by_what_it_has(committed: Path) -> None:
    write_run(without(made(), HELP_EXPECTED), committed / "test")
    page = shown(said="help")
    assert next(box for box in page.selectbox if box.label == "Said of a crop").options == ["kept", "gain", "harm"]
    assert "Crops said to keep" in page.markdown[0].value
    assert any("to help and to harm, this run does not say" in caption.value for caption in page.caption)


def test_the_diagram_has_a_mark_a_bin_and_a_diagonal_in_each_panel() -> None:
    told = forecasts(made(bias=0.03))
    tables = {name: reliability(part, "kept") for name, part in told.groupby(level="aspect")}
    figure = reliability_diagram(tables, "kept")
    marks = [trace for trace in figure.data if trace.mode == "markers"]
    assert [trace.name for trace in marks] == ["16:9", "1:1"]
    for trace, table in zip(marks, tables.values(), strict=True):
        np.testing.assert_allclose(trace.x, 100 * table["expected"])
        np.testing.assert_allclose(trace.y, 100 * table["seen"])
        np.testing.assert_allclose(trace.y - trace.error_y.arrayminus, 100 * table["low"])
        np.testing.assert_allclose(trace.y + trace.error_y.array, 100 * table["high"])
        assert (trace.y > trace.x).all()  # each keeps more than was said
    lines = [trace for trace in figure.data if trace.mode == "lines"]
    assert len(lines) == 2
    for line in lines:
        assert tuple(line.x) == tuple(line.y) == figure.layout.xaxis.range == figure.layout.yaxis.range


@pytest.mark.parametrize(
    ("seen", "low", "high", "judgement"),
    [
        (0.34, 0.28, 0.4, "as said, as far as can be told"),
        (0.2, 0.1, 0.29, "less than is said"),
        (0.5, 0.4, 0.6, "more than is said"),
    ],
)
def test_the_sentence_judges_by_the_interval(seen: float, low: float, high: float, judgement: str) -> None:
    table = pd.DataFrame([(0.1, 0.1, 0.1, 0.1, 9), (0.3, seen, low, high, 9)]).set_axis(
        ["expected", "seen", "low", "high", "crops"], axis=1
    )
    assert reliability_sentence(table, "harm") == (
        f"Of crops said to be **30\u00a0%** likely to keep 5 points less than the centre crop, "
        f"**{round(100 * seen)}\u00a0%** do (95 % interval {100 * low:.0f} to {100 * high:.0f}): {judgement}."
    )
    assert reliability_sentence(table, "gain").startswith("Crops said to keep **30.0\u00a0points** more than")


MOVED = pd.DataFrame(
    [
        ("gaze", "a pixel cut off", 0.001, 0.012, 0.04),
        ("gaze", MIRRORED, 0.001, 0.021, 0.05),
        ("gaze", ANY, 0.002, 0.031, 0.11),
        ("face", "a pixel cut off", 0.0, 0.2, 0.3),
        ("face", MIRRORED, 0.0, 0.1, 0.2),
        ("face", ANY, 0.0, 0.2, 0.3),
    ],
    columns=["method", "change", "median", FAR, JUMPS],
)


def test_the_tables_of_jumps_have_a_row_a_change_and_a_column_a_method() -> None:
    table = jumps_table(MOVED, JUMPS)
    assert list(table.columns) == ["Saliency", "Face"]
    assert list(table.index) == ["A pixel cut off", "Mirrored", "Any but mirrored"]
    assert table.loc["Any but mirrored", "Saliency"] == pytest.approx(11)
    assert jumps_table(MOVED, FAR).loc["Mirrored", "Face"] == pytest.approx(10)
    assert "On **11\u00a0%** of photos some crop by `gaze`" in jumps_sentence(MOVED)
    assert "within 2.1\u00a0%" in jumps_sentence(MOVED)


def test_jumps_are_shown_where_they_were_measured(committed: Path, tmp_path: Path) -> None:
    write_run(made(), committed / "test")
    assert "Whether crops jump" not in headers(shown())
    write_stability(MOVED, {}, "made up", tmp_path / "stability.json")
    page = shown()
    assert headers(page)[-1] == "Whether crops jump"
    assert jumps_sentence(MOVED) in [text.value for text in page.markdown]
