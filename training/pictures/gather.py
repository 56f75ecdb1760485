"""Pictures of all sources in one folder, each once, with a table of what they are."""

from __future__ import annotations

import csv
import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, astuple, dataclass, fields
from pathlib import Path
from random import Random

from PIL import Image

from eval.datasets import DatasetNotFound
from saliency.image import open_image, resized
from saliency.types import RgbImage
from training.pictures.alike import Seen, hash_of, is_blank
from training.pictures.cuts import SHAPES, cut
from training.pictures.types import Made, Source, SourceMissing

LONGEST = 640  # pixels of the longer side at most
SHORTEST = 160  # pixels of the shorter side at least
QUALITY = 90  # of the JPEGs
TABLE, COUNTS = "pictures.csv", "counts.csv"
log = logging.getLogger("training")


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of pictures.csv; parts are separated by spaces."""

    file: str
    source: str
    licence: str
    kind: str
    parts: str


@dataclass(frozen=True, slots=True)
class Count:
    """A row of counts.csv: a source that is complete, and what became of the pictures it gave."""

    source: str
    kept: int
    small: int
    blank: int
    alike: int


def gather(sources: Sequence[Source], folder: Path, known: Sequence[Path] = ()) -> None:
    """Write the pictures of all sources to the folder; a source that is complete is left as it is.

    known: photos that are wanted nowhere among them. What cannot be had on this machine is named in the log.
    """
    folder.mkdir(parents=True, exist_ok=True)
    entries = read_entries(folder)
    counts = [Count(name, *map(int, numbers)) for name, *numbers in _rows(folder / COUNTS)]
    complete = {count.source for count in counts}
    entries = [entry for entry in entries if entry.source in complete]
    seen = Seen()
    for path in (*known, *(folder / entry.file for entry in entries)):
        seen.add(hash_of(open_image(path)))
    for source in sources:
        if source.name in complete:
            continue
        try:
            new, count = _write(source, folder, seen)
        except (SourceMissing, DatasetNotFound) as error:
            log.warning("%s is left out: %s", source.name, error)
            continue
        entries += new
        counts.append(count)
        _write_table(folder / TABLE, entries)
        _write_table(folder / COUNTS, counts)
        log.info("%s: %s", source.name, asdict(count))
    kinds = Counter(entry.kind for entry in entries)
    log.info("%d pictures: %s", len(entries), ", ".join(f"{count} {kind}s" for kind, count in sorted(kinds.items())))


def _write(source: Source, folder: Path, seen: Seen) -> tuple[list[Entry], Count]:
    """The source's pictures as files, and how many there were."""
    refused: Counter[str] = Counter()
    entries: list[Entry] = []
    for stale in folder.glob(f"{source.name}-[0-9][0-9][0-9][0-9].jpg"):
        stale.unlink()
    for made in _with_cuts(source, refused, seen):
        name = f"{source.name}-{len(entries):04d}.jpg"
        Image.fromarray(reduced(made.image, LONGEST)).save(folder / name, quality=QUALITY)
        entries.append(Entry(name, source.name, source.licence, source.kind, " ".join(made.parts)))
        if len(entries) == source.most:
            break
    return entries, Count(source.name, len(entries), refused["small"], refused["blank"], refused["alike"])


def _with_cuts(source: Source, refused: Counter[str], seen: Seen) -> Iterator[Made]:
    """The pictures that are wanted, each followed by the cuts of it that are: of one that is not, there are none."""
    rng = Random(source.name)
    for made in source.make():
        if _is_wanted(made.image, refused, seen):
            yield made
            for shape in rng.sample(list(SHAPES), source.cuts):
                part = cut(made.image, shape, rng)
                if _is_wanted(part, refused, seen):
                    yield Made(part, made.parts)


def _is_wanted(image: RgbImage, refused: Counter[str], seen: Seen) -> bool:
    """Whether it is large enough, shows something and is unlike all before; if so, it is remembered, else counted."""
    small = reduced(image, LONGEST)
    of = hash_of(small)
    if min(small.shape[:2]) < SHORTEST:
        refused["small"] += 1
    elif is_blank(of):
        refused["blank"] += 1
    elif seen.has_like(of):
        refused["alike"] += 1
    else:
        seen.add(of)
        return True
    return False


def reduced(image: RgbImage, longest: float) -> RgbImage:
    """The picture with its longer side at most so many pixels."""
    scale = min(1.0, longest / max(image.shape[:2]))
    return resized(image, (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale))))


def read_entries(folder: Path) -> list[Entry]:
    """The rows of the folder's pictures.csv, none where there is no such file."""
    return [Entry(*row) for row in _rows(folder / TABLE)]


def _rows(path: Path) -> list[list[str]]:
    """The rows of a table below its header, none where there is no file."""
    if not path.exists():
        return []
    with path.open(newline="") as file:
        return list(csv.reader(file))[1:]


def _write_table(path: Path, rows: Sequence[Entry] | Sequence[Count]) -> None:
    """All at once, so that a table is whole or as it was."""
    new = path.with_suffix(".new")
    with new.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([field.name for field in fields(rows[0])])
        writer.writerows(astuple(row) for row in rows)
    new.replace(path)
