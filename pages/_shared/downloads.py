"""Crops as files to download, cut from the full-size original only when somebody asks for them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PureWindowsPath

from pages._shared.photos import Photo
from saliency import open_image
from saliency.export import FILE_FORMATS, crop_name, cut, encode, format_like
from saliency.types import Aspect, Crop


@dataclass(frozen=True, slots=True)
class CropFile:
    """One file to be: what it is called and where its pixels come from."""

    photo: Photo
    method: str
    name: str
    format: str
    crop: Crop

    @property
    def mime(self) -> str:
        return FILE_FORMATS[self.format].mime

    def read(self) -> bytes:
        """The file's bytes: a picture of exactly crop.box's width and height."""
        return encode(cut(open_image(self.photo.data), self.crop.box), self.format)


def crop_files(
    photo: Photo, stem: str, crops: Mapping[str, Sequence[Crop]], aspects: Sequence[Aspect]
) -> dict[tuple[str, str], CropFile]:
    """The files of one photo by (method, aspect as text), for those of its crops that have one of the aspects.

    Of the original's kind: lossless stays lossless, anything else becomes JPEG or WebP.
    """
    format = format_like(PureWindowsPath(photo.name).suffix)
    return {
        (method, str(crop.aspect)): CropFile(photo, method, crop_name(stem, method, crop.aspect, format), format, crop)
        for method, found in crops.items()
        for crop in found
        if crop.aspect in aspects
    }


def zip_files(files: Sequence[CropFile]) -> bytes:
    """All the files in one zip. Each photo is opened once; one full-size picture is in memory at a time."""
    by_photo: dict[str, list[CropFile]] = {}
    for file in files:
        by_photo.setdefault(file.photo.key, []).append(file)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:  # pictures are compressed already
        for group in by_photo.values():
            image = open_image(group[0].photo.data)
            for file in group:
                archive.writestr(file.name, encode(cut(image, file.crop.box), file.format))
    return buffer.getvalue()
