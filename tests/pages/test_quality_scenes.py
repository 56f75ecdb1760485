"""The tab Scenes of Quality, without a browser: its numbers and boxes are those of the run's files, by plain pandas."""

from __future__ import annotations

import base64
import io
import json
import re
import shutil
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from PIL import Image, ImageColor
from streamlit.testing.v1 import AppTest

from eval.report import METRICS
from eval.runs import BOXES, MANIFEST, RESULTS, TABLE
from eval.scenes import KINDS, draw_scene
from eval.scenes.rules import right
from pages.quality.kinds import RIGHT as IN_WORDS
from pages.quality.kinds_table import STAR, kinds_table, styled_kinds
from pages.quality.scene_crops import worst_first
from pages.quality.scene_gallery import MORE
from pages.quality.scene_pictures import draw_crop, view_of
from pages.shared import run_cache as runs
from pages.shared.figures.theme import BAD, GOOD
from pages.shared.pictures import scale_box
from saliency.types import Aspect, Box
from tests.pages.app import open_page

COMMITTED = RESULTS / "scenes"
ALT = re.compile(r"Scene (.+/\d+) with the (\S+) crop of (.+), (right|wrong): \[(\d+), (\d+), (\d+), (\d+)\]")
LABELS = {"smartcrop": "smartcrop", "face": "Face", "gaze": "Saliency", "center": "Centre"}


class Shot(NamedTuple):
    """A picture of the gallery, by its alternative text, and its pixels."""

    image: str
    aspect: str
    label: str
    answer: str
    box: list[int]
    pixels: np.ndarray


def read(name: str) -> pd.DataFrame:
    rows = pd.read_parquet(COMMITTED / name)
    rows = rows.astype(dict.fromkeys(rows.select_dtypes("category"), str))
    return rows.assign(kind=rows["image"].str.split("/").str[0])


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return read(TABLE)


@pytest.fixture(scope="module")
def boxes() -> pd.DataFrame:
    return read(BOXES).set_index(["image", "aspect", "method"])


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where local runs lie: nowhere near those of whoever runs the tests."""
    monkeypatch.setattr(runs, "LOCAL", tmp_path / "runs")
    (tmp_path / "runs").mkdir()
    return tmp_path / "runs"


def shots(page: AppTest) -> list[Shot]:
    """The pictures of the gallery, from the first on."""
    found = []
    for html in page.get("html"):
        for data, alt in re.findall(r'<img src="data:image/jpeg;base64,([^"]+)" alt="([^"]+)"', html.proto.body):
            match = ALT.fullmatch(alt)
            assert match, alt
            pixels = np.asarray(Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB"), int)
            image, aspect, label, answer, *box = match.groups()
            found.append(Shot(image, aspect, label, answer, [int(side) for side in box], pixels))
    return found


def said(page: AppTest) -> str:
    return "\n".join(e.value for e in [*page.markdown, *page.caption, *page.warning, *page.info, *page.header])


@pytest.mark.parametrize("metric", ["scene right", "heads cut", "objects cut", "room left"])
def test_the_table_is_what_pandas_finds(table: pd.DataFrame, metric: str) -> None:
    page = open_page("quality", show="Scenes", metric=metric)
    shown = page.dataframe[0].value.set_index("Kind")
    rows = table[table["metric"] == metric]
    by_kind = rows.pivot_table(index="kind", columns="method", values="value", aggfunc="mean")
    assert list(shown.index[1:]) == [kind.capitalize() for kind in KINDS if kind in by_kind.index]
    assert set(shown.columns) == {*by_kind.columns, "Crops"}
    assert shown.columns[0] == "gaze"
    for kind, means in by_kind.iterrows():
        row = shown.loc[str(kind).capitalize()]
        assert row[means.index].to_numpy(float) == pytest.approx(100 * means.to_numpy(float), abs=1e-4)
        assert row["Crops"] == len(rows[rows["kind"] == kind].drop_duplicates(["image", "aspect"]))
    means = by_kind.mean()
    assert shown.loc["All kinds", means.index].to_numpy(float) == pytest.approx(100 * means.to_numpy(), abs=1e-4)
    others = shown.loc["All kinds"].drop(["gaze", "Crops"]).to_numpy(float)
    assert (np.diff(others) * (-1 if METRICS[metric].more_is_better else 1) >= 0).all(), "the best first"


def test_the_verdict_has_the_mean_of_kinds_with_its_interval_over_scenes(table: pd.DataFrame) -> None:
    page = open_page("quality", show="Scenes", method="smartcrop")
    found = re.fullmatch(
        r"`smartcrop` crops \*\*([\d.]+)\u00a0%\*\* of drawn scenes right \(95 % interval ([\d.]+) to ([\d.]+)\)\. "
        r"The best of the others is `([\w-]+)` with ([\d.]+)\u00a0%\.",
        page.markdown[0].value,
    )
    assert found, page.markdown[0].value
    rows = table[table["metric"] == "scene right"]
    means = rows.groupby(["method", "kind"])["value"].mean().groupby("method").mean()
    best = means.drop("smartcrop")
    assert float(found[1]) == pytest.approx(100 * means["smartcrop"], abs=0.051)
    assert found[4] == best.idxmax()
    assert float(found[5]) == pytest.approx(100 * best.max(), abs=0.051)
    own = rows[rows["method"] == "smartcrop"]
    kinds = [
        [scene["value"].to_numpy() for _, scene in kind.groupby("image")] for _, kind in own.groupby("kind", sort=False)
    ]
    rng = np.random.default_rng(5)
    drawn = [
        np.mean([np.concatenate([k[i] for i in rng.integers(0, len(k), len(k))]).mean() for k in kinds])
        for _ in range(500)
    ]
    assert (float(found[2]), float(found[3])) == pytest.approx(100 * np.quantile(drawn, [0.025, 0.975]), abs=0.6)
    assert "2,925 crops of 660 drawn scenes" in page.caption[0].value


@pytest.mark.parametrize(("metric", "starred"), [("scene right", "01 11 00 10"), ("heads cut", "10 11 11 01")])
def test_a_star_marks_the_best_of_each_row_and_none_where_all_are_wrong(metric: str, starred: str) -> None:
    board = pd.DataFrame(
        {"gaze": [0.4, 0.9, 0.0, 0.2], "face": [0.6, 0.9, 0.0, 0.1]}, ["all", "map", "chart", "collage"]
    )
    levels = pd.DataFrame({"mean": [0.4, 0.6], "low": [0.3, 0.5], "high": [0.5, 0.7]}, ["gaze", "face"])
    table = kinds_table(board, pd.Series({"map": 3, "chart": 4, "collage": 5}))
    cells = re.findall(r">([^<>]*)</td>", styled_kinds(table, levels, metric).to_html())
    rows = [cells[start : start + 4] for start in range(0, 16, 4)]
    assert [row[0] for row in rows] == ["All kinds", "Map", "Chart", "Collage"]
    assert [row[3] for row in rows] == ["12", "3", "4", "5"]
    shown = [row[1:3] for row in rows]
    plain = [[cell.removeprefix(STAR) for cell in row] for row in shown]
    assert plain == [["40 [30, 50]", "60 [50, 70]"], ["90", "90"], ["0", "0"], ["20", "10"]]
    assert " ".join("".join(str(int(cell.startswith(STAR))) for cell in row) for row in shown) == starred


@pytest.mark.parametrize(
    ("method", "beside", "kind"), [("smartcrop", "gaze", "person at an edge"), ("face", "center", "comic strip")]
)
def test_a_link_opens_the_pictures_with_the_boxes_of_the_run(
    table: pd.DataFrame, boxes: pd.DataFrame, method: str, beside: str, kind: str
) -> None:
    page = open_page("quality", show="Scenes", method=method, beside=beside, kind=kind)
    assert f"{kind.capitalize()}: {LABELS[method]}" in said(page)
    assert f"A right crop shows {IN_WORDS[kind]}." in said(page)
    answers = table[table["metric"] == "scene right"].set_index(["image", "aspect", "method"])["value"]
    found = shots(page)
    assert [shot.label for shot in found] == [LABELS[method], LABELS[beside]] * MORE
    for shot, name in zip(found, [method, beside] * MORE, strict=True):
        key = (shot.image, shot.aspect, name)
        assert shot.image.startswith(f"{kind}/")
        assert shot.box == boxes.loc[key, ["left", "top", "width", "height"]].tolist()
        assert shot.answer == ("right" if answers[key] else "wrong")
    own = answers[answers.index.get_level_values("image").str.startswith(f"{kind}/")].xs(method, level="method")
    assert [shot.answer for shot in found[::2]] == ["wrong"] * MORE, "wrong ones first"
    assert len({shot.image for shot in found}) == MORE, "each scene once before any comes again"
    assert f"Wrong: {(own == 0).sum()} crops" in said(page)


def test_the_border_is_drawn_where_the_box_is_in_the_colour_of_the_answer(boxes: pd.DataFrame) -> None:
    page = open_page("quality", show="Scenes", method="center", beside="smartcrop", kind="wide logo")
    found = shots(page)
    assert {shot.answer for shot in found} == {"right", "wrong"}
    for shot in found:
        width, height = boxes.loc[(shot.image, shot.aspect, "gaze"), ["image width", "image height"]]
        assert shot.pixels.shape[1] / shot.pixels.shape[0] == pytest.approx(width / height, abs=0.01)
        scale = shot.pixels.shape[1] / width
        left, top, right_end, bottom = (
            round(scale * edge)
            for edge in (shot.box[0], shot.box[1], shot.box[0] + shot.box[2], shot.box[1] + shot.box[3])
        )
        middle = (top + bottom) // 2, (left + right_end) // 2
        wanted = np.array(ImageColor.getrgb(GOOD if shot.answer == "right" else BAD))
        for strip in (
            shot.pixels[middle[0], left : left + 5],
            shot.pixels[middle[0], right_end - 5 : right_end],
            shot.pixels[top : top + 5, middle[1]],
            shot.pixels[bottom - 5 : bottom, middle[1]],
        ):
            assert np.abs(strip - wanted).sum(axis=1).min() < 90, (shot.image, shot.aspect)


def test_an_outline_hides_nothing_of_a_small_target_and_the_rest_fades() -> None:
    view = view_of(draw_scene("tiny bird in sky", 0))
    height, width = view.preview.shape[:2]
    whole = draw_crop(view, Box(0, 0, *view.size), True)
    bird = scale_box(view.targets[0].box, view.size, view.preview)
    inside = slice(bird.top, bird.bottom), slice(bird.left, bird.right)
    np.testing.assert_array_equal(whole[inside], view.preview[inside])
    assert (whole != view.preview).any(axis=2).mean() < 0.1
    half = draw_crop(view, Box(0, 0, view.size[0] // 2, view.size[1]), True)
    assert half[:, width // 2 + 10 :].std() < 0.6 * view.preview[:, width // 2 + 10 :].std()
    middle = slice(height // 2, height // 2 + 5), slice(width // 4, width // 4 + 5)
    np.testing.assert_array_equal(half[middle], view.preview[middle])


def test_an_unknown_kind_method_or_metric_falls_back() -> None:
    page = open_page("quality", show="Scenes", kind="unicorn", method="magic", metric="beauty", beside="gaze")
    first = next(iter(KINDS))
    assert page.selectbox(key="quality-kind").value == first
    assert f"{first.capitalize()}: Saliency" in said(page)
    assert page.markdown[0].value == open_page("quality", show="Scenes").markdown[0].value
    assert page.selectbox(key="quality-beside").value != "gaze", "beside itself nothing is to be seen"


def test_the_pickers_write_the_address_and_more_can_be_shown(table: pd.DataFrame) -> None:
    page = open_page("quality", show="Scenes")
    page.selectbox(key="quality-kind").set_value("map").run()
    page.selectbox(key="quality-metric").set_value("objects cut").run()
    assert not page.exception
    assert page.query_params["kind"] == "map"
    assert page.query_params["metric"] == "objects cut"
    crops = len(table[(table["kind"] == "map") & (table["metric"] == "objects cut") & (table["method"] == "gaze")])
    before = [shot[:5] for shot in shots(page)]
    more = page.button(key="quality-scenes-more")
    assert more.label == f"Show more ({crops - MORE} left)"
    more.click().run()
    after = [shot[:5] for shot in shots(page)]
    assert after[: len(before)] == before
    assert len(after) == 2 * len(before) == 4 * MORE
    page.selectbox(key="quality-kind").set_value("chart").run()
    assert len(shots(page)) == 2 * MORE, "another choice begins anew"


def test_wrong_ones_come_first_then_the_worst_then_each_scene_once() -> None:
    index = pd.MultiIndex.from_tuples(
        [("a/00", "1:1"), ("a/00", "2:1"), ("a/01", "1:1"), ("a/02", "1:1"), ("a/03", "1:1"), ("a/04", "1:1")],
        names=["image", "aspect"],
    )
    crops = pd.DataFrame({"scene right": [0, 0, 0, 0, 1, 0], "heads cut": [0.5, 0.5, 0.5, 1, 1, np.nan]}, index=index)
    order = ["a/02 1:1", "a/00 1:1", "a/01 1:1", "a/00 2:1", "a/03 1:1"]
    assert [" ".join(key) for key in worst_first(crops, "heads cut").index] == order


def test_the_committed_run_is_of_the_scenes_that_are_drawn(table: pd.DataFrame, boxes: pd.DataFrame) -> None:
    answers = table[table["metric"] == "scene right"].set_index(["image", "aspect", "method"])["value"]
    for kind in KINDS:
        scene = draw_scene(kind, 4)
        own = boxes[boxes.index.get_level_values("image") == scene.name]
        assert len(own)
        for key, box in own.iterrows():
            crop = box[["left", "top", "width", "height"]].to_numpy(int)[None]
            assert right(scene, Aspect.parse(key[1]), crop)[0] == answers[key]


def test_what_is_right_is_said_of_every_kind() -> None:
    assert list(IN_WORDS) == list(KINDS)


def copy_run(folder: Path, name: str, **manifest: object) -> None:
    shutil.copytree(COMMITTED, folder / name)
    known = json.loads((folder / name / MANIFEST).read_text())
    (folder / name / MANIFEST).write_text(json.dumps({**known, **manifest}))


def test_runs_of_scenes_and_of_photos_are_chosen_apart(folder: Path) -> None:
    copy_run(folder, "mine")
    copy_run(folder, "both", images={"osie": 1, "scenes": 660})
    page = open_page("quality", show="Scenes", run="runs/mine")
    assert page.selectbox(key="quality-run").options == ["scenes", "runs/both", "runs/mine"]
    assert page.selectbox(key="quality-run").value == "runs/mine"
    page = open_page("quality", run="runs/mine")
    assert page.selectbox(key="quality-run").options == ["test", "test-before", "unseen", "runs/both"]
    assert page.selectbox(key="quality-run").value == "test"


def test_a_run_of_one_method_shows_it_alone(folder: Path) -> None:
    copy_run(folder, "alone")
    for name in (TABLE, BOXES):
        rows = pd.read_parquet(COMMITTED / name)
        rows[rows["method"] == "smartcrop"].to_parquet(folder / "alone" / name)
    page = open_page("quality", show="Scenes", run="runs/alone")
    assert [shot.label for shot in shots(page)] == ["smartcrop"] * MORE
    assert "best of the others" not in page.markdown[0].value


def test_scenes_of_another_version_are_pointed_out(folder: Path) -> None:
    copy_run(folder, "old", data={"scenes": "another"})
    assert "another version" in said(open_page("quality", show="Scenes", run="runs/old"))


def test_without_a_run_of_scenes_the_way_to_one_is_shown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shutil.copytree(RESULTS / "test", tmp_path / "results" / "test")
    monkeypatch.setattr(runs, "RESULTS", tmp_path / "results")
    page = open_page("quality", show="Scenes")
    assert "python -m eval run --scenes" in page.info[0].value
    assert len(page.tabs) == 6
