"""Crops as files to download, cut from the full-size original only when somebody asks for them."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PureWindowsPath

from pages.crop.shot import Shot
from saliency.animate import MOVING, lost_note
from saliency.export import FILE_FORMATS, crop_name, format_like
from saliency.formats import FORMATS, Format
from saliency.locked import doors
from saliency.locked.jobs import Order
from saliency.pad import Canvas, pad_json
from saliency.photo_file import Writing
from saliency.types import Crop

FOCAL_POINTS = "focal_points.json"


@dataclass(frozen=True, slots=True)
class Output:
    """How crops are written. kind: one of FILE_FORMATS, None as the original. quality: 1..100, None as usual for the
    kind. resize: also to the usual size of a format in FORMATS; a size that the visitor wrote is always meant."""

    kind: str | None = None
    quality: int | None = None
    resize: bool = False

    def pixels(self, target: Format) -> tuple[int, int] | None:
        """The size, (width, height), that a crop of this format is brought to; None leaves it as cut."""
        return target.pixels if self.resize or target not in FORMATS.values() else None


@dataclass(frozen=True, slots=True)
class CropFile:
    """One file to be: what it is called, where its pixels come from. pixels: (width, height), None for the crop's.
    canvas: of the whole photo with a border; None for a crop."""

    shot: Shot
    crop: Crop
    name: str
    kind: str
    quality: int | None
    pixels: tuple[int, int] | None
    canvas: Canvas | None = None

    @property
    def mime(self) -> str:
        return FILE_FORMATS[self.kind].mime

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) of the picture."""
        return self.canvas.size if self.canvas else self.pixels or (self.crop.box.width, self.crop.box.height)

    @property
    def frames(self) -> int:
        """How many it has: more than one where it moves."""
        return self.shot.analysis.sight.frames if self.kind in MOVING else 1

    @property
    def lost(self) -> str:
        """What of the photo it does not have, in words."""
        sight = self.shot.analysis.sight
        still = f"{self.kind} does not move" if sight.frames > 1 and self.kind not in MOVING else sight.still
        return lost_note(bool(sight.clear and not self.canvas), still, self.kind)

    @property
    def order(self) -> Order:
        """How it is cut from the photo."""
        how = Writing(self.kind, self.quality)
        if self.canvas:
            return Order(self.shot.part, how, None, self.canvas, self.shot.pads.border)
        return Order(self.crop.box, how, self.pixels)

    def read(self) -> bytes:
        """The file's bytes."""
        return doors.write(self.shot.photo.data, [self.order])[0]


def crop_file(shot: Shot, method: str, target: Format, crop: Crop, output: Output = Output()) -> CropFile:
    """The file of one crop; by whatever method that of the whole photo, where the visitor has the format so. Of the
    original's kind where the output names none: lossless stays lossless."""
    kind = output.kind or format_like(PureWindowsPath(shot.photo.name).suffix)
    pixels = output.pixels(target)
    canvas = shot.canvas(target, pixels)
    name = crop_name(shot.stem, "pad" if canvas else method, replace(target, pixels=pixels), kind)
    return CropFile(shot, crop, name, kind, output.quality, pixels, canvas)


def crop_files(shot: Shot, methods: Sequence[str], formats: Sequence[Format], output: Output) -> list[CropFile]:
    """The files of one photo; of two that would be the same picture, the first."""
    files: dict[str, CropFile] = {}
    for method in methods:
        for target, crop in zip(formats, shot.crops_of(method, formats), strict=True):
            file = crop_file(shot, method, target, crop, output)
            files.setdefault(file.name, file)
    return list(files.values())


def zip_files(files: Sequence[CropFile], focal_points: str = "") -> bytes:
    """All the files in one zip, and the focal points beside them where they are given, as JSON.

    Each photo is opened once; the files of one photo are in memory at a time, beside the zip.
    """
    by_photo: dict[str, list[CropFile]] = {}
    for file in files:
        by_photo.setdefault(file.shot.photo.key, []).append(file)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:  # pictures are compressed already
        for group in by_photo.values():
            written = doors.write(group[0].shot.photo.data, [file.order for file in group])
            for file, data in zip(group, written, strict=True):
                archive.writestr(file.name, data)
        if focal_points:
            archive.writestr(FOCAL_POINTS, focal_points)
    return buffer.getvalue()


def focal_points(shots: Sequence[Shot], formats: Sequence[Format]) -> str:
    """Where each photo should be looked at, and its boxes, as JSON: a list with an object a photo.

    within: the part of it that is used, where its bars are left out; left, top, width and height, as the boxes.
    """
    return json.dumps([_record(shot, formats) for shot in shots], indent=2, ensure_ascii=False) + "\n"


def _record(shot: Shot, formats: Sequence[Format]) -> dict[str, object]:
    crops = shot.crops_of(shot.chosen, formats)
    x, y = shot.focal_point
    within = {"within": shot.framing.within.as_list()} if shot.framing.within else {}
    return {
        "image": shot.photo.name,
        "width": shot.size[0],
        "height": shot.size[1],
        "chosen_by": "file" if shot.by_file else "person" if shot.choice else shot.model,
        "focal_point": {"x": round(x, 4), "y": round(y, 4)},
        **within,
        "crops": [
            {"format": target.label} | _shown(shot, target, crop) for target, crop in zip(formats, crops, strict=True)
        ],
    }


def _shown(shot: Shot, target: Format, crop: Crop) -> dict[str, object]:
    """What is shown in a format: the box of the crop, or of the whole photo, bars left out, and its canvas."""
    if canvas := shot.canvas(target):
        return {"box": shot.part.as_list()} | pad_json(canvas, shot.pads.border, round(shot.part_keeps, 4))
    return {"box": crop.box.as_list(), "kept": round(crop.kept, 4)}
