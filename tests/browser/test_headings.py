"""Headings as those who hear pages use them: one h1, and no level left out on the way down, on every page and view."""

from __future__ import annotations

from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from eval.runs import RESULTS, load_run
from pages.crop.settings import VIEWS
from tests.browser.parts import settle

pytestmark = pytest.mark.browser

LEVELS = """() => [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")]
  .filter((heading) => heading.checkVisibility()).map((heading) => [Number(heading.tagName[1]), heading.innerText])"""
SHOWN = ("Crops", "Scenes", "Saliency maps", "Speed")  # of Quality


def a_photo() -> str:
    """One of the committed run."""
    row = load_run(RESULTS / "test").boxes.iloc[0]
    return f"{row['dataset']}/{row['image']}"


@pytest.mark.parametrize(
    ("address", "least"),
    [
        *((f"?view={view.lower().replace(' ', '+')}", 2) for view in VIEWS),
        *((f"quality?show={shown.replace(' ', '+')}", 2) for shown in SHOWN),
        ("quality?show=Compare+runs", 1),
        ("explore", 1),
        (f"explore?image={a_photo()}", 2),
        ("rate", 2),
        ("your_data", 1),
        *((f"fairness?show={shown}", 3) for shown in ("Groups", "Places", "Pictures", "Other+audits")),
        ("method", 5),
    ],
)
def test_no_level_of_headings_is_left_out(page: Page, app_url: str, address: str, least: int) -> None:
    page.goto(f"{app_url}/{address}")
    expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=90_000)
    settle(page)
    expect(page.locator("h1, h2, h3").nth(least - 1)).to_be_visible(timeout=30_000)
    settle(page)
    headings = page.evaluate(LEVELS)
    levels = [level for level, _ in headings]
    assert levels.count(1) == 1, headings
    assert levels[0] == 1, headings
    assert all(below <= above + 1 for above, below in pairwise(levels)), headings
