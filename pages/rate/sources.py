"""The photos that can be rated: samples, datasets on this disk, and the visitor's own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import streamlit as st

from eval.datasets import DATASETS, DatasetError, DatasetNotFound, load_dataset
from pages.shared.photo_cache import LIFETIME, get_samples
from pages.shared.photos import Photo, sample_photo, upload_photo

SAMPLES, UPLOAD = "samples", "upload"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A photo that may be rated, not read yet. key: unique to the photo. source: "samples", "upload" or a dataset."""

    key: str
    source: str
    read: Callable[[], Photo]

    def public_name(self, photo: Photo) -> str:
        """What a vote calls the photo: its file name, but of an upload its fingerprint."""
        return photo.digest if self.source == UPLOAD else photo.name


def sample_candidates() -> list[Candidate]:
    return [Candidate(f"sample-{s.file}", SAMPLES, partial(sample_photo, s)) for s in get_samples().values()]


def own_candidates(photos: Sequence[Photo]) -> list[Candidate]:
    return [Candidate(f"upload-{photo.key}", UPLOAD, partial(_itself, photo)) for photo in photos]


def dataset_candidates(dataset: str) -> list[Candidate]:
    """The dataset's test photos: our network has seen none of them."""
    return [
        Candidate(f"{dataset}-{path.name}", dataset, partial(_read, dataset, path)) for path in _test_photos(dataset)
    ]


def datasets_on_disk() -> list[str]:
    """Those whose test photos can be read here."""
    return [name for name in DATASETS if _test_photos(name)]


@st.cache_data(max_entries=len(DATASETS), ttl=LIFETIME, show_spinner=False)
def _test_photos(dataset: str) -> list[Path]:
    """Where the test photos lie; none where the dataset is missing or unreadable."""
    try:
        return [sample.path for sample in load_dataset(dataset, "test")]
    except (DatasetNotFound, DatasetError):
        return []


def _itself(photo: Photo) -> Photo:
    return photo


def _read(dataset: str, path: Path) -> Photo:
    return upload_photo(f"{dataset}-{path.name}", path.name, path.read_bytes())
