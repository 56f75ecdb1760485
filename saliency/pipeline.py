"""From a file's bytes to boxes: no pixel is decoded that only a crop's own file would need."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Generator, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import numpy as np

from saliency.animation import looks_of, open_animation
from saliency.borders import find_borders
from saliency.framing import Framing, frame
from saliency.image import ImageError, Opened, open_picture, read_file, resized
from saliency.models.gaze import GazeModel
from saliency.models.input import input_size, least_size
from saliency.things import find_things
from saliency.types import NO_BORDERS, Aspect, Borders, Box, Crop, RgbImage, SaliencyMap, SaliencyModel, Thing

Source = str | Path | bytes | BinaryIO
AHEAD = 2  # pictures a thread may be ahead of who asks for the results


@dataclass(frozen=True, slots=True)
class Seen:
    """What a model sees in a photo, without its pixels. size: (width, height) in full, upright. things: what a border
    should not cut; borders: the picture inside plain bars or a frame, or what a damaged file still has; both in pixels
    of the full photo. damage: what was wrong with the file, in a few words; empty for a whole one."""

    map: SaliencyMap
    size: tuple[int, int]
    things: tuple[Thing, ...] = ()
    borders: Borders = NO_BORDERS
    damage: str = ""


def look(source: Source, model: SaliencyModel) -> Seen:
    """Where people look in a picture, decoded no larger than the model needs it.

    Raises ImageError as `open_image` does.
    """
    data = read_file(source)
    opened = open_picture(data, model.least_size)
    return replace(see_all(opened, looks_of(open_animation(data)), model), damage=opened.damage)


def see_all(opened: Opened, looks: Iterable[Opened], model: SaliencyModel) -> Seen:
    """What a model sees in an opened photo; of an animation in `looks`, a few of its frames: the mean of their maps,
    the things of the middle one, and what is inside the bars of any."""
    seen = [see(frame.pixels, frame.size, model) for frame in looks]
    if not seen:
        return see(opened.pixels, opened.size, model, opened.there)
    borders = _of_any([each.borders for each in seen])
    return Seen(_mean([each.map for each in seen]), opened.size, seen[len(seen) // 2].things, borders)


def borders_all(opened: Opened, looks: Iterable[Opened]) -> Borders:
    """The picture inside plain bars or a frame, of an animation in all of `looks`, without a network."""
    found = [borders_in(frame.pixels, frame.size) for frame in looks]
    return _of_any(found) if found else borders_in(opened.pixels, opened.size, opened.there)


def _mean(maps: Sequence[SaliencyMap]) -> SaliencyMap:
    mean = np.mean(maps, axis=0, dtype=np.float64)
    return (mean / mean.sum()).astype(np.float32)


def _of_any(borders: Sequence[Borders]) -> Borders:
    """What is inside the bars of any of these pictures."""
    return Borders(_around([each.sure for each in borders]), _around([each.perhaps for each in borders]))


def _around(boxes: Sequence[Box | None]) -> Box | None:
    """The smallest box that holds all of these; None where one is missing."""
    found = [box for box in boxes if box]
    if len(found) < len(boxes):
        return None
    left, top = min(box.left for box in found), min(box.top for box in found)
    return Box(left, top, max(box.right for box in found) - left, max(box.bottom for box in found) - top)


def see(image: RgbImage, size: tuple[int, int], model: SaliencyModel, there: Box | None = None) -> Seen:
    """What a model sees in an opened photo, reduced or not, of `size` = (width, height) pixels in full.

    there: what a damaged file still has of it, as `open_picture` says; nothing is seen, and no crop lies, outside.
    """
    if isinstance(model, GazeModel):
        picture = model.see(image)
        saliency_map = model.look(picture)
    else:
        picture = resized(image, input_size(*size))
        saliency_map = model.predict(image)
    borders = _inside(find_borders(picture, size), there)
    if there:
        saliency_map = _only_inside(saliency_map, there, size)
    return Seen(saliency_map, size, find_things(picture, saliency_map, size, borders.sure), borders)


def borders_of(source: Source) -> Borders:
    """The picture inside plain bars or a frame, as `gaze` finds it, without asking the network.

    Raises ImageError as `open_image` does.
    """
    data = read_file(source)
    return borders_all(open_picture(data, least_size), looks_of(open_animation(data)))


def borders_in(image: RgbImage, size: tuple[int, int], there: Box | None = None) -> Borders:
    """The same in an opened photo, reduced or not, of `size` = (width, height) pixels in full. there: as for `see`."""
    return _inside(find_borders(resized(image, input_size(image.shape[1], image.shape[0])), size), there)


def _inside(borders: Borders, there: Box | None) -> Borders:
    """Borders that leave out what the file does not have."""
    if there is None:
        return borders
    sure, perhaps = ((box and box.inside(there)) or there for box in (borders.sure, borders.perhaps))
    return Borders(sure, perhaps)


def _only_inside(saliency_map: SaliencyMap, part: Box, size: tuple[int, int]) -> SaliencyMap:
    """The map of a photo of `size` = (width, height) with nothing outside a part; a cell counts by what is in it."""
    rows, columns = saliency_map.shape
    shares = [
        np.clip(np.minimum(edges[1:], end) - np.maximum(edges[:-1], start), 0, None)
        for edges, start, end in (
            (np.linspace(0, size[1], rows + 1), part.top, part.bottom),
            (np.linspace(0, size[0], columns + 1), part.left, part.right),
        )
    ]
    inside = saliency_map * np.outer(*shares).astype(np.float32)
    total = inside.sum()
    return inside / total if total > 0 else saliency_map


def boxes(source: Source, aspects: Sequence[Aspect], model: SaliencyModel) -> list[Crop]:
    """The crops that keep the most predicted gaze, in pixels of the full picture; analysed once for all aspects.

    Within one cell of the map where `gaze`'s own method puts them on the picture decoded in full; where two places of a
    photo are worth nearly the same, it may be the other one. Raises ImageError.
    """
    seen = look(source, model)
    return frame(seen.map, seen.size, aspects, Framing(whole=seen.things, within=seen.borders.sure))


def boxes_of_many(
    sources: Iterable[Source], aspects: Sequence[Aspect], model: SaliencyModel, threads: int | None = None
) -> Generator[list[Crop] | ImageError, None, None]:
    """`boxes` of each source, in order; an ImageError in its place where it cannot be opened.

    Each thread, by default one a core, takes a photo all the way, so that one is decoded while another is looked at;
    give a model that itself uses one thread. However many sources there are, only a few are in memory: none is opened
    more than AHEAD a thread before the one whose result was asked for last.
    """
    count = threads or os.cpu_count() or 1
    waiting: deque[Future[list[Crop] | ImageError]] = deque()
    with ThreadPoolExecutor(count) as pool:
        try:
            for source in sources:
                if len(waiting) == count * AHEAD:
                    yield waiting.popleft().result()
                waiting.append(pool.submit(_boxes_or_error, source, aspects, model))
            while waiting:
                yield waiting.popleft().result()
        finally:  # whoever stops asking does not wait for what is still to be opened
            for future in waiting:
                future.cancel()


def _boxes_or_error(source: Source, aspects: Sequence[Aspect], model: SaliencyModel) -> list[Crop] | ImageError:
    try:
        return boxes(source, aspects, model)
    except ImageError as error:
        return error
