"""The explore page, run without a browser: which photos it shows, in which order, and with which numbers.

The expected orders and numbers are reckoned here from the files of the run, not with the code of the page.
"""

from __future__ import annotations

import base64
import os
import re
import shutil
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from markupsafe import escape
from streamlit.testing.v1 import AppTest

from eval.benchmark import measure
from eval.context import make_context
from eval.datasets import REPOSITORIES, read_folder
from eval.datasets.get import Progress
from eval.report import leaderboard
from eval.runs import load_run, save_run
from eval.types import Outcome
from pages.explore.differences import HELPS, compare_crops, gallery
from pages.explore.drawing import frame_svg
from pages.explore.figures import MOST_POINTS, against, thinned
from pages.explore.markup import Panel, card_html, key_html, mark_html, panels_html, whole_html
from pages.shared.palette import Look, method_look
from saliency import Box
from saliency.methods import load_method
from tests.pages.app import ROOT, open_page
from tests.scenes import BrightnessModel, gaze_by
from tests.synthetic import Scene, write_dataset

RUN = ROOT / "eval" / "results" / "test"
PAGE = 12  # cards
ODD = "album/a_b [x] & #1 + 50 %.png"
SCENES = (
    Scene("left.png", (400, 200), 10, 80),
    Scene("middle.png", (400, 200), 180, 80),
    Scene("right.png", (400, 200), 350, 80),
    Scene("album/tall top.png", (200, 400), 80, 10),
    Scene(ODD, (300, 300), 130, 0),
)
needs_data = pytest.mark.skipif("GAZE_DATA" not in os.environ, reason="set GAZE_DATA to see the photos")


@pytest.fixture
def no_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GAZE_DATA", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "of this user"))


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the page looks for local runs."""
    monkeypatch.setattr("pages.shared.run_cache.LOCAL", tmp_path / "runs")
    return tmp_path / "runs"


@pytest.fixture
def own_run(runs: Path) -> Path:
    """The folder of a run of synthetic photos, in which all look at the square."""
    return make_run(runs / "mine", write_dataset(runs.parent / "photos", SCENES))


def make_run(folder: Path, photos: Path) -> Path:
    """A run of the photos: the centre, and a model that looks at bright things."""
    samples = read_folder(photos)
    context = make_context(samples, [])
    methods = [load_method("center"), gaze_by(BrightnessModel("gaze"), "bright")]
    outcomes = [measure(sample, methods, context) for sample in samples]
    folder.mkdir(parents=True)
    save_run(folder, outcomes, {"folder": str(photos), "weights": {"gaze": "others"}})
    return folder


def visit(**query: str) -> AppTest:
    """A new visitor who follows a link to the page."""
    return open_page("explore", **query)


def press(page: AppTest, key: str) -> None:
    page.button(key=f"explore-{key}").click().run()
    assert not page.exception


def has(page: AppTest, key: str) -> bool:
    return any(button.key == f"explore-{key}" for button in page.button)


def query(page: AppTest, name: str) -> str:
    """One parameter of the URL; "" where it has none."""
    value = page.query_params.get(name, "")
    return value if isinstance(value, str) else value[0]


def photos(page: AppTest) -> list[str]:
    """The photos of the gallery, in its order."""
    return [
        button.key.removeprefix("explore-open-")
        for button in page.button
        if button.key and button.key.startswith("explore-open-")
    ]


def test_text_from_outside_stays_text() -> None:
    nasty = '"><script>alert("x") & more</script>'
    look = Look(nasty, "#0072b2")
    built = [
        card_html("", nasty, (nasty, nasty), HELPS, [(look, nasty)]),
        whole_html("", nasty),
        panels_html([Panel("", nasty, nasty, nasty, look)]),
        key_html([(nasty, nasty), (mark_html(HELPS), "help")]),
    ]
    for html, times in zip(built, (5, 1, 3, 2), strict=True):
        assert "<script" not in html
        assert html.count(str(escape(nasty))) == times
    assert ">▲</span>help" in built[-1]


def html(page: AppTest, kind: str) -> list[str]:
    """The pieces of HTML with a class."""
    return [element.proto.body for element in page.get("html") if f'class="{kind}"' in element.proto.body]


def text(markup: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", markup)).strip()


def drawing(markup: str) -> str:
    """The SVG in a piece of HTML."""
    (found,) = re.findall(r"data:image/svg\+xml;base64,([^\"]+)", markup)
    return base64.b64decode(found).decode()


def table_of(metric: str, method: str, reference: str) -> pd.DataFrame:
    """(dataset, image, aspect) -> "value", "against", "difference", straight from the file."""
    table = pd.read_parquet(RUN / "results.parquet")
    rows = table[table["metric"] == metric].astype({"dataset": str, "image": str, "aspect": str, "method": str})
    wide = rows.pivot(index=["dataset", "image", "aspect"], columns="method", values="value").astype(float)
    found = pd.DataFrame({"value": wide[method], "against": wide[reference]}).dropna()
    return found.assign(difference=found["value"] - found["against"])


def check_order(page: AppTest, keys: pd.Series) -> None:
    """The photos shown are the first of the order of `keys` by (dataset, image, aspect), least first, one a photo.

    Photos with equal keys may come in any order.
    """
    least = keys.groupby(level=["dataset", "image"]).min()
    shown = [tuple(photo.split("/", 1)) for photo in photos(page)]
    assert len(set(shown)) == len(shown) == PAGE
    np.testing.assert_allclose([least[key] for key in shown], np.sort(least.to_numpy())[:PAGE], atol=1e-9)


@pytest.mark.usefixtures("no_data")
def test_opens_with_the_worst_photos_of_our_method_and_their_numbers() -> None:
    page = visit()
    table = table_of("gaze kept", "gaze", "center")
    check_order(page, table["difference"])
    cards = html(page, "photo")
    for photo, card in zip(photos(page), cards, strict=True):
        crops = table.loc[tuple(photo.split("/", 1))]
        worst = crops.loc[crops["difference"].idxmin()]
        assert f"{100 * worst['value']:.1f}\u00a0%" in card
        assert f"{100 * worst['against']:.1f}\u00a0%" in card
        assert f"{100 * worst['difference']:+.1f}\u00a0points" in card
        assert f"> {crops['difference'].idxmin()} <" in f"> {text(card).split(' ')[0]} <"


@pytest.mark.usefixtures("no_data")
def test_the_summary_says_what_the_leaderboard_says() -> None:
    page = visit()
    table = table_of("gaze kept", "gaze", "center")
    mean = leaderboard(load_run(RUN)).loc["gaze", "difference"]
    summary = page.markdown[0].value
    assert f"**{100 * mean:+.1f}\u00a0points**" in summary
    assert (
        f"{len(table):,} crops of {table.reset_index()[['dataset', 'image']].drop_duplicates().shape[0]} photos"
        in summary
    )
    difference = table["difference"].round(6)
    counts = (difference >= 0.05).sum(), (difference.abs() < 0.05).sum(), (difference <= -0.05).sum()
    assert [f"{count:,} {word}" for count, word in zip(counts, ("help", "no change", "harm"), strict=True)] == [
        re.sub(r" \(.*\)", "", part.strip()) for part in re.split("[▲●▼]", text(html(page, "key")[0]))[1:]
    ]


@pytest.mark.usefixtures("no_data")
def test_the_other_orders() -> None:
    table = table_of("gaze kept", "gaze", "center")
    page = visit(sort="best")
    check_order(page, -table["difference"])
    page = visit(sort="disagreement")
    check_order(page, overlaps("gaze", "center"))


def overlaps(method: str, reference: str) -> pd.Series:
    """Intersection over union of the two methods' boxes, a crop at a time."""
    boxes = pd.read_parquet(RUN / "boxes.parquet").astype({"dataset": str, "image": str, "aspect": str, "method": str})
    found = {}
    pair = boxes[boxes["method"].isin([method, reference])]
    for key, two in pair.groupby(["dataset", "image", "aspect"]):
        (a, b) = two[["left", "top", "width", "height"]].to_numpy().tolist()
        across = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
        down = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
        shared = max(across, 0) * max(down, 0)
        found[key] = shared / (a[2] * a[3] + b[2] * b[3] - shared)
    series = pd.Series(found)
    series.index.names = ["dataset", "image", "aspect"]
    return series


@pytest.mark.usefixtures("no_data")
def test_less_is_better_of_some_metrics() -> None:
    page = visit(metric="faces lost", sort="worst")
    check_order(page, -table_of("faces lost", "gaze", "center")["difference"])


@pytest.mark.usefixtures("no_data")
def test_a_random_order_stays_with_its_link_until_it_is_shuffled() -> None:
    page = visit(sort="random", seed="7")
    first = photos(page)
    assert first == photos(visit(sort="random", seed="7"))
    press(page, "shuffle")
    assert query(page, "seed") not in ("", "7")
    assert photos(page) != first
    assert photos(visit(sort="random", seed=query(page, "seed"))) == photos(page)


@pytest.mark.usefixtures("no_data")
def test_pickers_narrow_the_gallery_and_are_in_the_url() -> None:
    page = visit()
    page.selectbox(key="explore-dataset").set_value("crowd").run()
    page.selectbox(key="explore-format").set_value("1:1").run()
    page.selectbox(key="explore-method").set_value("face").run()
    page.selectbox(key="explore-reference").set_value("human").run()
    table = table_of("gaze kept", "face", "human")
    chosen = table[
        (table.index.get_level_values("dataset") == "crowd") & (table.index.get_level_values("aspect") == "1:1")
    ]
    check_order(page, chosen["difference"])
    assert f"{len(chosen)} crops of {len(chosen)} photos" in page.markdown[0].value
    again = visit(**{name: query(page, name) for name in page.query_params})
    assert photos(again) == photos(page)


@pytest.mark.usefixtures("no_data")
def test_pages_cover_every_photo_once() -> None:
    page = visit(dataset="scene")
    seen = photos(page)
    while not page.button(key="explore-turn-Next page").disabled:
        press(page, "turn-Next page")
        seen += photos(page)
    table = table_of("gaze kept", "gaze", "center")
    assert len(seen) == len(set(seen)) == table.loc["scene"].index.get_level_values("image").nunique()
    assert photos(visit(dataset="scene", page="999")) == photos(page)
    page.button_group(key="explore-sort").set_value("best").run()
    assert not query(page, "page")
    assert photos(page) == photos(visit(dataset="scene", sort="best"))


@pytest.mark.usefixtures("no_data")
def test_another_choice_begins_at_its_first_page() -> None:
    page = visit(page="3")
    page.selectbox(key="explore-dataset").set_value("crowd").run()
    assert not query(page, "page")
    assert photos(page) == photos(visit(dataset="crowd"))
    page = visit(image="osie/1294.jpg", crop="3:1")
    page.selectbox(key="explore-format").set_value("1:1").run()
    assert "with the 1:1 crops" in html(page, "whole")[0]


@pytest.mark.usefixtures("no_data")
def test_a_range_of_differences_shows_those_crops_and_can_be_removed() -> None:
    low, high = -0.15, -0.1
    page = visit(low=str(low), high=str(high))
    difference = table_of("gaze kept", "gaze", "center")["difference"]
    inside = difference[(difference >= low) & (difference < high)]
    assert f"{len(inside)} crops of" in page.markdown[0].value
    assert set(photos(page)) <= {"/".join(key[:2]) for key in inside.index}
    assert page.button(key="explore-clear-range").label == "Only differences from -15.0 to -10.0\u00a0points"
    press(page, "clear-range")
    assert "2,050 crops of 353 photos" in page.markdown[0].value
    assert not query(page, "low")
    assert not has(page, "clear-range")


@pytest.mark.usefixtures("no_data")
def test_where_nothing_fits_there_is_a_way_out() -> None:
    page = visit(low="0.99", dataset="osie")
    assert "No photo fits" in page.info[0].value
    press(page, "clear-range")
    assert len(photos(page)) == PAGE


@pytest.mark.usefixtures("no_data")
def test_a_photo_opens_with_the_numbers_of_the_table() -> None:
    page = visit(sort="best")
    photo = photos(page)[2]
    press(page, f"open-{photo}")
    assert query(page, "image") == photo
    assert page.header[0].value == photo
    assert "3 of 353" in [caption.value for caption in page.caption]
    dataset, image = photo.split("/", 1)
    table = pd.read_parquet(RUN / "results.parquet")
    rows = table[(table["dataset"] == dataset) & (table["image"] == image)].astype({"method": str, "aspect": str})
    shown = page.dataframe[0].value
    kept = rows[rows["metric"] == "gaze kept"].pivot(index="method", columns="aspect", values="value")
    for method, aspect in product(kept.index, kept.columns):
        assert shown.loc[method_look(method).label, aspect] == pytest.approx(100 * kept.loc[method, aspect], abs=1e-4)
    assert shown["mean"].is_monotonic_decreasing
    np.testing.assert_allclose(shown["mean"], shown.drop(columns="mean").mean(axis=1), atol=1e-4)
    maps = page.dataframe[1].value
    for metric in ("NSS", "AUC-Judd", "KL"):
        of = rows[rows["metric"] == metric].set_index("method")["value"]
        for method, value in of.items():
            assert maps.loc[method_look(str(method)).label, metric] == pytest.approx(value, abs=1e-6)


@pytest.mark.usefixtures("no_data")
def test_from_a_photo_to_its_neighbours_and_back_to_its_page() -> None:
    second = photos(visit(page="2"))
    page = visit(page="2")
    press(page, f"open-{second[0]}")
    press(page, "step-Next")
    assert page.header[0].value == second[1]
    press(page, "step-Previous")
    press(page, "step-Previous")
    first = photos(visit())
    assert page.header[0].value == first[-1]
    press(page, "close")
    assert photos(page) == first
    assert not query(page, "image")
    page = visit(image=second[3])
    press(page, "close")
    assert photos(page) == second
    assert query(page, "page") == "2"


@pytest.mark.usefixtures("no_data")
def test_a_photo_is_drawn_in_the_format_that_is_chosen() -> None:
    boxes = pd.read_parquet(RUN / "boxes.parquet")
    for aspect in ("3:1", "4:5"):
        page = visit(image="osie/1294.jpg", crop=aspect)
        chosen = boxes[(boxes["image"] == "1294.jpg") & (boxes["dataset"] == "osie") & (boxes["aspect"] == aspect)]
        whole = html(page, "whole")[0]
        assert f"with the {aspect} crops of Saliency, Centre, Human" in whole
        drawn = [
            np.array(sides, float)
            for sides in re.findall(
                r'<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"', drawing(whole)
            )
        ]
        for method in ("gaze", "center", "human"):
            box = chosen[chosen["method"] == method][["left", "top", "width", "height"]].to_numpy()[0]
            assert any(np.abs(sides - box).max() <= 40 for sides in drawn), method


@pytest.mark.usefixtures("no_data")
@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ({"image": "osie/nope.jpg"}, "no photo 'osie/nope.jpg'"),
        ({"image": "nonsense"}, "no photo 'nonsense'"),
        ({"run": "nope"}, "no run 'nope'"),
        ({"metric": "beauty"}, "no metric 'beauty'"),
        ({"method": "magic"}, "no method 'magic'"),
        ({"dataset": "mine"}, "no dataset 'mine'"),
        ({"format": "7:7"}, "no format '7:7'"),
        ({"faces": "seven"}, "no faces 'seven'"),
        ({"low": "abc"}, "low = 'abc' is not a number"),
        ({"high": "nan"}, "high = 'nan' is not a number"),
        ({"page": "one"}, "page = 'one' is not a number"),
        ({"seed": "x"}, "seed = 'x' is not a number"),
        ({"sort": "upside down"}, "no order 'upside down'"),
    ],
)
def test_a_link_that_asks_for_what_is_not_there_is_told_so(bad: dict[str, str], message: str) -> None:
    page = visit(**bad)
    assert len(page.warning) == 1
    assert message in page.warning[0].value.replace("\\", "")
    assert len(photos(page)) == PAGE


@pytest.mark.usefixtures("no_data")
@pytest.mark.parametrize("odd", [{"page": "-3"}, {"page": "1e9"}, {"seed": "-5", "sort": "random"}, {"image": ""}])
def test_odd_numbers_in_a_link_do_no_harm(odd: dict[str, str]) -> None:
    assert photos(visit(**odd))


@pytest.mark.usefixtures("no_data")
def test_a_format_that_the_photo_has_not_is_explained() -> None:
    page = visit(image="osie/1294.jpg", crop="7:7", layer="nothing", also="nobody,human")
    assert "no format 7:7" in page.warning[0].value.replace("\\", "")
    assert page.header[0].value == "osie/1294.jpg"


@pytest.mark.usefixtures("no_data")
def test_a_photo_outside_the_choice_is_shown_all_the_same() -> None:
    page = visit(dataset="crowd", image="osie/1294.jpg")
    assert page.header[0].value == "osie/1294.jpg"
    assert "Not among the photos that are chosen above" in [caption.value for caption in page.caption]
    press(page, "close")
    assert all(photo.startswith("crowd/") for photo in photos(page))


@pytest.mark.usefixtures("no_data")
def test_without_the_datasets_frames_stand_for_the_photos_and_there_is_a_way_to_get_them() -> None:
    page = visit()
    hint = page.expander[-1].markdown[0].value
    for name in {photo.split("/")[0] for photo in photos(page)}:
        assert REPOSITORIES[name] in hint
    assert "GAZE_DATA" in hint
    card = drawing(html(page, "photo")[0])
    assert "<image" not in card
    assert card.count("<rect") == 4  # the frame, its edge, two crops
    press(page, f"open-{photos(page)[0]}")
    assert not html(page, "panels")
    assert len(page.dataframe) == 2


@pytest.mark.usefixtures("no_data")
def test_where_the_photos_cannot_be_fetched_the_page_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in REPOSITORIES:
        monkeypatch.setitem(REPOSITORIES, name, "file:///nowhere/at/all")
    page = visit()
    press(page, "get")
    assert not page.exception
    assert "git could not fetch" in page.error[0].value
    assert "Is this computer online?" in page.error[0].value
    assert page.expander[-1].label.startswith("The photos cannot be shown here")


@needs_data
def test_a_button_fetches_the_photos_and_then_they_are_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A link to the datasets on this disk stands in for what git would fetch."""
    here = Path(os.environ["GAZE_DATA"])
    monkeypatch.setenv("GAZE_DATA", str(tmp_path / "new"))

    def fetch(name: str) -> Iterator[Progress]:
        yield Progress(name, 0, 2, 0, 10)
        (tmp_path / "new").mkdir(exist_ok=True)
        (tmp_path / "new" / name).symlink_to(here / name)
        yield Progress(name, 2, 2, 10, 10)

    monkeypatch.setattr("pages.explore.getting.get", fetch)
    page = visit()
    assert "<image" not in drawing(html(page, "photo")[0])
    press(page, "get")
    assert not page.exception
    assert "<image" in drawing(html(page, "photo")[0])
    assert not [expander for expander in page.expander if expander.label.startswith("The photos cannot")]


@needs_data
def test_with_the_datasets_there_are_photos_fixations_and_maps() -> None:
    page = visit(dataset="osie", sort="best")
    assert all("<image" in drawing(card) for card in html(page, "photo"))
    press(page, f"open-{photos(page)[0]}")
    crops, looks = html(page, "panels")
    assert list(re.findall(r"<b>([^<]+)</b>", crops)) == ["Saliency", "Centre", "Human"]
    assert re.findall(r"<b>([^<]+)</b>", looks)[:3] == ["Fixations", "Human density", "Saliency map"]
    page = visit(image="osie/1294.jpg", layer="fixations")
    dots = drawing(html(page, "whole")[0])
    assert re.search("156 by 15 people", html(page, "panels")[-1])
    rings = dots.split('<g fill="#ffffff"')[0].count("<circle") // 2  # a ring and its casing
    assert rings + dots.split('<g fill="#ffffff"')[1].count("<circle") == 156


@needs_data
def test_a_map_metric_shows_maps_and_fixations() -> None:
    page = visit(metric="NSS")
    check_order(page, table_of("NSS", "gaze", "centre prior")["difference"])
    card = drawing(html(page, "photo")[0])
    assert "<image" in card
    assert "<circle" in card
    assert "over 353 photos" in page.markdown[0].value
    press(page, f"open-{photos(page)[0]}")
    assert "Saliency map" in html(page, "whole")[0].replace("saliency map", "Saliency map")
    assert len(page.dataframe) == 1


def test_a_run_of_ones_own_photos(own_run: Path) -> None:
    page = visit(run="runs/mine", method="bright", reference="center", sort="best")
    assert not page.warning
    # of 1:1 in 400x200 the centre keeps columns 100..299: nothing of the squares at either end
    assert set(photos(page)[:4]) == {
        "folder/left.png",
        "folder/right.png",
        "folder/album/tall top.png",
        f"folder/{ODD}",
    }
    assert photos(page)[-1] == "folder/middle.png"
    assert all("<image" in drawing(card) for card in html(page, "photo"))
    press(page, f"open-folder/{ODD}")
    assert query(page, "image") == f"folder/{ODD}"
    assert page.header[0].value.replace("\\", "") == f"folder/{ODD}"
    shown = page.dataframe[0].value
    assert shown.loc["bright", "16:9"] == 100
    assert shown.loc["Centre", "16:9"] == 0
    page = visit(run="runs/mine", image=f"folder/{ODD}", layer="fixations")
    assert page.header[0].value.replace("\\", "") == f"folder/{ODD}"
    rings, dots = drawing(html(page, "whole")[0]).split('<g fill="#ffffff"')
    assert dots.count("<circle") == 2 * 5  # of four people two judge, with five fixations each
    assert rings.count("<circle") == 2 * (2 * 5)  # a ring and its casing
    # the saliency network at hand did not make this run
    assert any("other weights" in caption.value for caption in page.caption)
    assert own_run.exists()


def test_photos_that_nobody_looked_at_show_what_is_expected_of_their_crops(runs: Path) -> None:
    data = write_dataset(runs.parent / "photos", SCENES)
    for name in ("fixations", "boxes", "crops"):
        (data / f"{name}.csv").unlink()
    make_run(runs / "plain", data)
    page = visit(run="runs/plain", sort="best")
    assert "bright** against **Centre**, expected gaze kept" in page.markdown[0].value
    assert any("not a measurement" in caption.value for caption in page.caption)
    press(page, f"open-{photos(page)[0]}")
    (crops, looks) = html(page, "panels")
    assert re.findall(r"<b>([^<]+)</b>", crops) == ["bright", "Centre"]
    assert re.findall(r"<b>([^<]+)</b>", looks) == ["Saliency map"]
    assert not any("judge the crops" in key for key in html(page, "key"))


def test_a_run_in_which_everything_failed_has_nothing_to_show(runs: Path) -> None:
    folder = runs / "empty"
    folder.mkdir(parents=True)
    save_run(folder, [Outcome("folder", "broken.jpg", error="no picture")], {"folder": "", "weights": {}})
    page = visit(run="runs/empty")
    assert "runs/empty holds no numbers" in page.info[0].value.replace("\\", "")


def test_without_any_run_there_is_a_way_to_make_one(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.shared.run_cache.RESULTS", runs / "nothing")
    page = visit()
    assert "python -m eval run" in page.info[0].value
    (runs / "half").mkdir(parents=True)
    (runs / "half" / "progress.jsonl").write_text("{}")
    page = visit()
    assert "unfinished" in "".join(caption.value for caption in page.caption)


def test_a_damaged_run_is_named(runs: Path) -> None:
    (runs / "broken").mkdir(parents=True)
    for name in ("results.parquet", "boxes.parquet", "manifest.json"):
        (runs / "broken" / name).write_bytes(b"nothing of the kind")
    page = visit(run="runs/broken")
    assert "damaged" in page.error[0].value


def test_a_photo_that_is_gone_is_said_to_be_and_its_numbers_stay(own_run: Path) -> None:
    photos_folder = own_run.parents[1] / "photos"
    (photos_folder / "left.png").write_bytes(b"no picture any more")
    page = visit(run="runs/mine", image="folder/left.png")
    assert "cannot be opened" in page.warning[0].value
    assert page.dataframe[0].value.loc["Centre", "1:1"] == 0
    shutil.rmtree(photos_folder)
    page = visit(run="runs/mine")
    assert len(photos(page)) == len(SCENES)
    assert "not on this computer" in page.expander[-1].markdown[0].value
    assert all("<image" not in drawing(card) for card in html(page, "photo"))


def test_a_method_against_itself_is_pointed_out(own_run: Path) -> None:
    page = visit(run="runs/mine", method="bright", reference="bright")
    assert "Choose another method" in page.info[0].value
    assert len(photos(page)) == len(SCENES)
    assert own_run.exists()


def test_overlap_and_outcome_of_crops() -> None:
    index = pd.MultiIndex.from_tuples(
        [("d", "a", "1:1"), ("d", "b", "1:1"), ("d", "b", "16:9")], names=["dataset", "image", "aspect"]
    )
    values = (
        pd.DataFrame({"x": [0.55, 0.2, 0.5], "y": [0.5, 0.9, 0.46]}, index=index).astype("float32").astype("float64")
    )
    sides = [("x", "a", 0, 0, 10, 10), ("y", "a", 5, 0, 10, 10), ("x", "b", 0, 0, 10, 10), ("y", "b", 20, 0, 10, 10)]
    boxes = pd.DataFrame(sides, columns=["method", "image", "left", "top", "width", "height"])
    boxes = boxes.assign(dataset="d", aspect="1:1")
    crops = compare_crops(values, boxes, "x", "y", "gaze kept").set_index(["image", "aspect"])
    assert crops["overlap"].to_dict() == pytest.approx(
        {("a", "1:1"): 1 / 3, ("b", "1:1"): 0.0, ("b", "16:9"): np.nan}, nan_ok=True
    )
    assert crops["outcome"].tolist() == ["helps", "harms", "no change"]
    ordered = gallery(crops.reset_index(), "worst")
    assert ordered[["image", "aspect"]].to_numpy().tolist() == [["b", "1:1"], ["a", "1:1"]]
    assert (compare_crops(values, boxes, "x", "y", "faces cut")["outcome"] == ["harms", "helps", "no change"]).all()


def test_a_drawing_has_its_boxes_where_they_are() -> None:
    drawn = frame_svg((400, 300), "data:,", [(Box(100, 0, 200, 300), method_look("gaze"))], line=0.01)
    assert 'viewBox="0 0 400 300"' in drawn
    assert 'x="102" y="2" width="196" height="296"' in drawn  # half a line of 4 pixels inside
    assert method_look("gaze").color in drawn
    fixations = np.array([[10.0, 20.0], [30.0, 40.0]])
    drawn = frame_svg((400, 300), fixations=fixations, judged=np.array([True, False]))
    assert drawn.count('cx="10.0" cy="20.0"') == 1
    assert drawn.count('cx="30.0" cy="40.0"') == 2


def test_the_plot_draws_every_crop_or_an_even_choice_with_the_extremes() -> None:
    rng = np.random.default_rng(0)
    crops = pd.DataFrame({"dataset": "d", "image": [f"{n}.jpg" for n in range(20_000)], "aspect": "1:1"})
    crops = crops.assign(value=rng.random(20_000), against=rng.random(20_000))
    crops = crops.assign(difference=crops["value"] - crops["against"])
    crops["outcome"] = np.select(
        [crops["difference"] >= 0.05, crops["difference"] <= -0.05], ["helps", "harms"], "no change"
    )
    few = thinned(crops)
    assert len(few) == MOST_POINTS
    assert {few["difference"].min(), few["difference"].max()} == {crops["difference"].min(), crops["difference"].max()}
    figure = against(crops, "gaze kept", "gaze", "center", 0.05)
    marks = [trace for trace in figure.data if trace.mode == "markers"]
    assert sum(len(trace.x) for trace in marks) == MOST_POINTS
    for trace in marks:
        photo, aspect = trace.customdata[0]
        row = crops.set_index("image").loc[photo.removeprefix("d/")]
        assert aspect == "1:1"
        assert (trace.x[0], trace.y[0]) == pytest.approx((100 * row["against"], 100 * row["value"]))
        assert trace.name == row["outcome"]


def test_a_plot_of_some_crops_only_says_how_many(monkeypatch: pytest.MonkeyPatch) -> None:
    def plotted(page: AppTest) -> tuple[str, str]:
        (caption,) = [caption.value for caption in page.caption if caption.value.startswith("A mark is")]
        (chart,) = page.get("plotly_chart")
        return caption, chart.proto.alt

    every = len(table_of("gaze kept", "gaze", "center"))
    assert every <= MOST_POINTS
    assert not any("extremes" in words for words in plotted(visit()))
    monkeypatch.setattr("pages.explore.figures.MOST_POINTS", 1000)
    for words in plotted(visit()):
        assert f"1,000 of {every:,} crops, the extremes among them" in words
