"""The crop page as a visitor meets it: first glance, photos from everywhere, steering, downloads, other visitors.

GAZECROP_README_PICTURE=1 also writes docs/crop.png, the picture of the README.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from pages.shared.photos import read_samples
from pages.shared.widgets import FIRST_SAMPLE
from saliency import Aspect, open_image
from saliency.crop import window_at, window_size
from tests import first
from tests.browser.conftest import CHROMIUM, QUIET
from tests.browser.crop_page import (
    ROOT,
    SAMPLES,
    core_numbers,
    download,
    fresh_copy,
    hand_in,
    open_app,
    open_zip,
    photo,
    shown,
    title,
    wait,
    wait_for_batch,
)
from tests.browser.parts import SCHEMES, SIZES, Scheme, errors_of, fits, take_screenshots, visitor
from tests.browser.test_components import PASTE

UPRIGHT, SHAPES = "friends", ("16:9", "1:1", "4:5")  # a sample in which a wide crop moves up and down

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("device", SIZES)
def test_first_glance(browser: Browser, app_url: str, device: str, scheme: Scheme) -> None:
    width, _ = SIZES[device]
    with visitor(browser, device, scheme) as page:
        open_app(page, app_url)
        expect(page.get_by_role("heading", name="Crop photos to what people look at")).to_be_visible()
        expect(page.get_by_test_id("stMetric")).to_have_count(9)
        assert fits(page)
        cards = [page.get_by_test_id("stMetric").nth(n).bounding_box() for n in range(3)]
        tops = [card["y"] for card in cards if card]
        assert max(tops) - min(tops) < 1.5, "three crops side by side"  # pictures are whole pixels high
        assert all(card["x"] + card["width"] <= width for card in cards if card)
        take_screenshots(page, f"crop-{device}-{scheme}")


def test_a_sample_by_keyboard(page: Page, app_url: str) -> None:
    open_app(page, app_url)
    page.locator(".st-key-crop-sample").get_by_role("radio", name="Temple above a lake").or_(
        page.locator(".st-key-crop-sample").get_by_role("button", name="Temple above a lake")
    ).first.press("Enter")
    expect(title(page)).to_have_text("Temple above a lake")


def test_upload_see_and_download(page: Page, app_url: str, tmp_path: Path) -> None:
    problems = errors_of(page)
    broken = tmp_path / "broken.jpg"
    broken.write_bytes((SAMPLES / "coffee.jpg").read_bytes()[:5000])
    names = ["chelsea_cat.jpg", "astronaut_eileen_collins.jpg"]
    open_app(page, app_url)
    files = [*(SAMPLES / name for name in names), broken]
    hand_in(page, files)
    wait_for_batch(page, files)
    expect(page.get_by_text("3 photos, 1 could not be opened")).to_be_visible()
    expect(page.get_by_test_id("stAlert")).to_have_count(1)
    expect(page.get_by_test_id("stAlert")).to_contain_text("broken.jpg could not be opened")
    cells = page.locator(".st-key-crop-strip").get_by_test_id("stButton")
    expect(cells).to_have_count(3)
    expect(cells.nth(2).get_by_role("button")).to_be_disabled()
    expect(title(page)).to_have_text(names[0])
    take_screenshots(page, "crop-uploads-desktop-light")

    page.locator(".st-key-crop-strip").get_by_role("button", name=names[1]).click()
    expect(title(page)).to_have_text(names[1])
    wait(page)
    expect(page.get_by_text("Face: 1 found")).to_be_visible()
    assert open_zip(download(page, "Download 6 crops")).sizes == expected_sizes(names)
    width, height = window_size((512, 512), first.CHOSEN[0].aspect)
    one = download(page, f"{width} × {height}")
    assert one.suggested_filename == f"astronaut_eileen_collins_center_{first.SHAPES[0]}.jpg"
    assert open_image(Path(one.path())).shape == (height, width, 3)

    page.set_viewport_size({"width": 390, "height": 844})
    assert fits(page)
    take_screenshots(page, "crop-uploads-phone-light")
    assert problems == []


def expected_sizes(names: list[str]) -> dict[str, tuple[int, int]]:
    """(width, height) of the crops of these samples by saliency, by file name."""
    expected = {}
    for name in names:
        image = open_image(SAMPLES / name)
        for text in first.ASPECTS:
            file = f"{Path(name).stem}_gaze_{text.replace(':', 'x')}.jpg"
            expected[file] = window_size((image.shape[1], image.shape[0]), Aspect.parse(text))
    return expected


def test_the_visitor_decides(page: Page, app_url: str) -> None:
    problems = errors_of(page)
    open_app(page, f"{app_url}/?sample={UPRIGHT}.jpg&formats=single,square,portrait")
    automatic = shown(page)
    assert list(automatic) == ["Saliency", "Face", "Centre"]
    place = photo(page).bounding_box()
    assert place
    photo(page).click(position={"x": place["width"] * 0.3, "y": place["height"] * 0.8})  # which scrolls down to it
    expect(page.get_by_text("You decide where this photo is looked at, in every format.")).to_be_visible()
    wait(page)
    clicked = shown(page)
    assert list(clicked) == ["Yours", *automatic]
    assert len(clicked["Yours"]) == len(SHAPES)
    assert clicked["Yours"] != automatic["Saliency"]
    assert {label: clicked[label] for label in automatic} == automatic
    take_screenshots(page, "crop-steered-desktop-light")
    check_steered(page, (0.3, 0.8), clicked["Yours"])

    page.locator(".grip").scroll_into_view_if_needed()
    place, grip = photo(page).bounding_box(), page.locator(".grip").bounding_box()
    assert place
    assert grip
    x, y = grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - place["height"] * 0.4, steps=4)
    page.mouse.up()
    middle = (y - place["y"]) / place["height"] - 0.4
    wait_for_change(page, clicked)
    check_steered(page, (0.5, middle), shown(page)["Yours"])

    dragged = shown(page)
    photo(page).focus()
    page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("Shift+ArrowUp")
    wait_for_change(page, dragged)
    check_steered(page, (0.5, middle - 0.1), shown(page)["Yours"])
    photo(page).press("Escape")
    expect(page.get_by_text("You decide where this photo is looked at, in every format.")).to_have_count(0)
    wait(page)
    assert shown(page) == automatic

    photo(page).click()
    page.get_by_role("button", name="Back to automatic").click()
    expect(page.get_by_text("You decide where this photo is looked at, in every format.")).to_have_count(0)
    wait(page)
    assert shown(page) == automatic
    assert problems == []


def wait_for_change(page: Page, before: dict[str, list[str]]) -> None:
    """Until the visitor's own cards say something else."""
    first = page.get_by_test_id("stMetricValue").first
    expect(first).not_to_have_text(before["Yours"][0])
    wait(page)


def check_steered(page: Page, point: tuple[float, float], kept: list[str]) -> None:
    """The zip holds the widest crops around the point, cut from the very pixels of the sample."""
    bundle = open_zip(download(page, "Download 3 crops"))
    record = bundle.focal_points[0]
    assert record["chosen_by"] == "person"
    x, y = record["focal_point"]["x"], record["focal_point"]["y"]
    assert (x, y) == pytest.approx(point, abs=0.01)
    assert [f"{crop['kept']:.0%}".replace("%", "\u00a0%") for crop in record["crops"]] == kept
    image = open_image(SAMPLES / f"{UPRIGHT}.jpg")
    size = image.shape[1], image.shape[0]
    for text, crop, (name, picture) in zip(SHAPES, record["crops"], bundle.pictures.items(), strict=True):
        assert name == f"{UPRIGHT}_you_{text.replace(':', 'x')}.jpg"
        box = window_at((x * size[0], y * size[1]), size, Aspect.parse(text))
        assert crop["box"] == pytest.approx(box.as_list(), abs=1)
        left, top, width, height = crop["box"]
        difference = np.asarray(picture, float) - image[top : top + height, left : left + width]
        assert np.abs(difference).mean() < 6, "JPEG as fine as the sample changes pixels little"


def test_a_pasted_picture_is_a_result(page: Page, app_url: str, tmp_path: Path) -> None:
    open_app(page, app_url)
    file = tmp_path / "clip.png"
    Image.open(SAMPLES / "chelsea_cat.jpg").rotate(180).save(file)
    page.evaluate(PASTE, {"selector": "", "name": file.name, "type": "image/png", "bytes": list(file.read_bytes())})
    expect(title(page)).to_have_text("clip.png")
    wait(page)
    assert set(open_zip(download(page, "Download 3 crops")).sizes) == {
        f"clip_gaze_{text.replace(':', 'x')}.png" for text in first.ASPECTS
    }


def test_a_photo_from_the_camera(browser: Browser, app_url: str) -> None:
    fake = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    filmed = browser.browser_type.launch(executable_path=str(CHROMIUM), args=[*QUIET, *fake])
    page = filmed.new_page(viewport={"width": 1280, "height": 900})
    open_app(page, app_url)
    page.get_by_text("Camera", exact=True).click()
    page.wait_for_function("() => document.querySelector('[data-testid=stCameraInput] video')?.readyState === 4")
    page.get_by_role("button", name="Take Photo").click()
    expect(title(page)).to_have_text("camera.jpg", timeout=30_000)
    wait(page)
    take_screenshots(page, "crop-camera-desktop-light")
    assert len(open_zip(download(page, "Download 3 crops")).pictures) == 3
    filmed.close()


SESSIONS = ("coffee.jpg", "rocket_spacex.jpg", "wine.jpg")


def test_each_session_has_its_own_results(browser: Browser, app_url: str, tmp_path: Path) -> None:
    pages, files = [], []
    for name in SESSIONS:
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        open_app(page, app_url)
        pages.append(page)
        files.append(fresh_copy(SAMPLES / name, tmp_path / f"my_{name}"))
    for page, file in zip(pages, files, strict=True):
        hand_in(page, [file])
    for page, file in zip(pages, files, strict=True):
        expect(title(page)).to_have_text(file.name, timeout=60_000)
        wait(page)
        assert shown(page) == core_numbers(file)
        page.context.close()


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
