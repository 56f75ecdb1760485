"""The ways to crop, by name. Adding one is one class and one line in METHODS."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from saliency.crop import center_window, crop_to_gaze, crop_to_peak, window_at
from saliency.models import load_model
from saliency.models.face import Face, detect_haar, detect_yunet
from saliency.registry import look_up
from saliency.types import Aspect, Crop, Method, RgbImage, SaliencyModel

NO_FACE = "no face found, so the centre"


@dataclass(frozen=True)
class GazeCrop:
    """The window that keeps the most predicted gaze."""

    model: SaliencyModel
    name: str = "gaze"

    def crop(self, image: RgbImage, aspects: Sequence[Aspect]) -> list[Crop]:
        return crop_to_gaze(self.model.predict(image), image.shape[1::-1], aspects)


@dataclass(frozen=True)
class PeakCrop:
    """Twitter's rule on our map: centred on the single most salient point."""

    model: SaliencyModel
    name: str = "gaze-argmax"

    def crop(self, image: RgbImage, aspects: Sequence[Aspect]) -> list[Crop]:
        return crop_to_peak(self.model.predict(image), image.shape[1::-1], aspects)


@dataclass(frozen=True)
class FaceCrop:
    """Centred on the most prominent face; without a face, on the middle of the image."""

    detect: Callable[[RgbImage], list[Face]]
    name: str

    def crop(self, image: RgbImage, aspects: Sequence[Aspect]) -> list[Crop]:
        return crop_to_face(self.detect(image), image.shape[1::-1], aspects)


@dataclass(frozen=True)
class CenterCrop:
    """The middle of the image: what most software does."""

    name: str = "center"

    def crop(self, image: RgbImage, aspects: Sequence[Aspect]) -> list[Crop]:
        return crop_to_center(image.shape[1::-1], aspects)


def crop_to_face(faces: Sequence[Face], size: tuple[int, int], aspects: Sequence[Aspect]) -> list[Crop]:
    """For each aspect the window centred on the first face; without faces the centre, and a note that says so."""
    if not faces:
        return crop_to_center(size, aspects, note=NO_FACE)
    point = faces[0].box.center
    return [Crop(aspect, window_at(point, size, aspect), focal_point=point) for aspect in aspects]


def crop_to_center(size: tuple[int, int], aspects: Sequence[Aspect], note: str = "") -> list[Crop]:
    """For each aspect the largest window in the middle of an image of `size` = (width, height)."""
    boxes = [center_window(size, aspect) for aspect in aspects]
    return [Crop(a, box, focal_point=box.center, note=note) for a, box in zip(aspects, boxes, strict=True)]


METHODS: dict[str, Callable[[], Method]] = {
    "gaze": lambda: GazeCrop(load_model("gaze")),
    "gaze-fast": lambda: GazeCrop(load_model("gaze-fast"), "gaze-fast"),
    "face": lambda: FaceCrop(detect_yunet, "face"),
    "face-haar": lambda: FaceCrop(detect_haar, "face-haar"),
    "center": lambda: CenterCrop(),
    "gaze-argmax": lambda: PeakCrop(load_model("gaze")),
}


def load_method(name: str) -> Method:
    """A way to crop by its name; loads what it needs once, keeps no state between pictures.

    Raises ValueError, with the names there are, for an unknown one.
    """
    return look_up("method", name, METHODS)()
