"""The photos of one visitor: uploads and samples as the same small record."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

SAMPLES = Path(__file__).parents[2] / "samples"
STEM_LENGTH = 80  # of a downloaded file's name, in characters: every file system takes it


@dataclass(frozen=True, slots=True)
class Photo:
    """A file somebody chose, not yet opened: it may be no picture at all.

    key: unique on the page. name: of the file, as its owner knows it. title: what to call it on the page.
    digest: SHA-256 of the bytes, by which results are cached.
    """

    key: str
    name: str
    title: str
    data: bytes
    digest: str
    credit: str = ""
    is_sample: bool = False


@dataclass(frozen=True, slots=True)
class SamplePhoto:
    """A photo that ships with the app, and whom to thank for it."""

    file: str
    title: str
    licence: str
    author: str
    source: str

    @property
    def path(self) -> Path:
        return SAMPLES / self.file

    @property
    def credit(self) -> str:
        return f"{self.author}, {self.licence}"


def read_samples() -> dict[str, SamplePhoto]:
    """The shipped samples by file name, in the order of credits.csv."""
    with (SAMPLES / "credits.csv").open(newline="", encoding="utf-8") as file:
        return {row["file"]: SamplePhoto(**row) for row in csv.DictReader(file)}


def upload_photo(key: str, name: str, data: bytes) -> Photo:
    """A file that a visitor sent. key: unique on the page."""
    return Photo(key, name, name, data, _digest(data))


def sample_photo(sample: SamplePhoto) -> Photo:
    """A shipped sample, with its credit."""
    data = sample.path.read_bytes()
    return Photo(
        f"sample-{sample.path.stem}", sample.file, sample.title, data, _digest(data), f"Photo: {sample.credit}", True
    )


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def unique_stems(names: Sequence[str]) -> list[str]:
    """A stem for the downloads of each file: folders, suffix and awkward characters gone, no two alike on any system.

    ["a/cat.jpg", "Cat.png", "cat-2.jpg"] -> ["cat", "Cat-2", "cat-2-2"].
    """
    taken: set[str] = set()
    stems = []
    for name in names:
        plain = _plain_stem(name)
        stem, count = plain, 1
        while stem.casefold() in taken:
            count += 1
            stem = f"{plain}-{count}"
        taken.add(stem.casefold())
        stems.append(stem)
    return stems


def _plain_stem(name: str) -> str:
    stem = PureWindowsPath(name).stem  # splits at / and at \
    return re.sub(r"[^\w.()+@ -]+", "_", stem).strip(". ")[:STEM_LENGTH] or "photo"
