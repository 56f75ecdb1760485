"""Where a method's crops of a photo lie, by what was wished on the command line, of one photo or of many."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from saliency.borders import TRIM
from saliency.crop import judged
from saliency.framing import Framing, frame
from saliency.image import Opened
from saliency.methods import load_method
from saliency.models import load_model
from saliency.notes import joined
from saliency.pipeline import see_all
from saliency.regions import marked
from saliency.things import WHOLE
from saliency.types import Aspect, Box, Crop, SaliencyModel, Thing

USUAL = "gaze"  # the model where none is named, and the one that says what others' crops keep


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is wanted of a network's crops. keep, margin: as in `Framing`. whole: one of WHOLE. trim: one of TRIM.
    regions: one of REGIONS."""

    keep: float | None = None
    margin: float = 0.0
    whole: str = "usual"
    trim: str = "auto"
    regions: str = "person"


@dataclass(frozen=True, slots=True)
class Placed:
    """A method's crops, each with the share of gaze that a model expects it to keep; and, where a network placed them,
    the part inside bars in which they were sought, and what they should not cut. chosen: whether a person chose where
    to look."""

    opened: Opened
    crops: list[Crop]
    within: Box | None = None
    things: Sequence[Thing] = ()
    chosen: bool = False

    def noted(self, note: str) -> Placed:
        """With a note on each of the crops, before its own."""
        return replace(self, crops=[replace(crop, note=joined(note, crop.note)) for crop in self.crops])


def place_by_model(
    opened: Opened,
    looks: Iterable[Opened],
    model: SaliencyModel,
    aspects: Sequence[Aspect],
    wishes: Wishes,
    focal: tuple[float, float] | None = None,
) -> Placed:
    """The crops by where a model sees people look. opened: reduced or in full. looks: as for `see_all`. focal: as in
    `Framing`."""
    seen = see_all(opened, looks, model)
    within = TRIM[wishes.trim](seen.borders)
    whole = WHOLE[wishes.whole](seen.things)
    framing = Framing(wishes.keep, wishes.margin, whole, focal, within)
    return Placed(opened, frame(seen.map, seen.size, aspects, framing), within, whole)


def place_as_marked(
    data: bytes,
    opened: Opened,
    looks: Iterable[Opened],
    model: SaliencyModel,
    aspects: Sequence[Aspect],
    wishes: Wishes,
    focal: tuple[float, float] | None = None,
) -> Placed:
    """As `place_by_model`, but centred on what the photo's own file marks, where there is no focal point. data: its
    bytes."""
    told = None if focal else marked(data, wishes.regions)
    placed = place_by_model(opened, looks, model, aspects, wishes, told.point if told else focal)
    placed = replace(placed, chosen=bool(focal or (told and wishes.regions == "person")))
    return placed.noted(told.note) if told else placed


def place_by_method(full: Opened, name: str, aspects: Sequence[Aspect]) -> Placed:
    """The crops of any other method, which sees the full picture; what they keep is what the usual model expects."""
    pixels = full.pixels
    crops = load_method(name).crop(pixels, aspects)
    if any(math.isnan(crop.kept) for crop in crops):
        crops = judged(crops, load_model(USUAL).predict(pixels), full.size)
    return Placed(full, crops)
