"""Photos -> rows: all that both engines do, and nothing that depends on which of them or on when."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from saliency.animation import looks_of, open_animation
from saliency.bulk.recipe import Recipe, format_name
from saliency.command.ending import why
from saliency.command.placing import Placed, place_as_marked, place_by_method
from saliency.command.sources import open_photo
from saliency.export import FILE_FORMATS, format_like, output_size
from saliency.formats import Format
from saliency.image import ImageError, TooLargeError
from saliency.models import MODELS, load_model
from saliency.models.weights import WeightsError
from saliency.notes import cut_note
from saliency.photo_file import Original, Writing
from saliency.types import Crop


@dataclass(frozen=True, slots=True)
class Photo:
    """name: that of its crops' files, without their ends. data: its bytes, or why they cannot be had."""

    path: str
    name: str
    data: bytes | ImageError


@dataclass(frozen=True, slots=True)
class Row:
    """values: of the columns of `table.SCHEMA`. files: the crops, by their names."""

    values: dict[str, Any]
    files: dict[str, bytes] = field(default_factory=dict)


def process(photos: Iterable[Photo], recipe: Recipe) -> Iterator[Row]:
    """A row for each photo, in their order; of one that cannot be read with the reason as its error.

    Raises WeightsError and ImportError, with which no photo would fare better.
    """
    for photo in photos:
        try:
            if isinstance(photo.data, ImageError):
                raise photo.data
            yield _row(photo, photo.data, recipe)
        except (WeightsError, ImportError):
            raise
        except Exception as error:  # no fault of one photo takes the others along
            yield Row({"path": photo.path, "method": recipe.method, "error": said_of(error)})


def said_of(error: Exception) -> str:
    """What is said of a photo that has no crops."""
    if isinstance(error, TooLargeError):
        return error.told_owner()
    return str(error) if isinstance(error, ImageError) else why(error)


def _row(photo: Photo, data: bytes, recipe: Recipe) -> Row:
    targets = recipe.targets
    placed, original = _placed(data, recipe, targets)
    size, within = placed.opened.size, placed.within
    crops, files = [], {}
    for target, crop in zip(targets, placed.crops, strict=True):
        record = crop_record(target, crop, cut_note(placed.things, crop.box))
        if recipe.cutting:
            name, contents = _file(photo, original, target, crop, recipe)
            files[name] = contents
            record["file"] = name
        crops.append(record)
    values = {
        "path": photo.path,
        "width": size[0],
        "height": size[1],
        "crops": crops,
        "within": within.as_list() if within else None,
        "method": recipe.method,
        "damage": placed.opened.damage or None,
    }
    return Row(values, files)


def _placed(data: bytes, recipe: Recipe, targets: list[Format]) -> tuple[Placed, Original]:
    aspects = [target.aspect for target in targets]
    animation = open_animation(data, max_bytes=len(data), strict=recipe.strict)
    model = load_model(recipe.method) if recipe.method in MODELS else None
    least = model.least_size if model and not recipe.cutting else None
    opened = open_photo(data, recipe.strict, least)
    if model:
        placed = place_as_marked(data, opened, looks_of(animation), model, aspects, recipe.wishes)
    else:
        placed = place_by_method(opened, recipe.method, aspects)
    return placed, Original(data, opened, animation)


def crop_record(target: Format, crop: Crop, cut: str) -> dict[str, Any]:
    """A crop in the words of `gazecrop crop --json`; null is what is not known, or not worth a word."""
    left, top, width, height = crop.box.as_list()
    x, y = crop.focal_point
    return {
        "format": format_name(target),
        "left": left,
        "top": top,
        "width": width,
        "height": height,
        "kept": _rounded(crop.kept, 6),
        "gain": _rounded(crop.gain, 6),
        "helps": _rounded(crop.helps, 6),
        "harms": _rounded(crop.harms, 6),
        "focal_x": _rounded(x, 2),
        "focal_y": _rounded(y, 2),
        "note": crop.note or None,
        "cut": cut or None,
        "file": None,
    }


def _rounded(value: float, digits: int) -> float | None:
    return round(float(value), digits) if math.isfinite(value) else None


def _file(photo: Photo, original: Original, target: Format, crop: Crop, recipe: Recipe) -> tuple[str, bytes]:
    cutting = recipe.cutting
    assert cutting
    kind = cutting.kind or format_like(Path(photo.path).suffix)
    pixels = output_size(crop.box, target.pixels, cutting.enlarge)
    contents = original.crop(crop.box, pixels, Writing(kind, cutting.quality, cutting.keep))
    return f"{photo.name}_{recipe.method}_{target.file_part}{FILE_FORMATS[kind].suffix}", contents
