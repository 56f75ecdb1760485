"""The crop page with a photo whose file says where to look."""

from __future__ import annotations

import json

import pytest

from saliency import Framing
from tests.pages.app import catch_downloads, open_page
from tests.pages.crop_page import framed, on_photo, results_on_photo, show, steer, upload
from tests.pages.test_crop_steer import button, buttons
from tests.saliency.test_regions import MIDDLE, SHAPES, iptc, photo, region

MARKED = photo(iptc(region(SHAPES["circle"])))
BACK, FOLLOW = "Back to automatic", "Look where the file says"


def test_the_file_is_followed_until_the_visitor_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    downloads = catch_downloads(monkeypatch)
    page = upload(open_page(sample="none"), ("marked.jpg", MARKED, "image/jpeg"))
    assert on_photo(page)["focal"] == {"x": pytest.approx(MIDDLE[0]), "y": pytest.approx(MIDDLE[1])}
    assert results_on_photo(page) == [crop.box.as_list() for crop in framed(MARKED, framing=Framing(focal=MIDDLE))]
    said = " ".join(element.value for element in page.markdown)
    assert "**The file says**, by its IPTC region, cropping, where this photo is looked at" in said
    assert "The crop where the file says keeps" in said
    assert "Your crop" not in said
    show(page, "Take home")
    (record,) = json.loads(downloads["focal_points.json"]())
    assert record["chosen_by"] == "file"

    show(page, "Crops")
    button(page, BACK)
    assert on_photo(page)["focal"] is None
    assert results_on_photo(page) == [crop.box.as_list() for crop in framed(MARKED)]
    assert BACK not in buttons(page)

    steer(page, 80, 20)
    assert on_photo(page)["focal"] == {"x": 0.8, "y": 0.2}
    assert "**You decide**" in " ".join(element.value for element in page.markdown)
    button(page, BACK)
    assert on_photo(page)["focal"] is None  # and not the file's
    button(page, FOLLOW)
    assert on_photo(page)["focal"] == {"x": pytest.approx(MIDDLE[0]), "y": pytest.approx(MIDDLE[1])}


def test_nothing_is_said_of_a_file_that_says_nothing() -> None:
    page = upload(open_page(sample="none"), ("plain.jpg", photo(), "image/jpeg"))
    assert on_photo(page)["focal"] is None
    assert FOLLOW not in buttons(page)
    assert BACK not in buttons(page)
