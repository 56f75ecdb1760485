"""The caches of the model card: its numbers, by the run's and the weights' files, and its pictures."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import streamlit as st

from eval.card import COMMITTED, Card, make_card
from eval.report import ALL
from eval.runs import TABLE
from pages.method.exhibits import (
    FACELESS,
    PIPELINE,
    Looked,
    failures,
    false_face_exhibits,
    no_face_exhibits,
    pipeline_steps,
)
from pages.method.figures import Step
from pages.method.html import Exhibit
from pages.shared.photo_cache import LIFETIME, analyse, get_samples
from pages.shared.photos import sample_photo, upload_photo
from pages.shared.pictures import open_preview
from pages.shared.run_cache import RunFile, get_reliability, get_told
from saliency import Aspect
from saliency.export import encode
from saliency.models.weights import FOLDER
from saliency.types import RgbImage

METHODS = ("gaze", "face", "face-haar", "center")
SAID_OF_CROPS = ("kept", "help")
"""What of `eval.calibration.SAID` has a diagram on the card."""


def get_card(folder: Path = COMMITTED) -> Card:
    """The numbers of the card. Raises RunError, WeightsError or ValueError, see eval.card.make_card."""
    files = [*sorted(folder.glob("*")), *sorted(FOLDER.glob("gaze.*"))]
    return _card(str(folder), tuple(file.stat().st_mtime_ns for file in files))


@st.cache_data(max_entries=4, ttl=LIFETIME, show_spinner="Reading the results …")
def _card(folder: str, stamp: tuple[int, ...]) -> Card:  # noqa: ARG001
    return make_card(Path(folder))


def get_diagrams(folder: Path = COMMITTED) -> dict[str, pd.DataFrame]:
    """The `eval.calibration.reliability` of what is said of our crops, by what that is; of a run that does not hold it,
    nothing."""
    file = RunFile(folder.name, str(folder), (folder / TABLE).stat().st_mtime_ns)
    told = get_told(file, "gaze")
    return {what: get_reliability(file, "gaze", what)[ALL] for what in SAID_OF_CROPS if what in told}


@st.cache_data(max_entries=1, ttl=LIFETIME, show_spinner="Drawing the pipeline …")
def get_pipeline() -> list[Step]:
    """The steps of the pipeline on a sample. These and all pictures below raise WeightsError without the network."""
    return pipeline_steps(look_at(*PIPELINE))


@st.cache_data(max_entries=1, ttl=LIFETIME, show_spinner="Cropping to faces …")
def get_no_face() -> list[Exhibit]:
    """A sample without a face."""
    return no_face_exhibits(look_at(*FACELESS))


@st.cache_data(max_entries=1, ttl=LIFETIME, show_spinner="Looking for faces …")
def get_false_faces() -> list[Exhibit]:
    """Samples in which detectors find faces that are none."""
    return false_face_exhibits(look_at)


@st.cache_data(max_entries=1, ttl=LIFETIME, show_spinner="Cropping what goes wrong …")
def get_failures() -> list[Exhibit]:
    """What our own crop serves badly."""
    return failures(look_at)


def look_at(source: str | RgbImage, aspect: str) -> Looked:
    """A sample, by its file name, or a picture; cropped to an aspect by each of METHODS."""
    if isinstance(source, str):
        photo = sample_photo(get_samples()[source])
    else:
        photo = upload_photo("drawing", "drawing.png", encode(source, "PNG"))
    analysis = analyse(photo, METHODS, (Aspect.parse(aspect),))
    crops = {name: found[0] for name, found in analysis.crops.items()}
    return Looked(open_preview(analysis.sight.preview), analysis.sight.size, analysis.sight.map, crops, analysis.faces)
