"""The photos of a run on which its methods differ most, with their crops drawn on them. Pure: JPEGs out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.placement import overlaps
from eval.runs import Run
from pages.shared.palette import method_look
from pages.shared.pictures import draw_boxes, enlarge, reduce
from saliency import Box, ImageError
from saliency.export import encode
from saliency.locked import doors

MOST = 6
ALIKE = 0.95  # crops that overlap more are no example of a difference
SIDE = 640  # pixels of a picture's longer side


@dataclass(frozen=True, slots=True)
class Example:
    """A photo by its path, one format, the least overlap of two methods' crops, and a JPEG with all their boxes."""

    image: str
    aspect: str
    overlap: float
    picture: bytes


def examples(run: Run, methods: Sequence[str], most: int = MOST) -> list[Example]:
    """The photos on which two of these methods' crops overlap least, each in that format.

    Only those of the run's folder, as long as they are there.
    """
    boxes = run.boxes[run.boxes["method"].isin(methods) & (run.boxes["dataset"] == "folder")]
    least = overlaps(boxes).min(axis=1).sort_values(kind="stable")
    least = least[(least < ALIKE) & ~least.index.get_level_values("image").duplicated()].head(most)
    found = []
    for (_, image, aspect), overlap in least.items():
        rows = boxes[(boxes["image"] == image) & (boxes["aspect"] == aspect)].set_index("method")
        size = (int(rows["image width"].iloc[0]), int(rows["image height"].iloc[0]))
        drawn = [
            (Box(*(int(rows.loc[name, side]) for side in ("left", "top", "width", "height"))), method_look(name))
            for name in methods
            if name in rows.index
        ]
        try:
            photo = enlarge(reduce(doors.open_image(Path(run.manifest["folder"]) / image, ground="checker")))
        except ImageError:
            continue
        found.append(Example(image, aspect, float(overlap), encode(reduce(draw_boxes(photo, drawn, size), SIDE))))
    return found
