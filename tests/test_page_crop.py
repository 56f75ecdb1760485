"""The crop page, run without a browser: what it says must be what the core says."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import streamlit
from PIL import Image
from streamlit.testing.v1 import AppTest

from pages._shared.widgets import FIRST_SAMPLE
from saliency import Aspect, Crop, ImageError, load_method, load_model, open_image
from saliency.crop import expected_gaze, judge

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "samples"
FORMATS = ["16:9", "1:1", "4:5"]
METHODS = ["gaze", "face", "center"]
LABELS = {"gaze": "Saliency keeps", "face": "Face keeps", "center": "Centre keeps"}

Upload = tuple[str, bytes, str]
Downloads = dict[str, Callable[[], bytes]]


@pytest.fixture
def page() -> AppTest:
    return AppTest.from_file(ROOT / "app.py", default_timeout=120).run()


@pytest.fixture
def downloads(monkeypatch: pytest.MonkeyPatch) -> Downloads:
    """What each download button of the page would hand out, by file name."""
    offered: Downloads = {}
    button = streamlit.download_button

    def remember(label: str, data: Callable[[], bytes], file_name: str, *rest: Any, **options: Any) -> bool:
        offered[file_name] = data
        return button(label, data, file_name, *rest, **options)

    monkeypatch.setattr(streamlit, "download_button", remember)
    return offered


def sample(file: str, name: str | None = None) -> Upload:
    return name or file, (SAMPLES / file).read_bytes(), "image/jpeg"


def core_crops(data: bytes, formats: Sequence[str] = FORMATS) -> dict[str, list[Crop]]:
    """The crops by method, straight from the core, judged by the model's map."""
    image = open_image(data)
    size = image.shape[1::-1]
    gaze = expected_gaze(load_model().predict(image))
    aspects = [Aspect.parse(text) for text in formats]
    return {
        name: [judge(gaze, size, c.aspect, c.box) for c in load_method(name).crop(image, aspects)] for name in METHODS
    }


def expected_metrics(data: bytes, formats: Sequence[str] = FORMATS) -> list[tuple[str, str]]:
    crops = core_crops(data, formats)
    return [(LABELS[name], f"{crops[name][i].kept * 100:.0f}\u00a0%") for i in range(len(formats)) for name in METHODS]


def shown_metrics(page: AppTest) -> list[tuple[str, str]]:
    return [(metric.label, metric.value) for metric in page.metric]


def captions(page: AppTest) -> str:
    return "\n".join(caption.value for caption in page.caption)


def test_opens_with_a_sample_its_crops_and_its_credit(page: AppTest) -> None:
    assert not page.exception
    assert not page.error
    assert shown_metrics(page) == expected_metrics((SAMPLES / page.session_state["sample"]).read_bytes())
    assert "analysed in" in captions(page)
    assert "Aitzol Berasategi" in captions(page)
    assert "not a measurement" in captions(page)
    assert len(page.button_group(key="sample").options) == 16


def test_a_sample_is_one_click_away(page: AppTest) -> None:
    page.button_group(key="sample").set_value("astronaut_eileen_collins.jpg").run()
    assert shown_metrics(page) == expected_metrics((SAMPLES / "astronaut_eileen_collins.jpg").read_bytes())
    assert "Face: 1 found" in captions(page)
    assert "NASA" in captions(page)


def test_an_upload_replaces_the_sample_and_gives_the_numbers_of_the_core(page: AppTest) -> None:
    page.file_uploader[0].set_value([sample("china_temple.jpg")]).run()
    assert not page.exception
    assert shown_metrics(page) == expected_metrics((SAMPLES / "china_temple.jpg").read_bytes())
    assert "no face found, so the centre" in captions(page)
    page.file_uploader[0].set_value([]).run()
    assert page.session_state["sample"] == FIRST_SAMPLE


def test_the_gain_is_the_difference_of_the_numbers_shown(page: AppTest) -> None:
    page.button_group(key="sample").set_value("astronaut_eileen_collins.jpg").run()
    shown = {}
    for metric in page.metric[:3]:  # 16:9, where the face crop and the centre crop differ
        shown[metric.label] = int(metric.value.removesuffix("\u00a0%")), metric.delta
    for label in ("Saliency keeps", "Face keeps"):
        kept, gain = shown[label]
        difference = kept - shown["Centre keeps"][0]
        assert gain == (f"{difference:+d} vs centre" if difference else "same as centre")


def test_a_bad_file_is_named_with_its_reason_and_the_others_go_on(page: AppTest) -> None:
    bad = b"not a picture at all"
    page.file_uploader[0].set_value([("holiday.jpg", bad, "image/jpeg"), sample("chelsea_cat.jpg")]).run()
    with pytest.raises(ImageError) as reason:
        open_image(bad)
    assert not page.exception
    assert len(page.error) == 1
    assert "**holiday.jpg**" in page.error[0].value
    assert str(reason.value) in page.error[0].value
    assert "1 could not be opened" in captions(page)
    assert shown_metrics(page) == expected_metrics((SAMPLES / "chelsea_cat.jpg").read_bytes())


def test_formats_and_methods_can_be_changed(page: AppTest) -> None:
    data = (SAMPLES / FIRST_SAMPLE).read_bytes()
    page.button_group(key="formats").set_value(["3:1", "9:16"]).run()
    assert shown_metrics(page) == expected_metrics(data, ["9:16", "3:1"])
    page.button_group(key="methods").set_value(["gaze", "gaze-argmax", "face-haar"]).run()
    assert [metric.label for metric in page.metric[:3]] == [
        "Saliency keeps",
        "Face (Haar) keeps",
        "Saliency peak keeps",
    ]
    page.button_group(key="methods").set_value([]).run()
    assert not page.exception
    assert "at least one format" in page.info[0].value


def test_a_format_of_ones_own(page: AppTest) -> None:
    page.text_input(key="custom").set_value("5:7").run()
    assert shown_metrics(page) == expected_metrics((SAMPLES / FIRST_SAMPLE).read_bytes(), [*FORMATS, "5:7"])
    page.text_input(key="custom").set_value("32:18").run()  # 16:9, already there
    assert len(page.metric) == 9


@pytest.mark.parametrize("text", ["wide", "0:1", "1:0", "-1:2", "9999:1", "nan:1"])
def test_a_format_that_makes_no_sense_is_explained(page: AppTest, text: str) -> None:
    with pytest.raises(ValueError, match="aspect") as reason:
        Aspect.parse(text)
    page.text_input(key="custom").set_value(text).run()
    assert str(reason.value) in page.error[0].value.replace("\\", "")
    assert len(page.metric) == 9


def test_the_zip_holds_every_saliency_crop_at_full_size(downloads: Downloads, page: AppTest) -> None:
    page.file_uploader[0].set_value([sample("friends.jpg"), sample("chelsea_cat.jpg")]).run()
    expected = {
        f"{stem}_gaze_{crop.aspect.width:g}x{crop.aspect.height:g}.jpg": (crop.box.width, crop.box.height)
        for stem in ("friends", "chelsea_cat")
        for crop in core_crops((SAMPLES / f"{stem}.jpg").read_bytes())["gaze"]
    }
    assert zip_sizes(downloads["gazecrop.zip"]()) == expected
    page.toggle(key="zip-all").set_value(True).run()
    assert len(zip_sizes(downloads["gazecrop.zip"]())) == 18


def test_one_crop_downloads_the_pixels_of_its_box(downloads: Downloads, page: AppTest) -> None:
    image = np.random.default_rng(0).integers(0, 256, (90, 240, 3), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "PNG")
    page.file_uploader[0].set_value([("noise.PNG", buffer.getvalue(), "image/png")]).run()
    box = core_crops(buffer.getvalue())["gaze"][0].box
    crop = open_image(downloads["noise_gaze_16x9.png"]())
    np.testing.assert_array_equal(crop, image[box.top : box.bottom, box.left : box.right])


def test_the_same_name_twice_does_not_collide(downloads: Downloads, page: AppTest) -> None:
    same = [
        sample("chelsea_cat.jpg", "photo.jpg"),
        sample("coffee.jpg", "photo.jpg"),
        sample("coffee.jpg", "photo.jpg"),
    ]
    page.file_uploader[0].set_value(same).run()
    assert not page.exception
    names = set(zip_sizes(downloads["gazecrop.zip"]()))
    assert {"photo_gaze_1x1.jpg", "photo-2_gaze_1x1.jpg", "photo-3_gaze_1x1.jpg"} < names
    assert len(names) == 9


def test_of_many_photos_only_the_first_are_drawn_but_all_are_in_the_zip(downloads: Downloads, page: AppTest) -> None:
    files = [sample("chelsea_cat.jpg", f"cat{n}.jpg") for n in range(6)]
    page.file_uploader[0].set_value(files).run()
    assert not page.exception
    assert len(page.metric) == 3 * 9
    assert len([e for e in page.expander if "cat" in e.label]) == 6
    assert len(zip_sizes(downloads["gazecrop.zip"]())) == 6 * 3


def zip_sizes(data: bytes) -> dict[str, tuple[int, int]]:
    """The pixel sizes of the pictures in a zip, by name; every one must open."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        pictures = {name: open_image(archive.read(name)) for name in archive.namelist()}
    return {name: (picture.shape[1], picture.shape[0]) for name, picture in pictures.items()}
