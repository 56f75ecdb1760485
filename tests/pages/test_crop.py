"""The crop page, run without a browser: photos in, and what it says of them must be what the core says."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from pages.shared.photos import read_samples
from pages.shared.widgets import FIRST_SAMPLE
from saliency import METHODS as REGISTRY
from saliency import Aspect, Box, RgbImage, open_image
from saliency.crop import expected_gaze, judge
from saliency.methods import place_on_point
from saliency.models.face import detect_yunet
from saliency.types import Evidence, Method
from tests import first
from tests.pages.app import SAMPLES, catch_downloads, open_page
from tests.pages.crop_page import (
    ASTRONAUT,
    CAT,
    COFFEE,
    FORMATS,
    as_png,
    boxes_on_photo,
    captions,
    core_crops,
    expected_metrics,
    gaze_map,
    inside,
    noise,
    on_photo,
    percent,
    pictures_of,
    sample,
    show,
    shown_metrics,
    sides,
    sizes_of,
    steer,
    strip,
    title,
    upload,
)
from tests.scenes import bright_square

FIRST = first.DATA


@pytest.fixture
def page() -> AppTest:
    return open_page()


def test_opens_with_a_sample_its_crops_and_its_credit(page: AppTest) -> None:
    assert not page.exception
    assert not page.error
    assert page.session_state["crop-sample"] == FIRST_SAMPLE
    assert title(page) == read_samples()[FIRST_SAMPLE].title
    assert shown_metrics(page) == expected_metrics(FIRST)
    assert f"{first.SIZE[0]} × {first.SIZE[1]} pixels · analysed in" in captions(page)
    assert " · map by Saliency · " in captions(page)
    assert read_samples()[FIRST_SAMPLE].author in captions(page)
    assert "not a measurement" in captions(page)
    assert len(page.button_group(key="crop-sample").options) == 18
    assert not page.query_params


def test_a_sample_is_one_click_away(page: AppTest) -> None:
    page.button_group(key="crop-sample").set_value(ASTRONAUT).run()
    assert shown_metrics(page) == expected_metrics((SAMPLES / ASTRONAUT).read_bytes())
    assert "Face: 1 found" in captions(page)
    assert "NASA" in captions(page)
    assert page.query_params["sample"] == ASTRONAUT


def test_an_upload_replaces_the_sample_and_gives_the_numbers_of_the_core(page: AppTest) -> None:
    upload(page, sample("china_temple.jpg"))
    assert not page.exception
    assert title(page) == "china_temple.jpg"
    assert shown_metrics(page) == expected_metrics((SAMPLES / "china_temple.jpg").read_bytes())
    assert "no face found, so the centre" in captions(page)
    upload(page)
    assert page.session_state["crop-sample"] == FIRST_SAMPLE
    assert shown_metrics(page) == expected_metrics(FIRST)


def test_the_boxes_on_the_photo_are_the_core_s_for_the_format_that_is_picked(page: AppTest) -> None:
    crops = core_crops(FIRST)
    for rank, text in enumerate(first.LABELS):
        page.button_group(key="crop-shown").set_value(text).run()
        expected = [crops[name][rank].box.as_list() for name in ("gaze", "face", "center")]
        assert list(boxes_on_photo(page).values()) == expected
        assert sides(on_photo(page)["movable"]) == expected[0]


def test_the_gain_is_the_difference_of_the_numbers_shown() -> None:
    page = open_page(sample=ASTRONAUT, formats="single")
    shown = {}
    for metric in page.metric[:3]:  # 16:9, where the face crop and the centre crop differ
        shown[metric.label] = int(metric.value.removesuffix("\u00a0%")), metric.delta
    for label in ("Saliency keeps", "Face keeps"):
        kept, gain = shown[label]
        difference = kept - shown["Centre keeps"][0]
        less = {f"{difference:+d} vs centre", f"{-difference} less, for the head"}
        assert gain in (less if difference < 0 else {f"+{difference} vs centre"} if difference else {"same as centre"})
    assert shown["Centre keeps"][1] == "the usual crop"


def test_formats_and_methods_can_be_changed(page: AppTest) -> None:
    page.button_group(key="crop-formats").set_value(["square", "single"]).run()
    assert shown_metrics(page) == expected_metrics(FIRST, ["16:9", "1:1"])
    page.button_group(key="crop-methods").set_value(["gaze", "gaze-argmax", "face-haar"]).run()
    assert [metric.label for metric in page.metric[:3]] == [
        "Saliency keeps",
        "Face (Haar) keeps",
        "Saliency peak keeps",
    ]
    page.button_group(key="crop-methods").set_value([]).run()
    assert not page.exception
    assert "at least one format" in page.info[0].value


def test_a_shape_of_ones_own(page: AppTest) -> None:
    page.text_input(key="crop-custom").set_value("5:7").run()
    assert shown_metrics(page) == expected_metrics(FIRST, [*FORMATS, "5:7"])
    there = first.CHOSEN[0].aspect
    page.text_input(key="crop-custom").set_value(f"{2 * there.width:g}:{2 * there.height:g}").run()
    assert len(page.metric) == 9


def test_a_size_of_ones_own_is_downloaded_at_exactly_that_size(monkeypatch: pytest.MonkeyPatch) -> None:
    downloads, page = catch_downloads(monkeypatch), open_page(formats="single,square")
    page.text_input(key="crop-custom").set_value("1200x630, 1080 × 1080 px").run()  # beside the square preset
    assert shown_metrics(page) == expected_metrics(FIRST, ["16:9", "1:1", "1200:630", "1:1"])
    sizes = sizes_of(downloads["gazecrop.zip"]())
    assert sizes[f"{first.STEM}_gaze_1200x630.jpg"] == (1200, 630)
    assert sizes[f"{first.STEM}_gaze_1080x1080.jpg"] == (1080, 1080)
    assert sizes[f"{first.STEM}_gaze_1x1.jpg"] == (min(first.SIZE),) * 2
    assert len(sizes) == 4
    assert open_image(downloads[f"{first.STEM}_face_1200x630.jpg"]()).shape == (630, 1200, 3)


@pytest.mark.parametrize(
    "query",
    [
        {"formats": "square,thumbnail"},
        {"formats": "square", "custom": "1200:630, 1200x630"},
        {"formats": "square", "custom": "0.333333333333333:1, 0.3333333333333333:1"},
        {"formats": "none", "custom": "5:7, 5/7, 10x14, 500x700, 500x700"},
    ],
)
def test_formats_alike_go_together(query: dict[str, str]) -> None:
    for view in ("Crops", "Why", "Feed", "Take home"):
        page = show(open_page(**query, methods="gaze"), view)
        assert not page.exception
        assert not page.error
        if view == "Crops":
            assert len(page.metric) == (1 if query["formats"] == "none" else 2)


@pytest.mark.parametrize("text", ["wide", "0:1", "1:0", "-1:2", "9999:1", "nan:1"])
def test_a_format_that_makes_no_sense_is_explained(page: AppTest, text: str) -> None:
    with pytest.raises(ValueError, match="aspect") as reason:
        Aspect.parse(text)
    page.text_input(key="crop-custom").set_value(text).run()
    told = str(reason.value)
    if text == "wide":  # neither a shape nor a size
        told += "; or a size in pixels, such as 1200x630"
    assert [error.value.replace("\\", "") for error in page.error] == [f"{told}."]
    assert len(page.metric) == 9


def test_a_size_out_of_range_and_more_formats_than_are_read_are_explained(page: AppTest) -> None:
    page.text_input(key="crop-custom").set_value("99999x40, 2:1,5:2,4:1,5:1,6:1,7:1").run()
    assert [error.value.replace("\\", "") for error in page.error] == [
        "Only the first 6 of your 7 formats are used.",
        "a size of 99999 × 40 pixels is out of range; each side is 1 to 10,000.",
    ]
    assert len(page.metric) == 3 * (3 + 5)


@pytest.mark.parametrize("orientation", [1, 6])
def test_a_large_photo_is_cropped_where_it_is_in_full(orientation: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """12 megapixels, upright in the file or on their side: looked at smaller, told in pixels of the whole."""
    downloads, data = catch_downloads(monkeypatch), large_jpeg(orientation)
    page = upload(open_page(formats="single,square,story"), ("large.jpg", data, "image/jpeg"))
    assert not page.exception
    saliency_map, size = gaze_map(data)
    assert size == (3000, 4000)
    assert "3000 × 4000 pixels" in captions(page)
    cell = max(size[0] / saliency_map.shape[1], size[1] / saliency_map.shape[0])
    crops = core_crops(data, ["16:9", "1:1", "9:16"])
    for rank, text in enumerate(page.button_group(key="crop-shown").options):
        page.button_group(key="crop-shown").set_value(text).run()
        assert on_photo(page)["size"] == {"width": 3000, "height": 4000}
        shown = boxes_on_photo(page)
        for label, name in {"Saliency": "gaze", "Face": "face", "Centre": "center"}.items():
            box = crops[name][rank].box
            assert shown[label][2:] == [box.width, box.height]
            assert shown[label][:2] == pytest.approx([box.left, box.top], abs=0 if name == "center" else cell)
    faces = detect_yunet(open_image(data))
    assert len(faces) == 2
    for face, drawn in zip(faces, on_photo(page)["faces"], strict=True):
        assert sides(drawn) == pytest.approx(face.box.as_list(), abs=0.05 * face.box.width)
    sizes = sizes_of(downloads["gazecrop.zip"]())
    assert sizes == {
        f"large_gaze_{crop.aspect.width:g}x{crop.aspect.height:g}.jpg": (crop.box.width, crop.box.height)
        for crop in crops["gaze"]
    }


def large_jpeg(orientation: int) -> bytes:
    """A sample's middle at 3000 x 4000 pixels, as a camera of this EXIF orientation stores it."""
    with Image.open(SAMPLES / "friends.jpg") as photo:
        large = photo.crop((0, 72, 852, 1208)).resize((3000, 4000), Image.Resampling.BICUBIC)
    stored = large.transpose(Image.Transpose.ROTATE_90) if orientation == 6 else large
    exif, buffer = Image.Exif(), io.BytesIO()
    exif[0x0112] = orientation
    stored.save(buffer, "JPEG", quality=90, exif=exif)
    return buffer.getvalue()


def test_one_crop_downloads_the_pixels_of_its_box(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    downloads, image = catch_downloads(monkeypatch), noise((240, 90))
    upload(page, ("noise.PNG", as_png(image), "image/png"))
    for name, crops in core_crops(as_png(image)).items():
        box = crops[0].box
        expected = image[box.top : box.bottom, box.left : box.right]
        np.testing.assert_array_equal(open_image(downloads[f"noise_{name}_{first.SHAPES[0]}.png"]()), expected)
    box = core_crops(as_png(image))["gaze"][1].box
    picture = pictures_of(downloads["gazecrop.zip"]())[f"noise_gaze_{first.SHAPES[1]}.png"]
    np.testing.assert_array_equal(np.asarray(picture), image[box.top : box.bottom, box.left : box.right])


def test_two_visitors_share_neither_photos_nor_choices() -> None:
    mine, theirs = open_page(), open_page()
    upload(mine, sample(CAT))
    steer(mine, 10, 10)
    upload(theirs, sample(CAT), sample(COFFEE))
    assert shown_metrics(theirs) == expected_metrics((SAMPLES / CAT).read_bytes())
    assert "crop-choices" not in theirs.session_state
    mine.run()
    assert title(mine) == CAT
    assert strip(mine) == []
    assert "Yours" in boxes_on_photo(mine)


def see_spot(image: RgbImage) -> Evidence:
    """The brightest pixel: another eye than those of the registry."""
    row, column = np.unravel_index(int(image.sum(axis=2).argmax()), image.shape[:2])
    return Evidence(point=(column + 0.5, row + 0.5), note="a spot")


def test_a_method_in_the_registry_is_on_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(REGISTRY, "spot", Method("spot", "spot", see_spot, place_on_point))
    page = open_page(formats="square")
    data = as_png(bright_square((400, 200), 330, 60, 40))
    upload(page, ("spot.png", data, "image/png"))
    page.button_group(key="crop-methods").set_value(["gaze", "spot"]).run()
    assert not page.exception
    assert page.query_params["methods"] == "gaze,spot"
    saliency_map, size = gaze_map(data)
    expected = Box(200, 0, 200, 200)
    assert boxes_on_photo(page)["spot"] == expected.as_list()
    kept = judge(expected_gaze(saliency_map), size, Aspect(1, 1), expected).kept
    assert shown_metrics(page)[1] == ("spot keeps", percent(kept))
    assert "a spot" in captions(page)
    page.button_group(key="crop-zoom").set_value("Zoom in, but keep").run()
    boxes = boxes_on_photo(page)
    assert boxes["spot"][2:] == boxes["Saliency"][2:]
    assert inside(Box(330, 60, 1, 1), boxes["spot"])
