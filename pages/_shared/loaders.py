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
from saliency.crop import judged
from saliency.export import encode
from saliency.methods import CenterCrop, FaceCrop, GazeCrop, PeakCrop
from saliency.models.face import Face
from saliency.types import Aspect, Crop, Method, RgbImage, SaliencyMap, SaliencyModel

VIEWS = 200  # some 100 kB each
PREVIEW_QUALITY = 85  # a preview is sent anew whenever the visitor changes something
FINDINGS = 2000  # boxes: some kB each
LIFETIME = "2h"
THUMBNAIL_SIDE = 144  # pixels

Opener = Callable[[], RgbImage]


@dataclass(frozen=True, slots=True)
class View:
    """What a photo shows. size: (width, height) in pixels. preview: a small JPEG. seconds: to open and to predict."""

    size: tuple[int, int]
    map: SaliencyMap
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


def analyse(photo: Photo, methods: Sequence[str], aspects: Sequence[Aspect]) -> Analysis:
    """Where people look, and the crop of each method for each aspect, every share judged by the same map.

    Opens the photo at most once, and not at all when everything is known. Raises ImageError when it is no picture.
    """
    image = functools.cache(lambda: open_image(photo.data))
    view = _view(photo.digest, image)
    detectors = [name for name in methods if isinstance(get_method(name), FaceCrop)]
    faces = {name: _faces(photo.digest, name, image) for name in detectors}
    crops = {name: _crops_by(photo.digest, name, aspects, image, view) for name in methods} if aspects else {}
    seconds = view.seconds + sum(result.seconds for result in faces.values())
    return Analysis(view, {name: result.found for name, result in faces.items()}, crops, seconds)


def crops_by(photo: Photo, method: str, aspects: Sequence[Aspect], view: View) -> list[Crop]:
    """The crops of one method for each aspect, every share judged by the photo's map.

    Opens the photo only for a method that has to look at it again. Raises ImageError when it is no picture.
    """
    return _crops_by(photo.digest, method, aspects, lambda: open_image(photo.data), view)


def _crops_by(digest: str, name: str, aspects: Sequence[Aspect], image: Opener, view: View) -> list[Crop]:
    method = get_method(name)
    if isinstance(method, (GazeCrop, PeakCrop)):
        method = replace(method, model=KnownMap(view.map))
    elif isinstance(method, FaceCrop):
        found = _faces(digest, name, image).found
        method = replace(method, detect=lambda _: found)
    elif not isinstance(method, CenterCrop):
        return _crops(digest, name, tuple(aspects), image, view)
    return judged(method.crop(_blank(view.size), aspects), view.map, view.size)


def _blank(size: tuple[int, int]) -> RgbImage:
    """A picture of (width, height) that takes no memory, for methods that need no more than its size."""
    return np.broadcast_to(np.uint8(0), (size[1], size[0], 3))


@st.cache_resource(show_spinner="Loading the saliency network …")
def get_model() -> SaliencyModel:
    """The network, shared by all sessions: it keeps nothing of a picture. Raises WeightsError."""
    model = load_model()
    model.predict(np.zeros((64, 64, 3), np.uint8))  # the first prediction is slow: no photo's time should include it
    return model


@st.cache_resource
def get_method(name: str) -> Method:
    """A way to crop, shared by all sessions: it keeps nothing of a picture."""
    return load_method(name)


@st.cache_data(max_entries=VIEWS, ttl=LIFETIME, show_spinner="Finding where people look …")
def _view(digest: str, _image: Opener) -> View:  # noqa: ARG001
    start = perf_counter()
    image = _image()
    map = get_model().predict(image)
    seconds = perf_counter() - start
    return View((image.shape[1], image.shape[0]), map, encode(reduce(image), quality=PREVIEW_QUALITY), seconds)


@st.cache_data(max_entries=FINDINGS, ttl=LIFETIME, show_spinner=False)
def _faces(digest: str, method: str, _image: Opener) -> Faces:  # noqa: ARG001
    detector = get_method(method)
    assert isinstance(detector, FaceCrop)
    image = _image()
    start = perf_counter()
    return Faces(detector.detect(image), perf_counter() - start)


@st.cache_data(max_entries=FINDINGS, ttl=LIFETIME, show_spinner=False)
def _crops(
    digest: str,  # noqa: ARG001
    method: str,
    aspects: tuple[Aspect, ...],
    _image: Opener,
    _view: View,
) -> list[Crop]:
    return judged(get_method(method).crop(_image(), aspects), _view.map, _view.size)


@st.cache_resource
def get_samples() -> dict[str, Sample]:
    """The shipped samples by file name."""
    return read_samples()


@st.cache_data(max_entries=100, show_spinner=False)
def thumbnail(file: str) -> str:
    """A sample as a small picture in a data: address."""
    image = reduce(open_image(get_samples()[file].path), THUMBNAIL_SIDE)
    return "data:image/jpeg;base64," + base64.b64encode(encode(image)).decode()
