"""The figures of Quality, as data: their marks must be the numbers they are given."""

from __future__ import annotations

import base64
import re
from typing import Any

import numpy as np
import pandas as pd
import pytest

from eval.report import METRICS, help_and_harm, leaderboard, select, values_of
from eval.runs import RESULTS, Run, load_run
from pages.quality.marks import mark_uri
from pages.quality.tables import changes_table, with_status
from pages.shared.figures.quality import FASTEST, distribution, forest, histogram, milliseconds, pareto
from pages.shared.figures.theme import BAD, FAINT, GOOD, NEUTRAL
from pages.shared.figures.units import amount, between, difference, unit_of
from pages.shared.palette import METHOD_LOOKS, OTHER_LOOKS, method_look


@pytest.fixture(scope="module")
def run() -> Run:
    return load_run(RESULTS / "test")


@pytest.fixture(scope="module")
def board(run: Run) -> pd.DataFrame:
    return leaderboard(run)


@pytest.fixture(scope="module")
def points(run: Run, board: pd.DataFrame) -> pd.DataFrame:
    times = values_of(select(run.table, "milliseconds")).median().rename("milliseconds")
    return board[["mean", "low", "high"]].rename(columns={"mean": "quality"}).join(times)


def marks(figure: Any) -> dict[str, Any]:
    """The marks of a figure by what a click on them gives: the method."""
    return {trace.customdata[0]: trace for trace in figure.data if trace.customdata is not None}


def shades(figure: Any) -> dict[str, tuple[float, float]]:
    """Colour -> (x0, x1) of the shaded rectangles."""
    return {s.fillcolor: tuple(sorted((s.x0, s.x1))) for s in figure.layout.shapes if s.type == "rect"}


def texts(figure: Any) -> list[str]:
    return [note.text for note in figure.layout.annotations]


def test_the_forest_shows_every_difference_with_its_interval(board: pd.DataFrame) -> None:
    figure = forest(board, "gaze kept", "center")
    found = marks(figure)
    assert set(found) == set(board.index) - {"center"}
    for method, mark in found.items():
        row, look = board.loc[method], method_look(method)
        assert mark.x[0] == pytest.approx(100 * row["difference"])
        assert mark.x[0] - mark.error_x.arrayminus[0] == pytest.approx(100 * row["difference low"])
        assert mark.x[0] + mark.error_x.array[0] == pytest.approx(100 * row["difference high"])
        assert (mark.y[0], mark.marker.color, mark.marker.symbol) == (look.label, look.color, look.symbol)
        assert f"{100 * row['difference']:+.1f}\u00a0points" in mark.hovertemplate
    heights = [mark.x[0] for mark in figure.data]
    assert heights == sorted(heights), "the best is on top: the last of a category axis"
    assert figure.layout.xaxis.title.text == "Difference to Centre, percentage points"


def test_both_half_planes_say_and_show_which_side_is_better(run: Run, board: pd.DataFrame) -> None:
    figure = forest(board, "gaze kept", "center")
    assert texts(figure) == ["← worse", "better →"]
    assert shades(figure)[GOOD][0] == shades(figure)[BAD][1] == 0
    low, high = figure.layout.xaxis.range
    assert low < 100 * board["difference low"].min()
    assert high > 100 * board["difference high"].max()
    fewer = forest(leaderboard(run, "faces cut"), "faces cut", "center")  # less is better
    assert texts(fewer) == ["← better", "worse →"]
    assert shades(fewer)[GOOD][1] == shades(fewer)[BAD][0] == 0
    ordered = [mark.x[0] for mark in fewer.data]
    assert ordered == sorted(ordered, reverse=True)


def test_the_forest_of_a_map_metric_is_in_its_own_unit(run: Run) -> None:
    board = leaderboard(run, "NSS", "centre prior")
    figure = forest(board, "NSS", "centre prior")
    assert marks(figure)["gaze"].x[0] == pytest.approx(board.loc["gaze", "difference"])
    assert figure.layout.xaxis.title.text == "Difference to Centre prior, deviations"


def test_a_forest_without_methods_or_intervals_is_still_a_figure(board: pd.DataFrame) -> None:
    assert len(forest(board.loc[["center"]], "gaze kept", "center").data) == 0
    unknown = board.loc[["center", "gaze"]].assign(**{"difference low": np.nan, "difference high": np.nan})
    assert all(np.isfinite(forest(unknown, "gaze kept", "center").layout.xaxis.range))


def test_the_pareto_plot_has_every_method_on_a_log_axis(points: pd.DataFrame) -> None:
    figure = pareto(points, "gaze kept")
    found = marks(figure)
    assert set(found) == set(points.index) - {"human", "oracle"}
    for method, mark in found.items():
        row = points.loc[method]
        assert mark.x[0] == pytest.approx(max(row["milliseconds"], FASTEST))
        assert mark.y[0] == pytest.approx(100 * row["quality"])
        assert mark.y[0] + mark.error_y.array[0] == pytest.approx(100 * row["high"])
        assert mark.text[0].strip() == method_look(method).label
    axis = figure.layout.xaxis
    assert axis.type == "log"
    assert "ms" in axis.title.text
    assert axis.range[0] < 0, "what takes less than 1 ms is inside the plot"
    assert "1 or less" in axis.ticktext
    assert "under 1\u00a0ms a photo" in found["center"].hovertemplate
    assert figure.layout.yaxis.title.text == "Gaze kept, %"


def test_the_human_ceiling_is_a_line_across(points: pd.DataFrame) -> None:
    figure = pareto(points, "gaze kept")
    human = 100 * points.loc["human", "quality"]
    (line,) = [s for s in figure.layout.shapes if s.line.color == method_look("human").color]
    assert line.y0 == line.y1 == pytest.approx(human)
    assert line.line.dash == "dash"
    assert f"Human ceiling {human:.1f}\u00a0%" in texts(figure)
    assert not any("Human" in text for text in texts(pareto(points.drop(index=["human", "oracle"]), "gaze kept")))


def test_the_front_joins_what_none_beats_in_both(points: pd.DataFrame) -> None:
    (front,) = [t for t in pareto(points, "gaze kept").data if t.mode == "lines"]
    timed = points.dropna()
    time = timed["milliseconds"].clip(lower=FASTEST)
    unbeaten = [
        m
        for m in timed.index
        if not any(
            (time[o] <= time[m] and timed["quality"][o] >= timed["quality"][m])
            and (time[o] < time[m] or timed["quality"][o] > timed["quality"][m])
            for o in timed.index
        )
    ]
    assert sorted(front.y) == pytest.approx(sorted(100 * timed.loc[unbeaten, "quality"]))
    assert list(front.x) == sorted(front.x)
    assert unbeaten


def test_where_less_is_better_up_is_still_better(points: pd.DataFrame) -> None:
    figure = pareto(points, "faces cut")
    assert figure.layout.yaxis.autorange == "reversed"
    (front,) = [t for t in figure.data if t.mode == "lines"]
    assert list(front.y) == sorted(front.y, reverse=True)


def test_a_run_with_one_method_can_be_drawn(points: pd.DataFrame) -> None:
    assert set(marks(pareto(points.loc[["gaze"]], "gaze kept"))) == {"gaze"}
    assert not marks(pareto(points.loc[["human"]], "gaze kept"))


def differences(run: Run, metric: str = "gaze kept", method: str = "gaze") -> pd.Series:
    values = values_of(select(run.table, metric))
    return values[method] - values["center"]


def test_the_bars_count_every_crop_once(run: Run) -> None:
    known = differences(run).dropna().to_numpy()
    figure = distribution(differences(run), "gaze", "center")
    bars = histogram(differences(run))
    assert bars["crops"].sum() == len(known)
    assert bars["share"].sum() == pytest.approx(1)
    for number, height in zip(figure.data[0].customdata, figure.data[0].y, strict=True):
        bar = bars.loc[number]
        assert bar["crops"] == ((known >= bar["low"]) & (known < bar["high"])).sum()
        assert height == pytest.approx(100 * bar["share"])


@pytest.mark.parametrize("method", ["gaze", "face", "twitter-2018", "oracle"])
def test_help_and_harm_of_the_bars_are_those_of_the_leaderboard(run: Run, method: str) -> None:
    bars, shares = histogram(differences(run, method=method)), help_and_harm(run.table).loc[method]
    assert bars.loc[bars["low"] > 0.04, "share"].sum() == pytest.approx(shares["help"])
    assert bars.loc[bars["high"] < -0.04, "share"].sum() == pytest.approx(shares["harm"])
    shown = dict(
        text.replace("\u00a0%", "").rsplit(" ", 1)
        for text in texts(distribution(differences(run, method=method), method, "center"))
    )
    assert int(shown["helps"]) == round(100 * shares["help"])
    assert int(shown["harms"]) == round(100 * shares["harm"])
    assert sum(map(int, shown.values())) == pytest.approx(100, abs=1)


def test_exactly_five_points_help_or_harm() -> None:
    index = pd.MultiIndex.from_product(
        [["d"], ["a", "b", "c", "e", "f"], ["1:1"]], names=["dataset", "image", "aspect"]
    )
    five = np.array([0.55, 0.45, 0.5, 0.54, 0.46], np.float32).astype(float) - 0.5  # 0.0500000119, -0.0500000119, …
    bars = histogram(pd.Series(five, index))
    assert bars.loc[bars["low"] > 0.04, "crops"].sum() == 1
    assert bars.loc[bars["high"] < -0.04, "crops"].sum() == 1
    extremes = histogram(pd.Series([1.0, -1.0, 0.0, np.nan, 0.3], index))
    assert extremes["crops"].sum() == 4


def test_help_harm_and_no_change_are_shaded_and_coloured(run: Run) -> None:
    figure = distribution(differences(run), "gaze", "center")
    zones = shades(figure)
    assert zones[GOOD][0] == pytest.approx(5)
    assert zones[BAD][1] == pytest.approx(-5)
    assert zones[FAINT] == pytest.approx((-5, 5))
    bar = figure.data[0]
    for x, color in zip(bar.x, bar.marker.color, strict=True):
        assert color == (GOOD if x > 5 else BAD if x < -5 else NEUTRAL)
    fewer = shades(distribution(differences(run, "faces cut"), "gaze", "center", "faces cut"))
    assert fewer[GOOD][1] == pytest.approx(-5)


def test_datasets_weigh_the_same_in_the_bars() -> None:
    index = pd.MultiIndex.from_tuples([("a", str(i), "1:1") for i in range(9)] + [("b", "x", "1:1")])
    index.names = ["dataset", "image", "aspect"]
    bars = histogram(pd.Series([0.0] * 9 + [0.2], index))
    assert bars["share"].tolist() == pytest.approx([0.5, 0.5])
    assert bars["crops"].tolist() == [9, 1]


def test_values_are_written_in_their_unit() -> None:
    assert amount("gaze kept", 0.8774) == "87.7\u00a0%"
    assert difference("gaze kept", 0.0424) == "+4.2\u00a0points"
    assert difference("gaze kept", -0.00001) == "+0.0\u00a0points"
    assert between("gaze kept", -0.012, 0.03, signed=True) == "-1.2 to +3.0"
    assert amount("milliseconds", 31.2) == "31\u00a0ms"
    assert amount("NSS", 2.346) == "2.35"
    assert milliseconds(0.05) == "under 1\u00a0ms"
    assert milliseconds(2.09) == "2.1\u00a0ms"
    assert milliseconds(289.4) == "289\u00a0ms"
    assert all(unit_of(metric).scale in (1, 100) for metric in METRICS)


@pytest.mark.parametrize("name", [*METHOD_LOOKS, *OTHER_LOOKS, "a method of my own"])
def test_every_method_has_a_mark_in_its_colour(name: str) -> None:
    look = method_look(name)
    svg = base64.b64decode(mark_uri(look).split(",", 1)[1]).decode()
    assert svg.startswith("<svg")
    assert look.color in svg
    assert ('fill="none"' in svg) == (look.symbol.endswith("-open") or look.symbol in ("x", "cross"))
    for x, y in re.findall(r"(\d+\.\d),(\d+\.\d)", svg):
        assert 0 <= float(x) <= 24
        assert 0 <= float(y) <= 24


def test_no_two_methods_have_the_same_mark() -> None:
    looks = [*METHOD_LOOKS.values(), *OTHER_LOOKS.values()]
    assert len({mark_uri(look) for look in looks}) == len(looks)


def test_a_small_change_is_told_with_the_places_that_it_takes() -> None:
    rows = {"method": "gaze", "metric": ["sAUC", "sAUC", "NSS"], "old": [0.7648, 0.5, 2.0], "new": [0.7624, 0.5, 2.5]}
    changes = pd.DataFrame(rows).assign(low=-0.004, high=-0.001, p=0.04, regression=True, images=353)
    changes["change"] = changes["new"] - changes["old"]
    html = changes_table(with_status(changes)).to_html()
    assert "-0.002 [-0.004, -0.001]" in html
    assert "+0.00 [" in html
    assert "+0.50 [" in html
