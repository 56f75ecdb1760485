"""`gazecrop crop`: what becomes of one photo."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from saliency.adapt import AdaptedModel
from saliency.animate import lost_note, why_still
from saliency.animation import Animation, Still, looks_of, open_animation
from saliency.borders import TRIM
from saliency.command.batch import Files, Job, OutputError
from saliency.command.options import wanted_formats, wanted_methods, wishes
from saliency.command.placing import Placed, place_as_marked, place_by_method
from saliency.command.printing import tell
from saliency.command.sources import STDIN, open_photo, read_photo
from saliency.command.told import MadeCrop, MadePad, Written, staying
from saliency.export import crop_name, format_like, output_size
from saliency.formats import Format
from saliency.image import Opened, file_kind
from saliency.models import MODELS, load_model
from saliency.models.input import least_size
from saliency.notes import cut_note
from saliency.pad import Border, canvas_for
from saliency.photo_file import Original, Writing
from saliency.pipeline import borders_all
from saliency.region_files import regions_of, with_regions
from saliency.types import Aspect, Box, SaliencyModel


def crop_photo(options: argparse.Namespace, job: Job, files: Files | None) -> None:
    """Crop or pad one photo to every format, write its files where there is a folder for them, and tell of each.

    Raises ImageError, and OutputError where a file cannot be written.
    """
    formats = wanted_formats(options)
    methods = ["pad"] if options.fit == "pad" else wanted_methods(options)
    task = _Task(options, job, files, job.photo.suffix)
    if files and not options.json:
        names = [task.file_name(method, target) for method in methods for target in formats]
        names += [task.regions_name] if options.write_regions else []
        if all(files.stays(name) for name in names):
            for name in names:
                files.skipped += 1
                tell(staying(job.photo, files.out / name))
            return
    data = read_photo(job.photo)
    suffix = f".{file_kind(data)}" if job.photo == STDIN else job.photo.suffix
    animation = open_animation(data, max_bytes=len(data), strict=options.strict)
    task = _Task(options, job, files, suffix, data, animation)
    for made in _padded(task, formats) if options.fit == "pad" else _cropped(task, methods, formats):
        tell(json.dumps(made.record()) if options.json else made.sentence())


@dataclass(frozen=True, slots=True)
class _Task:
    """One photo of a run. suffix: by which the files' format is chosen where none is asked for.
    data, animation: the bytes of the photo, once they are read, and its frames."""

    options: argparse.Namespace
    job: Job
    files: Files | None
    suffix: str
    data: bytes = b""
    animation: Animation | Still | None = None

    @property
    def kind(self) -> str:
        return self.options.format or format_like(self.suffix)

    def file_name(self, method: str, target: Format) -> str:
        return crop_name(self.job.name, method, target, self.kind)

    @property
    def regions_name(self) -> str:
        return f"{self.job.name}_regions{self.suffix.lower()}"

    def lost(self, opened: Opened) -> str:
        """What of the photo is not used, or not in its files, in words."""
        if self.files:
            return lost_note(opened.opacity is not None, why_still(self.animation, self.kind, owner=True), self.kind)
        return lost_note(False, self.animation.told_owner() if isinstance(self.animation, Still) else "", self.kind)

    def original(self, opened: Opened) -> Original:
        return Original(self.data, opened, self.animation)

    @property
    def writing(self) -> Writing:
        return Writing(self.kind, self.options.quality, self.options.keep_metadata)

    def write(self, method: str, target: Format, contents: Callable[[], bytes]) -> Written | None:
        """Write a file where there is a folder for it; there are no contents made for one that stays as it is."""
        if self.files is None:
            return None
        name = self.file_name(method, target)
        return Written(self.files.out / name, self.files.put(name, contents))


def _cropped(task: _Task, methods: Sequence[str], formats: Sequence[Format]) -> Iterator[MadeCrop]:
    full = open_photo(task.data, task.options.strict) if _needs_pixels(task, methods) else None
    for method in methods:
        placed = _placed(task, method, full, [target.aspect for target in formats])
        if task.options.write_regions and method == methods[0]:
            _write_regions(task, formats, placed)
        opened = placed.opened
        for target, crop in zip(formats, placed.crops, strict=True):
            pixels = output_size(crop.box, target.pixels, task.options.enlarge)
            make = partial(task.original(opened).crop, crop.box, pixels, task.writing)
            file = task.write(method, target, make)
            cuts = cut_note(placed.things, crop.box)
            made = task.job.photo, opened.size, opened.damage, placed.within, target, file, task.lost(opened)
            yield MadeCrop(*made, method, crop, pixels, cuts)


def _write_regions(task: _Task, formats: Sequence[Format], placed: Placed) -> None:
    """A copy of the photo's file with the crops in it; of several methods, the first one's."""
    named = [(target.title, crop) for target, crop in zip(formats, placed.crops, strict=True)]
    regions = regions_of(named, placed.opened.size, placed.chosen)
    assert task.files

    def make() -> bytes:
        try:
            return with_regions(task.data, file_kind(task.data), regions)
        except ValueError as error:
            raise OutputError(str(error)) from None

    path = task.files.out / task.regions_name
    new = task.files.put(task.regions_name, make)
    if not task.options.json:
        tell(f"{task.job.photo}: regions -> {path}" if new else staying(task.job.photo, path))


def _padded(task: _Task, formats: Sequence[Format]) -> Iterator[MadePad]:
    options = task.options
    border = options.background or Border()
    opened = open_photo(task.data, options.strict, None if task.files else least_size)
    size = opened.size
    within = TRIM[options.trim or "auto"](borders_all(opened, looks_of(task.animation)))
    part = within or Box(0, 0, *size)
    lost = lost_note(False, why_still(task.animation, task.kind, owner=True) if task.files else "", task.kind)
    for target in formats:
        canvas = canvas_for((part.width, part.height), target.aspect, target.pixels, options.enlarge)
        file = task.write("pad", target, partial(task.original(opened).padded, part, canvas, border, task.writing))
        yield MadePad(task.job.photo, size, opened.damage, within, target, file, lost, canvas, border)


def model_of(options: argparse.Namespace, name: str) -> SaliencyModel:
    """The model of a name, adapted where that is wished."""
    model = load_model(name)
    return AdaptedModel(model, options.adapt.adaptation) if options.adapt else model


def _needs_pixels(task: _Task, methods: Sequence[str]) -> bool:
    """Whether the full picture must be decoded; the boxes of a saliency network alone take a fraction of it."""
    return bool(task.files or any(name not in MODELS for name in methods))


def _placed(task: _Task, name: str, full: Opened | None, aspects: Sequence[Aspect]) -> Placed:
    options = task.options
    if name in MODELS:
        model = model_of(options, name)
        opened = full or open_photo(task.data, options.strict, model.least_size)
        focal = (options.focal_file.point_of(task.job.photo) if options.focal_file else None) or options.focal
        return place_as_marked(task.data, opened, looks_of(task.animation), model, aspects, wishes(options), focal)
    assert full is not None
    return place_by_method(full, name, aspects)
