"""The crop page, run without a browser: plain bars left out, said, and kept where the visitor wants them."""

from __future__ import annotations

import base64
import io
import json

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from pages.crop.compare import crops_of
from pages.crop.settings import Settings
from pages.crop.shot import Shot
from pages.shared.photo_cache import analyse
from pages.shared.photos import upload_photo
from pages.shared.phrases import percent
from saliency import FORMATS, METHODS, Aspect, Box, open_image
from saliency.crop import expected_gaze, judge
from saliency.pad import Border, canvas_for, pad
from saliency.pad_links import PAD_LINKS
from tests.pages.app import catch_downloads, open_page
from tests.pages.crop_page import (
    COFFEE,
    SAMPLES,
    Upload,
    barred,
    boxes_on_photo,
    captions,
    gaze_map,
    paragraphs,
    pictures_of,
    results_on_photo,
    sample,
    show,
    upload,
)

CUP = Box(0, 120, 600, 400)  # in `barred`
LOST = 6  # pixels of the cup: two of what the network is shown


def rows_of(boxes: list[list[int]]) -> list[tuple[int, int]]:
    return [(top, top + height) for _, top, _, height in boxes]


def click(page: AppTest, label: str) -> AppTest:
    (button,) = (button for button in page.button if button.label == label)
    button.click().run()
    assert not page.exception
    return page


def about_bars(page: AppTest) -> list[str]:
    return [text for text in paragraphs(page) if "**" in text and "lain bars" in text]


def shot_of(data: Upload, settings: Settings) -> Shot:
    photo = upload_photo(data[0], data[0], data[1])
    analysis = analyse(photo, settings.methods, (), "gaze")
    return Shot(photo, "cup", analysis, settings.framing(analysis.sight))


def test_sure_bars_are_left_out_said_and_kept_with_one_click_each_way() -> None:
    page = upload(open_page(formats="square,portrait,banner"), barred())
    (said,) = about_bars(page)
    assert said == "**Plain bars left out**, in every format."
    for top, bottom in rows_of(results_on_photo(page)):
        assert 120 <= top < bottom <= 520
    square = results_on_photo(page)[0]
    assert 400 - 2 * LOST <= square[3] <= 400
    assert any("The plain bars left out: 12" in text for text in paragraphs(page))

    click(page, "Keep the bars")
    assert page.query_params["trim"] == "never"
    (said,) = about_bars(page)
    assert said.startswith("**Plain bars kept**: 12")
    assert results_on_photo(page)[0][2:] == [600, 600]
    assert not any("left out" in text for text in paragraphs(page))

    click(page, "Leave the bars out")
    assert "trim" not in page.query_params
    assert results_on_photo(page)[0] == square


def test_what_may_be_a_bar_is_left_out_only_when_asked() -> None:
    page = upload(open_page(formats="square,portrait"), barred(100, 0))
    (said,) = about_bars(page)
    assert said.startswith("There **may be plain bars**: 10")
    assert results_on_photo(page)[0][1:] == [0, 500, 500]
    click(page, "Leave them out")
    assert page.query_params["trim"] == "always"
    (top, bottom), _ = rows_of(results_on_photo(page))
    assert 100 <= top <= 100 + LOST
    assert bottom == 500


def test_a_link_keeps_the_bars() -> None:
    page = upload(open_page(formats="square,portrait", trim="never"), barred())
    assert results_on_photo(page)[0][2:] == [600, 600]


def test_a_photo_without_bars_has_no_word_of_them() -> None:
    for trim in ("auto", "always", "never"):
        page = upload(open_page(trim=trim), sample(COFFEE))
        assert not about_bars(page)
        assert results_on_photo(page)[1] == results_on_photo(upload(open_page(), sample(COFFEE)))[1]


def test_every_method_crops_inside_the_bars_at_one_size() -> None:
    page = upload(open_page(formats="square", methods=",".join(METHODS)), barred())
    boxes = boxes_on_photo(page)
    assert len(boxes) == len(METHODS)
    assert len({(width, height) for _, _, width, height in boxes.values()}) == 1
    for top, bottom in rows_of(list(boxes.values())):
        assert 120 <= top < bottom <= 520


@pytest.mark.parametrize("trim", ["auto", "never"])
def test_peers_and_alternatives_follow(trim: str) -> None:
    settings = Settings((FORMATS["square"],), ("gaze",), "gaze", None, 0, "usual", trim=trim)
    shot = shot_of(barred(), settings)
    for crop in crops_of(shot, ["gaze", "gaze-fast", "center", "spectral-residual"], FORMATS["square"]).values():
        inside = crop.box.top >= CUP.top and crop.box.bottom <= CUP.bottom
        assert inside == (trim == "auto")
    page = show(upload(open_page(formats="banner", trim=trim), barred()), "Why")
    assert not page.exception


def test_a_whole_photo_is_shown_without_its_bars(monkeypatch: pytest.MonkeyPatch) -> None:
    saved = catch_downloads(monkeypatch)
    data = barred(115)
    page = upload(open_page(formats="square,banner", pad="banner", **{"take-kind": "PNG"}), data)
    assert "The whole photo without its plain bars, nothing else cut off, with a border left and right." in paragraphs(
        page
    )
    page.button_group(key="crop-shown").set_value("Banner 3:1").run()
    ((label, box),) = boxes_on_photo(page).items()
    assert label == "Whole picture"
    left, top, width, height = box
    assert (left, width) == (0, 600)
    assert 115 <= top < top + height <= 515
    (kept,) = (metric.value for metric in page.metric if metric.label == "Whole picture keeps")
    gaze = expected_gaze(gaze_map(data[1])[0])
    share = judge(gaze, (600, 635), Aspect(width, height), Box(*box)).kept
    assert 0.9 < share < 1
    assert kept == percent(share)

    show(page, "Take home")
    (banner,) = (picture for name, picture in pictures_of(saved["gazecrop.zip"]()).items() if "_pad_" in name)
    pixels = open_image(data[1])[top : top + height]
    core = pad(pixels, canvas_for((600, height), Aspect(3, 1)), Border())
    np.testing.assert_array_equal(np.asarray(banner.convert("RGB")), core)
    (record,) = json.loads(saved["focal_points.json"]())
    assert record["within"] == box
    square, whole = record["crops"]
    assert whole["box"] == box
    assert whole["kept"] == pytest.approx(share, abs=1e-4)
    assert square["box"][1] >= top
    page.button_group(key="crop-take-format").set_value("Banner 3:1").run()
    links = [block.value for block in page.code if block.language == "plaintext"][:-1]
    fill = (255, 255, 255)
    assert links == [link(canvas_for((600, height), Aspect(3, 1)), fill, Box(*box)) for link in PAD_LINKS.values()]
    assert "CSS cannot leave the bars out: it shows the photo with them." in captions(page)

    show(page, "Crops")
    click(page, "Keep the bars")
    show(page, "Take home")
    page.button_group(key="crop-take-format").set_value("Banner 3:1").run()
    (record,) = json.loads(saved["focal_points.json"]())
    assert "within" not in record
    assert record["crops"][1]["box"] == [0, 0, 600, 635]
    assert "CSS cannot leave the bars out" not in captions(page)


def test_the_feed_and_the_strip_show_a_whole_photo_without_its_bars() -> None:
    page = upload(open_page(formats="single", pad="single"), barred(114), sample(COFFEE))
    cells = [button.label for button in page.button if (button.key or "").startswith("crop-open-")]
    drawn = Image.open(io.BytesIO(base64.b64decode(cells[0].split("base64,")[1].split(")")[0])))
    pixels = np.asarray(drawn.convert("RGB"))
    middle = pixels[:, pixels.shape[1] // 4 : 3 * pixels.shape[1] // 4]  # the border is at the sides
    assert middle[0].max() > 60
    assert middle[-1].max() > 60
    html = "".join(element.proto.body for element in show(page, "Feed").get("html"))
    assert "whole, with a border to 16:9" in html


def test_files_hold_nothing_of_the_bars(monkeypatch: pytest.MonkeyPatch) -> None:
    saved = catch_downloads(monkeypatch)
    page = upload(open_page(formats="square,story", **{"take-kind": "PNG"}), barred())
    show(page, "Take home")
    pictures = pictures_of(saved["gazecrop.zip"]())
    assert len(pictures) == 2
    for picture in pictures.values():
        pixels = np.asarray(picture.convert("RGB"))
        assert pixels[0].max() > 0
        assert pixels[-1].max() > 0


def test_a_damaged_file_is_said_to_be_and_cropped_as_far_as_it_goes() -> None:
    data = (SAMPLES / COFFEE).read_bytes()
    page = upload(open_page(), ("cup.jpg", data[: int(len(data) * 0.9)], "image/jpeg"))
    assert not page.exception
    assert "**The file is damaged**: its end is missing. What it still has is shown." in paragraphs(page)
