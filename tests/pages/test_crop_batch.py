"""Several photos on the crop page: bad files among them, the strip, names, and the zip of all."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from saliency import ImageError, open_image
from tests import first
from tests.pages.app import SAMPLES, catch_downloads, open_page
from tests.pages.crop_page import (
    ASTRONAUT,
    CAT,
    COFFEE,
    core_crops,
    expected_metrics,
    open_photo,
    paragraphs,
    percent,
    sample,
    show,
    shown_metrics,
    sizes_of,
    strip,
    title,
    upload,
)

BAD = ("holiday.jpg", b"not a picture at all", "image/jpeg")


@pytest.fixture
def page() -> AppTest:
    return open_page()


def test_a_bad_file_is_named_with_its_reason_and_the_others_go_on(page: AppTest) -> None:
    upload(page, BAD, sample(CAT))
    with pytest.raises(ImageError) as reason:
        open_image(BAD[1])
    assert not page.exception
    assert len(page.error) == 1
    assert "**holiday.jpg**" in page.error[0].value
    assert str(reason.value) in page.error[0].value
    assert f"**2 photos**, 1 could not be opened, each as {first.LABELS[0]}" in paragraphs(page)
    assert [openable for _, openable in strip(page)] == [False, True]
    assert "holiday.jpg" in strip(page)[0][0]
    assert title(page) == CAT
    assert shown_metrics(page) == expected_metrics((SAMPLES / CAT).read_bytes())


def test_without_one_good_file_there_are_reasons_and_no_result(page: AppTest) -> None:
    for view in ("Crops", "Take home"):
        show(upload(page, BAD, ("empty.png", b"", "image/png")), view)
        assert not page.exception
        (box,) = page.error
        assert box.value.split("**")[1::2] == ["holiday.jpg", "empty.png"]
        assert "**2 photos**, 2 could not be opened" in paragraphs(page)
        assert [openable for _, openable in strip(page)] == [False, False]
        assert not page.metric
        assert not page.download_button
    upload(page, BAD)
    assert not page.exception
    assert len(page.error) == 1


def test_a_batch_is_a_strip_and_a_click_opens_another_photo(page: AppTest) -> None:
    names = [CAT, ASTRONAUT, COFFEE]
    data = {name: (SAMPLES / name).read_bytes() for name in names}
    upload(page, *map(sample, names))
    assert not page.exception
    assert f"**3 photos**, each as {first.LABELS[0]}" in paragraphs(page)
    kept = [percent(core_crops(data[name], first.ASPECTS[:1])["gaze"][0].kept) for name in names]
    assert [text.split(" · ")[1] for text, _ in strip(page)] == kept
    assert [text.split(" · ")[0].rstrip("…") for text, _ in strip(page)] == [CAT, "astronaut_eile", COFFEE]
    assert title(page) == CAT
    open_photo(page, ASTRONAUT)
    assert title(page) == ASTRONAUT
    assert shown_metrics(page) == expected_metrics(data[ASTRONAUT])
    assert [text.split(" · ")[1] for text, _ in strip(page)] == kept  # the strip keeps its order
    page.button_group(key="crop-formats").set_value(["banner"]).run()
    assert "**3 photos**, each as Banner 3:1" in paragraphs(page)
    assert title(page) == ASTRONAUT
    assert shown_metrics(page) == expected_metrics(data[ASTRONAUT], ["3:1"])


def test_a_photo_that_is_gone_makes_room_for_the_others(page: AppTest) -> None:
    upload(page, sample(CAT), sample(ASTRONAUT), sample(COFFEE))
    open_photo(page, ASTRONAUT)
    upload(page, sample(CAT), sample(COFFEE))
    assert not page.exception
    assert title(page) == CAT
    assert len(strip(page)) == 2
    upload(page, sample(COFFEE))
    assert title(page) == COFFEE
    assert strip(page) == []


def test_the_sample_can_be_beside_ones_own_photos(page: AppTest) -> None:
    upload(page, sample(CAT))
    page.button_group(key="crop-sample").set_value(COFFEE).run()
    assert [text.split(" · ")[0] for text, _ in strip(page)] == ["Cup of espresso", CAT]
    page.button_group(key="crop-sample").set_value(None).run()
    upload(page)
    page.button_group(key="crop-sample").set_value(None).run()
    assert "Drop a photo above" in page.info[0].value


def test_the_zip_holds_every_saliency_crop_at_full_size(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    downloads = catch_downloads(monkeypatch)
    upload(page, sample("friends.jpg"), sample(CAT))
    expected = {
        f"{stem}_gaze_{crop.aspect.width:g}x{crop.aspect.height:g}.jpg": (crop.box.width, crop.box.height)
        for stem in ("friends", "chelsea_cat")
        for crop in core_crops((SAMPLES / f"{stem}.jpg").read_bytes())["gaze"]
    }
    assert sizes_of(downloads["gazecrop.zip"]()) == expected
    assert page.download_button(key="crop-zip").label == "Download 6 crops"


def test_the_same_name_twice_does_not_collide(monkeypatch: pytest.MonkeyPatch) -> None:
    downloads, page = catch_downloads(monkeypatch), open_page(formats="square")
    upload(page, sample(CAT, "photo.jpg"), sample(COFFEE, "photo.jpg"), sample(COFFEE, "photo.jpg"))
    assert not page.exception
    sizes = sizes_of(downloads["gazecrop.zip"]())
    assert set(sizes) == {"photo_gaze_1x1.jpg", "photo-2_gaze_1x1.jpg", "photo-3_gaze_1x1.jpg"}
    assert sizes["photo_gaze_1x1.jpg"] == (300, 300)
    assert sizes["photo-2_gaze_1x1.jpg"] == sizes["photo-3_gaze_1x1.jpg"] == (400, 400)


@pytest.mark.parametrize(
    "name", ["**bold** [a](http://b.c) `x`.jpg", "<img src=x onerror=alert(1)>.jpg", "$x$ :red[y]#.jpg"]
)
def test_a_file_name_is_text_and_nothing_else(page: AppTest, name: str) -> None:
    special = set("\\`*_{}[]()<>#+-!|~$:")
    upload(page, sample(CAT, name), sample(COFFEE))
    assert not page.exception
    assert title(page).replace(JOINER, "") == name
    for view in ("Crops", "Why", "Feed", "Take home"):
        show(page, view)
        assert not page.exception
        for value in [element.value.replace(JOINER, "") for element in (*page.header, *page.caption, *page.markdown)]:
            start = value.replace("\\", "").find(name)
            if start >= 0:
                assert escaped(name, special) in value


JOINER = "\u2060"  # where a name would become an address; nobody sees it


def escaped(name: str, special: set[str]) -> str:
    return "".join(f"\\{letter}" if letter in special else letter for letter in name)
