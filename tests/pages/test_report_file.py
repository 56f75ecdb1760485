"""The report and the zip of a run: what they say is what the run says, and they need and leak nothing."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from eval.benchmark import measure
from eval.context import make_context
from eval.datasets import read_folder
from eval.report import leaderboard, select, values_of
from eval.runs import Run, as_boxes, as_table, load_run
from eval.types import Outcome
from pages.shared.figures.placement import NOT_ACCURACY
from pages.shared.report.bundle import run_zip
from pages.shared.report.examples import examples
from pages.shared.report.page import report_html
from saliency import open_image
from saliency.methods import load_method
from tests.scenes import BrightnessModel, gaze_by
from tests.synthetic import write_dataset

HOSTILE = "<script>alert(1)</script>.png"


class Page(HTMLParser):
    """What a browser would see: tags with their attributes, the text of cells and paragraphs, the scripts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.rows: list[list[str]] = []
        self.texts: list[str] = []
        self.scripts: list[str] = []
        self._open = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "script":
            self._open = tag
            self.scripts.append("")
        elif tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
            self._open = "cell"

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "td", "th"):
            self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open == "script":
            self.scripts[-1] += data
            return
        if self._open == "cell":
            self.rows[-1][-1] += data
        self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def figures(self) -> int:
        return sum("plotly-graph-div" in (attributes.get("class") or "") for _, attributes in self.tags)


def make_run(root: Path, annotated: bool) -> Run:
    """The synthetic photos judged in this process, under hostile names, by the centre and by a model of brightness."""
    photos = write_dataset(root / "photos")
    if not annotated:
        for table in photos.glob("*.csv"):
            table.unlink()
    samples = read_folder(photos)
    context = make_context(samples, [])
    methods = [gaze_by(BrightnessModel("gaze")), load_method("center")]
    outcomes = [Outcome("folder", HOSTILE, error="this is <b>no</b> picture")]
    outcomes += [measure(sample, methods, context) for sample in samples]
    manifest = {
        "command": f"python -m eval run --folder {photos} --out {root}/out",
        "commit": "abc",
        "date": "2026-11-24",
        "folder": str(photos),
        "methods": ["gaze", "center"],
        "weights": {"gaze": "123"},
        "data": {"folder": "456"},
        "images": {"folder": 6},
        "unavailable": {"twitter-2018": "needs <a network>"},
        "versions": {"numpy": "2.4"},
        "machine": "a machine",
        "failed": [{"dataset": o.dataset, "image": o.image, "error": o.error} for o in outcomes if o.error],
    }
    good = [outcome for outcome in outcomes if not outcome.error]
    return Run("out", as_table(good), as_boxes(good), manifest)


@pytest.fixture(scope="module")
def annotated(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return make_run(tmp_path_factory.mktemp("annotated"), annotated=True)


@pytest.fixture(scope="module")
def unlabelled(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return make_run(tmp_path_factory.mktemp("unlabelled"), annotated=False)


@pytest.mark.parametrize("kind", ["annotated", "unlabelled"])
def test_the_file_loads_nothing_and_names_no_folder_of_the_server(kind: str, request: pytest.FixtureRequest) -> None:
    run: Run = request.getfixturevalue(kind)
    html = report_html(run, "holiday")
    page = Page(html)
    for tag, attributes in page.tags:
        for name in ("src", "href", "srcset", "data", "action", "poster"):
            assert (attributes.get(name) or "data:").startswith("data:"), (tag, attributes)
        assert tag not in ("link", "iframe", "object", "embed", "base", "form")
    policy = next(a["content"] for t, a in page.tags if t == "meta" and "http-equiv" in a)
    assert policy is not None
    assert policy.startswith("default-src 'none'")
    assert "http" not in policy
    assert sum("plotly.js v" in script for script in page.scripts) == 1
    assert run.manifest["folder"] not in html
    assert str(Path(run.manifest["folder"]).parent) not in html


def test_names_and_errors_from_outside_are_text(annotated: Run) -> None:
    page = Page(report_html(annotated, "<i>mine</i>"))
    assert HOSTILE in page.text
    assert "this is <b>no</b> picture" in page.text
    assert "needs <a network>" in page.text
    assert "<i>mine</i>" in page.text
    assert not any("alert(1)" in script for script in page.scripts)
    assert not any(tag == "a" for tag, _ in page.tags)


def test_the_tables_say_what_the_leaderboard_says(annotated: Run) -> None:
    page = Page(report_html(annotated, "holiday"))
    board = leaderboard(annotated, "gaze kept")
    gaze = board.loc["gaze"]
    row = next(row for row in page.rows if row[0] == "Saliency")
    assert row[1] == f"{100 * gaze['mean']:.1f}\u00a0% [{100 * gaze['low']:.1f} to {100 * gaze['high']:.1f}]"
    low, high = 100 * gaze["difference low"], 100 * gaze["difference high"]
    assert row[2] == f"{100 * gaze['difference']:+.1f}\u00a0points [{low:+.1f} to {high:+.1f}]"
    assert row[3:] == [f"{100 * gaze['help']:.0f}\u00a0%", f"{100 * gaze['harm']:.0f}\u00a0%"]
    whole = values_of(select(annotated.table, "regions whole"))["center"].unstack("aspect").mean().mean()
    assert any(row[0] == "Centre" and row[1].startswith(f"{100 * whole:.1f}\u00a0%") for row in page.rows)
    auc = values_of(select(annotated.table, "AUC-Judd"))["gaze"].mean()
    assert any(row[0] == "Saliency" and f"{auc:.2f}" in row for row in page.rows)
    assert f"Saliency keeps {100 * gaze['mean']:.1f} % of human gaze" in page.text
    assert NOT_ACCURACY not in page.text
    # gaze kept: forest, pareto, distribution; three other metrics: a forest; expected, agreement, distance, time
    assert page.figures() == 3 + 3 + 4


def test_without_annotations_it_says_so_first_and_judges_nothing(unlabelled: Run) -> None:
    page = Page(report_html(unlabelled, "holiday"))
    assert page.text.index(NOT_ACCURACY) < page.text.index("Expected gaze kept")
    assert page.figures() == 4
    assert "of human gaze" not in page.text
    expected = values_of(select(unlabelled.table, "expected gaze kept"))["center"].unstack("aspect").mean().mean()
    assert any(row[0] == "Centre" and row[1].startswith(f"{100 * expected:.1f}\u00a0%") for row in page.rows)
    for words in ("Limits", "a prediction", "abc", "numpy 2.4", "gaze 123", "2026-11-24"):
        assert words in page.text


def test_a_run_without_its_photos_or_without_saliency_has_a_report_too(unlabelled: Run) -> None:
    gone = replace(unlabelled, manifest={**unlabelled.manifest, "folder": "/nowhere"})
    assert "Where they differ most" not in Page(report_html(gone, "holiday")).text
    alone = replace(
        unlabelled,
        table=unlabelled.table[
            (unlabelled.table["method"] == "center") & (unlabelled.table["metric"] != "expected gaze kept")
        ],
        boxes=unlabelled.boxes[unlabelled.boxes["method"] == "center"],
        manifest={**unlabelled.manifest, "methods": ["center"]},
    )
    page = Page(report_html(alone, "holiday"))
    assert page.figures() == 2  # distance and time
    assert "Agreement" not in page.text


def test_the_examples_are_the_photos_where_crops_overlap_least(unlabelled: Run) -> None:
    found = examples(unlabelled, ["gaze", "center"])
    # the squares at the left, the right and the top: the tallest or narrowest window misses the centre's altogether
    assert [example.image for example in found[:3]] == ["album/tall top.png", "left.png", "right.png"]
    assert found[0].overlap == 0
    assert all(example.overlap < 0.95 for example in found)
    picture = open_image(found[0].picture).astype(int)
    assert max(picture.shape) == 640
    blue = (picture[..., 2] - picture[..., 0]) > 80  # the box of Saliency
    rows = np.flatnonzero(blue.any(axis=1))
    top = unlabelled.boxes.query("image == 'album/tall top.png' and method == 'gaze'").set_index("aspect")
    box = top.loc[found[0].aspect]
    assert rows.min() == pytest.approx(box["top"] * 640 / 400, abs=8)
    assert rows.max() == pytest.approx((box["top"] + box["height"]) * 640 / 400, abs=8)


def test_the_zip_is_a_run_that_opens_elsewhere(annotated: Run, tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(run_zip(annotated, "my holiday"))) as archive:
        assert archive.testzip() is None
        archive.extractall(tmp_path)
    run = load_run(tmp_path / "my holiday")
    pd.testing.assert_frame_equal(run.table, annotated.table, check_categorical=False)
    pd.testing.assert_frame_equal(run.boxes, annotated.boxes, check_categorical=False)
    pd.testing.assert_frame_equal(leaderboard(run), leaderboard(annotated))
    numbers = pd.read_csv(tmp_path / "my holiday" / "results.csv")
    assert len(numbers) == len(run.table)
    assert numbers["value"].to_numpy() == pytest.approx(run.table["value"].to_numpy(), rel=1e-5)
    written = (tmp_path / "my holiday" / "manifest.json").read_text()
    assert json.loads(written)["folder"] == "my holiday"
    assert not re.search(r"/(tmp|home|root|var)/", written)
    assert annotated.manifest["folder"] != "my holiday", "the run itself must not change"
