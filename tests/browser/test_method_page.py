"""The Method page as a visitor meets it: desktop and phone, light and dark, by its own links."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.crop_page import SIZES, take_screenshots
from tests.browser.parts import errors_of

pytestmark = pytest.mark.browser

SETTLED = "[...document.images].every(image => image.complete && image.naturalWidth > 0)"
WIDTH = "document.querySelector('[data-testid=stMain]').scrollWidth"
PICTURES = 16  # five steps of the pipeline, two and two faces, seven failures


def open_page(page: Page, url: str) -> None:
    """Go there as from a link, once the app has been opened: before that Streamlit does not know its pages."""
    page.goto(url)
    expect(page.get_by_text("Credits of the sample photos")).to_be_visible(timeout=90_000)
    page.goto(f"{url}/method")
    expect(page.get_by_text("Measured on:")).to_be_attached(timeout=90_000)
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    page.wait_for_function(SETTLED)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", SIZES)
def test_first_glance(browser: Browser, app_url: str, device: str, scheme: str) -> None:
    width, height = SIZES[device]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    page = context.new_page()
    problems = errors_of(page)
    open_page(page, app_url)
    expect(page.get_by_role("heading", name="How it works, and how well")).to_be_visible()
    pipeline = page.locator(".pipeline").bounding_box()
    assert pipeline is not None
    assert pipeline["y"] < height, "the pipeline must begin on the first screen"
    assert page.locator("[data-testid=stHtml] img").count() == PICTURES
    assert page.evaluate(WIDTH) <= width
    steps = [page.locator(".pipeline > li").nth(n).bounding_box() for n in range(5)]
    rows = {round(step["y"]) for step in steps if step}
    assert len(rows) == (1 if device == "desktop" else 5)
    take_screenshots(page, f"method-{device}-{scheme}")
    context.close()
    assert problems == []


def test_the_contents_lead_to_their_sections(page: Page, app_url: str) -> None:
    open_page(page, app_url)
    for link, heading in (("Cite", "Cite"), ("Face crops", "Three complaints about face crops")):
        page.get_by_role("link", name=link, exact=True).click()
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_in_viewport()


def test_the_worst_photos_are_a_click_away(page: Page, app_url: str) -> None:
    open_page(page, app_url)
    page.get_by_role("link", name="The worst photos first").click()
    page.wait_for_url("**/explore?sort=worst*")


def test_dots_are_round_and_in_a_square(page: Page, app_url: str) -> None:
    open_page(page, app_url)
    dots = page.locator(".dots").first
    box, dot = dots.bounding_box(), dots.locator("i").first.bounding_box()
    assert box is not None
    assert dot is not None
    assert box["width"] == pytest.approx(box["height"], abs=2)
    assert dot["width"] == pytest.approx(dot["height"], abs=0.5)
    assert dot["width"] > 5
