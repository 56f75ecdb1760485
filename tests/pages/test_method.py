"""The Method page, run without a browser: its numbers are the run's, and what it calls failures are failures."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from eval.calibration import forecasts, reliability
from eval.card import COMMITTED, make_card
from eval.types import EXPECTED
from pages.method import cache, exhibits
from pages.method.drawings import bar_chart, slide, street_map, two_portraits
from pages.method.exhibits import Looked
from pages.method.figures import Curve, Step, pipeline_html
from pages.method.html import Exhibit, Picture, commands_html, dots_html, gallery_html
from pages.shared.palette import method_look
from pages.shared.photos import read_samples
from pages.shared.reliability_words import reliability_sentence
from saliency import Aspect, load_method, load_model, open_image
from saliency.boxes import shared_area
from saliency.crop import expected_gaze, gaze_inside
from saliency.models.face import detect_haar, detect_yunet
from saliency.models.gaze_torch import load_net
from saliency.types import Box, RgbImage
from tests.forecasts import made, write_run
from tests.pages.app import ROOT, open_page

SAMPLES = ROOT / "samples"


@pytest.fixture(scope="module")
def page() -> AppTest:
    return open_page("method")


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    """The committed run's table."""
    return pd.read_parquet(COMMITTED / "results.parquet")


def look_at(source: str | RgbImage, aspect: str) -> Looked:
    """Straight from the core, without the app's caches."""
    image = open_image(SAMPLES / source) if isinstance(source, str) else source
    names = ("gaze", "face", "face-haar", "center")
    crops = {name: load_method(name).crop(image, [Aspect.parse(aspect)])[0] for name in names}
    faces = {"face": detect_yunet(image), "face-haar": detect_haar(image)}
    return Looked(image, (image.shape[1], image.shape[0]), load_model().predict(image), crops, faces)


def said(page: AppTest) -> str:
    """All running text of the page, without the stars of bold print."""
    return "\n".join(element.value for kind in (page.markdown, page.caption) for element in kind).replace("**", "")


def pieces(page: AppTest) -> str:
    """All its HTML."""
    return "\n".join(element.proto.body for element in page.get("html"))


COLUMNS = {
    "Saliency": "gaze",
    "Saliency alone": "gaze-only",
    "Centre": "center",
    "Face": "face",
    "Human": "human",
}


def value_of(page: AppTest, label: str) -> str:
    return next(metric.value for metric in page.metric if metric.label == label)


def percent(share: float, places: int = 0) -> str:
    return f"{100 * share:.{places}f}\u00a0%"


def test_key_facts(page: AppTest) -> None:
    manifest = json.loads((ROOT / "saliency" / "weights" / "gaze.json").read_text())
    assert not page.exception
    assert not page.error
    assert not page.warning
    assert value_of(page, "Learned from") == f"{sum(manifest['data'].values()):,} photos"
    assert value_of(page, "Licence") == "MIT"
    parameters = sum(parameter.numel() for parameter in load_net("gaze").parameters())
    assert value_of(page, "Parameters") == f"{parameters / 1e6:.1f} million"


def test_the_score_table_is_the_runs(page: AppTest, table: pd.DataFrame) -> None:
    shown = page.table[0].value.set_index("Gaze kept on")
    kept = table[table["metric"] == "gaze kept"]
    means = kept.groupby(["dataset", "method", "aspect"], observed=True)["value"].mean()
    means = means.groupby(level=["dataset", "method"], observed=True).mean().unstack("method").astype(float)
    means.loc["mean"] = means.mean()
    for name, row in shown.iterrows():
        for column, method in COLUMNS.items():
            assert row[column].strip("*") == percent(means.loc[name, method], 1)
        points = 100 * (means.loc[name, "gaze"] - means.loc[name, "center"])
        assert row["Saliency over centre"].startswith(f"{points:+.1f}\u00a0points")
    cut = table[(table["metric"] == "heads cut") & table["method"].isin(["gaze", "center"])]
    cut = cut.groupby(["dataset", "image", "method"], observed=True)["value"].mean()
    cut = cut.groupby(level=["dataset", "method"], observed=True).mean().unstack("method").astype(float)
    for name, row in cut.iterrows():
        gaze, center = (percent(row[method]) for method in ("gaze", "center"))
        assert shown.loc[name, "Heads cut"] == f"{gaze} ({center})"
    assert shown.loc["scene", "Heads cut"] == "–"
    nss = table[(table["metric"] == "NSS") & (table["method"] == "gaze") & (table["dataset"] == "crowd")]
    assert shown.loc["crowd", "NSS"] == f"{nss['value'].mean():.2f}"


def test_scores_on_datasets_never_seen(page: AppTest) -> None:
    scores = json.loads((ROOT / "saliency" / "weights" / "gaze.json").read_text())["scores"]
    left_out = next(value for key, value in scores.items() if key.startswith("left out"))
    shown = page.table[1].value.set_index("Never saw")
    for name, row in shown.iterrows():
        assert row["Saliency alone"] == f"**{percent(left_out[name]['gaze kept'], 1)}**"
        assert row["Centre"] == percent(left_out[name]["gaze kept by the centre"], 1)


def test_the_three_complaints_and_their_numbers(page: AppTest, table: pd.DataFrame) -> None:
    images = table.drop_duplicates(["dataset", "image"])
    assert value_of(page, "1 No face") == percent((images["faces"] == "none").mean())
    recall = table[(table["metric"] == "face recall") & table["value"].notna()]
    recall = recall.groupby("method", observed=True)["value"].mean()
    assert value_of(page, "2 Missed faces") == percent(1 - recall["face"])
    assert f"the Haar cascade {percent(recall['face-haar'])}" in said(page)
    headline = next(metric.delta for metric in page.metric if metric.label == "2 Missed faces")
    assert headline == "of the faces in a photo, on average, by YuNet"
    assert "Of the faces labelled in a photo of a crowd YuNet finds on average" in said(page)
    false = table[(table["metric"] == "unlabelled detections") & (table["dataset"] == "osie")]  # those without anybody
    fooled = false.assign(fooled=false["value"] > 0).groupby("method", observed=True)["fooled"].sum()
    assert value_of(page, "3 False faces") == f"{fooled['face']} and {fooled['face-haar']}"
    found = false.groupby("method", observed=True)["value"].sum()
    assert fooled["face"] > 0  # else a limit would stand behind the number
    assert f"On {false['image'].nunique()} photos of everyday things and animals without anybody" in said(page)
    assert f"YuNet finds {found['face']:.0f} face" in said(page)
    assert f"the Haar cascade {found['face-haar']:.0f}." in said(page)
    for command in ("--reference face --where faces=none", "face recall", "unlabelled detections"):
        assert command in re.sub("</?span>", "", pieces(page)).replace("&quot;", '"')


def test_the_dots_are_the_recall(page: AppTest, table: pd.DataFrame) -> None:
    recall = table[(table["metric"] == "face recall") & table["value"].notna()]
    for detector, mean in recall.groupby("method", observed=True)["value"].mean().items():
        assert pieces(page).count(f'<i style="background: {method_look(str(detector)).color}">') == round(100 * mean)
        assert re.search(rf"finds {100 * mean:.0f}[^<]*, on average", pieces(page))


def test_limits_name_their_photos(page: AppTest, table: pd.DataFrame) -> None:
    images = table.drop_duplicates(["dataset", "image"])
    assert f"the {(images['orientation'] == 'portrait').sum()} test photos in portrait format" in said(page)
    assert f"the {(images['gaze'] == 'spread').sum()} test photos with widely spread gaze" in said(page)
    kept = table[table["metric"] == "gaze kept"].groupby(["dataset", "image", "method"], observed=True)["value"].mean()
    difference = (kept.unstack("method")["gaze"] - kept.unstack("method")["center"]).astype(float)
    assert f"On {(difference < -0.005).sum()} of the {len(images)} test photos" in said(page)
    dataset, image = difference.idxmin()
    assert f"{dataset}/{image}" in said(page).replace("\\", "")


def test_links_lead_to_the_other_pages(page: AppTest) -> None:
    links = {(link.proto.page, link.proto.query_string) for link in page.get("page_link")}
    assert links - {("quality", "show=Calibration")} == {("quality", ""), ("explore", "sort=worst")}
    anchors = set(re.findall(r"\]\(#(\w+)\)", said(page)))
    assert len(anchors) == 9
    assert anchors <= {header.proto.anchor for header in page.header}


def test_licences_and_citation(page: AppTest) -> None:
    written = {re.sub(r"[-\s(].*", "", sample.licence.replace("CC-BY", "CC BY")) for sample in read_samples().values()}
    assert written == {"CC0", "CC", "Public"}
    assert "CC BY 2.0, CC BY 4.0" in said(page)
    assert all(sample.author.split()[0] in said(page) for sample in read_samples().values())
    software, papers, commands = (block.value for block in page.code)
    assert json.loads((ROOT / "saliency" / "weights" / "gaze.json").read_text())["sha256"] in software
    for entry in (software, papers):
        assert entry.count("{") == entry.count("}")
    assert re.findall(r"@\w+\{(\w+),", papers) == sorted(set(re.findall(r"@\w+\{(\w+),", papers)), key=papers.index)
    assert "python -m eval.card eval/results/test" in commands


def test_without_results_the_reason_and_the_way_out_are_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(cache.get_card, "__defaults__", (tmp_path / "gone",))
    page = open_page("method")
    assert not page.exception
    assert len(page.error) == 1
    assert "python -m eval run" in page.error[0].value.replace("\\", "")
    assert page.title[0].value == "How it works, and how well"


def test_results_of_other_weights_are_not_passed_off_as_ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = shutil.copytree(COMMITTED, tmp_path / "other")
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps({**manifest, "weights": {"gaze": "0" * 64}}))
    assert not make_card(folder).facts.same_weights
    monkeypatch.setattr(cache.get_card, "__defaults__", (folder,))
    page = open_page("method")
    assert not page.exception
    assert "other weights" in page.warning[0].value


def test_what_a_crop_is_said_to_do_is_held_against_gaze(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    run = made()
    write_run(run, tmp_path / "made")
    monkeypatch.setattr(cache.get_diagrams, "__defaults__", (tmp_path / "made",))
    page = open_page("method")
    told = forecasts(run)
    for what in ("kept", "help"):
        assert reliability_sentence(reliability(told, what), what) in [text.value for text in page.markdown]
    assert len(page.get("plotly_chart")) == 2
    assert [link.proto.query_string for link in page.get("page_link")][1] == "show=Calibration"
    assert "python -m eval calibration eval/results/test" in re.sub(r"<[^>]*>", "", pieces(page))


def test_a_run_that_does_not_say_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    run = made()
    write_run(replace(run, table=run.table[run.table["metric"] != EXPECTED]), tmp_path / "silent")
    monkeypatch.setattr(cache.get_diagrams, "__defaults__", (tmp_path / "silent",))
    page = open_page("method")
    assert "make them again with `python -m eval run`" in said(page)
    assert not page.get("plotly_chart")


# What the pictures show is tested on the network that is here: when it no longer fails so, the page must say otherwise.


def test_the_statue_s_head_is_cut_off() -> None:
    found = look_at(*exhibits.SMALL_HEAD)
    head = Box(370, 160, 85, 70)  # by eye
    assert shared_area(found.box.as_list(), head.as_list()) == 0
    seen = load_method("gaze").look(found.image).things
    assert all(shared_area(thing.box.as_list(), head.as_list()) == 0 for thing in seen if thing.kind == "head")


def test_mirroring_moves_the_crop() -> None:
    file, aspect = exhibits.NEAR_TIE
    found = look_at(file, aspect)
    mirrored = look_at(np.ascontiguousarray(found.image[:, ::-1]), aspect)
    assert abs(found.size[0] - mirrored.box.right - found.box.left) > 0.15 * found.size[0]
    assert mirrored.kept < found.kept - 0.1


def test_of_two_people_far_apart_one_is_cut_off() -> None:
    portrait = open_image(SAMPLES / exhibits.PORTRAIT)
    box = exhibits.PORTRAIT_BOX
    drawing = two_portraits(portrait[box.top : box.bottom, box.left : box.right])
    crop = look_at(drawing.image, "1:1").box
    lefts = (drawing.point.left, drawing.point.right - box.width)
    held = [crop.left <= left + box.width / 2 <= crop.right for left in lefts]
    cut_off = [left + box.width <= crop.left or left >= crop.right for left in lefts]
    assert sorted(held) == [False, True]
    assert cut_off == [not one for one in held]


@pytest.mark.parametrize("draw", [bar_chart, street_map], ids=lambda draw: draw.__name__)
def test_the_point_of_a_drawing_is_cut_off(draw) -> None:  # type: ignore[no-untyped-def]
    drawing = draw()
    crop = look_at(drawing.image, "1:1").box
    assert drawing.point.center[0] > crop.right, "most of it"
    colours = drawing.image[drawing.point.top : drawing.point.bottom, drawing.point.left : drawing.point.right].reshape(
        -1, 3
    )
    assert (colours[:, 0] > colours[:, 2] + 100).any(), "the point is red or orange"


def test_lines_of_text_lose_their_beginning() -> None:
    drawing = slide()
    crop = look_at(drawing.image, "1:1").box
    assert drawing.point.center[0] < crop.left


@pytest.mark.parametrize(("file", "detector", "where"), exhibits.FALSE_FACES)
def test_detectors_are_fooled_by_the_samples(file: str, detector: str, where: str) -> None:
    faces = look_at(file, "1:1").faces[detector]
    assert faces
    shown = next(e for e in exhibits.false_face_exhibits(look_at) if where in e.text)
    assert f"{len(faces)} faces on {where}" in shown.text


def test_no_detector_finds_a_face_on_the_temple() -> None:
    found = look_at(*exhibits.FACELESS)
    assert not found.faces["face"]
    assert found.crops["face"].box == found.crops["center"].box


def test_the_page_says_what_the_core_says_of_the_pictures(page: AppTest) -> None:
    html = pieces(page)
    pipeline = look_at(*exhibits.PIPELINE)
    center = gaze_inside(expected_gaze(pipeline.map), pipeline.size, pipeline.crops["center"].box)
    assert f"keeps {percent(pipeline.kept)}, the centre {percent(center)}" in html
    assert f"the crop keeps {percent(look_at(*exhibits.SMALL_HEAD).kept)} of the expected gaze, and not the" in html
    assert f"shows the players and keeps {percent(look_at(*exhibits.NEAR_TIE).kept)}" in html
    assert f"Saliency: keeps {percent(look_at(*exhibits.FACELESS).kept)}" in html
    assert len(re.findall(r"<img [^>]*alt=\"[^\"]{10,}\"", html)) == html.count("<img") == 4 + 2 + 2 + 7


def test_the_sliding_curve_peaks_where_it_says() -> None:
    kept = [0.2, 0.5, 0.9, 0.4, 0.1]
    html = pipeline_html([Step("Slide", "", Picture(b"", ""), Curve(kept, best=2, center=1, window=0.2))])
    points = [(float(x), float(y)) for x, y in re.findall(r"([\d.]+)% ([\d.]+)%", html.split("polygon(")[1])]
    assert [y for _, y in points] == pytest.approx([10, 10, 30, 50, 70, 90, 90])
    assert max(points)[1] == 50  # the middle of the picture, where the third of five places is
    assert points[2][0] / points[3][0] == pytest.approx(0.5 / 0.9, abs=0.01)
    assert "90% at best, 50% in the centre" in html


def test_html_escapes_what_it_is_given() -> None:
    nasty = '<script>alert("x")</script>'
    built = [
        gallery_html([Exhibit((Picture(b"", nasty),), nasty, nasty)]),
        dots_html([(method_look("face"), 0.5, nasty)]),
        commands_html([nasty]),
        pipeline_html([Step(nasty, nasty, Picture(b"", nasty))]),
    ]
    assert not any("<script" in html for html in built)
    assert all("&lt;script&gt;" in html for html in built)
