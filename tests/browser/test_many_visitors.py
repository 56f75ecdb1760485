"""Many visitors at once: each sees the numbers of the own photo, and nobody takes another's pictures away."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.parts import settle, visitor
from tests.load.crowd import at_once, come_and_go

pytestmark = pytest.mark.browser

ROOMS = ("", "rate")
PICTURES = """async () => {
  const all = (root) => [...root.querySelectorAll("*")].flatMap((e) => (e.shadowRoot ? all(e.shadowRoot) : [e]));
  const images = all(document).filter((e) => e.tagName === "IMG").map((image) => image.src);
  const loads = (src) => new Promise((done) => {
    Object.assign(new Image(), { onload: () => done(true), onerror: () => done(false), src });
  });
  const answers = await Promise.all(images.map(loads));
  const kept = images.filter((src) => src.includes("/media/"));
  return { shown: images.length, kept, gone: answers.filter((ok) => !ok) };
}"""  # kept: by the server, which drops them when a run ends


def open_page(page: Page, url: str, room: str) -> None:
    page.goto(f"{url}/{room}")
    expect(page.get_by_test_id("stHeading").first).to_be_visible(timeout=90_000)
    settle(page)


def test_each_sees_the_numbers_of_the_own_photo(app_url: str, tmp_path: Path) -> None:
    visits = at_once(app_url, 4, tmp_path) + come_and_go(app_url, 4, tmp_path, 1)
    assert [visit.wrong for visit in visits] == [""] * 8
    assert len({str(visit.shown) for visit in visits[:4]}) == 4, "photos that are told apart by their numbers"


def test_visitors_in_turn_leave_each_others_pictures_alone(browser: Browser, app_url: str) -> None:
    with visitor(browser) as page, visitor(browser) as other:
        for room in ROOMS:
            open_page(page, app_url, room)
            open_page(other, app_url, room)
            found = page.evaluate(PICTURES)
            assert found["shown"] > 2
            assert (found["kept"], found["gone"]) == ([], [])
