"""What a border should not cut: heads as far as people look at them, and lone objects, on scenes of a known answer."""

from __future__ import annotations

import io
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from saliency import load_method, load_model, open_image
from saliency.boxes import intersection_over_union
from saliency.crop import crop_to_gaze, gaze_inside, window_size
from saliency.framing import Framing, frame
from saliency.image import resized
from saliency.models.face import (
    QUICK_PIXELS,
    SMALLEST,
    YUNET_CONFIDENCE,
    YUNET_OVERLAP,
    _yunet_model,
    detect_quickly,
    detect_yunet,
    head_of,
)
from saliency.models.gaze import GazeModel
from saliency.models.input import input_size
from saliency.notes import worth_a_word
from saliency.things import (
    HEAD_WORTH,
    HERO,
    LARGEST_SPOT,
    LOOKED_AT,
    OBJECT_WORTH,
    SPOT_WORTH,
    SURE,
    at_any_cost,
    find_things,
    heads,
)
from saliency.types import Aspect, Box, Face, RgbImage, SaliencyMap
from tests.saliency.framings import contains
from tests.scenes import flat, one_peak

SAMPLES = sorted((Path(__file__).parents[2] / "samples").glob("*.jpg"))
NETWORKS = ("gaze", "gaze-fast", "gaze-nano")
WIDE = (1600, 900)
PLACES = [(x, y) for x in (0.2, 0.5, 0.8) for y in (0.25, 0.5, 0.75)]


def ground(kind: str, size: tuple[int, int] = WIDE) -> Image.Image:
    if kind == "plain":
        return Image.new("RGB", size, (232, 230, 224))
    down = np.linspace(200, 90, size[1])[:, None, None] * np.array([0.9, 0.95, 1.0])
    return Image.fromarray(np.repeat(down, size[0], axis=1).round().astype(np.uint8))


def lone(kind: str, shape: str, x: float, y: float, side: float, grain: float = 0.0) -> tuple[RgbImage, Box]:
    """A disc or a bottle `side` of 900 pixels high around (x, y), 0..1, shifted inside; and its box."""
    image = ground(kind)
    high = round(900 * side)
    wide = high if shape == "disc" else round(0.35 * high)
    left = round(min(max(x * 1600 - wide / 2, 8), 1592 - wide))
    top = round(min(max(y * 900 - high / 2, 8), 892 - high))
    draw = ImageDraw.Draw(image)
    right, bottom = left + wide - 1, top + high - 1
    if shape == "disc":
        draw.ellipse((left, top, right, bottom), (180, 40, 30))
        draw.ellipse((left + wide * 0.3, top + high * 0.3, left + wide * 0.4, top + high * 0.4), (20, 20, 20))
    else:
        draw.rectangle((left, top + round(0.35 * high), right, bottom), (30, 60, 40))
        draw.rectangle((left + round(0.33 * wide), top, right - round(0.33 * wide), bottom), (20, 45, 30))
        draw.rectangle((left, top + round(0.55 * high), right, top + round(0.8 * high)), (235, 215, 120))
    pixels = np.asarray(image)
    if grain:
        noise = np.random.default_rng(7).normal(0, grain, pixels.shape[:2])[:, :, None]
        pixels = np.clip(pixels + noise, 0, 255).astype(np.uint8)
    return pixels, Box(left, top, wide, high)


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("side", [0.15, 0.35, 0.6])
@pytest.mark.parametrize("shape", ["disc", "bottle"])
@pytest.mark.parametrize("kind", ["plain", "gradient"])
def test_a_lone_object_is_whole_with_room_around(kind: str, shape: str, side: float, name: str) -> None:
    method = load_method(name)
    aspects = [Aspect(1, 1), Aspect(4, 5), Aspect(9, 16)]
    tried = 0
    for x, y in PLACES:
        image, thing = lone(kind, shape, x, y, side)
        for crop in method.crop(image, aspects):
            if 1.15 * thing.width > crop.box.width:
                continue
            tried += 1
            assert contains(crop.box, thing), (x, y, crop)
            least = 0.1 * (crop.box.width - thing.width)
            assert thing.left - crop.box.left >= min(least, thing.left) - 1, (x, y, crop)
            assert crop.box.right - thing.right >= min(least, 1600 - thing.right) - 1, (x, y, crop)
    assert tried >= 18


@pytest.mark.parametrize("shape", ["disc", "bottle"])
@pytest.mark.parametrize("kind", ["plain", "gradient"])
@pytest.mark.parametrize("spoiled", ["", "grain", "JPEG"])
def test_an_object_s_box_is_found(kind: str, shape: str, spoiled: str) -> None:
    image, thing = lone(kind, shape, 0.7, 0.4, 0.4, 6 if spoiled == "grain" else 0)
    if spoiled == "JPEG":
        buffer = io.BytesIO()
        Image.fromarray(image).save(buffer, "JPEG", quality=30)
        image = open_image(buffer.getvalue())
    picture = resized(image, input_size(*WIDE))
    found, *rest = find_things(picture, flat((9, 16)), WIDE)
    assert rest == []
    (box,) = found.boxes
    assert contains(box, thing)
    near = round(3 * 1600 / picture.shape[1])
    assert contains(Box(thing.left - near, thing.top - near, thing.width + 2 * near, thing.height + 2 * near), box)
    assert found.worth == pytest.approx(OBJECT_WORTH)


@pytest.mark.parametrize("size", [(1, 1), (2, 300), (300, 2), (3, 3), (40, 30)])
@pytest.mark.parametrize("value", [0, 255])
def test_an_empty_picture_has_nothing(size: tuple[int, int], value: int) -> None:
    picture = np.full((size[1], size[0], 3), value, np.uint8)
    assert find_things(picture, flat((3, 3)), size) == ()


def gaze_on(boxes: dict[Box, float], size: tuple[int, int]) -> SaliencyMap:
    """A map of 10 x 10 pixels a cell with this gaze spread over each box, sides whole cells."""
    cells = np.zeros((size[1] // 10, size[0] // 10), np.float32)
    for box, share in boxes.items():
        cells[box.top // 10 : box.bottom // 10, box.left // 10 : box.right // 10] += (
            share * 100 / (box.width * box.height)
        )
    return cells / cells.sum()


def test_a_head_is_worth_how_prominent_it_is() -> None:
    main, other, unseen = Box(100, 100, 100, 100), Box(600, 100, 40, 100), Box(900, 100, 100, 100)
    faces = [Face(box, 0.95) for box in (main, other, unseen)]
    found = heads(faces, gaze_on({main: 0.4, other: 0.3, Box(0, 250, 800, 50): 0.3}, (1000, 300)), (1000, 300))
    assert [one.boxes[2] for one in found] == [main, other]
    prominence = 3 / 4 * head_of(other, (1000, 300)).width / head_of(main, (1000, 300)).width
    heroic = (1 - HERO * prominence) * 3 / 4  # the other has three quarters of its gaze
    assert heroic > 0.2
    assert found[0].worth == pytest.approx(HEAD_WORTH * (1 + heroic), rel=1e-3)
    assert found[1].worth == pytest.approx(HEAD_WORTH * prominence, rel=1e-3)
    for one in found:
        assert one.box == one.boxes[1] == head_of(one.boxes[2], (1000, 300))
        assert all(contains(outer, inner) for outer, inner in pairwise(one.boxes))


def test_of_two_heads_alike_none_is_a_hero() -> None:
    left, right = Box(100, 100, 100, 100), Box(600, 100, 100, 100)
    found = heads([Face(box, 0.9) for box in (left, right)], gaze_on({left: 0.5, right: 0.5}, (1000, 300)), (1000, 300))
    assert [one.worth for one in found] == pytest.approx([HEAD_WORTH] * 2)


def test_a_head_looked_at_little_is_worth_less() -> None:
    face, rest = Box(100, 100, 100, 100), Box(500, 0, 500, 300)
    for share in (0.02, 0.1, LOOKED_AT, 0.6):
        (found,) = heads([Face(face, 1.0)], gaze_on({face: share, rest: 1 - share}, (1000, 300)), (1000, 300))
        assert found.worth == pytest.approx(HEAD_WORTH * min((share / LOOKED_AT) ** 0.5, 1), rel=1e-3)


def test_hair_near_the_border_is_kept_as_far_as_that() -> None:
    size = (1000, 300)
    for top, kept in ((45, 0), (90, 30)):  # 100 high: 60 above it are hair; the shorter side is 300
        face = Box(400, top, 100, 100)
        (found,) = heads([Face(face, 1.0)], gaze_on({face: 1.0}, size), size)
        assert found.boxes[0].top == kept
        assert found.boxes[0].left == 360


@given(st.floats(YUNET_CONFIDENCE, 1), st.floats(0, 0.02))
def test_a_little_less_sure_is_worth_a_little_less(confidence: float, less: float) -> None:
    face, rest = Box(100, 100, 100, 100), Box(500, 0, 500, 300)
    gaze = gaze_on({face: 0.1, rest: 0.9}, (1000, 300))
    sure, unsure = (
        sum(one.worth for one in heads([Face(face, c)], gaze, (1000, 300))) for c in (confidence, confidence - less)
    )
    slope = 1 / (SURE - YUNET_CONFIDENCE)
    assert 0 <= sure - unsure <= HEAD_WORTH * (slope * less) ** 0.5 + 1e-9


def test_the_main_head_stays_whole_before_twelve_spectators() -> None:
    """A hero in front, twelve small faces aside: the most faces are not what should be kept."""
    size = (2000, 1000)
    hero = Box(200, 300, 300, 400)
    crowd = [Box(1200 + 120 * (rank % 6), 200 + 200 * (rank // 6), 40, 50) for rank in range(12)]
    faces = [Face(hero, 0.9), *(Face(box, 0.9) for box in crowd)]
    gaze = gaze_on({hero: 0.4, **dict.fromkeys(crowd, 0.04), Box(0, 0, 2000, 1000): 0.12}, size)
    things = heads(faces, gaze, size)
    for wanted in (tuple(things), at_any_cost(things)):
        (crop,) = frame(gaze, size, [Aspect(1, 1)], Framing(whole=wanted))
        assert contains(crop.box, head_of(hero, size))


def test_a_detection_that_nobody_looks_at_moves_nothing() -> None:
    gaze = one_peak((10, 20), 5, 1)
    things = heads([Face(Box(1500, 300, 200, 250), 1.0)], gaze, (2000, 1000))
    assert things == []


def test_at_any_cost_the_most_worth_is_before_gaze() -> None:
    face, rest = Box(100, 100, 100, 100), Box(700, 0, 300, 300)
    gaze = gaze_on({face: 0.1, rest: 0.9}, (1000, 300))
    things = heads([Face(face, 0.95)], gaze, (1000, 300))
    usual, always = (
        frame(gaze, (1000, 300), [Aspect(1, 1)], Framing(whole=w))[0] for w in (tuple(things), at_any_cost(things))
    )
    assert usual.box == crop_to_gaze(gaze, (1000, 300), [Aspect(1, 1)])[0].box
    assert contains(always.box, things[0].box)
    assert at_any_cost(()) == ()


def test_the_samples_heads_are_whole() -> None:
    """The README's own example cut a dog's forehead; portraits lost their hair."""
    portrait = "astronaut_eileen_collins"
    for file, name in (("friends", "gaze"), ("friends", "gaze-fast"), (portrait, "gaze")):
        image = open_image(SAMPLES[0].parent / f"{file}.jpg")
        size = (image.shape[1], image.shape[0])
        seen = load_method(name).look(image)
        (crop,) = load_method(name).place(seen, size, [Aspect(16, 9)])
        parts = [box for box in seen.things[0].boxes[1:] if box.height <= window_size(size, crop.aspect)[1]]
        assert contains(crop.box, parts[0])


def shown(path: Path) -> tuple[RgbImage, tuple[int, int]]:
    model = load_model("gaze")
    assert isinstance(model, GazeModel)
    image = open_image(path)
    return model.see(image), (image.shape[1], image.shape[0])


def by_opencv(picture: RgbImage) -> list[tuple[NDArray[np.float64], float]]:
    """The faces that OpenCV's own YuNet finds in a picture: left, top, width, height, and how sure it is."""
    detector = cv2.FaceDetectorYN.create(
        "onnx", _yunet_model(), np.empty(0, np.uint8), picture.shape[1::-1], YUNET_CONFIDENCE, YUNET_OVERLAP
    )
    _, rows = detector.detect(cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    return [] if rows is None else [(row[:4].astype(np.float64), float(row[14])) for row in rows]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_quick_faces_are_the_mean_of_opencvs_in_the_picture_and_in_its_mirror_image(path: Path) -> None:
    picture, size = shown(path)
    small = np.asarray(cv2.resize(picture, input_size(*size, QUICK_PIXELS), interpolation=cv2.INTER_LINEAR), np.uint8)
    wide, high = small.shape[1], small.shape[0]
    assert min(wide, high) > SMALLEST
    ahead = by_opencv(small)
    back = [
        (np.array([wide - x - w, y, w, h]), sure)
        for (x, y, w, h), sure in by_opencv(np.ascontiguousarray(small[:, ::-1]))
    ]
    scale = np.array([size[0] / wide, size[1] / high] * 2)
    found = [(np.array(face.box.as_list()) / scale, face.confidence) for face in detect_quickly(picture, size)]
    for box, sure in found:  # in one of the two at least
        assert max(intersection_over_union(box, other) for other, _ in (*ahead, *back)) > 0.6
        assert sure <= max(other for _, other in (*ahead, *back)) + 0.01
    for box, sure in ahead:  # what is sure in both is found, between the two
        twins = [(other, also) for other, also in back if intersection_over_union(box, other) > 0.6]
        if twins and min(sure, twins[0][1]) > 0.75:
            own, own_sure = max(found, key=lambda face: intersection_over_union(face[0], box))
            assert own_sure == pytest.approx((sure + twins[0][1]) / 2, abs=0.1)
            assert own == pytest.approx((box + twins[0][0]) / 2, abs=2 + 0.15 * max(box[2:]))


def test_a_mirrored_picture_has_the_mirrored_faces() -> None:
    picture, size = shown(SAMPLES[0].parent / "four_musicians.jpg")
    ahead = detect_quickly(picture, size)
    back = detect_quickly(np.ascontiguousarray(picture[:, ::-1]), size)
    assert len(ahead) >= 2
    for one, other in zip(ahead, back, strict=True):
        assert other.confidence == pytest.approx(one.confidence, abs=1e-6)
        assert other.box.left == pytest.approx(size[0] - one.box.right, abs=1)
        assert (other.box.top, other.box.height) == (one.box.top, one.box.height)


def test_the_largest_sample_face_is_found_quickly_too() -> None:
    picture, size = shown(SAMPLES[0].parent / "astronaut_eileen_collins.jpg")
    quick = detect_quickly(picture, size)[0].box
    slow = detect_yunet(open_image(SAMPLES[0].parent / "astronaut_eileen_collins.jpg"))[0].box
    assert quick.center == pytest.approx(slow.center, abs=0.2 * slow.width)


def test_the_spot_looked_at_most_is_a_thing_that_nothing_is_said_of() -> None:
    size, face = (1000, 300), Box(600, 100, 100, 100)
    gaze = gaze_on({Box(200, 100, 40, 60): 0.8, Box(0, 0, 1000, 300): 0.2}, size)
    picture = np.random.default_rng(1).integers(0, 255, (96, 320, 3)).astype(np.uint8)
    (spot,) = find_things(picture, gaze, size)
    assert spot.box == Box(200, 100, 40, 60)
    small = 1 - (40 * 60) / (1000 * 300) / LARGEST_SPOT
    assert spot.worth == pytest.approx(SPOT_WORTH * small * gaze_inside(gaze, size, spot.box), rel=1e-5)
    assert worth_a_word([spot]) == []
    everywhere = gaze_on({face: 0.1, Box(0, 0, 1000, 300): 0.9}, size)  # a third as much around the face as on it
    assert find_things(picture, everywhere, size) == ()
