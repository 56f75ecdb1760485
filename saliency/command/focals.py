"""A table of focal points: where a person says that a photo's subject is."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from saliency.command.paths import real
from saliency.tables import read_table

COLUMNS = ("image", "x", "y")
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
        parts = real(photo).parts
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
    """A CSV with the columns image,x,y, as `read_table` reads it.

    image: a photo's name, or the end of its path. x, y: 0..1 of its width and height. Raises ValueError naming what is
    wrong.
    """
    found = FocalFile(path, {})
    try:
        lines = read_table(path, COLUMNS, lambda line: (line.text("image"), line.number("x"), line.number("y")))
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None
    for image, x, y in lines:
        if 0 <= x <= 1 and 0 <= y <= 1:
            found.points[Path(image).parts] = x, y
        else:
            found.outside += 1
    return found
