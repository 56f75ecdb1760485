"""What is known of a picture, cached: models are shared, findings are keyed by what a picture contains.

A finding is a coarse map, boxes and a small JPEG preview, never a full-size picture. It is kept for LIFETIME, also of
uploads, and found only by who has the same picture; every cache is bounded. Pages that need other things have loaders
of their own.
"""

from __future__ import annotations

import base64
import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np
import streamlit as st

from pages._shared.photos import Photo, Sample, read_samples
from pages._shared.pictures import reduce
from saliency import load_method, load_model, open_image
from saliency.crop import expected_gaze, judge
from saliency.export import encode
from saliency.image import open_reduced
from saliency.methods import CenterCrop, FaceCrop, GazeCrop, PeakCrop
from saliency.models.face import DETECTION_SIDE, Face
from saliency.models.input import input_size
from saliency.pipeline import enough_for
from saliency.types import Aspect, Box, Crop, Method, RgbImage, SaliencyMap, SaliencyModel

BEST = "gaze"  # the model to judge by, where nobody chose another
FAST = "gaze-fast"  # the model that paints first
VIEWS = 200  # some 100 kB each
PREVIEW_QUALITY = 85  # a preview is sent anew whenever the visitor changes something
FINDINGS = 2000  # boxes: some kB each
LIFETIME = "2h"
THUMBNAIL_SIDE = 144  # pixels


@dataclass(frozen=True, slots=True)
class Opened:
    """A photo, decoded no larger than is needed to look at it. size: of the full photo, (width, height) in pixels."""

    image: RgbImage
    size: tuple[int, int]


Opener = Callable[[], Opened]


@dataclass(frozen=True, slots=True)
class View:
    """What a photo shows. size: (width, height) in pixels. map: by `model`. preview: a small JPEG.
    seconds: to open and to predict."""

    size: tuple[int, int]
    map: SaliencyMap
    model: str
    preview: bytes
    seconds: float


@dataclass(frozen=True, slots=True)
class Faces:
    """What a detector found. seconds: it took."""

    found: list[Face]
    seconds: float


@dataclass(frozen=True, slots=True)
class Analysis:
    """All there is to say of one photo. faces and crops: by method, crops in the order of the aspects asked for."""

    view: View
    faces: dict[str, list[Face]]
    crops: dict[str, list[Crop]]
    seconds: float


@dataclass(frozen=True, slots=True)
class KnownMap:
    """A SaliencyModel that has seen the photo before."""

    map: SaliencyMap
    name: str = "known"

    def predict(self, image: RgbImage) -> SaliencyMap:  # noqa: ARG002
        return self.map


def analyse(photo: Photo, methods: Sequence[str], aspects: Sequence[Aspect], model: str = BEST) -> Analysis:
    """Where people look, and the crop of each method for each aspect, every share judged by the map of `model`.

    Opens the photo at most once, and not at all when everything is known. Raises ImageError when it is no picture.
    """
    opener = _opener(photo)
    view = _view(photo.digest, model, opener)
    detectors = [name for name in methods if isinstance(get_method(name), FaceCrop)]
    faces = {name: _faces(photo.digest, name, opener) for name in detectors}
    crops = {name: crops_by(photo, name, aspects, view) for name in methods} if aspects else {}
    seconds = view.seconds + sum(result.seconds for result in faces.values())
    return Analysis(view, {name: result.found for name, result in faces.items()}, crops, seconds)


def crops_by(photo: Photo, name: str, aspects: Sequence[Aspect], view: View) -> list[Crop]:
    """The crops of one method for each aspect, every share judged by the view's map.

    Opens the photo only for a method that has to look at it again. Raises ImageError when it is no picture.
    """
    method = get_method(name)
    if isinstance(method, (GazeCrop, PeakCrop)):
        own = view if method.model.name == view.model else _view(photo.digest, method.model.name, _opener(photo))
        method = replace(method, model=KnownMap(own.map))
    elif isinstance(method, FaceCrop):
        found = _faces(photo.digest, name, _opener(photo)).found
        method = replace(method, detect=lambda _: found)
    elif not isinstance(method, CenterCrop):
        return judged_by(_crops(photo.digest, name, tuple(aspects), photo), view)
    return judged_by(method.crop(_blank(view.size), aspects), view)


def judged_by(crops: Sequence[Crop], view: View) -> list[Crop]:
    """The crops with the share of gaze that the view's map expects them to keep, whatever map they come from."""
    gaze = expected_gaze(view.map)
    scores = [judge(gaze, view.size, crop.aspect, crop.box) for crop in crops]
    return [replace(crop, kept=s.kept, gain=s.gain) for crop, s in zip(crops, scores, strict=True)]


def _opener(photo: Photo) -> Opener:
    return functools.cache(lambda: Opened(*open_reduced(photo.data, _enough)))


def _enough(size: tuple[int, int]) -> tuple[int, int]:
    """What must remain of a photo of this size, for the preview, the face detectors and the network."""
    scale = min(1.0, DETECTION_SIDE / max(size))
    width, height = input_size(*size)
    return max(round(size[0] * scale), enough_for(width)), max(round(size[1] * scale), enough_for(height))


def _blank(size: tuple[int, int]) -> RgbImage:
    """A picture of (width, height) that takes no memory, for methods that need no more than its size."""
    return np.broadcast_to(np.uint8(0), (size[1], size[0], 3))


@st.cache_resource(show_spinner="Loading the saliency network …")
def get_model(name: str = BEST) -> SaliencyModel:
    """A network, shared by all sessions: it keeps nothing of a picture. Raises WeightsError."""
    model = load_model(name)
    model.predict(np.zeros((64, 64, 3), np.uint8))  # the first prediction is slow: no photo's time should include it
    return model


@st.cache_resource
def get_method(name: str) -> Method:
    """A way to crop, shared by all sessions: it keeps nothing of a picture."""
    return load_method(name)


@st.cache_data(max_entries=VIEWS, ttl=LIFETIME, show_spinner="Finding where people look …")
def _view(digest: str, model: str, _open: Opener) -> View:  # noqa: ARG001
    start = perf_counter()
    opened = _open()
    map = get_model(model).predict(opened.image)
    seconds = perf_counter() - start
    return View(opened.size, map, model, encode(reduce(opened.image), quality=PREVIEW_QUALITY), seconds)


@st.cache_data(max_entries=FINDINGS, ttl=LIFETIME, show_spinner=False)
def _faces(digest: str, method: str, _open: Opener) -> Faces:  # noqa: ARG001
    detector = get_method(method)
    assert isinstance(detector, FaceCrop)
    opened = _open()
    start = perf_counter()
    found = detector.detect(opened.image)
    seconds = perf_counter() - start
    return Faces([replace(face, box=_enlarged(face.box, opened)) for face in found], seconds)


def _enlarged(box: Box, opened: Opened) -> Box:
    """A box on the reduced photo, in pixels of the full one."""
    across, down = opened.size[0] / opened.image.shape[1], opened.size[1] / opened.image.shape[0]
    left, top = round(box.left * across), round(box.top * down)
    return Box(left, top, round(box.right * across) - left, round(box.bottom * down) - top)


@st.cache_data(max_entries=FINDINGS, ttl=LIFETIME, show_spinner=False)
def _crops(
    digest: str,  # noqa: ARG001
    method: str,
    aspects: tuple[Aspect, ...],
    _photo: Photo,
) -> list[Crop]:
    return get_method(method).crop(open_image(_photo.data), aspects)


@st.cache_resource
def get_samples() -> dict[str, Sample]:
    """The shipped samples by file name."""
    return read_samples()


@st.cache_data(max_entries=100, show_spinner=False)
def thumbnail(file: str) -> str:
    """A sample as a small picture in a data: address."""
    image = reduce(open_image(get_samples()[file].path), THUMBNAIL_SIDE)
    return "data:image/jpeg;base64," + base64.b64encode(encode(image)).decode()
