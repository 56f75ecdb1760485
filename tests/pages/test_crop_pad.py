"""The crop page, run without a browser: a format as the whole photo with a border, wherever it is shown."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from saliency import open_image, parse_format
from saliency.links import LINKS
from saliency.pad import BACKGROUNDS, Border, canvas_for, pad
from tests.pages.app import SAMPLES, catch_downloads, open_page
from tests.pages.crop_page import (
    ASTRONAUT,
    as_png,
    boxes_on_photo,
    captions,
    noise,
    paragraphs,
    pictures_of,
    results_on_photo,
    sample,
    show,
    shown_metrics,
    upload,
)

OFFER, BACK = "Show the whole photo with a border", "Crop it instead"
WIDE = (SAMPLES / ASTRONAUT).read_bytes()


def buttons(page: AppTest, label: str) -> list[str]:
    """The keys of the buttons with this label."""
    return [str(button.key) for button in page.button if button.label == label]


def click(page: AppTest, key: str) -> AppTest:
    page.button(key=key).click().run()
    assert not page.exception
    return page


def padded(text: str, border: Border, pixels: tuple[int, int] | None = None) -> np.ndarray:
    """The astronaut as the core pads her."""
    image = open_image(WIDE)
    return pad(image, canvas_for((image.shape[1], image.shape[0]), parse_format(text).aspect, pixels), border)


def test_what_is_cut_is_offered_whole_with_one_click_each_way() -> None:
    page = open_page(sample=ASTRONAUT, formats="banner,square")
    before = shown_metrics(page)
    (key,) = [key for key in buttons(page, OFFER) if key.endswith("Banner 3:1")]
    assert any("kept whole" in text or "loses about" in text for text in paragraphs(page))  # why it is offered
    click(page, key)
    assert page.query_params["pad"] == "banner"
    assert ("Whole photo keeps", "100\u00a0%") in shown_metrics(page)
    assert len(shown_metrics(page)) == len(before) - 2  # one card in place of three
    assert "The whole photo, nothing cut off, with a border left and right." in paragraphs(page)
    assert not [key for key in buttons(page, OFFER) if key.endswith("Banner 3:1")]
    (back,) = buttons(page, BACK)
    click(page, back)
    assert "pad" not in page.query_params
    assert shown_metrics(page) == before


@pytest.mark.parametrize("view", ["Crops", "Why"])
def test_where_even_the_best_crop_loses_much_that_comes_first_with_the_way_out(view: str) -> None:
    tall = ("tall.png", as_png(noise((120, 900))), "image/png")
    page = show(upload(open_page(formats="banner"), tall), view)
    texts = paragraphs(page)
    (warning,) = [rank for rank, text in enumerate(texts) if "Even the best 3:1 crop loses about" in text]
    (result,) = [rank for rank, text in enumerate(texts) if text.startswith("Saliency keeps")]
    assert warning < result
    (key,) = buttons(page, OFFER)
    click(page, key)
    assert page.query_params["pad"] == "banner"
    assert not [text for text in paragraphs(page) if "loses about" in text]
    assert not buttons(page, OFFER)


def test_a_format_that_cuts_nothing_is_not_offered_whole() -> None:
    page = upload(open_page(formats="square", custom="2:1"), flat_photo())
    keys = buttons(page, OFFER)
    assert [key for key in keys if key.endswith("Square 1:1")] == []


def flat_photo() -> tuple[str, bytes, str]:
    """A square photo, of which a square cuts nothing."""
    buffer = io.BytesIO()
    Image.new("RGB", (300, 300), (90, 120, 40)).save(buffer, "PNG")
    return "square.png", buffer.getvalue(), "image/png"


def test_a_photo_of_the_shape_has_no_border() -> None:
    page = upload(open_page(formats="square", pad="square"), flat_photo())
    assert "The whole photo: it has this shape, so there is no border." in paragraphs(page)


def test_the_box_on_the_photo_is_the_photo() -> None:
    page = open_page(sample=ASTRONAUT, formats="banner,square", pad="banner")
    height, width = open_image(WIDE).shape[:2]
    page.button_group(key="crop-shown").set_value("Banner 3:1").run()
    assert boxes_on_photo(page) == {"Whole photo": [0, 0, width, height]}
    assert results_on_photo(page)[0] == [0, 0, width, height]


@pytest.mark.parametrize("background", [*BACKGROUNDS, "colour"])
def test_files_are_the_cores_in_the_border_that_was_chosen(background: str, monkeypatch: pytest.MonkeyPatch) -> None:
    downloads = catch_downloads(monkeypatch)
    page = open_page(sample=ASTRONAUT, formats="banner,square", custom="400x90", pad="banner,400x90")
    keys = {"Border": "crop-background-Banner 3:1", "Colour": "crop-colour-400 × 90"}
    border = Border.parse("#204080" if background == "colour" else background)
    if background == "colour":
        page.color_picker(key=keys["Colour"]).set_value("#204080").run()
        assert page.query_params["colour"] == "204080"
    else:
        page.button_group(key=keys["Border"]).set_value(background).run()
    assert not page.exception
    assert page.button_group(key="crop-background-400 × 90").value == border.background  # one border for all
    stem = ASTRONAUT.removesuffix(".jpg")
    card = np.asarray(Image.open(io.BytesIO(downloads[f"{stem}_pad_3x1.jpg"]())))
    assert np.abs(card.astype(int) - padded("3:1", border)).mean() < 3

    page = show(page, "Take home")
    page.button_group(key="crop-take-kind").set_value("PNG").run()
    page.toggle(key="crop-take-all").set_value(True).run()
    pictures = pictures_of(downloads["gazecrop.zip"]())
    whole = {name for name in pictures if "_pad_" in name}
    assert whole == {f"{stem}_pad_3x1.png", f"{stem}_pad_400x90.png"}  # one whole photo, whatever the methods
    assert sum("1x1" in name for name in pictures) == 3
    np.testing.assert_array_equal(pictures[f"{stem}_pad_3x1.png"], padded("3:1", border))
    np.testing.assert_array_equal(pictures[f"{stem}_pad_400x90.png"], padded("3:1", border, (400, 90)))


def test_focal_points_say_where_the_photo_lies(monkeypatch: pytest.MonkeyPatch) -> None:
    downloads = catch_downloads(monkeypatch)
    show(open_page(sample=ASTRONAUT, formats="banner,square", pad="banner", background="edge"), "Take home")
    height, width = open_image(WIDE).shape[:2]
    (record,) = json.loads(downloads["focal_points.json"]())
    square, banner = sorted(record["crops"], key=lambda crop: crop["format"], reverse=True)
    assert "fit" not in square
    canvas = canvas_for((width, height), parse_format("3:1").aspect)
    assert banner == {
        **{"format": "Banner 3:1", "box": [0, 0, width, height], "kept": 1},
        **{"fit": "pad", "background": "edge", "canvas": list(canvas.size), "photo": canvas.photo.as_list()},
    }


@pytest.mark.parametrize("background", BACKGROUNDS)
def test_words_for_other_software_pad_too(background: str) -> None:
    query = {"formats": "banner", "pad": "banner", "background": background}
    page = show(open_page(sample=ASTRONAUT, **query), "Take home")
    (css,) = [block.value for block in page.code if block.language == "css"]
    assert "object-fit: contain" in css
    width, height = canvas_for(open_image(WIDE).shape[1::-1], parse_format("3:1").aspect).size
    links = [block.value for block in page.code if block.language == "plaintext"][:-1]  # the last is the page's own
    unable = [info.value for info in page.info]
    assert len(links) + len(unable) == len(LINKS)
    assert len(unable) == (4 if background == "blurred" else 1)
    assert all(str(width) in link and str(height) in link for link in links)
    assert "pad=banner" in page.code[-1].value


def test_the_feed_shows_the_result_whole() -> None:
    page = show(open_page(sample=ASTRONAUT, formats="square", pad="single", background="blurred"), "Feed")
    html = "".join(element.proto.body for element in page.get("html"))
    assert html.count("whole, with a border to 16:9") == 1
    assert "keeps 100\u00a0%" in html
    assert html.count("cropped to 16:9 by") == 2


def test_the_strip_shows_photos_whole() -> None:
    page = upload(open_page(formats="square", pad="square"), sample(ASTRONAUT), sample("coffee.jpg"))
    cells = [button.label for button in page.button if (button.key or "").startswith("crop-open-")]
    assert [label.split(" · ")[1] for label in cells] == ["100\u00a0%"] * 2


@pytest.mark.parametrize("view", ["Why", "Compare"])
def test_views_about_crops_say_where_the_whole_photo_is_shown(view: str) -> None:
    page = show(open_page(sample=ASTRONAUT, formats="banner,square", pad="banner"), view)
    label = {"Why": "crop-why-format", "Compare": "crop-compare-format"}[view]
    choose = page.button_group if view == "Why" else page.selectbox
    about, shown = "the crops of Banner 3:1 that it stands in place of", "The whole photo, nothing cut off, with"
    choose(key=label).set_value("Square 1:1").run()
    assert about not in captions(page).replace("\\", "")
    assert not any(text.startswith(shown) for text in paragraphs(page))
    choose(key=label).set_value("Banner 3:1").run()
    assert about in captions(page).replace("\\", "")
    assert any(text.startswith(shown) for text in paragraphs(page))
    (back,) = buttons(page, BACK)
    click(page, back)
    assert about not in captions(page).replace("\\", "")


def test_the_zip_counts_pictures_once_some_are_no_crops() -> None:
    page = open_page(sample=ASTRONAUT, formats="banner,square", pad="banner")
    assert page.download_button(key="crop-zip").label == "Download 2 pictures"
    (back,) = buttons(page, BACK)
    click(page, back)
    assert page.download_button(key="crop-zip").label == "Download 2 crops"
    page = open_page(sample=ASTRONAUT, formats="banner", pad="banner")
    assert page.download_button(key="crop-zip").label == "Download 1 picture"


def test_the_choice_holds_on_other_pages_and_comes_back_by_its_link() -> None:
    query = {"pad": "banner,5:7", "background": "blurred"}
    page = open_page(sample=ASTRONAUT, formats="banner", custom="5:7", **query)
    assert shown_metrics(page) == [("Whole photo keeps", "100\u00a0%")] * 2
    page.switch_page("pages/method/page.py").run()
    page.switch_page("pages/crop/page.py").run()
    assert shown_metrics(page) == [("Whole photo keeps", "100\u00a0%")] * 2
    assert {name: page.session_state[f"crop-{name}"] for name in query} == {
        "pad": ["banner", "5:7"],
        "background": "blurred",
    }


def test_words_of_the_address_that_mean_no_format_are_left_out() -> None:
    page = open_page(sample=ASTRONAUT, formats="banner", pad="banner,sqare,,7", background="fog", colour="mud")
    assert not page.exception
    assert page.session_state["crop-pad"] == ["banner"]
    assert page.session_state["crop-background"] == "plain"
    assert page.session_state["crop-colour"] == "#ffffff"
