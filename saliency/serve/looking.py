"""What a worker does with one photo: have it opened, look, place the crops, and tell of them as the command line."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

from saliency.animate import lost_note
from saliency.command.told import MadeCrop
from saliency.crop import judged
from saliency.export import output_size
from saliency.files.errors import ImageError, TooLargeError
from saliency.framing import Framing, frame
from saliency.locked import doors
from saliency.locked.answers import Looked
from saliency.methods import load_method
from saliency.models import MODELS, load_model
from saliency.notes import cut_note
from saliency.pipeline import see_all
from saliency.serve.wishes import USUAL_METHOD, Wish
from saliency.types import Box, Crop, Thing


@dataclass(frozen=True, slots=True)
class Answer:
    """photo, crops: as they are sent. seconds: that were spent, by on what."""

    photo: dict[str, Any]
    crops: list[dict[str, Any]]
    seconds: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A photo that is not opened. reason: the name of the limit that it is beyond, or "picture". words: a sentence for
    whoever sent it."""

    reason: str
    words: str


@dataclass(frozen=True, slots=True)
class _Placed:
    crops: list[Crop]
    within: Box | None = None
    things: Sequence[Thing] = ()


def answer(data: bytes, wish: Wish) -> Answer | Refusal:
    """Raises Gone where no process can be had that opens files."""
    started = perf_counter()
    try:
        looked = doors.look(data, load_model(wish.method).least_size if wish.method in MODELS else _whole)
    except TooLargeError as error:
        return Refusal(error.limit.name, str(error))
    except ImageError as error:
        return Refusal("picture", str(error))
    opened = perf_counter()
    placed = _placed(looked, wish)
    seconds = {"decode": opened - started, "network": perf_counter() - opened}
    return Answer(_photo(looked), _told(looked, placed, wish), seconds)


def _whole(size: tuple[int, int]) -> tuple[int, int]:
    return size


def _placed(looked: Looked, wish: Wish) -> _Placed:
    aspects, picture = [target.aspect for target in wish.targets], looked.picture
    if wish.method in MODELS:
        seen = see_all(picture, looked.looks, load_model(wish.method))
        framing = Framing(whole=seen.things, within=seen.borders.sure)
        return _Placed(frame(seen.map, seen.size, aspects, framing), seen.borders.sure, seen.things)
    crops = load_method(wish.method).crop(picture.pixels, aspects)
    if any(math.isnan(crop.kept) for crop in crops):
        crops = judged(crops, load_model(USUAL_METHOD).predict(picture.pixels), picture.size)
    return _Placed(crops)


def _photo(looked: Looked) -> dict[str, Any]:
    width, height = looked.picture.size
    return {"width": width, "height": height}


def _told(looked: Looked, placed: _Placed, wish: Wish) -> list[dict[str, Any]]:
    """A record for each format, as `gazecrop crop --json` prints it, but for the file's name."""
    picture, lost = looked.picture, lost_note(False, looked.still, "JPEG")
    records = []
    for text, target, crop in zip(wish.formats, wish.targets, placed.crops, strict=True):
        pixels, cuts = output_size(crop.box, target.pixels), cut_note(placed.things, crop.box)
        made = Path(), picture.size, picture.damage, placed.within, target, None, lost
        record = MadeCrop(*made, wish.method, crop, pixels, cuts).record()
        del record["image"]
        records.append({"format": text, **record})
    return records
