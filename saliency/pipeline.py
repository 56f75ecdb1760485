"""From a file's bytes to boxes: no pixel is decoded that only a crop's own file would need."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol, runtime_checkable

from saliency.crop import crop_to_gaze
from saliency.image import ImageError, open_image, open_reduced
from saliency.types import Aspect, Crop, RgbImage, SaliencyMap, SaliencyModel

Source = str | Path | bytes | BinaryIO
AHEAD = 2  # pictures a thread may be ahead of who asks for the results
SPARE = 2.5
"""How much larger than the network's input a JPEG is decoded, at least.

Decoded at half its size, a JPEG is a little sharper than when it is reduced afterwards. Right at the input's size,
on 16 samples and 50 val photos, this moved crops of `gaze` by more than a cell on 6 photos where two places are worth
nearly the same; from 1.5 times the input's size on 2, from twice on none;
crops of `gaze-fast` on 4, 3 and none. At 2.5 times there is room, and 12 megapixels are decoded at the same 1/4."""


@runtime_checkable
class FrugalModel(Protocol):
    """A SaliencyModel that says how little of a picture it needs, as `GazeModel` does."""

    def input_size(self, size: tuple[int, int]) -> tuple[int, int]: ...

    def see(self, image: RgbImage) -> RgbImage: ...

    def look(self, picture: RgbImage) -> SaliencyMap: ...


@dataclass(frozen=True, slots=True)
class Look:
    """What a model sees in a picture, without its pixels. size: (width, height) in full, upright."""

    map: SaliencyMap
    size: tuple[int, int]


def look(source: Source, model: SaliencyModel) -> Look:
    """Where people look in a picture, decoded no larger than the model needs it; in full for one that does not say.

    Raises ImageError as `open_image` does.
    """
    if not isinstance(model, FrugalModel):
        full = open_image(source)
        return Look(model.predict(full), (full.shape[1], full.shape[0]))
    image, size = open_reduced(source, reduced_for(model))
    return Look(model.look(model.see(image)), size)


def enough_for(side: int) -> int:
    """The side in pixels that must remain of a picture where the network's input has this side."""
    return round(SPARE * side)


def reduced_for(model: FrugalModel) -> Callable[[tuple[int, int]], tuple[int, int]]:
    """The size, by that of the full picture, that a picture must keep for this model."""

    def least(size: tuple[int, int]) -> tuple[int, int]:
        width, height = model.input_size(size)
        return enough_for(width), enough_for(height)

    return least


def boxes(source: Source, aspects: Sequence[Aspect], model: SaliencyModel) -> list[Crop]:
    """The crops that keep the most predicted gaze, in pixels of the full picture; analysed once for all aspects.

    Within one cell of the map where `GazeCrop` puts them on the picture decoded in full. Raises ImageError.
    """
    seen = look(source, model)
    return crop_to_gaze(seen.map, seen.size, aspects)


def boxes_of_many(
    sources: Iterable[Source], aspects: Sequence[Aspect], model: SaliencyModel, threads: int | None = None
) -> Iterator[list[Crop] | ImageError]:
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
