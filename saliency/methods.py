"""The methods, by name. Adding one is a line in METHODS: what looks, and how windows are placed by what it saw."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from saliency.crop import center_window, crop_to_peak, window_at
from saliency.framing import Framing, frame
from saliency.models import load_model
from saliency.models.face import detect_haar, detect_yunet
from saliency.pipeline import see
from saliency.registry import look_up
from saliency.types import Aspect, Crop, Evidence, Face, Method, RgbImage, SaliencyModel

NO_FACE = "no face found, so the centre"

T = TypeVar("T")
Size = tuple[int, int]


def gaze_by(name: str) -> Callable[[RgbImage], Evidence]:
    """The look of one of our models by its name: see `look_by`."""
    return look_by(lambda: load_model(name))


def look_by(load: Callable[[], SaliencyModel]) -> Callable[[RgbImage], Evidence]:
    """The look of a model: where people look, what should not be cut, and what is inside plain bars. `load` is asked
    for every photo, as by `map_by`."""

    def look(image: RgbImage) -> Evidence:
        seen = see(image, (image.shape[1], image.shape[0]), load())
        return Evidence(map=seen.map, things=seen.things, borders=seen.borders)

    return look


def map_by(load: Callable[[], SaliencyModel]) -> Callable[[RgbImage], Evidence]:
    """The look of a saliency model. `load` is asked for every photo: it loads the model once, or makes it quickly."""
    return lambda image: Evidence(map=load().predict(image))


def faces_by(detect: Callable[[RgbImage], Sequence[Face]]) -> Callable[[RgbImage], Evidence]:
    """The look of a face detector."""
    return lambda image: Evidence(faces=tuple(detect(image)))


def see_nothing(image: RgbImage) -> Evidence:  # noqa: ARG001
    """The look of those who need no more than the photo's size."""
    return Evidence()


def keep_photo(image: RgbImage) -> Evidence:
    """The look of those who analyse the photo anew for each shape."""
    return Evidence(photo=image)


def place_most_gaze(evidence: Evidence, size: Size, aspects: Sequence[Aspect]) -> list[Crop]:
    """The windows that keep the most predicted gaze, and cut through nothing that is worth more than that costs; inside
    plain bars, where there surely are such."""
    framing = Framing(whole=evidence.things, within=evidence.borders.sure)
    return frame(needed(evidence.map, "saliency map"), size, aspects, framing)


def place_gaze_only(evidence: Evidence, size: Size, aspects: Sequence[Aspect]) -> list[Crop]:
    """The windows that keep the most predicted gaze, whatever the border cuts; inside plain bars all the same."""
    return place_most_gaze(replace(evidence, things=()), size, aspects)


def place_on_peak(evidence: Evidence, size: Size, aspects: Sequence[Aspect]) -> list[Crop]:
    """Twitter's rule on our map: centred on the single most salient point."""
    return crop_to_peak(needed(evidence.map, "saliency map"), size, aspects)


def place_on_point(evidence: Evidence, size: Size, aspects: Sequence[Aspect]) -> list[Crop]:
    """Centred on the point that was seen."""
    point = needed(evidence.point, "a point")
    return [Crop(a, window_at(point, size, a), focal_point=point, note=evidence.note) for a in aspects]


def place_on_face(evidence: Evidence, size: Size, aspects: Sequence[Aspect]) -> list[Crop]:
    """Centred on the most prominent face; without faces on the middle of the photo, and a note that says so."""
    faces = needed(evidence.faces, "faces")
    if not faces:
        return place_in_middle(Evidence(note=NO_FACE), size, aspects)
    return place_on_point(Evidence(point=faces[0].box.center), size, aspects)


def place_in_middle(evidence: Evidence, size: Size, aspects: Sequence[Aspect]) -> list[Crop]:
    """The middle of the photo: what most software does."""
    boxes = [center_window(size, aspect) for aspect in aspects]
    return [Crop(a, box, focal_point=box.center, note=evidence.note) for a, box in zip(aspects, boxes, strict=True)]


def needed(part: T | None, name: str) -> T:
    """A part of the evidence by which windows are placed. Raises ValueError where the eye did not look for it."""
    if part is None:
        raise ValueError(f"this method places windows by {name}, and the evidence has none; look with its own eye")
    return part


_ALL = (
    Method("gaze", "gaze", gaze_by("gaze"), place_most_gaze),
    Method("gaze-fast", "gaze-fast", gaze_by("gaze-fast"), place_most_gaze),
    Method("gaze-nano", "gaze-nano", gaze_by("gaze-nano"), place_most_gaze),
    Method("gaze-best", "gaze-best", gaze_by("gaze-best"), place_most_gaze),
    Method("face", "yunet", faces_by(detect_yunet), place_on_face),
    Method("face-haar", "haar", faces_by(detect_haar), place_on_face),
    Method("center", "", see_nothing, place_in_middle),
    Method("gaze-only", "gaze", gaze_by("gaze"), place_gaze_only),
    Method("gaze-argmax", "gaze", gaze_by("gaze"), place_on_peak),
)
METHODS: dict[str, Method] = {method.name: method for method in _ALL}


def load_method(name: str) -> Method:
    """A method by its name. Raises ValueError, with the names there are, for an unknown one."""
    return look_up("method", name, METHODS)
