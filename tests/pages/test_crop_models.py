"""The crop page where there are two models: the fast one paints first, the best one follows, or the visitor decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.crop import model, settings, views
from pages.crop.settings import FAST_FIRST, WISHES
from pages.crop.shot import Shot
from pages.crop.views import SHOW
from pages.crop.wishes import among, one_of
from pages.shared import photo_cache as loaders
from pages.shared.palette import method_look
from pages.shared.widgets import FIRST_SAMPLE
from saliency import METHODS, MODELS, Aspect, Framing, frame, load_method, load_model, open_image
from saliency.crop import expected_gaze
from saliency.pipeline import see
from saliency.types import Crop
from tests import first
from tests.oracles import kept_by_pixels
from tests.pages.app import SAMPLES, catch_downloads, open_page
from tests.pages.crop_page import (
    FORMATS,
    as_png,
    boxes_on_photo,
    captions,
    expected_metrics,
    noise,
    paragraphs,
    percent,
    results_on_photo,
    sample,
    show,
    shown_metrics,
    sizes_of,
    steer,
    upload,
)
from tests.scenes import FixedModel, random_map

CAT, COFFEE = "chelsea_cat.jpg", "coffee.jpg"
FIRST, SIZE = first.DATA, first.SIZE
BEST, FAST = "gaze", "gaze-fast"
LABEL = method_look(FAST).label
MAP = random_map(np.random.default_rng(7), (12, 8))  # nothing that anybody would look at


@pytest.fixture(autouse=True)
def two_models(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A fast model beside the best one, whose map is easily told from it; nothing of it is left behind."""
    forget_models()
    monkeypatch.setitem(MODELS, FAST, lambda: FixedModel(MAP, FAST))
    for module in (loaders, model, settings):
        monkeypatch.setattr(module, "FAST", FAST)
    for key, options in (
        ("model", one_of([FAST_FIRST, *MODELS])),
        ("methods", among([*METHODS])),
    ):
        monkeypatch.setitem(WISHES, key, replace(WISHES[key], read=options))
    yield
    forget_models()


def forget_models() -> None:
    load_model.cache_clear()
    for cached in (loaders.get_model, loaders._sight, loaders._frame):
        cached.clear()


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """(photo, model) of every picture that the Crops view draws from now on, in order."""
    seen: list[tuple[str, str]] = []
    draw = SHOW["Crops"]

    def remember(shot: Any, *rest: Any) -> None:
        seen.append((shot.photo.name, shot.analysis.sight.model))
        draw(shot, *rest)

    monkeypatch.setitem(SHOW, "Crops", remember)
    return seen


def fast_crops(framing: Framing = Framing()) -> list[Crop]:  # noqa: B008  frozen, so it can be shared
    """The core's crops of the first sample by the fast model's map, and what stands out in it."""
    things = see(open_image(FIRST), SIZE, FixedModel(MAP, FAST)).things
    return frame(MAP, SIZE, [Aspect.parse(text) for text in FORMATS], replace(framing, whole=things))


def test_the_fast_model_paints_first_and_the_best_one_has_the_last_word(drawn: list[tuple[str, str]]) -> None:
    page = open_page()
    assert not page.exception
    assert drawn == [(FIRST_SAMPLE, FAST), (FIRST_SAMPLE, BEST)]
    assert shown_metrics(page) == expected_metrics(FIRST)
    assert " · map by Saliency · " in captions(page)
    assert not page.query_params
    page.button_group(key="crop-formats").set_value(["banner"]).run()
    assert drawn[2:] == [(FIRST_SAMPLE, BEST)]  # what has been seen well is not painted roughly again
    upload(page, sample(CAT))
    assert drawn[3:] == [(CAT, FAST), (CAT, BEST)]


def test_of_a_batch_all_are_painted_before_any_is_refined(drawn: list[tuple[str, str]]) -> None:
    page = open_page(sample="none")
    looked: list[str] = []
    upload(page, sample(CAT), sample(COFFEE), ("bad.jpg", b"no picture", "image/jpeg"))
    assert not page.exception
    assert drawn == [(CAT, FAST), (CAT, BEST)]
    assert f"**3 photos**, 1 could not be opened, each as {first.LABELS[0]}" in paragraphs(page)
    for button in page.button:
        if (button.key or "").startswith("crop-open-") and not button.disabled:
            looked.append(button.label.split(" · ")[1])
    kept = [expected_metrics((SAMPLES / file).read_bytes(), first.ASPECTS[:1])[0][1] for file in (CAT, COFFEE)]
    assert looked == kept


def test_a_model_that_is_chosen_is_kept_and_named(
    drawn: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    downloads = catch_downloads(monkeypatch)
    page = open_page()
    assert page.radio(key="crop-model").value == FAST_FIRST
    assert page.radio(key="crop-model").options == [
        f"{LABEL} first, Saliency when it is ready",
        "Saliency",
        LABEL,
        "Saliency (nano)",
        "Saliency (best)",
    ]
    drawn.clear()
    page.radio(key="crop-model").set_value(FAST).run()
    assert not page.exception
    assert drawn == [(FIRST_SAMPLE, FAST)]
    assert " · map by Saliency (fast) · " in captions(page)
    assert page.query_params["model"] == FAST
    crops = fast_crops()
    assert list(boxes_on_photo(page)) == [LABEL, "Face", "Centre"]
    assert results_on_photo(page) == [crop.box.as_list() for crop in crops]
    assert sum(text.startswith(f"{LABEL} keeps ") for text in paragraphs(page)) == 3
    assert set(sizes_of(downloads["gazecrop.zip"]())) == {
        f"{first.STEM}_gaze-fast_{shape}.jpg" for shape in first.SHAPES
    }
    show(page, "Take home")
    assert "load_method('gaze-fast')" in page.code[0].value
    show(page, "Crops")
    upload(page, sample(CAT))
    assert " · map by Saliency (fast)" in captions(page)
    assert {model for _, model in drawn} == {FAST}
    page.radio(key="crop-model").set_value(BEST).run()
    assert drawn[-1] == (CAT, BEST)
    assert shown_metrics(page) == expected_metrics((SAMPLES / CAT).read_bytes())


def test_every_crop_is_judged_by_the_map_on_screen() -> None:
    page = open_page(model=FAST, methods="gaze,gaze-fast,face,gaze-argmax")
    assert not page.exception
    image, gaze = open_image(FIRST), expected_gaze(MAP)
    expected = []
    for text in FORMATS:
        for name, label in {"gaze": "Saliency", FAST: LABEL, "face": "Face", "gaze-argmax": "Saliency peak"}.items():
            (crop,) = load_method(name).crop(image, [Aspect.parse(text)])
            left, top, width, height = crop.box.as_list()
            kept = kept_by_pixels(gaze, SIZE, (left, top, width, height), 1)
            expected.append((f"{label} keeps", percent(kept)))
    assert [label for label, _ in shown_metrics(page)] == [label for label, _ in expected]
    shown, literal = (
        [int(kept.removesuffix("\u00a0%")) for _, kept in told] for told in (shown_metrics(page), expected)
    )
    assert shown == pytest.approx(literal, abs=1)


def test_a_link_brings_the_model_back(drawn: list[tuple[str, str]]) -> None:
    page = open_page(model=FAST, zoom="tight", keep="70")
    assert drawn == [(FIRST_SAMPLE, FAST)]
    assert page.radio(key="crop-model").value == FAST
    assert results_on_photo(page) == [crop.box.as_list() for crop in fast_crops(Framing(keep=0.7))]
    drawn.clear()
    open_page(model=BEST)
    assert drawn == [(FIRST_SAMPLE, BEST)]


def test_a_person_s_point_outlasts_the_better_map() -> None:
    page = steer(open_page(sample=COFFEE), 20, 40)
    assert not page.exception
    assert list(boxes_on_photo(page)) == ["Yours", "Saliency", "Face", "Centre"]
    page.radio(key="crop-model").set_value(FAST).run()
    assert list(boxes_on_photo(page)) == ["Yours", LABEL, "Face", "Centre"]
    assert list(page.session_state["crop-choices"].values()) == [(0.2, 0.4)]


@pytest.mark.parametrize(("chosen", "reference"), [(FAST_FIRST, BEST), (BEST, BEST), (FAST, FAST)])
def test_two_are_compared_by_the_model_that_has_the_last_word(chosen: str, reference: str) -> None:
    page = open_page(view="compare", model=chosen, formats="single")
    assert not page.exception
    assert page.selectbox(key="crop-compare-left").value == reference
    label = {BEST: "Saliency", FAST: LABEL}[reference]
    assert any(text.startswith(f"{label} keeps") for text in paragraphs(page))
    assert f"from {label}, the most different first" in captions(page).replace("\\", "")
    assert {BEST, FAST} <= set(METHODS)


@pytest.mark.parametrize("view", ["why", "feed", "take home"])
def test_every_view_ends_with_the_best_model_or_with_the_one_that_was_chosen(view: str) -> None:
    for chosen, name in ((FAST_FIRST, BEST), (FAST, FAST)):
        page: AppTest = open_page(view=view, model=chosen)
        assert not page.exception
        assert f" · map by {method_look(name).label} · " in captions(page)
        if view == "feed":
            html = "".join(element.proto.body for element in page.get("html"))
            assert (">Saliency<" in html, f">{LABEL}<" in html) == (name == BEST, name == FAST)


def test_all_crops_are_known_before_anything_of_an_analysis_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is on screen then changes at once: no crop is waited for between the photo and the numbers beside it."""
    happened: list[str] = []
    framing, words = loaders.frame, views.show_title

    def frame(*given: Any, **named: Any) -> Any:
        happened.append("framed")
        return framing(*given, **named)

    def show_title(shot: Shot) -> None:
        happened.append("drawn")
        words(shot)

    monkeypatch.setattr(loaders, "frame", frame)
    monkeypatch.setattr(views, "show_title", show_title)
    page = open_page(sample="none", model=FAST)
    upload(page, ("noise.png", as_png(noise((90, 60))), "image/png"))  # which no cache knows
    assert not page.exception
    assert happened.count("drawn") == 1
    assert happened[-1] == "drawn"
    assert len(happened) >= 4
