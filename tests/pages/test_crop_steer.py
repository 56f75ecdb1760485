"""The crop page, run without a browser: zoom, faces and focal points, and why a crop lies where it does."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

import pytest
from streamlit.testing.v1 import AppTest

from pages.shared import photo_cache
from saliency import Aspect, Box, Framing, alternatives, frame, open_image
from saliency.crop import ROOM, crop_to_gaze, expected_gaze, judge
from saliency.methods import load_method
from saliency.things import at_any_cost
from saliency.types import Crop, SaliencyMap
from tests import first
from tests.oracles import kept_by_pixels
from tests.pages.app import SAMPLES, catch_downloads, open_page
from tests.pages.crop_page import (
    FORMATS,
    LABELS,
    METHODS,
    boxes_on_photo,
    captions,
    core_crops,
    expected_metrics,
    framed,
    gaze_map,
    inside,
    on_photo,
    paragraphs,
    percent,
    results_on_photo,
    sample,
    show,
    shown_metrics,
    sides,
    steer,
    things_in,
    title,
    upload,
)

ASTRONAUT, CAT, COFFEE = "astronaut_eileen_collins.jpg", "chelsea_cat.jpg", "coffee.jpg"
FIRST = first.DATA
ALWAYS = "At any cost"
TIGHT = "Zoom in, but keep"
LABELS_ON_PHOTO = ["Saliency", "Face", "Centre"]


def button(page: AppTest, label: str) -> AppTest:
    """The page after a click on the button."""
    return next(button for button in page.button if button.label == label).click().run()


def buttons(page: AppTest) -> list[str]:
    return [button.label for button in page.button]


def below(page: AppTest, heading: str) -> str:
    """The paragraph after a heading, but for what is said first of any crop."""
    texts = [text for text in paragraphs(page) if not text.startswith("**Even the best")]
    return texts[texts.index(heading) + 1]


def metrics_of(boxes: Sequence[Sequence[int]], methods: Sequence[str], data: bytes) -> list[tuple[str, str]]:
    """What the page must say of these boxes in one format, judged by the core."""
    saliency_map, size = gaze_map(data)
    gaze = expected_gaze(saliency_map)
    kept = [judge(gaze, size, Aspect(1, 1), Box(*box)).kept for box in boxes]  # the shape has no part in it
    return [(LABELS[method], percent(share)) for method, share in zip(methods, kept, strict=True)]


def test_a_tight_crop_is_the_core_s_and_the_others_are_as_large() -> None:
    page = open_page()
    page.button_group(key="crop-zoom").set_value(TIGHT).run()
    page.slider(key="crop-keep").set_value(60).run()
    for rank, text in enumerate(page.button_group(key="crop-shown").options):
        page.button_group(key="crop-shown").set_value(text).run()
        boxes = boxes_on_photo(page)
        assert list(boxes) == LABELS_ON_PHOTO
        wanted = framed(FIRST, framing=Framing(keep=0.6))[rank]
        assert boxes["Saliency"] == wanted.box.as_list()
        assert wanted.kept >= 0.6
        assert {tuple(box[2:]) for box in boxes.values()} == {(wanted.box.width, wanted.box.height)}
        middle = (first.SIZE[0] - wanted.box.width) / 2, (first.SIZE[1] - wanted.box.height) / 2
        assert boxes["Centre"][:2] == pytest.approx(middle, abs=1)
        assert shown_metrics(page)[3 * rank : 3 * rank + 3] == metrics_of(list(boxes.values()), METHODS, FIRST)


def test_each_crop_is_framed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[bytes, str, Framing]] = []
    frame = photo_cache.frame

    def count(saliency_map: SaliencyMap, size: tuple[int, int], aspects: list[Aspect], framing: Framing) -> list[Crop]:
        calls.extend((saliency_map.tobytes(), str(aspect), framing) for aspect in aspects)
        return frame(saliency_map, size, aspects, framing)

    photo_cache._frame.clear()
    monkeypatch.setattr(photo_cache, "frame", count)
    page = open_page(zoom="tight", model="gaze")
    assert [aspect for _, aspect, _ in calls] == list(FORMATS)
    page.run()
    show(page, "Feed")
    show(page, "Crops")
    assert len(calls) == len(set(calls))
    del calls[:]
    page.slider(key="crop-keep").set_value(70).run()
    assert {(aspect, framing.keep) for _, aspect, framing in calls} == {(text, 0.7) for text in FORMATS}
    steer(page, 20, 30)
    assert len(calls) == len(set(calls)) == 2 * len(FORMATS)


def test_a_margin_makes_a_tight_crop_larger_around_the_same_middle() -> None:
    page = open_page(formats="single", zoom="tight", keep="60", faces="off")
    bare = boxes_on_photo(page)["Saliency"]
    page.slider(key="crop-margin").set_value(20).run()
    roomy = boxes_on_photo(page)["Saliency"]
    assert roomy == frame(*gaze_map(FIRST), [Aspect(16, 9)], Framing(keep=0.6, margin=0.2))[0].box.as_list()
    assert roomy[2] == pytest.approx(1.2 * bare[2], abs=1)
    assert roomy[3] == pytest.approx(1.2 * bare[3], abs=1)
    assert inside(Box(*bare), roomy)
    page.button_group(key="crop-zoom").set_value("As wide as possible").run()
    assert (
        boxes_on_photo(page)["Saliency"] == frame(*gaze_map(FIRST), [Aspect(16, 9)])[0].box.as_list()
    )  # no room to give


def test_more_gaze_than_a_shape_can_keep_is_said_and_gives_the_widest() -> None:
    page = open_page(zoom="tight", keep="95", formats="banner")
    assert boxes_on_photo(page)["Saliency"] == core_crops(FIRST, ["3:1"])["gaze"][0].box.as_list()
    said = "No crop of this shape keeps 95 %( with 1 head whole)?, so the widest"
    assert any(re.search(said, text) for text in paragraphs(page))


def test_faces_are_kept_whole_where_they_fit() -> None:
    data = (SAMPLES / ASTRONAUT).read_bytes()
    things = at_any_cost(load_method("gaze").look(open_image(data)).things)
    head = things[0].box
    page = open_page(sample=ASTRONAUT, formats="banner", methods="gaze,center", faces="off")
    assert not inside(head, boxes_on_photo(page)["Saliency"])
    page.button_group(key="crop-faces").set_value(ALWAYS).run()
    assert inside(head, boxes_on_photo(page)["Saliency"])
    assert boxes_on_photo(page)["Saliency"] == framed(data, ["3:1"], Framing(whole=things))[0].box.as_list()
    assert boxes_on_photo(page)["Centre"] == core_crops(data, ["3:1"])["center"][0].box.as_list()
    page.button_group(key="crop-zoom").set_value(TIGHT).run()
    page.slider(key="crop-keep").set_value(50).run()
    page.slider(key="crop-margin").set_value(10).run()
    page.button_group(key="crop-formats").set_value(["square"]).run()
    wanted = framed(data, ["1:1"], Framing(keep=0.5, margin=0.1, whole=things))[0]
    assert boxes_on_photo(page)["Saliency"] == wanted.box.as_list()
    assert inside(head, wanted.box.as_list())


def test_a_face_that_is_cut_is_said_with_the_remedy_beside_it() -> None:
    data = (SAMPLES / ASTRONAUT).read_bytes()
    things = at_any_cost(load_method("gaze").look(open_image(data)).things)
    head = things[0].box
    page = open_page(sample=ASTRONAUT, formats="banner,square", faces="off")
    square, banner = results_on_photo(page)
    assert not inside(head, banner)
    assert inside(head, square)
    assert [text for text in paragraphs(page) if "cuts off the head" in text] == [below(page, "### Banner 3:1")]
    remedy = "crop-whole-sample-astronaut_eileen_collins-Banner 3:1"
    assert [button.key for button in page.button if button.label == "Keep heads whole"] == [remedy]
    page.button(key=remedy).click().run()
    assert not page.exception
    assert page.session_state["crop-faces"] == "always"
    assert page.query_params["faces"] == "whole"
    assert results_on_photo(page) == [
        crop.box.as_list() for crop in framed(data, ["1:1", "3:1"], Framing(whole=things))
    ]
    assert not any("cuts off" in text for text in paragraphs(page))
    assert "Keep heads whole" not in buttons(page)


def test_what_a_whole_head_costs_is_said_with_the_way_back_beside_it() -> None:
    page = open_page(sample=ASTRONAUT, formats="single,square")
    whole, _ = results_on_photo(page)
    (text,) = (text for text in paragraphs(page) if "For gaze alone it would keep" in text)
    assert text == below(page, "### Single 16:9")
    assert text.count("but cut off the head.") == 1
    (back,) = (button for button in page.button if button.label == "Keep the most gaze instead")
    back.click().run()
    assert not page.exception
    assert page.query_params["faces"] == "off"
    data = (SAMPLES / ASTRONAUT).read_bytes()
    saliency_map, size = gaze_map(data)
    alone = crop_to_gaze(saliency_map, size, [Aspect(16, 9)])[0]
    assert results_on_photo(page)[0] == alone.box.as_list() != whole
    assert percent(alone.kept) in text
    assert "Keep the most gaze instead" not in buttons(page)
    assert "Keep heads whole" in buttons(page)


def test_who_decides_is_told_of_cut_faces_and_offered_nothing() -> None:
    page = steer(open_page(sample=ASTRONAUT, formats="banner", faces="off"), 50, 100)
    assert any(
        "It cuts off the head. As near the chosen point as the border lets it." in text for text in paragraphs(page)
    )
    assert "Keep heads whole" not in buttons(page)
    page = steer(open_page(sample=ASTRONAUT, formats="banner", faces="whole"), 50, 100)
    assert any("border lets it; the head is cut." in text for text in paragraphs(page))


def test_a_person_decides_for_every_format_of_this_photo_and_can_take_it_back() -> None:
    page = open_page(sample=COFFEE)
    data = (SAMPLES / COFFEE).read_bytes()
    automatic = results_on_photo(page)
    assert on_photo(page)["focal"] is None
    steer(page, 10, 20)
    assert list(page.session_state["crop-choices"].values()) == [(0.1, 0.2)]
    assert on_photo(page)["focal"] == {"x": 0.1, "y": 0.2}
    decided = "**You decide** where this photo is looked at, in every format."
    assert decided in paragraphs(page)
    mine = [crop.box.as_list() for crop in framed(data, framing=Framing(focal=(0.1, 0.2)))]
    assert results_on_photo(page) == mine
    page.button_group(key="crop-shown").set_value(first.LABELS[0]).run()
    boxes = boxes_on_photo(page)
    assert list(boxes) == ["Yours", *LABELS_ON_PHOTO]
    assert boxes["Saliency"] == automatic[0]
    assert shown_metrics(page)[:4] == metrics_of(list(boxes.values()), ["you", *METHODS], data)
    assert sum(text.startswith("Your crop keeps") for text in paragraphs(page)) == 3
    button(page, "Back to automatic")
    assert results_on_photo(page) == automatic
    assert page.session_state["crop-choices"] == {}
    assert "Back to automatic" not in buttons(page)
    assert decided not in paragraphs(page)
    assert shown_metrics(page) == expected_metrics(data)


def test_what_a_person_chose_outlasts_other_settings_views_and_photos() -> None:
    page = open_page()
    upload(page, sample(CAT), sample(COFFEE))
    steer(page, 25, 50)
    page.button_group(key="crop-formats").set_value(["story", "banner"]).run()
    show(page, "Why")
    show(page, "Crops")
    cat = (SAMPLES / CAT).read_bytes()
    expected = [crop.box.as_list() for crop in framed(cat, ["9:16", "3:1"], Framing(focal=(0.25, 0.5)))]
    assert results_on_photo(page) == expected
    next(button for button in page.button if button.help == COFFEE).click().run()
    assert title(page) == COFFEE
    assert list(boxes_on_photo(page)) == LABELS_ON_PHOTO
    steer(page, 100, 100)  # a choice for one photo is none for another
    coffee = framed((SAMPLES / COFFEE).read_bytes(), ["9:16", "3:1"], Framing(focal=(1, 1)))
    assert results_on_photo(page) == [crop.box.as_list() for crop in coffee]
    next(button for button in page.button if button.help == CAT.replace("_", "\\_")).click().run()
    assert results_on_photo(page) == expected
    upload(page, sample(CAT, "again.jpg"))  # the same picture is the same choice
    assert results_on_photo(page) == expected


def test_a_choice_keeps_the_zoom() -> None:
    page = open_page(zoom="tight", keep="70")
    before = boxes_on_photo(page)["Saliency"]
    steer(page, 50, 90)
    after = boxes_on_photo(page)["Yours"]
    assert after[2:] == before[2:]
    assert after == framed(FIRST, framing=Framing(keep=0.7, focal=(0.5, 0.9)))[0].box.as_list()


def test_the_fields_begin_where_the_photo_is_looked_at() -> None:
    page = open_page()
    saliency_map, _ = gaze_map(FIRST)
    rows, columns = saliency_map.shape
    across = sum(float(saliency_map[r, c]) * (c + 0.5) / columns for r in range(rows) for c in range(columns))
    down = sum(float(saliency_map[r, c]) * (r + 0.5) / rows for r in range(rows) for c in range(columns))
    assert [field.value for field in page.number_input] == pytest.approx([100 * across, 100 * down], abs=0.06)
    steer(page, 12.5, 100)
    assert [field.value for field in page.number_input] == [12.5, 100]


@pytest.mark.parametrize(
    ("query", "axis"),
    [
        ({"sample": COFFEE, "formats": "square"}, "x"),
        ({"sample": "friends.jpg", "formats": "single", "faces": "off"}, "y"),
        ({"sample": COFFEE, "formats": "single", "zoom": "tight", "keep": "60"}, "x"),
    ],
)
def test_the_curve_is_the_gaze_at_each_place(query: dict[str, str], axis: str, monkeypatch: pytest.MonkeyPatch) -> None:
    page = open_page(**query)
    box = boxes_on_photo(page)["Saliency"]
    saliency_map, size = gaze_map((SAMPLES / query["sample"]).read_bytes())
    downloads = catch_downloads(monkeypatch)
    show(page, "Why")
    assert not page.exception
    (name,) = (name for name in downloads if name.endswith(".csv"))
    rows = [(float(row["position"]), float(row["kept"])) for row in csv.DictReader(io.StringIO(downloads[name]()))]
    rank = "xy".index(axis)
    gaze = expected_gaze(saliency_map)
    for position, kept in rows[:: len(rows) // 5]:
        place = list(box)
        place[rank] = round(position - box[2 + rank] / 2)
        assert kept == pytest.approx(kept_by_pixels(gaze, size, (place[0], place[1], box[2], box[3]), 1), abs=0.003)
    assert (rows[0][0], rows[-1][0]) == (box[2 + rank] / 2, size[rank] - box[2 + rank] / 2)
    position, most = max(rows, key=lambda row: row[1])
    least = min(kept for _, kept in rows)
    span = f"from {percent(least)} to {percent(most)}"
    assert f"{span}, most with its middle at {position:.0f} of {size[rank]}" in captions(page)
    own = min(rows, key=lambda row: abs(row[0] - box[rank] - box[2 + rank] / 2))
    assert own[0] == box[rank] + box[2 + rank] / 2
    assert own[1] == pytest.approx(most, abs=ROOM)  # the result is as good as the best place there is


def test_a_shape_that_the_photo_has_already_leaves_nowhere_to_move() -> None:
    page = open_page(sample=COFFEE, custom="3:2", formats="none", view="why")  # 600 x 400
    assert not page.exception
    assert "nothing is cut off, and there is nowhere to move" in captions(page)
    assert shown_metrics(page)[0] == ("Best keeps", percent(1))


def test_alternatives_are_the_core_s_and_one_of_them_can_be_used() -> None:
    page = show(open_page(sample=COFFEE, formats="square,story"), "Why")
    data = (SAMPLES / COFFEE).read_bytes()
    page.button_group(key="crop-why-format").set_value("Story 9:16").run()
    found = alternatives(*gaze_map(data), Aspect(9, 16), Framing(whole=things_in(data)))
    assert shown_metrics(page) == [
        (f"{rank} keeps", percent(crop.kept)) for rank, crop in zip(["Best", "Second", "Third"], found, strict=True)
    ]
    uses = [button for button in page.button if button.label == "Use this"]
    assert len(uses) == 3
    uses[2].click().run()
    assert any(text.startswith("Your crop keeps") for text in paragraphs(page))
    show(page, "Crops")
    page.button_group(key="crop-shown").set_value("Story 9:16").run()
    assert sides(on_photo(page)["movable"]) == found[2].box.as_list()
    show(page, "Why")
    button(page, "Use this")
    assert page.session_state["crop-choices"] == {}


def test_every_alternative_that_is_used_lies_on_its_very_pixels() -> None:
    for text in ("1:1", "4:5", "9:16"):
        page = open_page(sample=COFFEE, formats="none", custom=text, view="why")
        data = (SAMPLES / COFFEE).read_bytes()
        found = alternatives(*gaze_map(data), Aspect.parse(text), Framing(whole=things_in(data)))
        for rank, crop in enumerate(found):
            if rank == 0 or crop.note:
                continue  # the automatic crop, and those that are tighter than the format asks for
            show(page, "Why")
            [button for button in page.button if button.label == "Use this"][rank].click().run()
            show(page, "Crops")
            assert sides(on_photo(page)["movable"]) == crop.box.as_list()


def test_the_formats_of_the_address_are_those_of_every_view() -> None:
    page = open_page(view="why", formats="pair")
    assert page.button_group(key="crop-why-format").options == ["Pair 7:8"]
    assert len(FORMATS) == len(show(open_page(), "Why").button_group(key="crop-why-format").options)
