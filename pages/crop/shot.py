"""A photo of the crop page with what is known of it, and the crops that follow from that and the visitor's wishes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from pages.crop.pads import Pads
from pages.shared.photo_cache import MAIN, Analysis, crops_by, frames
from pages.shared.photos import Photo
from pages.shared.pictures import open_preview, scale_box
from saliency import MODELS
from saliency.crop import expected_gaze, judge
from saliency.export import cut
from saliency.formats import Format
from saliency.framing import Framing, beside
from saliency.pad import Canvas, canvas_for
from saliency.types import Aspect, Box, Crop, Pixels

YOU = "you"  # the method of a visitor who chose where to look
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Shot:
    """stem: of downloaded files. framing: zoom, margin, things and what is inside bars, without a focal point.
    choice: a person's focal point, the visitor's own or the file's, (x, y) in 0..1; None while the machine decides.
    pads: the formats that show all of `part` in place of a crop. placed: the crops found so far, by method and aspect.
    """

    photo: Photo
    stem: str
    analysis: Analysis
    framing: Framing = Framing()  # noqa: RUF009  frozen, so it can be shared
    choice: Point | None = None
    pads: Pads = Pads()  # noqa: RUF009
    placed: dict[tuple[str, Aspect], Crop] = field(default_factory=dict, compare=False, repr=False)

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels."""
        return self.analysis.sight.size

    @property
    def model(self) -> str:
        """The model whose map is on screen, which is also the name of the method that crops by it."""
        return self.analysis.sight.model

    @property
    def at_any_cost(self) -> bool:
        """Whether something is kept whole whatever gaze that costs."""
        return any(thing.worth >= 1 for thing in self.framing.whole)

    @property
    def chosen(self) -> str:
        """The method whose crops are the result: the visitor's, or that by the map on screen."""
        return YOU if self.choice else self.model

    @property
    def by_file(self) -> bool:
        """Whether it is the photo's file that says where to look."""
        marked = self.analysis.sight.marked
        return marked is not None and self.choice == marked.point

    @property
    def focal_point(self) -> Point:
        """Where to look, (x, y) in 0..1: the point that the visitor chose, or the middle of the expected gaze."""
        if self.choice:
            return self.choice
        gaze = self.analysis.sight.map
        x, y = (float(gaze.sum(axis=axis) @ _centres(gaze.shape[1 - axis])) for axis in (0, 1))
        return x, y

    @property
    def is_smaller(self) -> bool:
        """Whether crops are smaller than the photo allows: they zoom in, or leave its bars out."""
        return self.framing.keep is not None or self.framing.within is not None

    def methods(self, wanted: Sequence[str]) -> list[str]:
        """The wanted methods, the visitor's own choice before them. MAIN stands for the model that made the map."""
        shown = list(wanted)
        if self.model not in wanted:
            shown = [self.model if name == MAIN else name for name in wanted]
        return [YOU, *shown] if self.choice else shown

    @property
    def part(self) -> Box:
        """What is shown where nothing is cropped: the photo, or what is inside its bars where they are left out."""
        return self.framing.within or Box(0, 0, *self.size)

    @property
    def part_keeps(self) -> float:
        """The share of expected gaze in that part, 0..1."""
        if self.framing.within is None:
            return 1.0
        box, sight = self.framing.within, self.analysis.sight
        return judge(expected_gaze(sight.map), sight.size, Aspect(box.width, box.height), box).kept

    def canvas(self, target: Format, pixels: tuple[int, int] | None = None) -> Canvas | None:
        """The canvas with that part, of this size where one is given; None where the format shows a crop."""
        size = self.part.width, self.part.height
        return canvas_for(size, target.aspect, pixels) if self.pads.has(target) else None

    def part_of(self, preview: Pixels) -> Pixels:
        """That part, cut from the preview of the photo."""
        return cut(preview, scale_box(self.part, self.size, preview))

    @property
    def clear_preview(self) -> Pixels:
        """The preview, with its opacity where the photo is transparent."""
        return open_preview(self.analysis.sight.clear or self.analysis.sight.preview)

    def by_gaze_alone(self, target: Format) -> Crop:
        """The widest crop of one format, placed by gaze alone, whatever its border cuts."""
        return frames(self.photo, [target.aspect], Framing(within=self.framing.within), self.analysis.sight)[0]

    def crops_of(self, method: str, formats: Sequence[Format]) -> list[Crop]:
        """The method's crop of each format. Zoom and bars left out are the saliency crop's for every method, so that
        what they keep can be compared; whole heads and a focal point are for the crops by saliency and by hand."""
        aspects = [target.aspect for target in formats]
        missing = [aspect for aspect in dict.fromkeys(aspects) if (method, aspect) not in self.placed]
        for aspect, crop in zip(missing, self._place(method, missing), strict=True):
            self.placed[method, aspect] = crop
        return [self.placed[method, aspect] for aspect in aspects]

    def _place(self, method: str, aspects: Sequence[Aspect]) -> list[Crop]:
        """Their crops, for `crops_of`."""
        if not aspects:
            return []
        sight = self.analysis.sight
        if method == YOU:
            return frames(self.photo, aspects, replace(self.framing, focal=self.choice), sight)
        if method == self.model:
            return frames(self.photo, aspects, self.framing, sight)
        crops = crops_by(self.photo, method, aspects, sight, self.framing.within)
        if not self.is_smaller or (self.framing.keep is None and method in MODELS):
            return crops
        framed = frames(self.photo, aspects, self.framing, sight)
        return [self.as_small(crop, like) for crop, like in zip(crops, framed, strict=True)]

    def as_small(self, crop: Crop, like: Crop) -> Crop:
        """Another method's crop, as large as the saliency crop of the same format, and inside the same bars."""
        sight = self.analysis.sight
        found = beside(sight.map, sight.size, like, crop.focal_point, self.framing.within)
        return replace(found, note=crop.note)

    def place_all(self, methods: Sequence[str], formats: Sequence[Format]) -> None:
        """Have every crop known before the first is drawn: what is on screen then changes at once, from one analysis to
        the next."""
        for method in self.methods(methods):
            self.crops_of(method, formats)
        if self.framing.keep is None:  # else nothing is said of it
            for target in formats:
                self.by_gaze_alone(target)

    def crop_of(self, method: str, target: Format) -> Crop:
        """The method's crop of one format."""
        return self.crops_of(method, [target])[0]


def _centres(cells: int) -> NDArray[np.float64]:
    """Where the centres of so many cells lie, 0..1."""
    return (np.arange(cells) + 0.5) / cells
