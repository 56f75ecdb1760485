"""Results first: what of the crops is on the first screen, and what stays where it is while one works.

GAZECROP_FIRST_SCREEN=1 also writes docs/first-screen-desktop.jpg and -phone.jpg.
"""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import FloatRect, Locator, Page, ViewportSize, expect

from tests.browser.crop_page import (
    FIRST_RESULT,
    ROOT,
    SAMPLES,
    hand_in,
    open_app,
    photo,
    title,
    wait,
    wait_for_batch,
)
from tests.browser.parts import fits

pytestmark = pytest.mark.browser

SCREENS: dict[str, ViewportSize] = {
    "desktop": {"width": 1280, "height": 800},
    "phone": {"width": 390, "height": 844},
}
EIGHT = ("coffee", "bee", "wine", "slide", "seeding", "umang", "chelsea_cat", "astronaut_eileen_collins")
NO_LESS = 1  # CSS pixels: places are rounded
WATCH = """() => {
  window.seen = [];
  const top = (selector) => document.querySelector(selector)?.getBoundingClientRect().top;
  const opacity = (node) => (node ? Number(getComputedStyle(node).opacity) * opacity(node.parentElement) : 1);
  const look = () => {
    const shown = document.querySelector(".st-key-crop-beside .stBidiComponent");
    window.seen.push([top(".st-key-crop-view"), top(".st-key-crop-zip"), shown ? opacity(shown) : 0]);
    requestAnimationFrame(look);
  };
  look();
}"""


def place_of(locator: Locator) -> FloatRect:
    place = locator.bounding_box()
    assert place is not None
    return place


def in_view(page: Page, locator: Locator) -> bool:
    """Whether all of it is on the screen."""
    place, size = place_of(locator), page.viewport_size
    assert size is not None
    return (
        place["x"] >= -NO_LESS
        and place["y"] >= -NO_LESS
        and place["x"] + place["width"] <= size["width"] + NO_LESS
        and place["y"] + place["height"] <= size["height"] + NO_LESS
    )


def cards(page: Page, row: int = 0) -> Locator:
    """Those of the format in this row."""
    return page.locator(f".st-key-crop-row-{row} [class*='st-key-crop-card-']")


def expect_results(page: Page) -> None:
    """The first format's cards are on the screen: the crops, and all that is said of them."""
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == 0
    expect(cards(page)).to_have_count(3)
    for card in cards(page).all():
        assert in_view(page, card)
        expect(card.locator("img")).to_be_visible()
        expect(card.get_by_test_id("stMetricValue")).to_be_visible()
        expect(card.get_by_test_id("stDownloadButton")).to_be_visible()
    assert fits(page)


@pytest.mark.parametrize("device", SCREENS)
def test_the_crops_of_one_photo_are_on_the_first_screen(page: Page, app_url: str, device: str) -> None:
    page.set_viewport_size(SCREENS[device])
    open_app(page, app_url)
    expect_results(page)
    if "GAZECROP_FIRST_SCREEN" in os.environ:
        page.screenshot(path=ROOT / "docs" / f"first-screen-{device}.jpg", type="jpeg", quality=70)


@pytest.mark.parametrize("device", SCREENS)
def test_the_crops_of_eight_photos_are_on_the_first_screen(page: Page, app_url: str, device: str) -> None:
    page.set_viewport_size(SCREENS[device])
    open_app(page, app_url)
    files: list[Path] = [SAMPLES / f"{name}.jpg" for name in EIGHT]
    hand_in(page, files)
    wait_for_batch(page, files)
    opened = page.locator(".st-key-crop-strip").get_by_role("button", name=EIGHT[0])
    assert in_view(page, opened)
    expect(opened).to_contain_text("%")  # what its crop keeps
    expect(cards(page)).to_have_count(3)
    assert all(in_view(page, card.locator("img")) for card in cards(page).all())
    assert fits(page)


def test_photos_from_before_leave_room_for_the_uploader(page: Page, app_url: str) -> None:
    page.set_viewport_size(SCREENS["desktop"])
    open_app(page, app_url)
    hand_in(page, [SAMPLES / "coffee.jpg"])
    expect(title(page)).to_have_text("coffee.jpg", timeout=FIRST_RESULT)  # else it is not there before one leaves
    for name in ("Method", "Crop"):
        page.get_by_role("link", name=name).first.click()
        page.wait_for_url(f"**/{name.lower() if name == 'Method' else ''}*")
        wait(page)
    parts = [
        page.locator(".st-key-crop-uploads").get_by_test_id("stBaseButton-secondary"),
        page.get_by_role("button", name="1 photo from before"),
        page.get_by_role("button", name="Paste"),
        page.get_by_role("switch", name="Camera"),
    ]
    places = [place_of(part) for part in parts]
    assert all(one["x"] + one["width"] <= other["x"] for one, other in pairwise(places))
    assert fits(page)


def test_the_photo_stays_in_view_beside_all_its_crops(page: Page, app_url: str) -> None:
    page.set_viewport_size(SCREENS["desktop"])
    open_app(page, app_url)
    for row in range(3):
        cards(page, row).first.evaluate("card => card.scrollIntoView({block: 'center'})")
        page.wait_for_timeout(300)
        assert row == 0 or in_view(page, photo(page)), row


def test_a_row_a_format(page: Page, app_url: str) -> None:
    open_app(page, f"{app_url}/?formats=single,square,portrait,banner")
    tops = []
    for row in range(4):
        places = [place_of(card) for card in cards(page, row).all()]
        assert len({round(place["y"]) for place in places}) == 1
        assert all(one["x"] + one["width"] <= other["x"] for one, other in pairwise(places))
        tops.append(places[0]["y"])
    assert tops == sorted(tops)


def test_on_a_phone_the_photo_comes_after_the_first_crops(page: Page, app_url: str) -> None:
    page.set_viewport_size(SCREENS["phone"])
    open_app(page, app_url)
    order = [place_of(cards(page, 0).first), place_of(photo(page)), place_of(cards(page, 1).first)]
    assert all(one["y"] + one["height"] <= other["y"] for one, other in pairwise(order))


def test_nothing_jumps_or_fades_while_one_steers(page: Page, app_url: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 1000})
    open_app(page, app_url)
    page.evaluate(WATCH)
    place = place_of(photo(page))
    photo(page).click(position={"x": place["width"] * 0.3, "y": place["height"] * 0.8})
    expect(page.get_by_text("You decide where this photo is looked at, in every format.")).to_be_visible(timeout=60_000)
    wait(page)
    photo(page).press("Escape")
    expect(page.get_by_text("You decide where this photo is looked at, in every format.")).to_have_count(
        0, timeout=60_000
    )
    wait(page)
    seen = page.evaluate("window.seen")
    assert len(seen) > 20
    for column, what in enumerate(("the view buttons", "the download")):
        places = {round(row[column]) for row in seen if row[column] is not None}
        assert len(places) == 1, (what, places)
        assert all(row[column] is not None for row in seen), f"{what} are always there"
    assert min(row[2] for row in seen) == 1, "the photo does not fade"
