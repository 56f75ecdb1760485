"""Quality as a visitor meets it: the verdict at first glance, and a click from every figure to its photos and back."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from eval.report import by_kind, leaderboard, select, values_of
from eval.runs import RESULTS, TABLE, load_run
from pages.shared.figures.quality import histogram
from tests.browser import parts
from tests.browser.conftest import running_app, visit_first
from tests.browser.parts import SCHEMES, SIZES, Scheme, fits, take_screenshots, visitor

pytestmark = pytest.mark.browser

COMMITTED = RESULTS / "test"
VERDICT = re.compile(r"gaze keeps \d\d\.\d % of human gaze")
ROW = 35  # pixels, of a table


def open_page(page: Page, url: str, query: str = "") -> None:
    page.goto(f"{url}/quality{query}")
    settle(page)


def settle(page: Page) -> None:
    """Until nothing runs any more and all that is drawn late is there."""
    expect(page.locator(".st-key-quality-verdict p").first).to_be_visible(timeout=90_000)
    parts.settle(page)
    page.wait_for_timeout(500)  # plotly fits its text once more


def query_of(page: Page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def click_mark(page: Page, mark: Locator) -> None:
    """As a hand does it: come near, stop, click."""
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x - 3, y)
    page.wait_for_timeout(150)
    page.mouse.move(x, y)
    page.wait_for_timeout(300)
    page.mouse.click(x, y)


def click_row(page: Page, table: str, row: int, x: int) -> None:
    """The cell of a table at this row, from 0, and this many pixels from its left side."""
    grid = page.locator(f".st-key-quality-{table} canvas").first
    grid.scroll_into_view_if_needed()
    box = grid.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + x, box["y"] + ROW * (row + 1.5))


def expect_explore(page: Page, **wanted: str) -> None:
    page.wait_for_url("**/explore?*", timeout=30_000)
    assert wanted.items() <= query_of(page).items()
    expect(page.locator(".st-key-quality-verdict")).to_have_count(0, timeout=60_000)
    expect(page.get_by_test_id("stHeading").first).to_be_visible()
    assert wanted.items() <= query_of(page).items(), "Explore shows what was asked for"


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("device", SIZES)
def test_first_glance(browser: Browser, app_url: str, device: str, scheme: Scheme) -> None:
    with visitor(browser, device, scheme) as page:
        open_page(page, app_url)
        verdict = page.locator(".st-key-quality-verdict p").first
        expect(verdict).to_have_text(VERDICT)
        box = verdict.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] < SIZES[device][1], "the verdict is on the first screen"
        assert fits(page)
        expect(page.locator(".js-plotly-plot")).to_have_count(3)
        take_screenshots(page, f"quality-{device}-{scheme}")


def test_a_mark_leads_to_its_photos_and_back(page: Page, app_url: str) -> None:
    open_page(page, app_url, "?dataset=osie")
    board = leaderboard(load_run(COMMITTED), where={"dataset": "osie"}).drop(index="center")
    order = list(board.sort_values("difference").index)
    marks = page.locator(".st-key-quality-chart-differences .scatterlayer .trace .points path")
    expect(marks).to_have_count(len(order))
    click_mark(page, marks.nth(order.index("face")))
    expect_explore(page, method="face", reference="center", metric="gaze kept", dataset="osie", sort="worst")
    page.go_back()
    page.wait_for_url("**/quality?*")
    settle(page)
    page.wait_for_timeout(1500)
    assert "/quality" in page.url, "coming back does not click again"
    assert query_of(page)["dataset"] == "osie"
    expect(page.locator(".st-key-quality-verdict p").first).to_contain_text("face keeps")


def test_a_bar_leads_to_the_crops_in_it(page: Page, app_url: str) -> None:
    open_page(page, app_url)
    values = values_of(select(load_run(COMMITTED).table, "gaze kept"))
    bars = histogram(values["gaze"] - values["center"])
    number = int(np.flatnonzero(bars["low"] > 0.04)[0])
    click_mark(page, page.locator(".st-key-quality-chart-crop-by-crop .barlayer .point path").nth(number))
    bar = bars.iloc[number]
    expect_explore(page, method="gaze", sort="best", low=f"{bar['low']:.6f}", high=f"{bar['high']:.6f}")


def test_a_method_among_the_times_leads_to_its_photos(page: Page, app_url: str) -> None:
    open_page(page, app_url)
    board = leaderboard(load_run(COMMITTED))
    order = [name for name in board.index if name not in ("human", "oracle")]
    marks = page.locator(".st-key-quality-chart-quality-against-time .scatterlayer .trace .points path")
    expect(marks).to_have_count(len(order))
    click_mark(page, marks.nth(order.index("twitter-mass")))
    expect_explore(page, method="twitter-mass", reference="center")


def test_a_number_of_the_leaderboard_leads_to_its_photos(page: Page, app_url: str) -> None:
    open_page(page, app_url)
    order = list(leaderboard(load_run(COMMITTED)).index)
    click_row(page, "table-leaderboard", order.index("smartcrop"), 250)
    expect_explore(page, method="smartcrop", reference="center")


def test_the_same_by_keyboard(page: Page, app_url: str) -> None:
    open_page(page, app_url, "?method=face&faces=many")
    link = page.get_by_role("link", name="Where Face is worst")
    link.focus()
    link.press("Enter")
    expect_explore(page, method="face", reference="center", faces="many", sort="worst")


def test_filters_live_in_the_address_and_the_back_button_undoes_them(page: Page, app_url: str) -> None:
    open_page(page, app_url)
    page.get_by_role("combobox", name="Dataset").click()
    page.get_by_role("option", name="crowd").click()
    expect(page.locator(".st-key-quality-verdict")).to_contain_text("107 photos of crowd")
    assert query_of(page) == {"dataset": "crowd"}
    page.reload()
    settle(page)
    expect(page.locator(".st-key-quality-verdict")).to_contain_text("107 photos of crowd")
    page.go_back()
    expect(page.locator(".st-key-quality-verdict")).to_contain_text("353 photos of crowd, osie and scene")


def test_the_data_behind_a_figure(page: Page, app_url: str) -> None:
    open_page(page, app_url)
    with page.expect_download() as download:
        page.locator(".st-key-quality-data-differences").get_by_role("button").click()
    assert download.value.suggested_filename == "differences.csv"
    data = pd.read_csv(Path(download.value.path()), index_col=0)
    board = leaderboard(load_run(COMMITTED)).drop(index="center")
    pd.testing.assert_series_equal(data["difference"], board["difference"], rtol=1e-4, check_names=False)


@pytest.mark.parametrize("device", SIZES)
def test_the_maps(browser: Browser, app_url: str, device: str) -> None:
    with visitor(browser, device) as page:
        open_page(page, app_url)
        page.get_by_role("tab", name="Saliency maps").click()
        expect(page.get_by_text("What the metrics say")).to_be_visible(timeout=60_000)
        settle(page)
        expect(page.locator(".st-key-quality-verdict p").first).to_contain_text("NSS")
        assert fits(page)
        take_screenshots(page, f"quality-maps-{device}-light")


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("device", SIZES)
def test_the_scenes(browser: Browser, app_url: str, device: str, scheme: Scheme) -> None:
    with visitor(browser, device, scheme) as page:
        open_page(page, app_url)
        page.get_by_role("tab", name="Scenes").click()
        expect(page.get_by_text("A right crop shows")).to_be_visible(timeout=60_000)
        settle(page)
        expect(page.locator(".st-key-quality-verdict p").first).to_contain_text("of drawn scenes right")
        assert fits(page)
        take_screenshots(page, f"quality-scenes-{device}-{scheme}")


def test_a_share_of_scenes_leads_to_its_pictures_and_back(page: Page, app_url: str) -> None:
    open_page(page, app_url, "?show=Scenes")
    click_row(page, "table-kinds", 3, 330)  # the third kind; the second method, since ours is the first
    expect(page.get_by_role("heading", name=re.compile("Person at an edge:"))).to_be_visible()
    settle(page)
    best = by_kind(load_run(RESULTS / "scenes")).columns.drop("gaze")[0]
    assert query_of(page) == {"show": "Scenes", "kind": "person at an edge", "method": best}
    expect(page.locator(".scene-crops img").first).to_have_attribute("alt", re.compile(r"^Scene person at an edge/"))
    page.reload()
    settle(page)
    expect(page.get_by_role("heading", name=re.compile("Person at an edge:"))).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Lone object: Saliency", exact=True)).to_be_visible()


@pytest.fixture(scope="module")
def two_runs_url(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[str]:
    """A server of its own that knows a second run, in which Face keeps less gaze."""
    folder = tmp_path_factory.mktemp("more")
    shutil.copytree(COMMITTED, folder / "runs" / "new")
    rows = pd.read_parquet(COMMITTED / TABLE)
    chosen = (rows["method"] == "face") & (rows["metric"] == "gaze kept") & (rows["value"] > 0.1)
    rows.loc[chosen, "value"] -= np.float32(0.05)
    rows.to_parquet(folder / "runs" / "new" / TABLE)
    with running_app(folder / "ratings.sqlite", GAZECROP_RUNS=str(folder / "runs")) as url:
        visit_first(browser, url)
        yield url


@pytest.mark.parametrize("device", SIZES)
def test_two_runs(browser: Browser, two_runs_url: str, device: str) -> None:
    with visitor(browser, device) as page:
        open_page(page, two_runs_url, "?with=runs/new")
        page.get_by_role("tab", name="Compare runs").click()
        expect(page.locator(".st-key-quality-verdict p").first).to_contain_text("1 got worse", timeout=60_000)
        settle(page)
        expect(page.get_by_text("Photos that changed most: Face")).to_be_visible()
        assert fits(page)
        take_screenshots(page, f"quality-compare-{device}-light")
        click_row(page, "table-changes", 1, 180)
        expect(page.get_by_text(re.compile("No photo differs in"))).to_be_visible()
        settle(page)
        click_row(page, "table-changes", 0, 180)
        expect(page.get_by_text("Photos that changed most: Face")).to_be_visible()
        page.get_by_role("link", name=re.compile("points")).first.click()
        expect_explore(page, run="runs/new", method="face", metric="gaze kept")
        assert "/" in query_of(page)["image"]
