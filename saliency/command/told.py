"""What is told of each crop: a sentence, or an object for JSON that says all that the sentence does."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from saliency.formats import Format
from saliency.pad import Border, Canvas, pad_json
from saliency.types import Box, Crop


@dataclass(frozen=True, slots=True)
class Written:
    """A file of this run. new: False where it was there before and stays as it was."""

    path: Path
    new: bool


def record_of(
    path: Path, size: tuple[int, int], method: str, target: Format, crop: Crop, within: Box | None, file: Written | None
) -> dict[str, object]:
    """A crop for JSON. within: the part of the photo that is used, where its bars are left out."""
    record: dict[str, object] = {
        "image": str(path),
        "width": size[0],
        "height": size[1],
        "method": method,
        "aspect": str(crop.aspect),
        "box": crop.box.as_list(),
        "kept": round(crop.kept, 6),
        "gain": round(crop.gain, 6),
        "focal_point": [round(value, 2) for value in crop.focal_point],
    }
    if target.pixels:
        record["pixels"] = list(target.pixels)
    if crop.note:
        record["note"] = crop.note
    return record | _within_json(within) | _file_json(file)


def padded_record(
    path: Path,
    size: tuple[int, int],
    target: Format,
    canvas: Canvas,
    border: Border,
    within: Box | None,
    file: Written | None,
) -> dict[str, object]:
    """A padded photo for JSON."""
    part = within or Box(0, 0, *size)
    record = {"image": str(path), "width": size[0], "height": size[1], "aspect": str(target.aspect)}
    record |= {"box": part.as_list()} | pad_json(canvas, border, None if within else 1)
    return record | _within_json(within) | _file_json(file)


def sentence(path: Path, method: str, target: Format, crop: Crop, file: Written | None) -> str:
    """A crop in words."""
    left, top, width, height = crop.box.as_list()
    note = f" ({crop.note})" if crop.note else ""
    return (
        f"{path}: {method} {target.title} is {width}x{height} at ({left}, {top}), "
        f"keeps {crop.kept:.1%} of expected gaze, {100 * crop.gain:+.1f} points against the centre{note}"
        f"{_file_words(file)}"
    )


def padded_sentence(path: Path, target: Format, canvas: Canvas, border: Border, bars: str, file: Written | None) -> str:
    """A padded photo in words. bars: what is left out of it, empty where nothing is."""
    left, top, width, height = canvas.photo.as_list()
    what = f"the photo without its plain bars ({bars})" if bars else "the whole photo"
    return (
        f"{path}: pad {target.title} is {canvas.size[0]}x{canvas.size[1]}, "
        f"{what} {width}x{height} at ({left}, {top}), border {border}{_file_words(file)}"
    )


def staying(path: Path, file: Path) -> str:
    """Of a file that was there before."""
    return f"{path}: skipped, {file} exists"


def _within_json(within: Box | None) -> dict[str, object]:
    return {"within": within.as_list()} if within else {}


def _file_json(file: Written | None) -> dict[str, object]:
    if file is None:
        return {}
    return {"file": str(file.path)} if file.new else {"file": str(file.path), "skipped": "it exists"}


def _file_words(file: Written | None) -> str:
    if file is None:
        return ""
    return f" -> {file.path}" if file.new else f"; skipped, {file.path} exists"
