"""What a run would take: a few of its photos are done, and timed."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from saliency.bulk.beginning import wanted, written_to
from saliency.bulk.engines.local import settle
from saliency.bulk.listing import LIST, read_list, shard_count, write_list
from saliency.bulk.manifest import Source
from saliency.bulk.process import Photo, process
from saliency.bulk.progress import clock, counted
from saliency.bulk.reading import read_photos
from saliency.bulk.recipe import Recipe
from saliency.bulk.sampling import sampled

TIMED = 48  # photos
WARM = 2  # of them, which load the networks and are not timed


@dataclass(frozen=True, slots=True)
class Estimate:
    """photos: of the run. seconds: of one core for a photo, by `timed` of them, of which `failed` cannot be read.
    workers: cores."""

    photos: int
    seconds: float
    timed: int
    failed: int
    workers: int

    def lines(self, price: float | None) -> Iterator[str]:
        """In words. price: of a core-hour."""
        files = counted(shard_count(self.photos), "file")
        yield f"{counted(self.photos, 'photo')}, {files} of results; nothing is written"
        if not self.timed:
            yield "too few photos to time any"
            return
        hours = self.photos * self.seconds / 3600
        failed = f", {self.failed} of which cannot be read" if self.failed else ""
        yield f"{1000 * self.seconds:.1f} ms of a core for a photo, by {self.timed} of them{failed}"
        yield f"about {clock(3600 * hours / self.workers)} on {counted(self.workers, 'core')}, {hours:,.3g} core-hours"
        if price is not None:
            yield f"at {price:g} a core-hour: {hours * price:,.4g}"


def estimate(source: Source, recipe: Recipe, output: str, workers: int | None) -> Estimate:
    """By some of the photos, as good as random, one after the other in this process. Crops that are asked for are made
    too, but not written. Raises BulkError."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / LIST
        listed = write_list(wanted(source, written_to(output, recipe)), path)
        items = sampled(read_list(str(path)), WARM + TIMED)
    settle()
    photos = (Photo(item.path, "", data) for item, data in zip(items, read_photos(items, source.folder), strict=True))
    began, failed = time.perf_counter(), 0
    for number, row in enumerate(process(photos, recipe), 1):
        if number <= WARM:
            began = time.perf_counter()
        else:
            failed += "error" in row.values
    timed = max(0, len(items) - WARM)
    seconds = (time.perf_counter() - began) / max(1, timed)
    return Estimate(listed.count, seconds, timed, failed, workers or os.cpu_count() or 1)
