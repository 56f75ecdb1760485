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
from saliency.methods import FaceCrop, GazeCrop, PeakCrop
from saliency.models.face import Face
from saliency.types import Aspect, Crop, Method, RgbImage, SaliencyMap, SaliencyModel

VIEWS = 200  # some 200 kB each
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
    found = {name: result.found for name, result in faces.items()}
    crops = {name: _crops(photo.digest, name, tuple(aspects), image, view, found.get(name, [])) for name in methods}
    return Analysis(view, found, crops, view.seconds + sum(result.seconds for result in faces.values()))


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
    return View((image.shape[1], image.shape[0]), map, encode(reduce(image)), seconds)


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
    _faces: list[Face],
) -> list[Crop]:
    crops = _informed(get_method(method), _view.map, _faces).crop(_image(), aspects)
    return judged(crops, _view.map, _view.size)


def _informed(method: Method, map: SaliencyMap, faces: list[Face]) -> Method:
    """The method, given what was found in this photo, so that it need not look again."""
    if isinstance(method, (GazeCrop, PeakCrop)):
        return replace(method, model=KnownMap(map))
    if isinstance(method, FaceCrop):
        return replace(method, detect=lambda _: faces)
    return method


@st.cache_resource
def get_samples() -> dict[str, Sample]:
    """The shipped samples by file name."""
    return read_samples()


@st.cache_data(max_entries=100, show_spinner=False)
def thumbnail(file: str) -> str:
    """A sample as a small picture in a data: address."""
    image = reduce(open_image(get_samples()[file].path), THUMBNAIL_SIDE)
    return "data:image/jpeg;base64," + base64.b64encode(encode(image)).decode()
