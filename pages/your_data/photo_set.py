"""A visitor's photos on disk: where they lie, what is known of them, and the run that is made of them."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import weakref
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

from eval.datasets import DatasetError, Sample, outside_note, read_folder
from eval.metrics.crop import observer_halves
from pages.shared.folders import new_folder
from pages.shared.photos import unique_stems
from pages.shared.pictures import reduce
from pages.your_data.job import Background, Fit, Job, NotStarted
from pages.your_data.unpack import MAX_UNPACKED, TABLES, Unpacked, UnpackError, Upload, unpack
from saliency import ImageError
from saliency.export import encode
from saliency.locked import doors

SHOWN = 8  # photos shown of a set
SHOWN_SIDE = 240  # pixels of their longer side
UNNAMED = "my photos"
NO_ROOM = "the server has no room for it now; try again later"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the annotations say. Counts of photos: all of them, those that cannot be opened, those that have been looked
    at, those that gaze kept can be judged on, those with boxes, those with crops. people: who looked. outside: what
    is to be said of fixations beside their photos."""

    photos: int
    unreadable: int
    looked_at: int
    judged: int
    boxes: int
    crops: int
    people: int
    outside: str


class PhotoSet:
    """Photos in a folder with a name that cannot be guessed, which goes when this object does.

    facts: None where an annotation cannot be read; problem then says why. thumbnails: (path, JPEG) of the first few.
    outdated: whether annotations came after the latest run. fits: the adaptation to these photos, if one was asked for.
    """

    def __init__(self, uploads: Sequence[Upload], name: str) -> None:
        """Unpack the uploads. Raises UnpackError."""
        self.name = name
        try:
            self.folder, held = new_folder()
        except OSError as error:
            raise UnpackError(NO_ROOM) from error
        self.jobs: list[Job] = []
        self.fits: list[Fit] = []
        self.close = weakref.finalize(self, _discard, self.folder, held, self.jobs, self.fits)
        try:
            if shutil.disk_usage(self.folder).free < 2 * MAX_UNPACKED:
                raise UnpackError(NO_ROOM)
            self.photos.mkdir()
            self.unpacked: Unpacked = unpack(uploads, self.photos)
        except OSError as error:
            self.close()
            raise UnpackError(NO_ROOM) from error
        except UnpackError:
            self.close()
            raise
        self.thumbnails = _thumbnails(self.photos, self.unpacked.photos)
        self.facts: Facts | None = None
        self.problem = ""
        self.outdated = False
        self.examine()

    @property
    def photos(self) -> Path:
        """The folder that `python -m eval run --folder` reads."""
        return self.folder / "photos"

    @property
    def job(self) -> Job | None:
        """The latest run of these photos, made or in the making."""
        return self.jobs[-1] if self.jobs else None

    @property
    def finished(self) -> Job | None:
        """The latest run that is made."""
        return next((job for job in reversed(self.jobs) if job.state == "done"), None)

    @property
    def alive(self) -> bool:
        return self.close.alive and self.photos.is_dir()

    def examine(self) -> None:
        """Read the annotations, and keep what they say or what is wrong with them."""
        try:
            self.facts, self.problem = facts_of(read_folder(self.photos, doors.image_size)), ""
        except (DatasetError, FileNotFoundError) as error:
            self.facts, self.problem = None, str(error)

    def annotate(self, uploads: Sequence[Upload]) -> None:
        """Put other CSVs beside the photos, in place of those of the same name; the others stay.

        Raises UnpackError where one cannot be written.
        """
        left_out = list(self.unpacked.left_out)
        for upload in uploads:
            name = PureWindowsPath(upload.name).name.lower()
            if name in TABLES:
                _replace(self.photos / name, upload.data)
            else:
                left_out.append((upload.name, f"none of {', '.join(TABLES)}"))
        if self.job and self.job.state != "done":
            self.jobs.pop().discard()  # it was of other annotations, so it could not go on
        self._discard_fit()
        self.outdated = self.job is not None
        present = tuple(name for name in TABLES if (self.photos / name).exists())
        self.unpacked = Unpacked(self.unpacked.photos, present, tuple(left_out))
        self.examine()

    @property
    def fit(self) -> Fit | None:
        """The adaptation to these photos as they are annotated now, made or in the making."""
        return self.fits[-1] if self.fits else None

    def start_fit(self) -> None:
        """Begin to fit an adaptation anew. Raises NotStarted, and then there is none."""
        self._discard_fit()
        fit = Fit(self.photos, self.folder / "fit", self.folder / "fit.txt", self.facts.looked_at if self.facts else 0)
        fit.start()
        self.fits.append(fit)

    def _discard_fit(self) -> None:
        while self.fits:
            self.fits.pop().discard()

    def new_job(self, label: str, methods: tuple[str, ...]) -> Job:
        """A run to start; one that was never finished makes way for it. label: also its folder's name."""
        if self.job and self.job.state != "done":
            self.jobs.pop().discard()
        self.outdated = False
        job = Job(
            self.photos, self.folder / "runs" / label, self.folder / "log.txt", methods, len(self.unpacked.photos)
        )
        self.jobs.append(job)
        return job

    def start_job(self, label: str, methods: tuple[str, ...]) -> Job:
        """A new job that has begun. Raises NotStarted, and then there is no such job."""
        outdated = self.outdated
        job = self.new_job(label, methods)
        try:
            job.start()
        except NotStarted:
            self.jobs.remove(job)
            self.outdated = outdated
            raise
        return job


def set_name(uploads: Sequence[Upload]) -> str:
    """What to call the uploads: the zip's name or the folder's, fit for a file's name."""
    first = uploads[0]
    folder = PureWindowsPath(first.name).parts[0] if PureWindowsPath(first.name).parent.name else ""
    named = first.name if first.is_zip and len(uploads) == 1 else folder
    return unique_stems([f"{named}.zip" if named == folder else named])[0] if named else UNNAMED


def facts_of(samples: Sequence[Sample]) -> Facts:
    """What the annotations of these photos say."""
    people = {int(observer) for sample in samples for observer in sample.observers}
    return Facts(
        photos=len(samples),
        unreadable=sum(sample.size == (0, 0) for sample in samples),
        looked_at=sum(len(sample.fixations) > 0 for sample in samples),
        judged=sum(bool(observer_halves(sample.observers)[1].any()) for sample in samples),
        boxes=sum(sample.regions is not None for sample in samples),
        crops=sum(sample.human_crops is not None for sample in samples),
        people=len(people),
        outside=outside_note(samples),
    )


def _replace(path: Path, data: bytes) -> None:
    """Write a file in full or leave it as it was. Raises UnpackError."""
    part = path.with_suffix(".part")
    try:
        part.write_bytes(data)
        part.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise UnpackError(NO_ROOM) from error


def _thumbnails(folder: Path, photos: Sequence[str]) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for name in photos[: 2 * SHOWN]:  # some may not open
        if len(found) == SHOWN:
            break
        try:
            found.append((name, encode(reduce(doors.open_image(folder / name, ground="checker"), SHOWN_SIDE))))
        except ImageError:
            continue
    return found


def _discard(folder: Path, held: int, *works: Sequence[Background]) -> None:
    for work in itertools.chain(*works):
        work.discard()
    shutil.rmtree(folder, ignore_errors=True)
    os.close(held)
