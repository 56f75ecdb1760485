"""Explore as a visitor meets it: a gallery, a photo, links that can be shared, and the way from Quality.

With GAZE_DATA the pictures are there; without, frames stand for them.
"""

from __future__ import annotations

import os
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import parts
from tests.browser.parts import SCHEMES, SIZES, Scheme, errors_of, fits, take_screenshots, visitor
from tests.photos import needs_data

pytestmark = pytest.mark.browser

CARDS = ".photo img"
KIND = "photos" if "GAZE_DATA" in os.environ else "frames"


def open_page(page: Page, url: str, query: str = "") -> None:
    page.goto(f"{url}/explore{query}")
    expect(page.get_by_role("heading", name="Photo by photo")).to_be_visible(timeout=90_000)
    settle(page)


def settle(page: Page) -> None:
    """Until nothing runs any more, and every picture and figure is drawn."""
    expect(page.locator(f"{CARDS}, .whole img").first).to_be_visible(timeout=90_000)
    parts.settle(page)
    expect(page.locator("[data-stale=true]")).to_have_count(0)
    expect(page.locator(".plot-container").first).to_be_visible()


def query(page: Page) -> dict[str, str]:
    """The parameters of the URL."""
    return {name: values[0] for name, values in parse_qs(urlsplit(page.evaluate("location.href")).query).items()}


def names(page: Page) -> list[str]:
    """The photos of the gallery."""
    return page.locator("[class*=st-key-explore-photo-] button").all_inner_texts()


@needs_data
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("device", SIZES)
@pytest.mark.parametrize(
    ("view", "address"),
    [("gallery", "?sort=best"), ("photo", "?sort=best&image=osie/1294.jpg"), ("maps", "?metric=NSS")],
)
def test_first_glance(browser: Browser, app_url: str, device: str, scheme: Scheme, view: str, address: str) -> None:
    with visitor(browser, device, scheme) as page:
        open_page(page, app_url, address)
        assert fits(page)
        picture = page.locator(".whole img" if view == "photo" else CARDS).first.bounding_box()
        assert picture is not None
        assert picture["y"] < SIZES[device][1] - 60, "a picture must be on the first screen"
        if view != "photo":
            assert page.locator(CARDS).count() == 12
        if KIND == "frames":
            expect(page.get_by_text("frames stand for them").first).to_be_visible()
        take_screenshots(page, f"explore-{view}-{KIND}-{device}-{scheme}")
        assert fits(page)


def test_open_a_photo_by_keyboard_walk_on_and_come_back(page: Page, app_url: str) -> None:
    problems = errors_of(page)
    open_page(page, app_url, "?dataset=scene")
    first, second = names(page)[:2]
    page.get_by_role("button", name=first).press("Enter")
    expect(page.get_by_role("heading", name=first)).to_be_visible()
    assert query(page)["image"] == first
    settle(page)
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", name=second)).to_be_visible()
    assert query(page)["image"] == second
    settle(page)
    page.get_by_text("2:1", exact=True).first.click()
    expect(page.get_by_alt_text(re.compile("with the 2:1 crops"))).to_be_visible()
    assert query(page)["crop"] == "2:1"
    settle(page)
    page.go_back()
    page.go_back()
    expect(page.get_by_role("heading", name=first)).to_be_visible()
    page.go_back()
    expect(page.locator(CARDS)).to_have_count(12)
    assert query(page) == {"dataset": "scene"}
    assert problems == []


def test_a_mark_of_the_plot_opens_its_photo(page: Page, app_url: str) -> None:
    open_page(page, app_url, "?format=1:1")
    mark = page.locator(".scatterlayer .point").last.bounding_box()
    assert mark is not None
    page.mouse.click(mark["x"] + mark["width"] / 2, mark["y"] + mark["height"] / 2)
    expect(page.locator(".whole img")).to_be_visible()
    opened = query(page)
    expect(page.get_by_role("heading", name=opened["image"])).to_be_visible()
    assert (opened["format"], opened["crop"]) == ("1:1", "1:1")
    settle(page)
    page.go_back()
    expect(page.locator(CARDS)).to_have_count(12)
    assert query(page) == {"format": "1:1"}


def test_a_copied_link_shows_another_visitor_the_same(browser: Browser, page: Page, app_url: str) -> None:
    open_page(page, app_url)
    for label, option in (("Method", "smartcrop"), ("Against", "Human"), ("Dataset", "crowd")):
        page.get_by_label(label, exact=True).first.click()
        page.get_by_role("option", name=option, exact=True).click()
        settle(page)
    page.get_by_text("Most disagreement").click()
    settle(page)
    page.get_by_role("button", name="Next page").click()
    settle(page)
    expect(page.get_by_text("2 of 9").or_(page.locator("input[value='2 of 9']")).first).to_be_visible()
    expect(page.locator("[class*=st-key-explore-photo-] button")).to_have_count(12)
    shown = names(page)
    address = page.evaluate("location.href")
    expected = {"method": "smartcrop", "reference": "human", "dataset": "crowd", "sort": "disagreement", "page": "2"}
    assert query(page) == expected
    context = browser.new_context(viewport={"width": 390, "height": 844})
    other = context.new_page()
    other.goto(address)
    settle(other)
    assert names(other) == shown
    expect(other.get_by_text(re.compile("smartcrop against Human"))).to_be_visible()
    context.close()


def test_quality_leads_here_with_what_was_picked_there(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/quality?dataset=osie&format=9:16&reference=face")
    link = page.get_by_role("link", name=re.compile("is worst")).first
    expect(link).to_be_visible(timeout=90_000)
    link.click()
    expect(page.get_by_role("heading", name="Photo by photo")).to_be_visible(timeout=90_000)
    settle(page)
    assert {"dataset": "osie", "format": "9:16", "reference": "face"}.items() <= query(page).items()
    assert all(name.startswith("osie/") for name in names(page))
    expect(page.get_by_text("on average over 143 crops of 143 photos")).to_be_visible()


def test_escape_comes_back_to_the_card_that_was_opened(page: Page, app_url: str) -> None:
    problems = errors_of(page)
    open_page(page, app_url, "?dataset=scene")
    name = names(page)[-1]
    page.get_by_role("button", name=name).click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    settle(page)
    page.keyboard.press("Escape")
    card = page.get_by_role("button", name=name)
    expect(card).to_be_focused(timeout=60_000)
    expect(card).to_be_in_viewport()
    assert "image" not in query(page)
    card.press("Enter")
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    assert problems == []
