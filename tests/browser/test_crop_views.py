"""The views of the crop page: why a crop lies there, a feed, two crops compared, what is taken home; and no jumps."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from pages.crop.peers import get_peers, missing_peers
from saliency import FORMATS, METHODS
from tests import first
from tests.browser.crop_page import (
    SAMPLES,
    VIEWS,
    choose_view,
    download,
    fresh_copy,
    hand_in,
    open_app,
    open_zip,
    shown,
    wait,
    wait_for_batch,
)
from tests.browser.parts import errors_of, fits, take_screenshots, visitor
from tests.browser.test_components import visible_from

pytestmark = pytest.mark.browser


def test_why(page: Page, app_url: str) -> None:
    problems = errors_of(page)
    open_app(page, f"{app_url}/?sample=friends.jpg&formats=single,square,portrait")
    choose_view(page, "Why")
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    kept = [int(values[0].removesuffix("\u00a0%")) for values in shown(page).values()]
    assert list(shown(page)) == ["Best", "Second", "Third"]
    assert kept[1:] == sorted(kept[1:], reverse=True)
    # the best keeps the upper dog's head whole; the next may keep more gaze, and says what it cuts
    assert "the head is cut" in page.locator(".st-key-crop-card-alternative-1").inner_text()
    assert "the head is cut" not in page.locator(".st-key-crop-card-alternative-0").inner_text()
    take_screenshots(page, "crop-why-desktop-light")
    page.get_by_role("button", name="Use this").nth(1).click()
    expect(page.get_by_text("Your crop keeps")).to_contain_text(f"Your crop keeps {kept[1]}\u00a0%")
    choose_view(page, "Crops")
    assert shown(page)["Yours"][0] == f"{kept[1]}\u00a0%"
    assert problems == []


def test_feed(page: Page, app_url: str) -> None:
    problems = errors_of(page)
    open_app(page, app_url)
    choose_view(page, "Feed")
    expect(page.locator(".gc-feed .screen.desktop.light")).to_have_count(3)
    for choice in ("iOS", "4", "Dark"):
        page.locator(".st-key-crop-feed-look").get_by_text(choice, exact=True).click()
    expect(page.locator(".gc-feed .screen.ios.dark")).to_have_count(3)
    expect(page.locator(".gc-feed .photos.n4 img")).to_have_count(12)
    expect(page.get_by_text("Filled up with samples")).to_be_visible()
    wait(page)
    take_screenshots(page, "crop-feed-desktop-light")
    assert problems == []


def test_compare(page: Page, app_url: str) -> None:
    problems = errors_of(page)
    open_app(page, app_url)
    choose_view(page, "Compare")
    assert visible_from(page) == 0.5
    divider = page.get_by_role("slider", name="Divider between Saliency on the left and Centre on the right")
    for _ in range(3):
        divider.press("ArrowRight")
    assert visible_from(page) == pytest.approx(0.53)
    expect(page.locator(".gc-compare figure")).to_have_count(len(METHODS) + len(get_peers()) - len(missing_peers()))
    expect(page.locator(".gc-compare figure").first).to_contain_text("Saliency")
    expect(page.locator(".gc-compare .reference")).to_have_count(1)
    take_screenshots(page, "crop-compare-desktop-light")
    assert problems == []


def test_take_home(browser: Browser, app_url: str) -> None:
    with visitor(browser, permissions=["clipboard-read", "clipboard-write"]) as page:
        open_app(page, app_url)
        page.locator(".st-key-crop-formats").get_by_text("Square 1:1").click()
        page.locator(".st-key-crop-formats").get_by_text("Banner 3:1").click()
        expect(page.get_by_role("heading", name="Square 1:1")).to_be_visible()
        choose_view(page, "Take home")
        page.get_by_text("WebP", exact=True).click()
        page.get_by_text("Resize to the usual sizes").click()
        expect(page.get_by_role("switch", name="Resize to the usual sizes")).to_be_checked()
        wait(page)
        expect(page.get_by_text("from saliency import")).to_be_visible()
        take_screenshots(page, "crop-take-desktop-light")
        bundle = open_zip(download(page, "Download 3 crops"))
        sizes = [pixels for name in ("square", "portrait", "story") if (pixels := FORMATS[name].pixels)]
        assert [*bundle.sizes.values()] == sizes
        assert [*bundle.sizes] == [f"{first.STEM}_gaze_{width}x{height}.webp" for width, height in sizes]
        assert {picture.format for picture in bundle.pictures.values()} == {"WEBP"}
        points = download(page, "Focal points (JSON)")
        assert points.suggested_filename == "focal_points.json"
        assert json.loads(points.path().read_text()) == bundle.focal_points

        page.get_by_test_id("stCode").last.hover()
        page.get_by_test_id("stCode").last.get_by_role("button", name="Copy to clipboard").click()
        link = page.evaluate("navigator.clipboard.readText()")
    check_link(browser, link)


def check_link(browser: Browser, link: str) -> None:
    """Another visitor who opens the link finds the same settings."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(link)
    expect(page.get_by_text(VIEWS["Take home"])).to_be_visible(timeout=60_000)
    wait(page)
    expect(page.get_by_role("switch", name="Resize to the usual sizes")).to_be_checked()
    expect(page.get_by_role("radio", name="WebP")).to_be_checked()
    for size in ("Square 1:1: 1080 × 1080", "Portrait 4:5: 1080 × 1350", "Story 9:16: 1080 × 1920"):
        expect(page.get_by_text(size)).to_be_visible()
    context.close()


@pytest.mark.parametrize("view", list(VIEWS)[1:])
def test_on_a_phone_in_the_dark(browser: Browser, app_url: str, view: str) -> None:
    with visitor(browser, "phone", "dark") as page:
        open_app(page, f"{app_url}/?view={view.lower()}")
        expect(page.get_by_text(VIEWS[view])).to_be_visible()
        assert fits(page)
        take_screenshots(page, f"crop-{view.split()[0].lower()}-phone-dark")


SHIFTS = """window.shifts = [];
new PerformanceObserver((list) => {
  for (const { value, hadRecentInput, sources } of list.getEntries()) {
    const moved = sources.map(({ node, previousRect: from, currentRect: to }) =>
      `${node?.dataset?.testid ?? node?.nodeName} from ${from.x}, ${from.y} to ${to.x}, ${to.y}`);
    if (!hadRecentInput) window.shifts.push({ value, moved });
  }
}).observe({ type: "layout-shift", buffered: true });"""
MOST_SHIFT = 0.05
"""The share of the screen that moves, times how far. Measured: 0.003 on a quiet machine, where only the progress bar
gives way to the count; 0.02 on a busy one, where the last of the first photo comes late. Up to 0.1 counts as good, over
a whole visit: https://web.dev/articles/cls."""


def test_nothing_jumps_while_a_batch_is_analysed(page: Page, app_url: str, tmp_path: Path) -> None:
    names = ("coffee", "chelsea_cat", "wine", "china_temple", "seeding", "umang")
    files = [fresh_copy(SAMPLES / f"{name}.jpg", tmp_path / f"{name}.jpg") for name in names]
    page.add_init_script(SHIFTS)
    open_app(page, app_url)
    hand_in(page, files)
    expect(page.get_by_alt_text(f"{files[0].name} cropped to").first).to_be_visible()
    page.evaluate("window.shifts = []")  # what came before made room for the strip: the answer to the drop itself
    wait_for_batch(page, files)
    shifts = page.evaluate("window.shifts")
    assert sum(shift["value"] for shift in shifts) < MOST_SHIFT, shifts
