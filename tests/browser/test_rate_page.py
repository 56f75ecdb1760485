"""Rating as a visitor does it: by mouse, keys and thumb, blind, with undo, own photos and results."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image, ImageOps
from playwright.sync_api import Browser, Page, expect

from tests.browser.crop_page import SAMPLES
from tests.browser.parts import SCHEMES, SIZES, Scheme, errors_of, fits, settle, take_screenshots, visitor

pytestmark = pytest.mark.browser

A, NONE, B = "A is better", "No difference", "B is better"


def open_page(page: Page, url: str) -> None:
    page.goto(f"{url}/rate")
    wait(page)


def wait(page: Page) -> None:
    """Until a pair is there, and nothing runs any more: the answers on screen belong to the pair on screen."""
    expect(page.get_by_alt_text("Crop B")).to_be_visible(timeout=90_000)
    settle(page)


def number(page: Page, done: int) -> None:
    """Wait until the comparison of this number is on screen."""
    expect(page.get_by_test_id("stProgress")).to_contain_text(re.compile(rf"^{done} of "), timeout=30_000)
    wait(page)


def shown(page: Page) -> tuple[str | None, ...]:
    """The pair on screen, then its two pictures: two pairs of one photo may share a crop."""
    answer = page.locator("[class*='st-key-rate-left-']").get_attribute("class")
    return answer, *(page.get_by_alt_text(f"Crop {name}").get_attribute("src") for name in "AB")


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("device", SIZES)
def test_first_glance(browser: Browser, app_url: str, device: str, scheme: Scheme) -> None:
    with visitor(browser, device, scheme) as page:
        open_page(page, app_url)
        number(page, 1)
        boxes = [page.get_by_alt_text(f"Crop {name}").bounding_box() for name in "AB"]
        assert boxes[0] is not None
        assert boxes[1] is not None
        assert (boxes[0]["width"], boxes[0]["height"]) == pytest.approx(
            (boxes[1]["width"], boxes[1]["height"]), abs=0.01
        )
        for name in (A, NONE, B):
            button = page.get_by_role("button", name=name).bounding_box()
            assert button is not None
            assert button["y"] + button["height"] <= SIZES[device][1], "the answers must be on the first screen"
            assert button["height"] >= 44, "large enough for a thumb"
        assert fits(page)
        take_screenshots(page, f"rate-{device}-{scheme}")


def test_rate_by_keys_undo_and_see_the_results(page: Page, app_url: str) -> None:
    problems = errors_of(page)
    open_page(page, app_url)
    for done, key in enumerate(("ArrowLeft", "ArrowDown", "ArrowRight"), start=1):
        page.keyboard.press(key)
        number(page, done + 1)
    page.keyboard.press("Backspace")
    number(page, 3)
    third = shown(page)
    page.keyboard.press("ArrowRight")
    number(page, 4)
    assert shown(page)[0] != third[0]
    page.get_by_role("button", name="Undo").click()
    number(page, 3)
    assert shown(page)[1:] == third[1:], "the same pair again"

    page.get_by_text("Results", exact=True).click()
    expect(page.get_by_test_id("stMetricValue").first).to_be_visible(timeout=30_000)
    before = votes(page)
    page.keyboard.press("ArrowLeft")
    number(page, 4)
    expect(page.get_by_test_id("stMetricValue").first).to_have_text(str(before + 1), timeout=30_000)
    assert problems == []


def votes(page: Page) -> int:
    """The number of votes that the results tell."""
    return int(page.get_by_test_id("stMetricValue").first.inner_text())


def test_impatient_clicks_are_one_vote_on_the_pair_that_was_seen(page: Page, app_url: str) -> None:
    open_page(page, app_url)
    page.evaluate(
        """() => { const button = [...document.querySelectorAll("button")].find(b => b.innerText.startsWith("B is"));
        for (let n = 0; n < 5; n++) button.click(); }"""
    )
    number(page, 2)
    page.wait_for_timeout(2000)
    number(page, 2)


def test_own_photos_stay_in_their_session(browser: Browser, page: Page, app_url: str, tmp_path: Path) -> None:
    own_file = tmp_path / "own.jpg"
    ImageOps.mirror(Image.open(SAMPLES / "friends.jpg")).save(own_file)  # like none of the samples
    open_page(page, app_url)
    page.get_by_text("Photos, methods and formats").click()
    page.get_by_text("Your photos", exact=True).click()
    expect(page.get_by_text("Drop your photos above")).to_be_visible()
    page.locator("input[type=file]").set_input_files(str(own_file))
    wait(page)
    own = page.get_by_alt_text("The whole photo").get_attribute("src")
    take_screenshots(page, "rate-own-desktop-light")
    page.get_by_role("button", name=NONE).click()
    settle(page)
    other = browser.new_context()
    stranger = other.new_page()
    open_page(stranger, app_url)
    assert stranger.get_by_alt_text("The whole photo").get_attribute("src") != own
    other.close()


@pytest.mark.parametrize("device", SIZES)
def test_the_wordpress_test_is_two_clicks_away(browser: Browser, app_url: str, device: str) -> None:
    with visitor(browser, device, "light") as page:
        open_page(page, app_url)
        page.get_by_text("Photos, methods and formats").click()
        page.get_by_text("WordPress test", exact=True).click()
        expect(page.get_by_test_id("stProgress")).to_contain_text("of 330 votes", timeout=60_000)
        wait(page)
        assert fits(page)
        take_screenshots(page, f"rate-plan-{device}")


@pytest.fixture(scope="module")
def votes_of_somebody(browser: Browser, app_url: str) -> None:
    """Six answers, so that there are results to draw."""
    with visitor(browser) as page:
        open_page(page, app_url)
        for done in range(1, 7):
            page.keyboard.press(("ArrowLeft", "ArrowDown", "ArrowRight")[done % 3])
            number(page, done + 1)


@pytest.mark.usefixtures("votes_of_somebody")
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("device", SIZES)
def test_results_are_drawn(browser: Browser, app_url: str, device: str, scheme: Scheme) -> None:
    with visitor(browser, device, scheme) as page:
        open_page(page, app_url)
        page.get_by_text("Results", exact=True).click()
        expect(page.get_by_test_id("stPlotlyChart")).to_have_count(2, timeout=60_000)
        expect(page.locator(".annotation-text").first).to_contain_text("better than", timeout=30_000)
        settle(page)
        assert fits(page)
        take_screenshots(page, f"rate-results-{device}-{scheme}")
        with page.expect_download() as download:
            page.get_by_role("button", name="All votes (CSV)").click()
        text = download.value.path().read_text()
        assert text.startswith(
            "at,rater,source,photo,aspect,left_method,right_method,left_box,right_box,choice,drawn\n"
        )
        assert len([line for line in text.splitlines()[1:] if ",same," not in line]) == votes(page)
