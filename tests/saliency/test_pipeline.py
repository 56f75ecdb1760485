"""From bytes to boxes: the short road ends where the long one does."""

from __future__ import annotations

import io
import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from saliency import Aspect, ImageError, load_method, load_model, open_image
from saliency.crop import ROOM, aversion_to_loss, expected_gaze, gaze_inside, worth_of_starts
from saliency.image import image_size, open_picture, open_reduced
from saliency.models import MODELS
from saliency.models.gaze import GazeModel
from saliency.pipeline import AHEAD, borders_of, boxes, boxes_of_many, look
from saliency.types import Box, RgbImage, SaliencyMap, Thing
from tests.photos import needs_data, samples_of
from tests.scenes import gradient

SAMPLES = sorted((Path(__file__).parents[2] / "samples").glob("*.jpg"))
ASPECTS = [Aspect.parse(text) for text in ("1:1", "16:9", "9:16", "4:5", "2:1", "3:1")]


def jpeg(image: RgbImage, **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "JPEG", **{"quality": 92, **options})
    return buffer.getvalue()


def at_least(width: int, height: int) -> Callable[[tuple[int, int]], tuple[int, int]]:
    return lambda _: (width, height)


@pytest.mark.parametrize("size", [(1600, 1200), (1201, 1603), (401, 300), (5000, 700)])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_reduced_picture_is_the_picture_smaller(size: tuple[int, int], orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = jpeg(gradient(size), exif=exif)
    full = open_image(data)
    image, found = open_reduced(data, at_least(200, 150))
    assert found == full.shape[1::-1] == image_size(data)
    assert image.shape[1] >= 200
    assert image.shape[0] >= 150
    if min(full.shape[1] / 200, full.shape[0] / 150) >= 2:
        assert image.shape[0] * image.shape[1] <= full.shape[0] * full.shape[1] / 3.9
    expected = Image.fromarray(full).resize(image.shape[1::-1], Image.Resampling.BOX)
    assert np.abs(image.astype(float) - np.asarray(expected)).mean() < 3


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF", "TIFF", "BMP", "AVIF", "HEIF"])
def test_other_formats_come_as_they_are(kind: str) -> None:
    buffer = io.BytesIO()
    Image.fromarray(gradient((400, 300))).save(buffer, kind)
    image, size = open_reduced(buffer.getvalue(), at_least(40, 30))
    assert size == (400, 300)
    np.testing.assert_array_equal(image, open_image(buffer.getvalue()))


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_grey_and_printers_jpegs_are_reduced_too(mode: str) -> None:
    buffer = io.BytesIO()
    Image.fromarray(gradient((800, 600))).convert(mode).save(buffer, "JPEG", quality=95)
    image, size = open_reduced(buffer.getvalue(), at_least(100, 75))
    assert (size, image.shape) == ((800, 600), (75, 100, 3))
    full = Image.fromarray(open_image(buffer.getvalue())).resize((100, 75), Image.Resampling.BOX)
    assert np.abs(image.astype(float) - np.asarray(full)).mean() < 3


@pytest.mark.parametrize("broken", [b"", b"hello", "truncated", "many bytes", "many pixels", "/nowhere.jpg"])
def test_what_is_refused_in_full_is_refused_reduced(broken: bytes | str) -> None:
    data = jpeg(np.random.default_rng(0).integers(0, 256, (600, 800, 3), dtype=np.uint8))
    source: bytes | str = data[: len(data) // 2] if broken == "truncated" else data if "many" in str(broken) else broken
    limits: dict[str, Any] = {"many bytes": {"max_bytes": 1000}, "many pixels": {"max_pixels": 1000}}.get(
        str(broken), {}
    )
    with pytest.raises(ImageError) as full:
        open_image(source, **limits)
    with pytest.raises(ImageError) as reduced:
        open_reduced(source, at_least(100, 75), **limits)
    if broken != "truncated":
        assert str(full.value) == str(reduced.value)


def assert_within_a_cell(source: Path | bytes, name: str) -> None:
    model = load_model(name)
    image = open_image(source)
    size = image.shape[1], image.shape[0]
    evidence = load_method(name).look(image)
    assert evidence.map is not None
    expected = load_method(name).place(evidence, size, ASPECTS)
    gaze = expected_gaze(evidence.map)
    rows, columns = evidence.map.shape
    for crop, other in zip(boxes(source, ASPECTS, model), expected, strict=True):
        assert (crop.box.width, crop.box.height) == (other.box.width, other.box.height)
        values = [value_of(gaze, size, evidence.things, found.box) for found in (crop, other)]
        if values[0] < values[1] - ROOM:  # where values hardly differ, the middle of the stretch moves with its ends
            assert abs(crop.box.left - other.box.left) <= image.shape[1] / columns + 1
            assert abs(crop.box.top - other.box.top) <= image.shape[0] / rows + 1
        assert abs(crop.box.left - other.box.left) <= 3 * image.shape[1] / columns + 1
        assert abs(crop.box.top - other.box.top) <= 3 * image.shape[0] / rows + 1
        assert crop.kept == pytest.approx(other.kept, abs=0.03)


def value_of(gaze: NDArray[np.float64], size: tuple[int, int], things: Sequence[Thing], box: Box) -> float:
    """What the whole picture's map and things say that a window is worth."""
    middle = Box((size[0] - box.width) // 2, (size[1] - box.height) // 2, box.width, box.height)
    shared = box.inside(middle)
    lost = gaze_inside(gaze, size, middle) - (gaze_inside(gaze, size, shared) if shared else 0.0)
    value = gaze_inside(gaze, size, box) - aversion_to_loss(gaze) * lost
    if box.width < size[0]:
        spans = [[(part.left, part.right) for part in thing.boxes] for thing in things]
        value += worth_of_starts(things, spans, size[0], box.width)[box.left]
    else:
        spans = [[(part.top, part.bottom) for part in thing.boxes] for thing in things]
        value += worth_of_starts(things, spans, size[1], box.height)[box.top]
    return float(value)


@pytest.mark.parametrize("name", list(MODELS))
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_the_boxes_of_a_sample_are_those_of_the_full_picture(path: Path, name: str) -> None:
    assert_within_a_cell(path, name)


@pytest.mark.parametrize("name", list(MODELS))
@pytest.mark.parametrize("path", SAMPLES[:6], ids=lambda path: path.stem)
def test_the_boxes_of_an_enlarged_sample_too(path: Path, name: str) -> None:
    """Twelve million pixels, from which a JPEG is decoded at an eighth."""
    image = open_image(path)
    scale = (12e6 / (image.shape[0] * image.shape[1])) ** 0.5
    size = (round(image.shape[1] * scale), round(image.shape[0] * scale))
    assert_within_a_cell(jpeg(np.asarray(Image.fromarray(image).resize(size))), name)


@pytest.mark.parametrize("path", SAMPLES[:6], ids=lambda path: path.stem)
def test_the_boxes_of_a_progressive_one_too(path: Path) -> None:
    """Of which only the first two scans are decoded."""
    image = open_image(path)
    size = 3300, round(3300 * image.shape[0] / image.shape[1])
    assert_within_a_cell(jpeg(np.asarray(Image.fromarray(image).resize(size)), progressive=True), "gaze-fast")


@needs_data
@pytest.mark.parametrize("name", list(MODELS))
@pytest.mark.parametrize(("dataset", "count"), [("osie", 20), ("crowd", 15), ("scene", 15)])
def test_the_boxes_of_dataset_photos_too(dataset: str, count: int, name: str) -> None:
    samples = samples_of(dataset, "val")
    for sample in samples[:: max(1, len(samples) // count)][:count]:
        assert_within_a_cell(sample.path, name)


def test_a_look_knows_the_full_size_and_the_whole_map() -> None:
    model = load_model("gaze")
    assert isinstance(model, GazeModel)
    seen = look(jpeg(gradient((2000, 1500))), model)
    assert seen.size == (2000, 1500)
    assert seen.map.sum() == pytest.approx(1, abs=1e-5)


class Watcher:
    """A model that sees the middle, and counts the pictures that are in memory at the same time."""

    name = "watcher"

    def __init__(self) -> None:
        self.alive, self.most, self.seen = 0, 0, 0
        self.lock = threading.Lock()

    def least_size(self, _: tuple[int, int]) -> tuple[int, int]:
        return 80, 80

    def predict(self, image: RgbImage) -> SaliencyMap:
        with self.lock:
            self.alive += 1
            self.seen += 1
            self.most = max(self.most, self.alive)
        weakref.finalize(image, self._gone)
        return np.full((4, 4), 1 / 16, np.float32)

    def _gone(self) -> None:
        self.alive -= 1


def tiny(count: int) -> list[bytes]:
    return [jpeg(gradient((40 + i, 30))) for i in range(count)]


@pytest.mark.parametrize("threads", [1, 3])
def test_many_come_in_order_and_few_are_in_memory(threads: int) -> None:
    model = Watcher()
    results = list(boxes_of_many(tiny(300), [Aspect(1, 3)], model, threads))
    found = [crops[0].box.left for crops in results if not isinstance(crops, ImageError)]
    assert found == [(40 + i - 10) // 2 for i in range(300)]
    assert model.seen == 300
    assert model.most <= threads


def test_nobody_runs_far_ahead_of_who_asks() -> None:
    model = Watcher()
    taken: list[bytes] = []

    def sources() -> Iterator[bytes]:
        for data in tiny(50):
            taken.append(data)
            yield data

    stream = boxes_of_many(sources(), ASPECTS, model, 2)
    for asked in range(1, 20):
        next(stream)
        assert len(taken) <= asked + 2 * AHEAD
    stream.close()
    assert model.seen <= 20 + 2 * AHEAD


def test_a_file_that_is_no_picture_is_an_error_in_its_place() -> None:
    sources = tiny(5)
    sources[2] = b"hello"
    results = list(boxes_of_many(sources, ASPECTS, Watcher(), 2))
    assert [isinstance(result, ImageError) for result in results] == [False, False, True, False, False]


def test_a_model_that_needs_all_sees_the_picture_in_full() -> None:
    class Whole:
        name = "whole"

        def predict(self, image: RgbImage) -> SaliencyMap:
            saliency_map = np.zeros(image.shape[:2], np.float32)
            saliency_map[-1, -1] = 1
            return saliency_map

        def least_size(self, size: tuple[int, int]) -> tuple[int, int]:
            return size

    source = SAMPLES[0]
    seen = look(source, Whole())
    assert seen.map.shape == open_image(source).shape[:2]
    assert seen.size == seen.map.shape[::-1]


def damaged(path: Path) -> bytes:
    """A sample whose last rows are missing."""
    data = path.read_bytes()
    return data[: int(len(data) * 0.9)]


@pytest.mark.parametrize("path", SAMPLES[:4], ids=lambda path: path.stem)
def test_what_a_damaged_file_lacks_is_not_looked_at(path: Path) -> None:
    opened = open_picture(damaged(path))
    there = opened.there
    assert there is not None
    assert there.bottom < opened.size[1]
    seen = look(damaged(path), load_model("gaze"))
    assert seen.damage == opened.damage != ""
    lowest = int(np.ceil(there.bottom / opened.size[1] * seen.map.shape[0]))
    assert seen.map[lowest:].sum() == 0
    assert seen.map.sum() == pytest.approx(1, abs=1e-5)
    for crop in boxes(damaged(path), ASPECTS, load_model("gaze")):
        assert there.holds(crop.box)


def test_a_damaged_files_borders_leave_out_what_it_lacks() -> None:
    opened = open_picture(damaged(SAMPLES[0]))
    borders = borders_of(damaged(SAMPLES[0]))
    assert borders.sure
    assert opened.there
    assert opened.there.holds(borders.sure)
