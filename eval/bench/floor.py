"""From bytes to boxes beside the least that it could take: decoding the photo as small as JPEG allows, and no more.

`python -m eval.bench.floor --write` writes the tables of `docs/scale.md`.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import simplejpeg
from PIL import Image

from eval.bench.bench import one_thread
from eval.bench.growth import ROOT, photo
from eval.bench.scale_page import PAGE, updated
from eval.bench.stages import ASPECTS
from eval.bench.timing import Laps, Work, interleaved
from eval.machine import made
from saliency.framing import Framing, frame
from saliency.image import open_reduced
from saliency.models import NETWORKS, load_model
from saliency.models.input import least_size
from saliency.pipeline import boxes, see
from saliency.types import Aspect, Crop, RgbImage, SaliencyModel

RESULTS = ROOT / "docs" / "scale" / "photo.json"
SAMPLES = sorted((ROOT / "samples").glob("*.jpg"))
MEGAPIXELS = (0.5, 3.0, 12.0)
LARGE = 12.0  # megapixels
SMALLEST = 8  # times: no JPEG is decoded smaller
SIXTEEN = [
    *ASPECTS,
    *(Aspect(*sides) for sides in ((4, 3), (3, 4), (3, 2), (2, 3), (5, 4), (21, 9), (1, 2), (1, 3), (7, 5), (1.91, 1))),
]


def main() -> None:
    """Time everything in turns, print it, and write it where that is asked for."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench.floor", description=__doc__)
    parser.add_argument("--rounds", type=int, default=30, help="how often everything takes its turn; default 30")
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.name} and {PAGE.name} in docs")
    options = parser.parse_args()
    one_thread()
    found = {
        "manifest": {**made(" ".join(["python -m eval.bench.floor", *sys.argv[1:]])), "threads": 1},
        "sizes": [by_size(size, options.rounds) for size in MEGAPIXELS],
        "progressive": {**progressive(max(5, options.rounds // 3)), **moved()},
    }
    print(json.dumps({name: of for name, of in found.items() if name != "manifest"}, indent=2))
    if options.write:
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(found, indent=2) + "\n")
        PAGE.write_text(updated(PAGE.read_text(), found))


def by_size(megapixels: float, rounds: int) -> dict[str, Any]:
    """Milliseconds for a baseline JPEG: "floor"; and for each network its boxes in 1, 6 and 16 formats."""
    data = photo(megapixels)
    work: dict[str, Work] = {"floor": _timed(lambda: decode_smallest(data))}
    for name in NETWORKS:
        model = load_model(name)
        for aspects in (ASPECTS[:1], ASPECTS, SIXTEEN):
            work[f"{name}, {len(aspects)}"] = _timed(_boxes(data, aspects, model))
    times = {name: of["total"].median for name, of in interleaved(work, rounds).items()}
    return {"megapixels": megapixels, "bytes": len(data), "milliseconds": times}


def decode_smallest(data: bytes) -> object:
    """What no cropper that looks at the pixels can do without."""
    height, width, *_ = simplejpeg.decode_jpeg_header(data)
    return simplejpeg.decode_jpeg(data, "RGB", min_height=height // SMALLEST, min_width=width // SMALLEST)


def progressive(rounds: int) -> dict[str, Any]:
    """Milliseconds to open a large progressive JPEG for a look: all scans, as Pillow decodes them, and the first."""
    data = as_progressive(photo(LARGE))
    work = {
        "all scans": _timed(lambda: _by_pillow(data)),
        "first scans": _timed(lambda: open_reduced(data, least_size)),
    }
    times = {name: of["total"].median for name, of in interleaved(work, rounds).items()}
    return {"megapixels": LARGE, "bytes": len(data), "milliseconds": times}


def moved() -> dict[str, int]:
    """Of the crops of every sample, enlarged to a large progressive JPEG, by every network: how many lie more than a
    cell of the map from where they would with all of its scans, decoded as small."""
    crops = far = 0
    for path in SAMPLES:
        data = as_progressive(enlarged(path))
        few, size = open_reduced(data, least_size)
        for name in NETWORKS:
            model = load_model(name)
            found = []
            for pixels in (few, _by_pillow(data)):
                seen = see(pixels, size, model)
                found.append(frame(seen.map, seen.size, ASPECTS, Framing(whole=seen.things, within=seen.borders.sure)))
            rows, columns = seen.map.shape
            cell = size[0] / columns, size[1] / rows
            crops += len(ASPECTS)
            far += sum(_beyond(one, other, cell) for one, other in zip(*found, strict=True))
    return {"crops": crops, "moved": far}


def enlarged(path: Path, megapixels: float = LARGE) -> bytes:
    """A sample as a JPEG of so many megapixels."""
    with Image.open(path) as image:
        scale = (megapixels * 1e6 / (image.width * image.height)) ** 0.5
        buffer = io.BytesIO()
        image.convert("RGB").resize((round(image.width * scale), round(image.height * scale))).save(
            buffer, "JPEG", quality=90
        )
    return buffer.getvalue()


def as_progressive(data: bytes) -> bytes:
    """The same picture in a progressive JPEG."""
    buffer = io.BytesIO()
    Image.open(io.BytesIO(data)).save(buffer, "JPEG", quality=90, progressive=True)
    return buffer.getvalue()


def _by_pillow(data: bytes) -> RgbImage:
    image = Image.open(io.BytesIO(data))
    image.draft(None, least_size(image.size))
    return np.asarray(image)


def _boxes(data: bytes, aspects: Sequence[Aspect], model: SaliencyModel) -> Callable[[], object]:
    return lambda: boxes(data, aspects, model)


def _beyond(one: Crop, other: Crop, cell: tuple[float, float]) -> bool:
    return abs(one.box.left - other.box.left) > cell[0] + 1 or abs(one.box.top - other.box.top) > cell[1] + 1


def _timed(do: Callable[[], object]) -> Work:
    def work(laps: Laps) -> object:
        with laps.lap("all"):
            return do()

    return work


if __name__ == "__main__":
    main()
