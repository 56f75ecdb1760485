"""From every page to every other by a click in the navigation, and by Back and Forward: nothing breaks between two."""

from __future__ import annotations

from itertools import pairwise, permutations
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import running_app
from tests.browser.parts import errors_of

pytestmark = pytest.mark.browser

HEADINGS = {
    "Crop": "Crop photos to what people look at",
    "Quality": "Which method keeps what people look at?",
    "Explore": "Photo by photo",
    "Rate": "Rate crops blind",
    "Your data": "Measure your own photos",
    "Fairness": "Whom do crops favour?",
    "Method": "How it works, and how well",
}


def walk(names: list[str]) -> list[tuple[str, str]]:
    """Every ordered pair once, as one walk from the first name back to it, each step beginning where the last ended."""
    left = set(permutations(names, 2))
    # an Eulerian circuit of the complete directed graph, by Hierholzer's algorithm
    stack, circuit = [names[0]], []
    while stack:
        onward = next((pair for pair in sorted(left) if pair[0] == stack[-1]), None)
        if onward:
            left.remove(onward)
            stack.append(onward[1])
        else:
            circuit.append(stack.pop())
    circuit.reverse()
    return list(pairwise(circuit))


def arrive(page: Page, name: str) -> None:
    """The page is there and whole: its heading, and no error, once its script has run to the end."""
    expect(page.get_by_role("heading", name=HEADINGS[name], level=1)).to_be_visible(timeout=60_000)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning", timeout=60_000)
    assert page.get_by_test_id("stException").count() == 0, name
    assert page.get_by_test_id("stAlertContentError").count() == 0, name


def test_every_page_can_follow_every_other(page: Page, app_url: str) -> None:
    problems = errors_of(page)
    steps = walk(list(HEADINGS))
    assert len(steps) == 42
    page.goto(app_url)
    arrive(page, "Crop")
    for before, after in steps:
        page.get_by_role("link", name=after, exact=True).first.click()
        arrive(page, after)
        page.go_back()
        arrive(page, before)
        page.go_forward()
        arrive(page, after)
    assert problems == []


def test_a_link_to_a_page_is_the_first_request_of_a_server(page: Page, tmp_path: Path) -> None:
    with running_app(tmp_path / "ratings.sqlite") as url:
        page.goto(f"{url}/your_data")
        arrive(page, "Your data")
        expect(page.get_by_role("link", name="Crop", exact=True)).to_be_attached()
        expect(page.get_by_role("dialog")).to_have_count(0)  # that the page was not found
