"""Fairness as a visitor meets it: the verdict at first glance, every tab within the screen, a choice in the address."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.parts import SCHEMES, SIZES, Scheme, fits, settle, take_screenshots, visitor

pytestmark = pytest.mark.browser

TABS = ("Groups", "Places", "Pictures", "Other audits")


def open_page(page: Page, url: str, query: str = "") -> None:
    page.goto(f"{url}/fairness{query}")
    expect(page.get_by_role("heading", name="What this does not show")).to_be_visible(timeout=90_000)
    settle(page)
    page.wait_for_timeout(500)  # plotly fits its text once more


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("device", SIZES)
def test_first_glance(browser: Browser, app_url: str, device: str, scheme: Scheme) -> None:
    with visitor(browser, device, scheme) as page:
        open_page(page, app_url)
        expect(page.locator(".st-key-fairness-verdict p").first).to_contain_text("Saliency favours: by race")
        expect(page.locator(".js-plotly-plot").first).to_be_visible()
        assert fits(page)
        take_screenshots(page, f"fairness-{device}-{scheme}")


@pytest.mark.parametrize("device", SIZES)
def test_every_tab_fits(browser: Browser, app_url: str, device: str) -> None:
    with visitor(browser, device) as page:
        open_page(page, app_url)
        for tab in TABS[1:]:
            page.get_by_role("tab", name=tab).click()
            page.wait_for_url(f"**/fairness?show={tab.replace(' ', '+')}")
            settle(page)
            expect(page.get_by_role("heading", level=2).first).to_be_visible()
            assert fits(page), tab
            take_screenshots(page, f"fairness-{device}-{tab.split()[0].lower()}")


def test_a_method_is_chosen_by_its_name(page: Page, app_url: str) -> None:
    open_page(page, app_url)
    page.get_by_role("combobox", name=re.compile("Method")).click()
    page.get_by_role("option", name="Centre", exact=True).click()
    page.wait_for_url("**/fairness?method=center")
    expect(page.locator(".st-key-fairness-verdict p").first).to_contain_text("Centre chooses nobody")
