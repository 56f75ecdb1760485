"""A visitor's photos, choices and settings stay for the session, on every page that can use them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.rate.connection import VARIABLE
from pages.rate.session import ROUND
from pages.shared.own_photos import own_photos
from pages.shared.photos import read_samples
from pages.shared.widgets import FIRST_SAMPLE
from pages.your_data.uploads import SET
from saliency import open_image
from tests import first
from tests.pages.app import SAMPLES, go_to, open_page
from tests.pages.crop_page import ASTRONAUT, CAT, COFFEE, captions, sample, shown_metrics, strip, title, upload


@pytest.fixture(autouse=True)
def votes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(VARIABLE, f"sqlite:///{tmp_path / 'votes.sqlite'}")


@pytest.fixture
def page() -> Iterator[AppTest]:
    page = open_page()
    yield page
    if SET in page.session_state:
        page.session_state[SET].close()


def press(page: AppTest, label: str) -> AppTest:
    next(button for button in page.button if button.label.replace("\\", "") == label).click().run()
    assert not page.exception
    return page


def labels(page: AppTest) -> list[str]:
    return [button.label.replace("\\", "") for button in page.button]


def names(page: AppTest) -> list[str]:
    return [words.split(" ·")[0] for words, _ in strip(page)]


def test_uploads_are_there_again_after_another_page(page: AppTest) -> None:
    upload(page, sample(CAT), sample(COFFEE))
    before, shown = names(page), shown_metrics(page)
    assert before == [CAT[:17] + "…" if len(CAT) > 18 else CAT, COFFEE]
    go_to(page, "quality")
    go_to(page, "crop")
    assert names(page) == before
    assert shown_metrics(page) == shown
    assert page.session_state["crop-sample"] is None
    page.run()
    assert names(page) == before


def test_new_uploads_stand_beside_those_from_before(page: AppTest) -> None:
    upload(page, sample(CAT))
    go_to(go_to(page, "method"), "crop")
    assert title(page) == CAT
    upload(page, sample(COFFEE))
    assert len(names(page)) == 2
    press(page, CAT)
    assert title(page) == COFFEE
    upload(page)
    assert page.session_state["crop-sample"] is not None, "without photos of one's own the sample is back"


def test_all_photos_from_before_are_removed_by_one_button(page: AppTest) -> None:
    upload(page, sample(CAT), sample(COFFEE))
    go_to(go_to(page, "method"), "crop")
    press(page, "Remove all")
    assert title(page) == read_samples()[FIRST_SAMPLE].title
    assert "Remove all" not in labels(page)


def test_uploads_of_crop_can_be_rated_and_those_of_rate_cropped(page: AppTest) -> None:
    upload(page, sample(CAT))
    go_to(page, "rate")
    page.segmented_control(key="rate-source").set_value("upload").run()
    page.file_uploader[0].set_value([sample(ASTRONAUT)]).run()
    assert not page.exception
    assert len(page.session_state[ROUND].setup.photos) == 2
    go_to(page, "crop")
    assert len(names(page)) == 2
    go_to(page, "rate")
    assert page.session_state["rate-source"] == "upload"
    assert len(page.session_state[ROUND].setup.photos) == 2


def test_your_data_takes_the_photos_of_crop_and_gives_its_own(page: AppTest) -> None:
    upload(page, sample(CAT), sample(COFFEE))
    go_to(page, "your_data")
    press(page, "Use your 2 photos from Crop and Rate")
    assert sorted(page.session_state[SET].unpacked.photos) == sorted([CAT, COFFEE])
    press(page, "Choose other photos")
    page.file_uploader[0].set_value([sample(ASTRONAUT)]).run()
    press(page, "Open these in Crop")
    assert page.title[0].value == "Crop photos to what people look at"
    assert len(names(page)) == 3
    go_to(page, "your_data")
    press(page, "Rate these")
    assert page.title[0].value == "Rate crops blind"
    assert page.session_state["rate-source"] == "upload"
    assert len(page.session_state[ROUND].setup.photos) == 3, "the astronaut is there once"


def test_a_sample_that_was_chosen_makes_way_for_photos_that_were_brought(page: AppTest) -> None:
    upload(page, sample(CAT))
    page.button_group(key="crop-sample").set_value(COFFEE).run()
    assert len(names(page)) == 2
    go_to(page, "your_data")
    press(page, "Use your 1 photo from Crop and Rate")
    press(page, "Open these in Crop")
    assert title(page) == CAT
    width, height = open_image(SAMPLES / CAT).shape[1::-1]
    assert f"{width} × {height} pixels" in captions(page)


def test_what_was_chosen_on_crop_is_chosen_still(page: AppTest) -> None:
    page.button_group(key="crop-shown").set_value(first.LABELS[2]).run()
    page.button_group(key="crop-view").set_value("Why").run()
    page.button_group(key="crop-why-format").set_value(first.LABELS[1]).run()
    go_to(go_to(page, "method"), "crop")
    assert page.session_state["crop-view"] == "Why"
    assert page.session_state["crop-why-format"] == first.LABELS[1]
    assert page.query_params["view"] == "why"
    page.button_group(key="crop-view").set_value("Crops").run()
    assert page.session_state["crop-shown"] == first.LABELS[2]


@pytest.mark.parametrize(("room", "key", "value"), [("quality", "metric", "heads cut"), ("explore", "sort", "best")])
def test_what_was_chosen_on_a_page_of_numbers_is_chosen_still(page: AppTest, room: str, key: str, value: str) -> None:
    go_to(page, room, {key: value})
    go_to(go_to(page, "method"), room)
    assert page.query_params[key] == value
    assert page.session_state[f"{room}-{key}"] == value
    go_to(go_to(page, "method"), room, {"run": "test"})
    assert key not in page.query_params, "a link says what it is to show"


def test_another_visitor_sees_none_of_it(page: AppTest) -> None:
    upload(page, sample(CAT))
    other = open_page("rate")
    other.segmented_control(key="rate-source").set_value("upload").run()
    assert "Drop your photos above, or choose the samples." in [info.value for info in other.info]
    assert own_photos() == [], "nor does anything outside of a session"
