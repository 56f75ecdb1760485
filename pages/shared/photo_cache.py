"""What is known of a picture, cached: models are shared, findings are keyed by what a picture contains.

A finding is a coarse map, boxes and a small JPEG preview, never a full-size picture. It is kept for LIFETIME, also of
uploads, and found only by who has the same picture; every cache is bounded. Pages that need other things have loaders
of their own.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import timedelta
from time import perf_counter

import numpy as np
import streamlit as st

from pages.shared.kept import kept
from pages.shared.photos import Photo, SamplePhoto, read_samples
from pages.shared.pictures import data_url, open_preview, reduce
from pages.shared.turns import turn
from saliency import MODELS, load_method, load_model
from saliency.crop import judged
from saliency.export import encode, scaled
from saliency.framing import Framing, frame
from saliency.image import Opened as Picture
from saliency.locked import doors
from saliency.locked.answers import Looked
from saliency.models.face import DETECTION_SIDE
from saliency.pipeline import see, see_all
from saliency.regions import Marked
from saliency.types import (
    NO_BORDERS,
    Aspect,
    Borders,
    Box,
    Crop,
    Evidence,
    Face,
    Method,
    RgbImage,
    SaliencyMap,
    SaliencyModel,
    Thing,
)

MAIN = "gaze"  # the model to judge by, where nobody chose another
FAST = "gaze-fast"  # the model that paints first
SIGHTS = 64.0  # MB; some 200 kB each
PREVIEW_QUALITY = 85  # a preview is sent anew whenever the visitor changes something
FINDINGS = 8.0  # MB of boxes: some kB each
LIFETIME = timedelta(hours=2)  # as text it would bring pandas in, with which Streamlit reads it
THUMBNAIL_SIDE = 144  # pixels


@dataclass(frozen=True, slots=True)
class Opened:
    """A photo, decoded no larger than is needed to look at it. image: its pixels, over a ground on which it shows where
    it is transparent."""

    looked: Looked
    image: RgbImage

    @property
    def size(self) -> tuple[int, int]:
        """Of the full photo, (width, height) in pixels."""
        return self.looked.picture.size

    @property
    def scale(self) -> tuple[float, float]:
        """How much wider and higher the full photo is."""
        return self.size[0] / self.image.shape[1], self.size[1] / self.image.shape[0]


Opener = Callable[[], Opened]


@dataclass(frozen=True, slots=True)
class Sight:
    """What a photo shows. size: (width, height) in pixels. map: by `model`. preview: a small JPEG, over a checkerboard
    where the photo is transparent. seconds: to open and to predict. things, borders: what a crop's border should not
    cut, and the picture inside plain bars; by the same model, in pixels of the photo. damage: what was wrong with its
    file. clear: of a transparent photo the preview with its opacity, a WebP. frames: how many are cropped. still: why
    of an animation it is the first alone. marked: where its file says to look."""

    size: tuple[int, int]
    map: SaliencyMap
    model: str
    preview: bytes
    seconds: float
    things: tuple[Thing, ...] = ()
    borders: Borders = NO_BORDERS
    damage: str = ""
    clear: bytes = b""
    frames: int = 1
    still: str = ""
    marked: Marked | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What an eye saw, in pixels of the full photo. seconds: it took."""

    evidence: Evidence
    seconds: float


@dataclass(frozen=True, slots=True)
class Analysis:
    """All there is to say of one photo. faces and crops: by method, crops in the order of the aspects asked for."""

    sight: Sight
    faces: dict[str, list[Face]]
    crops: dict[str, list[Crop]]
    seconds: float


def analyse(
    photo: Photo, methods: Sequence[str], aspects: Sequence[Aspect], model: str = MAIN, later: float = 0
) -> Analysis:
    """Where people look, and the crop of each method for each aspect, every share judged by the map of `model`.

    Opens the photo at most once, and not at all when everything is known; else waits for its turn. later: seconds that
    other visitors may come and still go first. Raises ImageError when it is no picture.
    """
    opener = _opener(photo, model)
    others = [method for method in map(load_method, methods) if method.eye and method.eye not in MODELS]
    known = _sight.knows(photo.digest, model, opener) and all(
        _seen.knows(photo.digest, method.eye, method, opener) for method in others
    )
    with nullcontext() if known else turn(later):
        sight = _sight(photo.digest, model, opener)
        seen = {method.name: _seen(photo.digest, method.eye, method, opener) for method in others}
    faces = {name: list(of.evidence.faces) for name, of in seen.items() if of.evidence.faces is not None}
    within = sight.borders.sure
    crops = {name: crops_by(photo, name, aspects, sight, within) for name in methods} if aspects else {}
    return Analysis(sight, faces, crops, sight.seconds + sum(of.seconds for of in seen.values()))


def crops_by(photo: Photo, name: str, aspects: Sequence[Aspect], sight: Sight, within: Box | None) -> list[Crop]:
    """The crops of one method for each aspect, every share judged by the sight's map.

    within: the part of the photo that is used, by methods that leave bars out; None for all of it. Opens the photo only
    for a method whose eye has not seen it. Raises ImageError when it is no picture.
    """
    method = load_method(name)
    evidence = replace(_evidence(method, photo, sight), borders=Borders(sure=within))
    crops = method.place(evidence, sight.size, aspects)
    return judged(crops, sight.map, sight.size)


def frames(photo: Photo, aspects: Sequence[Aspect], framing: Framing, sight: Sight) -> list[Crop]:
    """`saliency.framing.frame` by the sight's map; each distinct crop of a photo is framed once."""
    return [_frame(photo.digest, sight.model, aspect, framing, sight) for aspect in aspects]


def _evidence(method: Method, photo: Photo, sight: Sight) -> Evidence:
    """What the method's eye sees in the photo; what a network sees is in a sight."""
    if not method.eye:
        return Evidence()
    if method.eye not in MODELS:
        return _seen(photo.digest, method.eye, method, _opener(photo)).evidence
    own = sight if method.eye == sight.model else _sight(photo.digest, method.eye, _opener(photo, method.eye))
    return Evidence(map=own.map, things=own.things)


def _opener(photo: Photo, model: str = MAIN) -> Opener:
    enough = functools.partial(_enough, model=model)

    @functools.cache
    def opened() -> Opened:
        looked = doors.look(photo.data, enough)
        return Opened(looked, looked.picture.pixels)

    return opened


def _enough(size: tuple[int, int], model: str) -> tuple[int, int]:
    """What must remain of a photo of this size, for the preview, the face detectors and the model."""
    scale = min(1.0, DETECTION_SIDE / max(size))
    width, height = get_model(model).least_size(size)
    return max(round(size[0] * scale), width), max(round(size[1] * scale), height)


@st.cache_resource(show_spinner="Loading the saliency network …")
def get_model(name: str = MAIN) -> SaliencyModel:
    """A network, shared by all sessions: it keeps nothing of a picture. Raises WeightsError."""
    model = load_model(name)
    see(np.zeros((64, 64, 3), np.uint8), (64, 64), model)  # the first is slow: no photo's time should include it
    return model


@kept(SIGHTS, LIFETIME, turn)
def _sight(digest: str, model: str, _open: Opener) -> Sight:  # noqa: ARG001
    start = perf_counter()
    opened = _open()
    looked, picture = opened.looked, opened.looked.picture
    seen = see_all(picture, looked.looks, get_model(model))
    seconds = perf_counter() - start
    seen.map.setflags(write=False)  # it is shared
    preview = encode(reduce(picture.over("checker")), quality=PREVIEW_QUALITY)
    clear = b"" if picture.opacity is None else _clear_preview(picture)
    return Sight(
        opened.size,
        seen.map,
        model,
        preview,
        seconds,
        seen.things,
        seen.borders,
        picture.damage,
        clear,
        looked.frames,
        looked.still,
        looked.marked,
    )


def _clear_preview(picture: Picture) -> bytes:
    small = reduce(picture.colours).shape[1::-1]
    pixels = scaled(picture.part(Box(0, 0, *picture.size)), (small[0], small[1]))
    return encode(pixels, "WebP", PREVIEW_QUALITY)


@kept(FINDINGS, LIFETIME, turn)
def _seen(digest: str, eye: str, _method: Method, _open: Opener) -> Finding:  # noqa: ARG001
    opened = _open()
    start = perf_counter()
    evidence = _method.look(opened.image)
    seconds = perf_counter() - start
    return Finding(_in_full(evidence, opened), seconds)


@kept(FINDINGS, LIFETIME)
def _frame(digest: str, model: str, aspect: Aspect, framing: Framing, _sight: Sight) -> Crop:  # noqa: ARG001
    return frame(_sight.map, _sight.size, [aspect], framing)[0]


def _in_full(evidence: Evidence, opened: Opened) -> Evidence:
    """What was seen in the reduced photo, in pixels of the full one."""
    if evidence.faces is not None:
        faces = tuple(replace(face, box=_enlarged(face.box, opened)) for face in evidence.faces)
        evidence = replace(evidence, faces=faces)
    if evidence.point is not None:
        across, down = opened.scale
        evidence = replace(evidence, point=(evidence.point[0] * across, evidence.point[1] * down))
    return evidence


def _enlarged(box: Box, opened: Opened) -> Box:
    """A box on the reduced photo, in pixels of the full one."""
    across, down = opened.scale
    left, top = round(box.left * across), round(box.top * down)
    return Box(left, top, round(box.right * across) - left, round(box.bottom * down) - top)


@st.cache_resource
def get_samples() -> dict[str, SamplePhoto]:
    """The shipped samples by file name."""
    return read_samples()


@st.cache_data(max_entries=100, show_spinner=False)
def thumbnail(file: str) -> str:
    """A sample as a small picture in a data: address."""
    image = reduce(open_preview(get_samples()[file].path.read_bytes()), THUMBNAIL_SIDE)
    return data_url(encode(image))
