"""The Quality page, run without a browser: its numbers must be those that pandas finds in the run's table."""

from __future__ import annotations

import io
import json
import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from eval.readme_words import DEFINITIONS
from eval.report import select, values_of, values_of_scenes
from eval.runs import BOXES, MANIFEST, PROGRESS, RESULTS, TABLE, load_run
from eval.types import GAZE_KEPT, ODD
from eval.verdict_words import method_words, pair_words, standings_of
from pages.shared import run_cache as runs
from tests.pages.app import catch_downloads, open_page

COMMITTED = RESULTS / "test"

Downloads = dict[str, Callable[[], str]]


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    rows = pd.read_parquet(COMMITTED / TABLE)
    return rows.astype({column: str for column in rows if column != "value"} | {"value": float})


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where local runs lie: nowhere near those of whoever runs the tests. Of the committed ones, two."""
    monkeypatch.setattr(runs, "LOCAL", tmp_path / "runs")
    for name in ("test", "scenes"):
        shutil.copytree(RESULTS / name, tmp_path / "committed" / name)
    monkeypatch.setattr(runs, "RESULTS", tmp_path / "committed")
    (tmp_path / "runs").mkdir()
    return tmp_path / "runs"


@pytest.fixture
def downloads(monkeypatch: pytest.MonkeyPatch) -> Downloads:
    return catch_downloads(monkeypatch)


def read(downloads: Downloads, name: str) -> pd.DataFrame:
    return pd.read_csv(io.StringIO(downloads[name]()), index_col=0)


def said(page: AppTest) -> str:
    """All the sentences of the page."""
    elements = [*page.markdown, *page.caption, *page.warning, *page.info, *page.error, *page.header]
    return "\n".join(element.value for element in elements)


def links(page: AppTest) -> dict[str, dict[str, str]]:
    """Label -> query of the links to other pages."""
    found = {}
    for link in page.get("page_link"):
        query = parse_qs(link.proto.query_string)
        found[link.proto.label] = {name: values[0] for name, values in query.items()}
        assert link.proto.page == "explore"
    return found


def mean(table: pd.DataFrame, metric: str, method: str, **where: str) -> float:
    """Mean over datasets of the mean over formats of the mean over images."""
    rows = table[(table["metric"] == metric) & (table["method"] == method)]
    for column, value in where.items():
        rows = rows[rows[column] == value]
    by_format = rows.groupby(["dataset", "aspect"])["value"].mean()
    return float(by_format.groupby("dataset").mean().mean())


def crops(table: pd.DataFrame, metric: str = "gaze kept", **where: str) -> pd.DataFrame:
    """One row a crop, one column a method."""
    rows = table[table["metric"] == metric]
    for column, value in where.items():
        rows = rows[rows[column] == value]
    return rows.pivot_table(index=["dataset", "image", "aspect"], columns="method", values="value")


def share(flags: pd.Series) -> float:
    """Of crops; datasets weigh the same."""
    return float(flags.groupby("dataset").mean().mean())


def board(page: AppTest) -> pd.DataFrame:
    return page.dataframe[0].value.set_index("In code")


def cell(page: AppTest, method: str, column: str) -> float:
    return float(board(page).loc[method, column])


def test_the_verdict_is_what_the_table_says(table: pd.DataFrame) -> None:
    page = open_page("quality")
    verdict = page.markdown[0].value
    found = re.fullmatch(
        r"`gaze` keeps \*\*([\d.]+) %\*\* of human gaze, ([\d.]+) points more than the centre crop "
        r"\(95 % interval ([+-][\d.]+) to ([+-][\d.]+)\); it helps on 1 crop in (\d+) and harms 1 crop in (\d+)\.",
        verdict,
    )
    assert found, verdict
    kept, points, low, high, helps, harms = map(float, found.groups())
    wide = crops(table)
    gain = wide["gaze"] - wide["center"]
    assert kept == pytest.approx(100 * mean(table, "gaze kept", "gaze"), abs=0.051)
    assert points == pytest.approx(
        100 * (mean(table, "gaze kept", "gaze") - mean(table, "gaze kept", "center")), abs=0.051
    )
    assert helps == round(1 / share(gain > 0.05 - 1e-6))
    assert harms == round(1 / share(gain < -0.05 + 1e-6))
    by_hand = resampled(gain)
    assert (low, high) == pytest.approx(100 * by_hand, abs=0.25)
    assert "353 photos of crowd, osie and scene, cropped to 6 formats" in page.caption[0].value


def resampled(gain: pd.Series, draws: int = 1000) -> np.ndarray:
    """A literal percentile bootstrap over images within datasets, with draws of its own."""
    rng = np.random.default_rng(7)
    grids = [group.unstack("aspect").to_numpy() for _, group in gain.groupby("dataset")]
    means = [
        np.mean([np.nanmean(np.nanmean(g[rng.integers(0, len(g), len(g))], axis=0)) for g in grids])
        for _ in range(draws)
    ]
    return np.quantile(means, [0.025, 0.975])


def test_the_leaderboard_is_what_pandas_finds(table: pd.DataFrame, downloads: Downloads) -> None:
    page = open_page("quality")
    wide = crops(table)
    assert set(board(page).index) == set(wide.columns)
    centre, human = (mean(table, "gaze kept", name) for name in ("center", "human"))
    for method in wide:
        kept, gain = mean(table, "gaze kept", method), wide[method] - wide["center"]
        assert cell(page, method, "Gaze kept, %") == pytest.approx(100 * kept, abs=1e-3)
        assert cell(page, method, "Of the human gain, %") == pytest.approx(
            100 * (kept - centre) / (human - centre), abs=1e-2
        )
        assert cell(page, method, "Helps, %") == pytest.approx(100 * share(gain > 0.05 - 1e-6), abs=1e-6)
        assert cell(page, method, "Harms, %") == pytest.approx(100 * share(gain < -0.05 + 1e-6), abs=1e-6)
        assert cell(page, method, "Keeps under half, %") == pytest.approx(100 * share(wide[method] < 0.5), abs=1e-6)
        assert cell(page, method, "Faces cut, % ↓") == pytest.approx(100 * mean(table, "faces cut", method), abs=1e-3)
        assert cell(page, method, "Osie, %") == pytest.approx(
            100 * mean(table, "gaze kept", method, dataset="osie"), abs=1e-3
        )
    data = read(downloads, "leaderboard.csv")
    shown = board(page)[list(data.columns)]
    pd.testing.assert_frame_equal(data, shown, check_names=False, check_dtype=False, atol=1e-3, rtol=1e-4)


def test_times_are_of_a_photo(table: pd.DataFrame, downloads: Downloads) -> None:
    page = open_page("quality")
    for method in ("gaze", "center", "smartcrop"):
        times = table[(table["metric"] == "milliseconds") & (table["method"] == method)]["value"]
        assert cell(page, method, "Median ms ↓") == pytest.approx(np.median(times))
        assert cell(page, method, "95 % under, ms ↓") == pytest.approx(np.percentile(times, 95))
        assert read(downloads, "quality-against-time.csv").loc[method, "milliseconds"] == pytest.approx(
            np.median(times), rel=1e-4
        )
    assert np.isnan(cell(page, "human", "Median ms ↓"))


def test_another_metric_where_less_is_better(table: pd.DataFrame) -> None:
    page = open_page("quality")
    page.selectbox(key="quality-metric").set_value("faces cut").run()
    assert not page.exception
    assert page.query_params["metric"] == "faces cut"
    wide = crops(table, "faces cut")
    by_image = (wide["gaze"] - wide["center"]).groupby(["dataset", "image"]).mean()
    gaze, centre = (mean(table, "faces cut", name) for name in ("gaze", "center"))
    verdict = page.markdown[0].value
    assert verdict.startswith(
        f"`gaze` has **{100 * gaze:.1f}\u00a0%** faces cut: {100 * (gaze - centre):+.1f}\u00a0points"
    )
    assert "which is better" in verdict
    assert f"better on {100 * (by_image < -0.005).mean():.0f}\u00a0% of photos" in verdict
    assert board(page).index[0] == min(wide.columns, key=lambda m: mean(table, "faces cut", m))
    assert cell(page, "face", "Gaze kept, %") == pytest.approx(100 * mean(table, "gaze kept", "face"), abs=1e-3)
    assert "less is better" in said(page)


def test_dataset_format_and_slice_choose_the_photos(table: pd.DataFrame) -> None:
    page = open_page("quality")
    page.selectbox(key="quality-dataset").set_value("osie").run()
    page.selectbox(key="quality-format").set_value("1:1").run()
    page.selectbox(key="quality-faces").set_value("none").run()
    assert not page.exception
    where = {"dataset": "osie", "aspect": "1:1", "faces": "none"}
    wide = crops(table, **where)
    for method in wide:
        assert cell(page, method, "Gaze kept, %") == pytest.approx(100 * wide[method].mean(), abs=1e-3)
    assert f"`gaze` keeps **{100 * wide['gaze'].mean():.1f} %**" in page.markdown[0].value
    assert f"{len(wide)} photos of osie, cropped to 1\\:1 · faces none" in page.caption[0].value
    times = table[(table["metric"] == "milliseconds") & (table["method"] == "gaze")]
    times = times[(times["dataset"] == "osie") & (times["faces"] == "none")]["value"]
    assert cell(page, "gaze", "Median ms ↓") == pytest.approx(np.median(times))
    worst = links(page)["Where Saliency is worst"]
    expected = {"dataset": "osie", "format": "1:1", "faces": "none", "sort": "worst", "metric": "gaze kept"}
    assert expected.items() <= worst.items()


def test_the_address_opens_the_same_view(table: pd.DataFrame) -> None:
    page = open_page("quality", metric="gaze kept", method="face", reference="gaze", dataset="crowd")
    gaze, face = (mean(table, "gaze kept", name, dataset="crowd") for name in ("gaze", "face"))
    assert page.selectbox(key="quality-dataset").value == "crowd"
    assert (
        f"`face` has **{100 * face:.1f}\u00a0%** gaze kept: {100 * (face - gaze):+.1f}\u00a0points"
        in page.markdown[0].value
    )
    assert "which is worse" in page.markdown[0].value
    assert "Difference to Saliency" in said(page)


def test_a_value_the_run_does_not_have_is_left_out() -> None:
    page = open_page("quality", metric="beauty", method="magic", dataset="flickr", run="gone")
    assert page.markdown[0].value == open_page("quality").markdown[0].value


@pytest.mark.parametrize(
    "metric", ["face recall", "unlabelled detections", "milliseconds", "expected gaze kept", "faces lost"]
)
def test_every_other_metric_has_a_page(metric: str) -> None:
    page = open_page("quality", metric=metric)
    assert len(page.get("plotly_chart")) >= 1
    assert "`" in page.markdown[0].value


def test_only_photos_with_a_value_are_counted(table: pd.DataFrame) -> None:
    rows = table[(table["metric"] == "face recall") & (table["method"] == "face")].dropna(subset=["value"])
    assert len(rows) < (table["metric"] == "face recall").sum() / 2, "photos without faces have none"
    page = open_page("quality", metric="face recall", method="face")
    assert page.caption[0].value.startswith(f"{len(rows)} photos of ")


def test_few_photos_are_pointed_out(table: pd.DataFrame) -> None:
    page = open_page("quality", orientation="portrait")
    photos = table[table["orientation"] == "portrait"].drop_duplicates(["dataset", "image"])
    assert f"Only {len(photos)} photos" in page.warning[0].value
    assert not open_page("quality").warning


def test_filters_that_leave_nothing_say_so_and_can_be_cleared() -> None:
    page = open_page("quality", faces="one", size="large", orientation="portrait", dataset="osie")
    assert "dataset osie, faces one, orientation portrait and size large" in page.warning[0].value
    assert not page.dataframe
    next(button for button in page.button if button.label == "Show all photos and formats").click().run()
    assert not page.exception
    assert not page.warning
    assert "353 photos" in page.caption[0].value
    assert "faces" not in page.query_params


def test_the_distribution_is_of_the_crops_of_the_view(table: pd.DataFrame, downloads: Downloads) -> None:
    page = open_page("quality", method="face", dataset="scene")
    wide = crops(table, dataset="scene")
    gain = wide["face"] - wide["center"]
    bars = read(downloads, "crop-by-crop.csv")
    assert bars["crops"].sum() == len(gain)
    biggest = bars.loc[bars["crops"].idxmax()]
    assert biggest["crops"] == ((gain >= biggest["low"]) & (gain < biggest["high"])).sum()
    harms = links(page)["Where Face harms most"]
    assert {"method": "face", "reference": "center", "sort": "worst", "dataset": "scene"}.items() <= harms.items()


def test_a_method_against_itself_has_no_difference_to_show() -> None:
    page = open_page("quality", method="center")
    assert "`center` has **83.5\u00a0%** gaze kept (95 % interval" in page.markdown[0].value
    assert "Crop by crop" not in said(page)
    assert not any("worst" in label or "harms" in label for label in links(page))


def test_the_maps_are_what_pandas_finds(table: pd.DataFrame, downloads: Downloads) -> None:
    page = open_page("quality", show="Saliency maps")
    shown = board(page)
    for metric, column in {"NSS": "NSS", "sAUC": "sAUC", "KL": "KL ↓", "IG": "IG"}.items():
        for method in ("gaze", "twitter-2018", "uniform", "centre prior"):
            assert shown.loc[method, column] == pytest.approx(mean(table, metric, method), abs=1e-5)
    assert np.isnan(shown.loc["human", "KL ↓"])
    assert f"`gaze` has **{mean(table, 'NSS', 'gaze'):.2f}** NSS" in page.markdown[0].value
    assert "divergence from the human density; less is better" in said(page)
    page.selectbox(key="quality-map").set_value("KL").run()
    page.selectbox(key="quality-model").set_value("twitter-2018").run()
    assert f"`twitter-2018` has **{mean(table, 'KL', 'twitter-2018'):.2f}** KL" in page.markdown[0].value
    difference = mean(table, "KL", "twitter-2018") - mean(table, "KL", "centre prior")
    assert read(downloads, "map-differences.csv").loc["twitter-2018", "difference"] == pytest.approx(
        difference, abs=1e-5
    )
    assert {"metric": "KL", "method": "twitter-2018", "reference": "centre prior"}.items() <= links(page)[
        "Where Twitter 2018 is worst"
    ].items()


def copy_run(folder: Path, name: str, rows: pd.DataFrame | None = None, /, **manifest: object) -> Path:
    """The committed run under another name, perhaps with other rows."""
    copy = folder / name
    shutil.copytree(COMMITTED, copy)
    if rows is not None:
        rows.to_parquet(copy / TABLE)
    known = json.loads((copy / MANIFEST).read_text())
    (copy / MANIFEST).write_text(json.dumps({**known, **manifest}))
    return copy


@pytest.fixture
def tuned(folder: Path) -> pd.DataFrame:
    """A second run: Saliency keeps 3 points more on each photo that has the room, Face 4 points less."""
    rows = pd.read_parquet(COMMITTED / TABLE)
    kept = rows["metric"] == "gaze kept"
    noise = np.random.default_rng(0).normal(0, 0.01, len(rows)).astype(np.float32)
    for method, by in (("gaze", 0.03), ("face", -0.04)):
        chosen = kept & (rows["method"] == method)
        rows.loc[chosen, "value"] = (rows.loc[chosen, "value"] + np.float32(by) + noise[chosen]).clip(0, 1)
    copy_run(folder, "tuned", rows, commit="f00d", date="2027-01-01")
    return rows.astype({column: str for column in rows if column != "value"} | {"value": float})


def test_two_runs_are_compared(table: pd.DataFrame, tuned: pd.DataFrame, downloads: Downloads) -> None:
    page = open_page("quality", show="Compare runs")
    assert "From test to runs/tuned **1 got worse** and **1 better**" in page.markdown[0].value
    changes = page.dataframe[0].value
    worse, better = changes.iloc[0], changes.iloc[1]
    assert (worse["What"], worse["Method"], worse["Metric"]) == ("▼ worse", "Face", "Gaze kept, %")
    assert (better["What"], better["Method"]) == ("▲ better", "Saliency")
    assert set(changes["What"][2:]) == {"– no clear change"}
    for row, method in ((worse, "face"), (better, "gaze")):
        old, new = (mean(rows, "gaze kept", method) for rows in (table, tuned))
        assert (row["Old"], row["New"]) == pytest.approx((100 * old, 100 * new), abs=1e-3)
        assert row["Change"] == pytest.approx(100 * (new - old), abs=1e-3)
    # Holm: the smallest p of a test with 9999 draws, times the number of comparisons
    assert worse["p"] == pytest.approx(len(changes) / 10_000)
    data = read(downloads, "changes.csv")
    assert data["change"].iloc[0] < data["high"].iloc[0] < 0
    assert data["images"].iloc[0] == 353
    made = page.dataframe[1].value
    assert made.loc["commit", "new"] == "f00d"
    assert made.loc["date"].tolist()[1] == "2027-01-01"
    assert "command" not in made.index


def test_the_photos_that_changed_most_lead_to_explore(table: pd.DataFrame, tuned: pd.DataFrame) -> None:
    page = open_page("quality", show="Compare runs")
    change = crops(tuned)["face"] - crops(table)["face"]
    by_image = change.groupby(["dataset", "image"]).mean()
    by_image = by_image.reindex(by_image.abs().sort_values(ascending=False).index)
    found = list(links(page).values())
    assert [query["image"] for query in found][:3] == ["/".join(index) for index in by_image.index[:3]]
    assert {"run": "runs/tuned", "method": "face", "metric": "gaze kept"}.items() <= found[0].items()
    assert f"**{100 * by_image.iloc[0]:+.1f}\u00a0points**" in next(iter(links(page)))
    page.selectbox(key="quality-method").set_value("center").run()
    assert not links(page)
    assert "No photo differs in gaze kept" in said(page)


@pytest.mark.usefixtures("tuned")
def test_the_earlier_run_comes_first_whichever_is_chosen() -> None:
    page = open_page("quality", show="Compare runs", run="runs/tuned")
    assert not page.exception
    assert "From test to runs/tuned **1 got worse** and **1 better**" in page.markdown[0].value


def test_as_shipped_two_runs_show_what_the_tab_is_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "RESULTS", RESULTS)
    page = open_page("quality", show="Compare runs")
    assert "From test\\-before to test **" in page.markdown[0].value
    assert {query["run"] for query in links(page).values()} == {"test"}


def test_one_run_alone_says_how_to_get_another() -> None:
    page = open_page("quality", show="Compare runs")
    assert "python -m eval run --out runs/NAME" in page.info[0].value


def test_runs_with_nothing_in_common_say_so(folder: Path, table: pd.DataFrame) -> None:
    rows = pd.read_parquet(COMMITTED / TABLE)
    copy_run(folder, "other", rows.assign(image=rows["image"].astype(str) + "-x"))
    page = open_page("quality", show="Compare runs")
    assert "have no photo, method and metric in common" in page.info[0].value
    assert len(table) == len(rows)


def test_a_second_run_that_is_damaged_is_named(folder: Path) -> None:
    broken = copy_run(folder, "broken")
    (broken / BOXES).write_bytes(b"PAR1")
    page = open_page("quality", show="Compare runs")
    assert "is damaged" in page.error[0].value
    assert "Choose another run" in page.error[0].value


def test_photos_that_nobody_looked_at_get_no_verdict(folder: Path) -> None:
    rows = pd.read_parquet(COMMITTED / TABLE)
    mine = rows["metric"].isin(["expected gaze kept", "milliseconds"]) & ~rows["method"].isin(["human", "oracle"])
    copy_run(folder, "holiday", rows[mine])
    page = open_page("quality", run="runs/holiday")
    assert "not accuracy" in page.info[0].value
    assert "of human gaze" not in said(page)
    assert not page.tabs


def test_a_run_with_other_labels_only_is_shown_by_them(folder: Path, table: pd.DataFrame) -> None:
    """Photos with boxes of what must stay in view, but no fixations: no maps, no ceiling, no gaze kept."""
    rows = pd.read_parquet(COMMITTED / TABLE)
    mine = rows["metric"].isin(["faces cut", "milliseconds"]) & ~rows["method"].isin(["human", "oracle"])
    copy_run(folder, "boxes", rows[mine])
    page = open_page("quality", run="runs/boxes")
    assert f"`gaze` has **{100 * mean(table, 'faces cut', 'gaze'):.1f}\u00a0%** faces cut" in page.markdown[0].value
    page = open_page("quality", run="runs/boxes", show="Saliency maps")
    assert "holds no saliency maps" in page.info[0].value


def test_heads_and_gaze_on_faces_stand_beside_other_metrics_where_a_run_has_them(folder: Path) -> None:
    rows = pd.read_parquet(COMMITTED / TABLE).astype({"metric": str})
    rows = rows[~rows["metric"].isin(["heads cut", "heads lost a fifth", "faces cut by gaze"])]
    copy_run(folder, "without", rows)
    cut = rows[rows["metric"] == "faces cut"]
    shares = {"heads cut": 0.5, "heads lost a fifth": 0.25}
    more = [cut.assign(metric=metric, value=cut["value"] * np.float32(share)) for metric, share in shares.items()]
    copy_run(folder, "with", pd.concat([rows, *more]))
    shown = board(open_page("quality", run="runs/with"))
    for metric, share in shares.items():
        column = shown[f"{metric.capitalize()}, % ↓"]
        assert column.to_numpy(float) == pytest.approx(share * shown["Faces cut, % ↓"].to_numpy(float), abs=1e-3)
    assert "Faces cut by gaze, % ↓" not in shown
    assert not [column for column in board(open_page("quality", run="runs/without")) if column.startswith("Heads")]


def test_a_method_of_ones_own_needs_no_look(folder: Path) -> None:
    rows = pd.read_parquet(COMMITTED / TABLE)
    rows["method"] = rows["method"].cat.rename_categories({"smartcrop": "a_new (way) 2.0+"})
    copy_run(folder, "new", rows)
    page = open_page("quality", run="runs/new", method="a_new (way) 2.0+")
    assert "a_new (way) 2.0+" in board(page).index


def test_without_any_run_the_way_to_one_is_shown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(runs, "RESULTS", tmp_path / "nothing")
    page = open_page("quality")
    assert "python -m eval run" in page.info[0].value
    assert "Your data" in page.info[0].value


def test_damaged_and_half_written_runs_do_not_stop_the_page(folder: Path) -> None:
    damaged = copy_run(folder, "damaged")
    (damaged / TABLE).write_bytes(b"PAR1 and then nothing")
    half = folder / "half"
    half.mkdir()
    (half / PROGRESS).write_text("{}\n")
    page = open_page("quality")
    assert "of human gaze" in page.markdown[0].value
    assert "is unfinished: run the same" in said(page)
    page.selectbox(key="quality-run").set_value("runs/damaged").run()
    assert not page.exception
    assert "is damaged" in page.error[0].value
    page.selectbox(key="quality-run").set_value("test").run()
    assert "of human gaze" in page.markdown[0].value


def test_a_run_of_more_than_100000_rows_is_quick_once_read(folder: Path) -> None:
    rows = pd.read_parquet(COMMITTED / TABLE)
    twice = pd.concat([rows, rows.assign(image=rows["image"].astype(str) + " again")], ignore_index=True)
    names = {column: "category" for column in rows if column != "value"}
    copy_run(folder, "large", twice.astype(names))
    assert len(twice) > 100_000
    page = open_page("quality", run="runs/large")
    assert "706 photos" in page.caption[0].value
    for query in ({}, {"run": "runs/large"}):
        page = open_page("quality", **query)
        began = time.process_time()  # of this process: others share the machine
        page.run()
        assert time.process_time() - began < 1, query


def test_a_run_says_what_it_is_of(folder: Path) -> None:
    copy_run(folder, "holiday", folder="holiday", images={"holiday": 7})
    told = open_page("quality").selectbox(key="quality-run").help.replace("\\", "")  # of Markdown
    manifest = json.loads((COMMITTED / MANIFEST).read_text())
    assert f"**test**: 353 test photos of osie, crowd and scene, {manifest['date']}" in told
    assert "**runs/holiday**: 7 photos of holiday" in told


# --- verdicts, and by whom harm is judged ---


def test_under_the_leaderboard_the_verdict_on_the_method_and_each_with_the_next() -> None:
    run = load_run(COMMITTED)
    found = standings_of(values_of(select(run.table, "gaze kept")), "gaze kept")
    assert found is not None
    text = said(open_page("quality"))
    first, *others = method_words(found, "gaze", "gaze kept")
    assert first in text
    for sentence in (*others, *(pair_words(pair, "gaze kept") for pair in found.neighbours())):
        assert f"- {sentence}" in text
    assert DEFINITIONS in text
    assert "ranks" not in said(open_page("quality", method="human"))  # what others are measured by takes no part


@pytest.mark.parametrize(("tab", "metric"), [("Saliency maps", "NSS"), ("Scenes", "scene right")])
def test_other_tables_have_verdicts_too(tab: str, metric: str) -> None:
    scenes = tab == "Scenes"
    run = load_run(RESULTS / ("scenes" if scenes else "test"))
    values = values_of_scenes(run, metric) if scenes else values_of(select(run.table, metric))
    found = standings_of(values, metric, by_crop=scenes)
    assert found is not None
    assert method_words(found, "gaze", metric)[0] in said(open_page("quality", show=tab))


def test_other_judges_and_sets_never_seen_are_shown_where_a_run_has_them(folder: Path, table: pd.DataFrame) -> None:
    header = "Help and harm, by who judges"
    without = table[~table["metric"].isin(GAZE_KEPT[1:])]
    kept = without[without["metric"] == ODD]
    judged = pd.concat([without, *(kept.assign(metric=name) for name in GAZE_KEPT[1:])], ignore_index=True)
    copy_run(folder, "one judge", as_stored(without))
    copy_run(folder, "judged", as_stored(judged))
    assert header not in said(open_page("quality", run="runs/one judge"))
    page = open_page("quality", run="runs/judged")
    assert header in said(page)
    assert "a network never saw" not in said(page)
    shown = next(frame.value for frame in page.dataframe if "Harms, all" in frame.value)
    gain = kept.pivot_table(index=["dataset", "image", "aspect"], columns="method", values="value")
    harm = (gain["gaze"] - gain["center"] <= -0.05 + 1e-6).groupby("dataset").mean().mean()
    assert shown.loc["Saliency", "Harms, all"].startswith(f"{harm:.1%} [")
    as_stored(judged).to_parquet(folder.parent / "committed" / "test" / TABLE)
    copy_run(folder.parent / "committed", "unseen", as_stored(judged))
    assert "a network never saw" in said(open_page("quality"))


def as_stored(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.astype({column: "category" for column in rows if column != "value"})
