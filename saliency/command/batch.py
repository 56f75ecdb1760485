"""A run over many photos: which they are, what their files are called, and no file lost in writing them."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from saliency.command.paths import is_folder, lies_in, real, search
from saliency.command.sources import STDIN
from saliency.image import SUFFIXES
from saliency.methods import METHODS

_CROP_NAME = re.compile(rf"(.+)_(?:{'|'.join((*METHODS, 'pad'))})_[\d.]+x[\d.]+(?:px)?")


class OutputError(Exception):
    """A file cannot be written; the message is a sentence for whoever runs the command."""


@dataclass(frozen=True, slots=True)
class Job:
    """photo: a file, or a folder that has no pictures or cannot be read. name: that of its files below the output
    folder, to which each adds its own end: "2024/beach". No two jobs of a run have the same."""

    photo: Path
    name: str


@dataclass(frozen=True, slots=True)
class Batch:
    """left_out: how many pictures were not taken, because they lie where this run writes."""

    jobs: list[Job]
    left_out: int = 0


def plan(paths: Sequence[Path], out: Path | None) -> Batch:
    """Each file as it is, - for standard input, for each folder the pictures in it and below, by name; a folder without
    any, or that cannot be read, as it is. A file that is named twice is taken once.

    Files of a folder keep their place in it. Where two photos would have the same name, letters' case aside, the second
    beach becomes beach-2, or the next number that no photo has. Pictures in the output folder are not taken: those that
    a folder was searched for, and those named one by one that are called like the crop of another photo of this run.
    """
    found: dict[Path, tuple[Path, Path]] = {}
    left_out = 0
    for path in paths:
        for photo, name in _found(path):
            if photo != path and out and lies_in(photo, out) and not lies_in(path, out):
                left_out += 1
            else:
                found.setdefault(real(photo), (photo, name))
    jobs = _named(list(found.values()))
    names = {_key(job.name) for job in jobs}
    chosen = [job for job in jobs if not (out and _is_crop(job.photo, out, names))]
    return Batch(chosen, left_out + len(jobs) - len(chosen))


class Files:
    """Writes the files of a run, and counts those that were there before and stay as they are.

    No photo of the run is ever replaced, with `overwrite` any other file.
    """

    def __init__(self, out: Path, jobs: Sequence[Job], overwrite: bool) -> None:
        self.out = out
        self.overwrite = overwrite
        self.skipped = 0
        self._photos = {real(job.photo) for job in jobs}
        self._written: set[Path] = set()

    def stays(self, name: str) -> bool:
        """Whether a file of this name is there and is not replaced. Raises OutputError where it cannot be known."""
        path = self.out / name
        try:
            return path.exists() and not self.overwrite and path not in self._written
        except OSError as error:
            raise _unwritten(path, error) from None

    def put(self, name: str, make: Callable[[], bytes]) -> bool:
        """Write what `make` gives into a file of the output folder; False where one stays.

        A file is there in full or not at all. Raises OutputError.
        """
        path = self.out / name
        if self.stays(name):
            self.skipped += 1
            return False
        if path.exists() and real(path) in self._photos:
            raise OutputError(f"{path} is one of the photos, so it is not replaced; choose another folder for --out")
        data = make()
        part = path.with_name(f".gazecrop-{os.getpid()}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                part.write_bytes(data)
                part.replace(path)
            finally:
                part.unlink(missing_ok=True)
        except OSError as error:
            raise _unwritten(path, error) from None
        self._written.add(path)
        return True


def _unwritten(path: Path, error: OSError) -> OutputError:
    return OutputError(f"cannot write {path}: {error.strerror or error}")


def _found(path: Path) -> Iterator[tuple[Path, Path]]:
    """The photos that a path stands for, each with its place in it, without its suffix."""
    if not is_folder(path):
        yield path, Path("stdin" if path == STDIN else path.stem)
        return
    photos, closed = search(path, SUFFIXES)
    for photo in photos:
        yield photo, photo.relative_to(path).with_suffix("")
    for folder in closed or ([] if photos else [path]):
        yield folder, path.name / folder.relative_to(path)


def _is_crop(photo: Path, out: Path, names: set[str]) -> bool:
    """Whether this is what a run into the same folder made of a photo of this name."""
    if not lies_in(photo, out):
        return False
    called = _CROP_NAME.fullmatch(real(photo).relative_to(real(out)).with_suffix("").as_posix())
    return called is not None and _key(called[1]) in names


def _named(found: Sequence[tuple[Path, Path]]) -> list[Job]:
    own = {_key(name) for _, name in found}
    taken: set[str] = set()
    counts: dict[str, int] = {}
    jobs = []
    for photo, name in found:
        unique, key = name, _key(name)
        while _key(unique) in taken or (unique != name and _key(unique) in own):
            counts[key] = counts.get(key, 1) + 1
            unique = name.with_name(f"{name.name}-{counts[key]}")
        taken.add(_key(unique))
        jobs.append(Job(photo, unique.as_posix()))
    return jobs


def _key(name: Path | str) -> str:
    """The name as file systems compare it that know no case, or only one way to write an accent."""
    return unicodedata.normalize("NFC", str(name)).casefold()
