"""The crop page as a visitor meets it: first glance, uploads, downloads, desktop and phone, light and dark.

GAZECROP_README_PICTURE=1 also writes docs/crop.png, the picture of the README.
"""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from pages._shared.photos import read_samples
from pages._shared.widgets import FIRST_SAMPLE
from saliency import Aspect, open_image
from saliency.crop import window_size

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples"
SCREENSHOTS = Path(__file__).parent / "screenshots"
SIZES = {"desktop": (1280, 900), "phone": (390, 844)}

pytestmark = pytest.mark.browser


def open_app(page: Page, url: str) -> None:
    """Go to the page and wait until its last line is there."""
    page.goto(url)
    wait_for_results(page)


def wait_for_results(page: Page) -> None:
    """Until nothing runs any more, and every picture has arrived."""
    expect(page.get_by_text("It is not a measurement").first).to_be_visible(timeout=90_000)
    expect(page.get_by_text("Credits of the sample photos")).to_be_visible()
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    page.wait_for_function("[...document.images].every(image => image.complete && image.naturalWidth > 0)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", SIZES)
def test_first_glance(browser: Browser, app_url: str, device: str, scheme: str) -> None:
    width, height = SIZES[device]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    page = context.new_page()
    problems: list[str] = []
    page.on(
        "console",
        lambda message: problems.append(f"{message.text} {message.location}") if message.type == "error" else None,
    )
    open_app(page, app_url)
    expect(page.get_by_role("heading", name="Crop photos to what people look at")).to_be_visible()
    expect(page.get_by_test_id("stMetric")).to_have_count(9)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= width
    photo = page.get_by_alt_text("under a heatmap").first.bounding_box()
    assert photo is not None
    assert photo["y"] < height, "the photo must be on the first screen"
    cards = [page.get_by_test_id("stMetric").nth(n).bounding_box() for n in range(3)]
    assert len({round(card["y"]) for card in cards if card}) == 1, "three crops side by side"
    assert all(card["x"] + card["width"] <= width for card in cards if card)
    take_screenshots(page, f"first-{device}-{scheme}")
    context.close()
    assert problems == []


def test_upload_see_and_download(page: Page, app_url: str, tmp_path: Path) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes((SAMPLES / "coffee.jpg").read_bytes()[:5000])
    names = ["chelsea_cat.jpg", "astronaut_eileen_collins.jpg"]
    open_app(page, app_url)
    page.locator("input[type=file]").set_input_files([*(str(SAMPLES / name) for name in names), str(broken)])
    expect(page.get_by_role("heading", name="3 photos")).to_be_visible(timeout=90_000)
    wait_for_results(page)
    expect(page.get_by_test_id("stMetric")).to_have_count(18)
    error = page.get_by_test_id("stAlert")
    expect(error).to_have_count(1)
    expect(error).to_contain_text("broken.jpg could not be opened")
    expect(page.get_by_text("Face: 1 found")).to_be_visible()
    take_screenshots(page, "uploads-desktop-light")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
    take_screenshots(page, "uploads-phone-light")
    page.set_viewport_size({"width": 1280, "height": 900})

    with page.expect_download() as download:
        page.get_by_role("button", name="Download 6 crops").click()
    assert download.value.suggested_filename == "gazecrop.zip"
    assert crop_sizes(Path(download.value.path())) == expected_sizes(names)

    with page.expect_download() as download:
        page.get_by_role("button", name="451 × 254").last.click()
    assert download.value.suggested_filename == "chelsea_cat_center_16x9.jpg"
    assert open_image(Path(download.value.path())).shape == (254, 451, 3)


def test_a_sample_by_keyboard(page: Page, app_url: str) -> None:
    open_app(page, app_url)
    page.get_by_role("radio", name="Temple above a lake").or_(
        page.get_by_role("button", name="Temple above a lake")
    ).first.press("Enter")
    expect(page.get_by_role("heading", name="Temple above a lake")).to_be_visible()


@pytest.mark.skipif("GAZECROP_README_PICTURE" not in os.environ, reason="set GAZECROP_README_PICTURE=1 to write it")
def test_readme_picture(browser: Browser, app_url: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 940}, color_scheme="light")
    page = context.new_page()
    open_app(page, app_url)
    expect(page.get_by_role("heading", name=read_samples()[FIRST_SAMPLE].title)).to_be_visible()
    path = ROOT / "docs" / "crop.png"
    path.parent.mkdir(exist_ok=True)
    page.screenshot(path=path)
    context.close()


def take_screenshots(page: Page, name: str) -> None:
    """The first screen, then the whole page."""
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png")
    size = page.viewport_size
    assert size is not None
    height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": size["width"], "height": height})
    page.screenshot(path=SCREENSHOTS / f"{name}-whole.png")
    page.set_viewport_size(size)


def crop_sizes(path: Path) -> dict[str, tuple[int, int]]:
    """(width, height) of every picture in the zip, by name."""
    with zipfile.ZipFile(path) as archive:
        pictures = {name: open_image(archive.read(name)) for name in archive.namelist()}
    return {name: (picture.shape[1], picture.shape[0]) for name, picture in pictures.items()}


def expected_sizes(names: list[str]) -> dict[str, tuple[int, int]]:
    expected = {}
    for name in names:
        image = open_image(SAMPLES / name)
        for text in ("1:1", "16:9", "4:5"):
            file = f"{Path(name).stem}_gaze_{text.replace(':', 'x')}.jpg"
            expected[file] = window_size((image.shape[1], image.shape[0]), Aspect.parse(text))
    return expected
