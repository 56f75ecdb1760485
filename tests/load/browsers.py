"""Visitors with real browsers: each round as many pages as wanted, each new, with a photo of its own."""

from __future__ import annotations

import time
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.browser.crop_page import hand_in, open_app, shown, wait
from tests.browser.measure import FIRST_CROP, new_page
from tests.browser.parts import errors_of
from tests.load.crowd import Visit, checked, new_photos


def rounds(browser: Browser, url: str, count: int, folder: Path, seconds: float) -> list[Visit]:
    """Rounds of `count` pages at once until so many seconds are over; one round at least."""
    end = time.monotonic() + seconds
    visits = one_round(browser, url, count, folder)
    while time.monotonic() < end:
        visits += one_round(browser, url, count, folder)
    return visits


def one_round(browser: Browser, url: str, count: int, folder: Path) -> list[Visit]:
    """Pages that are opened one after the other, then get their photos all at once."""
    visits = [Visit(file) for file in new_photos(count, folder)]
    pages = [new_page(browser) for _ in visits]
    problems = [errors_of(page) for page in pages]
    for page, visit in zip(pages, visits, strict=True):
        open_app(page, url)
        page.evaluate(FIRST_CROP, visit.file.name)
    for page, visit in zip(pages, visits, strict=True):
        hand_in(page, [visit.file])
    for page, visit, said in zip(pages, visits, problems, strict=True):
        _look(page, visit)
        visit.wrong = visit.wrong or "; ".join(said)
    for page in pages:
        page.context.close()
    return checked(visits)


def _look(page: Page, visit: Visit) -> None:
    """Until all of the page is there; the clock in the page knows when the first crop was painted."""
    try:
        dropped, first = page.evaluate("window.first.then((first) => [window.dropped, first])")
        visit.first = (first - dropped) / 1000
        wait(page)
        visit.all = (float(page.evaluate("Date.now()")) - dropped) / 1000
        visit.shown = shown(page)
    except Exception as error:
        visit.wrong = f"{type(error).__name__}: {error}"
