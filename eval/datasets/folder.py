"""The user's own photos: a folder, with any of fixations.csv, boxes.csv and crops.csv beside them.

fixations.csv  image,subject,x,y                where people looked, in pixels of the upright image
boxes.csv      image,left,top,width,height      regions that must stay in view
crops.csv      image,left,top,width,height      crops that people chose

Between the columns are commas, semicolons or tabs; with the latter two, numbers may have decimal commas.
"""

from __future__ import annotations

import math
import os
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.datasets.types import DatasetError, DatasetNotFound, Sample, make_sample
from eval.opening import photo_size
from saliency.files.stored import Size
from saliency.image import SUFFIXES, ImageError
from saliency.tables import MOST_SHOWN, Line, read_table
from saliency.types import Aspect

BOX_COLUMNS = ("left", "top", "width", "height")
Boxes = dict[str, NDArray[np.float64]]


def read_folder(root: Path, size_of: Callable[[Path], Size] = photo_size) -> list[Sample]:
    """One sample a picture in the folder or below it, by its path relative to the folder.

    size_of: gives a picture's (width, height), as `photo_size` does.

    A picture that cannot be opened has size (0, 0): the run records why. Raises DatasetNotFound without pictures, and
    DatasetError, naming the file and every bad line, when an annotation cannot be read.
    """
    paths = sorted(p for p in root.rglob("*") if p.suffix.lower().lstrip(".") in SUFFIXES and p.is_file())
    if not paths:
        raise DatasetNotFound(f"no pictures in {root}; put some there ({', '.join(SUFFIXES)})")
    names = {_text(path.relative_to(root)): path for path in paths}
    fixations = _read_fixations(root / "fixations.csv", names)
    regions = _read_boxes(root / "boxes.csv", names)
    crops = _read_boxes(root / "crops.csv", names)
    samples = []
    for name, path in names.items():
        sample = make_sample("folder", path, _size(path, size_of), fixations.get(name, [np.empty((0, 2))]), name=name)
        samples.append(replace(sample, regions=regions.get(name), human_crops=crops.get(name)))
    return samples


def _text(path: Path) -> str:
    r"""The path as tables can hold it: bytes that are no UTF-8 become \xe9."""
    return os.fsencode(path.as_posix()).decode(errors="backslashreplace")


def _size(path: Path, size_of: Callable[[Path], Size]) -> Size:
    try:
        return size_of(path)
    except ImageError:
        return 0, 0


def _read_fixations(path: Path, names: dict[str, Path]) -> dict[str, list[NDArray[np.float64]]]:
    """For each image one (n, 2) array an observer; observers keep their rank in the whole file."""
    rows = _read(path, ("x", "y"), names, labels=("image", "subject"))
    ranks = {subject: rank for rank, subject in enumerate(sorted({row[0][1] for row in rows}))}
    points: dict[str, list[list[list[float]]]] = defaultdict(lambda: [[] for _ in ranks])
    for (image, subject), values in rows:
        points[image][ranks[subject]].append(values)
    return {image: [np.reshape(np.array(p, float), (-1, 2)) for p in of] for image, of in points.items()}


def _read_boxes(path: Path, names: dict[str, Path]) -> Boxes:
    boxes: dict[str, list[list[float]]] = defaultdict(list)
    for (image,), values in _read(path, BOX_COLUMNS, names, labels=("image",)):
        boxes[image].append(values)
    return {image: np.array(rows, float) for image, rows in boxes.items()}


def _read(
    path: Path, numbers: Sequence[str], names: dict[str, Path], labels: Sequence[str]
) -> list[tuple[tuple[str, ...], list[float]]]:
    """The rows of a CSV as (labels, numbers); nothing where there is no file. All bad lines are named in one error."""
    if not path.exists():
        return []
    try:
        return read_table(path, (*labels, *numbers), lambda line: _parse(line, numbers, names, labels))
    except ValueError as error:
        raise DatasetError(f"{path.name}: {error}") from None


def _parse(
    line: Line, numbers: Sequence[str], names: dict[str, Path], labels: Sequence[str]
) -> tuple[tuple[str, ...], list[float]]:
    if line.text("image") not in names:
        raise ValueError(f"no picture {line.text('image')[:MOST_SHOWN]!r} in the folder")
    values = [line.number(column) for column in numbers]
    for column, value in zip(numbers, values, strict=True):
        if not math.isfinite(value) or (column in ("width", "height") and value <= 0):
            raise ValueError(f"{column} is out of range: {value:g}")
    if "width" in numbers:
        try:
            Aspect(values[2], values[3])
        except ValueError as error:
            raise ValueError(f"the box makes no crop: {error}") from None
    return tuple(line.text(label) for label in labels), values
