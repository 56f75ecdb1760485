"""A table of focal points: where a person says that a photo's subject is."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path

COLUMNS = ("image", "x", "y")
MOST_NAMED = 3  # bad lines that an error names one by one
Point = tuple[float, float]


@dataclass(slots=True)
class FocalFile:
    """path: of the table. points: (x, y), each 0..1 of the photo, by the last parts of the photos' paths. outside: how
    many lines had a point that is not in its photo. used: the points that a photo was found for."""

    path: Path
    points: dict[tuple[str, ...], Point]
    outside: int = 0
    used: set[tuple[str, ...]] = field(default_factory=set)

    def point_of(self, photo: Path) -> Point | None:
        """Of the line that names most of the photo's path: "b/beach.jpg" before "beach.jpg"."""
        parts = photo.resolve().parts
        for start in range(len(parts)):
            if parts[start:] in self.points:
                self.used.add(parts[start:])
                return self.points[parts[start:]]
        return None

    def told(self) -> list[str]:
        """What a person should know once all photos were looked up."""
        unused = len(self.points) - len(self.used)
        found = []
        if self.outside:
            found.append(f"{self.path}: {self.outside} of its points outside the photo, which is 0 to 1, so not used")
        if unused:
            found.append(f"{self.path}: no photo in this run for {unused} of {len(self.points)} points")
        return found


def read_focals(path: Path) -> FocalFile:
    """A CSV with the columns image,x,y, between them commas, semicolons or tabs; with semicolons or tabs, 0,5 is 0.5.

    image: a photo's name, or the end of its path. x, y: 0..1 of its width and height. Raises ValueError naming what is
    wrong.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8"
        raise ValueError(f"cannot read {path}: {why}") from None
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    reader = csv.DictReader(text.splitlines(), delimiter=separator)
    names = [name.strip().lower() for name in reader.fieldnames or []]
    if missing := [column for column in COLUMNS if column not in names]:
        lacking = " and ".join(missing)
        raise ValueError(f"the first line of {path} must name the columns image, x and y; it has no {lacking}")
    reader.fieldnames = names
    found, bad = FocalFile(path, {}), []
    for row in reader:
        try:
            x, y = (_number(row[column], separator) for column in ("x", "y"))
        except ValueError as error:
            bad.append(f"line {reader.line_num}: {error}")
            continue
        if 0 <= x <= 1 and 0 <= y <= 1:
            found.points[Path(row["image"].strip()).parts] = x, y
        else:
            found.outside += 1
    if bad:
        more = f"; and {len(bad) - MOST_NAMED} more" if len(bad) > MOST_NAMED else ""
        raise ValueError(f"{path}: " + "; ".join(bad[:MOST_NAMED]) + more)
    return found


def _number(text: str | None, separator: str) -> float:
    try:
        return float((text or "").replace(",", ".") if separator != "," else text or "")
    except ValueError:
        raise ValueError(f"{text!r} is no number; write it as 0.5") from None
