"""`gazecrop crop`: what becomes of one photo."""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from saliency.adapt import AdaptedModel
from saliency.borders import TRIM, left_out
from saliency.command.batch import Files, Job
from saliency.command.options import USUAL, wanted_formats, wanted_methods
from saliency.command.told import (
    Written,
    padded_record,
    padded_sentence,
    record_of,
    sentence,
    staying,
)
from saliency.crop import judged
from saliency.export import crop_name, cut, encode, format_like, render
from saliency.formats import Format
from saliency.framing import Framing, frame
from saliency.image import image_size, open_image
from saliency.methods import load_method
from saliency.models import MODELS, load_model
from saliency.pad import Border, canvas_for, pad
from saliency.pipeline import borders_in, borders_of, look, see
from saliency.things import WHOLE
from saliency.types import Aspect, Box, Crop, RgbImage, SaliencyModel


def crop_photo(options: argparse.Namespace, job: Job, files: Files | None) -> None:
    """Crop or pad one photo to every format, write its files where there is a folder for them, and tell of each.

    Raises ImageError, and OutputError where a file cannot be written.
    """
    formats = wanted_formats(options)
    methods = ["pad"] if options.fit == "pad" else wanted_methods(options)
    if files and not options.json:
        names = [_file_name(options, job, method, target) for method in methods for target in formats]
        if all(files.stays(name) for name in names):
            for name in names:
                files.skipped += 1
                print(staying(job.photo, files.out / name))
            return
    if options.fit == "pad":
        _pad(options, job, files, formats)
    else:
        _crop(options, job, files, methods, formats)


def _crop(
    options: argparse.Namespace, job: Job, files: Files | None, methods: Sequence[str], formats: Sequence[Format]
) -> None:
    image = open_image(job.photo) if _needs_pixels(options, methods) else None
    for method in methods:
        size, crops, within = _crops(options, method, job.photo, image, [target.aspect for target in formats])
        for target, crop in zip(formats, crops, strict=True):
            file = None
            if image is not None and files:
                file = _write(options, job, files, method, target, partial(render, image, crop.box, target.pixels))
            if options.json:
                print(json.dumps(record_of(job.photo, size, method, target, crop, within, file)))
            else:
                print(sentence(job.photo, method, target, crop, file))


def _pad(options: argparse.Namespace, job: Job, files: Files | None, formats: Sequence[Format]) -> None:
    border = options.background or Border()
    image = open_image(job.photo) if files else None
    size = image_size(job.photo) if image is None else (image.shape[1], image.shape[0])
    within = TRIM[options.trim or "auto"](borders_of(job.photo) if image is None else borders_in(image, size))
    part = within or Box(0, 0, *size)
    for target in formats:
        canvas = canvas_for((part.width, part.height), target.aspect, target.pixels)
        file = None
        if image is not None and files:
            file = _write(options, job, files, "pad", target, partial(pad, cut(image, part), canvas, border))
        if options.json:
            print(json.dumps(padded_record(job.photo, size, target, canvas, border, within, file)))
        else:
            bars = left_out(within, size) if within else ""
            print(padded_sentence(job.photo, target, canvas, border, bars, file))


def _file_name(options: argparse.Namespace, job: Job, method: str, target: Format) -> str:
    return crop_name(job.name, method, target, options.format or format_like(job.photo.suffix))


def _write(
    options: argparse.Namespace,
    job: Job,
    files: Files,
    method: str,
    target: Format,
    draw: Callable[[], RgbImage],
) -> Written:
    name = _file_name(options, job, method, target)
    kind = options.format or format_like(job.photo.suffix)
    return Written(files.out / name, files.put(name, lambda: encode(draw(), kind, options.quality)))


def model_of(options: argparse.Namespace, name: str) -> SaliencyModel:
    """The model of a name, adapted where that is wished."""
    model = load_model(name)
    return AdaptedModel(model, options.adapt.adaptation) if options.adapt else model


def _needs_pixels(options: argparse.Namespace, methods: Sequence[str]) -> bool:
    """Whether the full picture must be decoded; the boxes of a saliency network alone take a fraction of it."""
    return bool(options.out or any(name not in MODELS for name in methods))


def _crops(
    options: argparse.Namespace, name: str, path: Path, image: RgbImage | None, aspects: Sequence[Aspect]
) -> tuple[tuple[int, int], list[Crop], Box | None]:
    """The size of the picture; the method's crops, each with the share of gaze that a model expects it to keep; and the
    part inside bars in which they were sought, where a network's crops were."""
    if name in MODELS:
        model = model_of(options, name)
        seen = look(path, model) if image is None else see(image, (image.shape[1], image.shape[0]), model)
        whole = WHOLE[options.whole](seen.things)
        within = TRIM[options.trim or "auto"](seen.borders)
        framing = Framing(options.keep, options.margin or 0.0, whole, options.focal, within)
        return seen.size, frame(seen.map, seen.size, aspects, framing), within
    assert image is not None
    size = image.shape[1], image.shape[0]
    crops = load_method(name).crop(image, aspects)
    if any(math.isnan(crop.kept) for crop in crops):
        return size, judged(crops, load_model(USUAL).predict(image), size), None
    return size, crops, None
