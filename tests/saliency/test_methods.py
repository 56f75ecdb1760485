"""Methods: one interface, one registry."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from saliency import Aspect, load_method, load_model, open_image
from saliency.crop import center_window, crop_to_gaze, expected_gaze, gaze_inside
from saliency.methods import METHODS, NO_FACE, faces_by, place_on_face, place_on_peak
from saliency.models.face import detect_haar, detect_yunet, hair_of, head_of
from saliency.types import Box, Evidence, Face, Method
from tests.saliency.framings import contains
from tests.scenes import BrightnessModel, bright_square, gaze_by, gradient, one_peak

SAMPLES = Path(__file__).parents[2] / "samples"
ASPECTS = [Aspect.parse(text) for text in ("1:1", "16:9", "9:16", "4:5", "2:1", "3:1")]


@pytest.mark.parametrize("name", list(METHODS))
@pytest.mark.parametrize("size", [(640, 480), (300, 700), (1, 1), (2, 400)])
def test_every_method_crops_every_picture(name: str, size: tuple[int, int]) -> None:
    method = load_method(name)
    assert method.name == name
    crops = method.crop(gradient(size), ASPECTS)
    assert [crop.aspect for crop in crops] == ASPECTS
    for crop in crops:
        box = crop.box
        assert 0 <= box.left <= box.right <= size[0]
        assert 0 <= box.top <= box.bottom <= size[1]
        assert (box.width, box.height) == (
            center_window(size, crop.aspect).width,
            center_window(size, crop.aspect).height,
        )


def test_an_unknown_method_lists_the_known() -> None:
    with pytest.raises(
        ValueError, match="unknown method 'fase'; available: gaze, gaze-fast, gaze-nano, gaze-best, face"
    ):
        load_method("fase")


@pytest.mark.parametrize(("left", "top"), [(0, 0), (560, 10), (300, 400), (150, 200)])
def test_a_bright_square_is_inside_the_crop(left: int, top: int) -> None:
    image = bright_square((640, 480), left, top, 80)
    for crop in gaze_by(BrightnessModel()).crop(image, ASPECTS):
        box = crop.box
        if box.width < 640 and box.width >= 80:
            assert box.left <= left
            assert left + 80 <= box.right
        if box.height < 480 and box.height >= 80:
            assert box.top <= top
            assert top + 80 <= box.bottom


def test_a_mirrored_photo_gives_a_mirrored_crop() -> None:
    image = open_image(SAMPLES / "seeding.jpg")[:, 100:]
    method = gaze_by(BrightnessModel())
    mirrored = method.crop(np.ascontiguousarray(image[:, ::-1]), ASPECTS)
    for crop, other in zip(method.crop(image, ASPECTS), mirrored, strict=True):
        assert other.box.left == pytest.approx(image.shape[1] - crop.box.right, abs=4)
        assert other.box.top == crop.box.top


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.jpg")), ids=lambda path: path.stem)
def test_gaze_mirrors_with_the_photo(path: Path) -> None:
    """The trained network is nearly symmetric: the mirrored crop, mirrored back, keeps as much within 4 points."""
    image = open_image(path)
    size = (image.shape[1], image.shape[0])
    model = load_model("gaze")
    gaze = expected_gaze(model.predict(image))
    mirrored = gaze_by(model).crop(np.ascontiguousarray(image[:, ::-1]), ASPECTS)
    for crop, other in zip(gaze_by(model).crop(image, ASPECTS), mirrored, strict=True):
        back = Box(size[0] - other.box.right, other.box.top, other.box.width, other.box.height)
        assert gaze_inside(gaze, size, back) == pytest.approx(crop.kept, abs=0.04)


def test_the_peak_rule_centres_on_the_first_most_salient_cell() -> None:
    evidence = Evidence(map=one_peak((15, 20), 7, 12))
    # the cell is 40 pixels wide: its middle is (500, 300), as the salient point of Twitter's program is
    wide, square, tall = place_on_peak(evidence, (800, 600), [Aspect(2, 1), Aspect(1, 1), Aspect(4, 5)])
    assert wide.box == Box(0, 100, 800, 400)
    assert square.box == Box(200, 0, 600, 600)
    assert tall.box == Box(260, 0, 480, 600)
    assert {crop.focal_point for crop in (wide, square, tall)} == {(500.5, 300.5)}  # the middle of that pixel


def test_the_most_prominent_face_is_centred() -> None:
    faces = (Face(Box(600, 100, 100, 120), 0.9), Face(Box(10, 10, 20, 20), 0.99))
    (crop,) = place_on_face(Evidence(faces=faces), (800, 600), [Aspect(1, 2)])
    assert crop.box.center[0] == pytest.approx(650, abs=1)
    assert crop.note == ""


@pytest.mark.parametrize("detect", [detect_yunet, detect_haar])
def test_a_portrait_has_one_face_where_it_is(detect) -> None:  # type: ignore[no-untyped-def]
    image = open_image(SAMPLES / "astronaut_eileen_collins.jpg")
    faces = detect(image)
    assert len(faces) >= 1
    x, y = faces[0].box.center
    assert (x, y) == (pytest.approx(223, abs=25), pytest.approx(118, abs=35))  # between her eyes and mouth
    enlarged = np.repeat(np.repeat(image, 3, axis=0), 3, axis=1)
    x3, y3 = detect(enlarged)[0].box.center
    assert (x3, y3) == (pytest.approx(3 * x, abs=40), pytest.approx(3 * y, abs=40))


@pytest.mark.parametrize(
    ("face", "size", "head"),
    [
        (Box(400, 300, 100, 200), (1000, 800), Box(385, 220, 130, 300)),
        (Box(0, 0, 100, 200), (1000, 800), Box(0, 0, 115, 220)),  # in a corner
        (Box(900, 600, 100, 200), (1000, 800), Box(885, 520, 115, 280)),  # in the opposite one
        (Box(0, 0, 30, 20), (30, 20), Box(0, 0, 30, 20)),  # a face and nothing else
        (Box(11, 17, 1, 1), (40, 40), Box(11, 17, 1, 1)),
    ],
)
def test_a_head_has_hair_ears_and_chin(face: Box, size: tuple[int, int], head: Box) -> None:
    assert head_of(face, size) == head


@given(st.tuples(st.integers(1, 3000), st.integers(1, 3000)), st.data())
def test_a_head_holds_its_face_and_lies_inside_the_image(size: tuple[int, int], data: st.DataObject) -> None:
    left, top = (data.draw(st.integers(0, side - 1)) for side in size)
    face = Box(left, top, data.draw(st.integers(1, size[0] - left)), data.draw(st.integers(1, size[1] - top)))
    head = head_of(face, size)
    assert 0 <= head.left <= face.left
    assert face.right <= head.right <= size[0]
    assert 0 <= head.top <= face.top
    assert face.bottom <= head.bottom <= size[1]
    assert head.width <= 1.3 * face.width + 1
    assert head.height <= 1.5 * face.height + 1


@given(st.tuples(st.integers(1, 3000), st.integers(1, 3000)), st.data())
def test_hair_lies_around_the_head(size: tuple[int, int], data: st.DataObject) -> None:
    left, top = (data.draw(st.integers(0, side - 1)) for side in size)
    face = Box(left, top, data.draw(st.integers(1, size[0] - left)), data.draw(st.integers(1, size[1] - top)))
    assert contains(hair_of(face, size), head_of(face, size))


@pytest.mark.parametrize("name", ["face", "face-haar"])
def test_without_a_face_the_centre_and_a_note(name: str) -> None:
    for crop in load_method(name).crop(gradient((300, 200)), ASPECTS):
        assert crop.box == center_window((300, 200), crop.aspect)
        assert crop.note == NO_FACE


def test_a_detector_is_asked_once_for_all_formats() -> None:
    calls = []
    look = faces_by(lambda image: calls.append(image) or [])  # type: ignore[func-returns-value]
    Method("counting", "counting", look, place_on_face).crop(gradient((30, 20)), ASPECTS)
    assert len(calls) == 1


@pytest.mark.parametrize("name", list(METHODS))
def test_what_was_seen_can_be_placed_again(name: str) -> None:
    """A crop is a look and a placing; what is seen serves any number of formats, one by one or all at once."""
    method = load_method(name)
    image = open_image(SAMPLES / "friends.jpg")
    size = (image.shape[1], image.shape[0])
    seen = method.look(image)
    crops = method.crop(image, ASPECTS)
    assert method.place(seen, size, ASPECTS) == crops
    assert [crop for aspect in ASPECTS for crop in method.place(seen, size, [aspect])] == crops


def test_methods_with_one_eye_see_the_same() -> None:
    image = open_image(SAMPLES / "friends.jpg")
    gaze, peak = load_method("gaze"), load_method("gaze-argmax")
    assert gaze.eye == peak.eye
    size = (image.shape[1], image.shape[0])
    assert peak.place(gaze.look(image), size, ASPECTS) == peak.crop(image, ASPECTS)
    assert len({method.eye for method in METHODS.values()}) == len(METHODS) - 2  # three share one


def test_gaze_only_keeps_the_most_gaze_whatever_it_cuts() -> None:
    image = open_image(SAMPLES / "astronaut_eileen_collins.jpg")
    size = (image.shape[1], image.shape[0])
    seen = load_method("gaze").look(image)
    assert seen.map is not None
    (whole,), (alone,) = (load_method(name).place(seen, size, [Aspect(16, 9)]) for name in ("gaze", "gaze-only"))
    assert alone.box == crop_to_gaze(seen.map, size, [Aspect(16, 9)])[0].box
    assert alone.kept > whole.kept
    assert contains(whole.box, seen.things[0].box)
    assert not contains(alone.box, seen.things[0].box)


@pytest.mark.parametrize(
    ("name", "missing"), [("gaze", "saliency map"), ("gaze-argmax", "saliency map"), ("face", "faces")]
)
def test_another_eyes_evidence_is_refused(name: str, missing: str) -> None:
    seen = load_method("center").look(gradient((30, 20)))
    with pytest.raises(ValueError, match=f"places windows by {missing}, and the evidence has none"):
        load_method(name).place(seen, (30, 20), ASPECTS)
