"""The Method page as a visitor meets it: desktop and phone, light and dark, by its own links."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.parts import SCHEMES, SIZES, Scheme, fits, settle, take_screenshots, visitor

pytestmark = pytest.mark.browser

PICTURES = 15  # four steps of the pipeline, two and two faces, seven failures


def open_page(page: Page, url: str) -> None:
    page.goto(f"{url}/method")
    expect(page.get_by_text("Measured on:")).to_be_attached(timeout=90_000)
    settle(page)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("device", SIZES)
def test_first_glance(browser: Browser, app_url: str, device: str, scheme: Scheme) -> None:
    with visitor(browser, device, scheme) as page:
        open_page(page, app_url)
        expect(page.get_by_role("heading", name="How it works, and how well")).to_be_visible()
        pipeline = page.locator(".pipeline").bounding_box()
        assert pipeline is not None
        assert pipeline["y"] < SIZES[device][1], "the pipeline must begin on the first screen"
        assert page.locator("[data-testid=stHtml] img").count() == PICTURES
        assert fits(page)
        steps = [page.locator(".pipeline > li").nth(n).bounding_box() for n in range(4)]
        rows = {round(step["y"]) for step in steps if step}
        assert len(rows) == (1 if device == "desktop" else len(steps))
        take_screenshots(page, f"method-{device}-{scheme}")


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
