"""Charts on a phone: no word of them is cut, and no two lines of a sentence or two names of rows lie on each other."""

from __future__ import annotations

from itertools import combinations

import pandas as pd
import plotly.io
import pytest
from playwright.sync_api import Browser, Page, expect

from pages.rate.figures import pairs_figure, ranking_figure
from pages.shared.palette import METHOD_LOOKS, OTHER_LOOKS, method_look
from tests.browser.parts import settle, visitor

pytestmark = pytest.mark.browser

COLUMN = 358  # CSS pixels: of the page on a phone of 390
CUT = """() => [...document.querySelectorAll(".js-plotly-plot")].flatMap((chart) => {
  const frame = chart.getBoundingClientRect();
  return [...chart.querySelectorAll("text")].filter((text) => {
    const place = text.getBoundingClientRect();
    return place.width && (place.left < frame.left - 1 || place.right > frame.right + 1
      || place.top < frame.top - 1 || place.bottom > frame.bottom + 1);
  }).map((text) => text.textContent);
})"""
ROWS = """() => [...document.querySelectorAll(".annotation-text, .ytick text")].map((text) => {
  const { left, top, right, bottom } = text.getBoundingClientRect();
  return [left, top, right, bottom];
})"""


@pytest.mark.parametrize("address", ["quality", "quality?metric=faces+cut", "quality?show=Speed", "method"])
def test_no_word_of_a_chart_is_cut_on_a_phone(browser: Browser, app_url: str, address: str) -> None:
    with visitor(browser, "phone") as page:
        page.goto(f"{app_url}/{address}")
        expect(page.get_by_test_id("stHeading").nth(1)).to_be_visible(timeout=90_000)
        settle(page)
        if address != "method":  # whose charts are HTML
            expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
        page.wait_for_timeout(1000)  # plotly fits its text once more
        assert page.evaluate(CUT) == []


def test_no_word_of_rate_s_charts_is_cut_whatever_the_methods_are_called(page: Page) -> None:
    longest = sorted({**METHOD_LOOKS, **OTHER_LOOKS}, key=lambda name: -len(method_look(name).label))[:2]
    votes = {"votes": 12345, "better": 4321, "none": 3703, "worse": 4321, "share": 0.5, "low": 0.49, "high": 0.51}
    pairs = pd.DataFrame(
        [{"first": one, "second": other, **votes, "decided": False, "more": 123456.0} for one, other in (longest,) * 2]
    )
    ranking = pd.DataFrame([{"method": name, "wins": 0.5, "low": 0.4, "high": 0.6, "votes": 9} for name in longest])
    page.set_viewport_size({"width": COLUMN, "height": 900})
    for figure in (pairs_figure(pairs), ranking_figure(ranking)):
        page.set_content(plotly.io.to_html(figure, full_html=False, config={"responsive": True}))
        page.add_style_tag(content="body { margin: 0; }")
        page.wait_for_timeout(500)
        assert page.evaluate(CUT) == []
        for one, other in combinations(page.evaluate(ROWS), 2):
            assert one[3] <= other[1] + 2 or other[3] <= one[1] + 2 or one[2] <= other[0] or other[2] <= one[0]
