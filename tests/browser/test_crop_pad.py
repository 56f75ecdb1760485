"""A photo that no banner keeps, shown whole with a border: as a visitor clicks it, and as their own page shows it."""

from __future__ import annotations

import io
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from pages.shared.pictures import data_url
from saliency import Aspect, open_image
from saliency.pad import BACKGROUNDS, Border, canvas_for, pad
from saliency.pad_links import css
from tests.browser.crop_page import SAMPLES, choose_view, download, open_app, wait
from tests.browser.parts import SIZES, fits, take_screenshots, visitor

ASTRONAUT = "astronaut_eileen_collins.jpg"

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("device", SIZES)
def test_one_click_shows_the_whole_photo_and_one_the_crop_again(browser: Browser, app_url: str, device: str) -> None:
    with visitor(browser, device) as page:
        open_app(page, f"{app_url}/?sample={ASTRONAUT}&formats=banner")
        page.get_by_role("button", name="Show the whole photo with a border").click()
        expect(page.get_by_test_id("stMetric")).to_have_count(1)
        page.get_by_text("The photo, blurred").click()
        expect(page).to_have_url(re.compile("pad=banner&background=blurred"))
        wait(page)
        assert fits(page)
        take_screenshots(page, f"crop-pad-{device}")
        file = download(page, "1536 × 512")
        assert file.suggested_filename == "astronaut_eileen_collins_pad_3x1.jpg"
        whole = pad(open_image(SAMPLES / ASTRONAUT), canvas_for((512, 512), Aspect(3, 1)), Border("blurred"))
        assert np.abs(open_image(file.path()).astype(int) - whole).mean() < 3
        choose_view(page, "Feed")
        choose_view(page, "Crops")
        expect(page.get_by_test_id("stMetric")).to_have_count(1)
        page.get_by_role("button", name="Crop it instead").click()
        expect(page.get_by_test_id("stMetric")).to_have_count(3)
        expect(page).not_to_have_url(re.compile("pad="))


@pytest.mark.parametrize("background", BACKGROUNDS)
@pytest.mark.parametrize("shape", [(3, 1), (1, 2)])
def test_css_draws_the_same_canvas(page: Page, background: str, shape: tuple[int, int]) -> None:
    """Within a few levels; a blurred border only in its mean, since a browser blurs in its own way."""
    image, aspect, border = open_image(SAMPLES / ASTRONAUT)[::2, ::2], Aspect(*shape), Border(background, (32, 64, 128))
    canvas = canvas_for((image.shape[1], image.shape[0]), aspect)
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "PNG")
    photo, style = f'<img src="{data_url(buffer.getvalue(), "image/png")}"', css(aspect, image, canvas, border)
    width, height = canvas.size
    if background == "blurred":
        body = f"<style>{style} .frame {{ width: {width}px }}</style>"
        body += f'<div class="frame">{photo} class="behind">{photo}></div>'
    else:
        body = f"<style>img {{ width: {width}px; display: block; {style} }}</style>{photo}>"
    page.set_viewport_size({"width": width, "height": height})
    page.set_content(f"<style>body {{ margin: 0 }}</style>{body}")
    drawn = np.asarray(Image.open(io.BytesIO(page.screenshot())).convert("RGB")).astype(int)
    expected = pad(image, canvas, border).astype(int)
    assert drawn.shape == expected.shape
    box = canvas.photo
    photo_part = slice(box.top, box.bottom), slice(box.left, box.right)
    assert np.abs(drawn[photo_part] - expected[photo_part]).mean() < 2
    first = (slice(None), slice(0, box.left)) if canvas.beside else (slice(0, box.top), slice(None))
    last = (slice(None), slice(box.right, None)) if canvas.beside else (slice(box.bottom, None), slice(None))
    for part in (first, last):
        differences = drawn[part].mean((0, 1)) - expected[part].mean((0, 1))
        assert np.abs(differences).max() < (25 if background == "blurred" else 2)
