"""How the cost grows with the size of a photo and with their number, each measured in a fresh process."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from eval.bench.stages import ASPECTS
from eval.bench.timing import Laps, Work, interleaved
from saliency.crop import center_window
from saliency.export import cut
from saliency.image import open_image
from saliency.models import load_model
from saliency.pipeline import boxes
from saliency.types import Aspect

ROOT = Path(__file__).parents[2]
PHOTO = ROOT / "samples" / "umang.jpg"
MEGAPIXELS = (0.3, 1.0, 3.0, 12.0, 48.0)
SHAPE = Aspect(4, 3)  # of the photos in the datasets, and of Twitter's input of 320 x 240
COUNTS = (1, 10, 100, 1000, 10_000)
USUAL = 0.5  # megapixels of the photos that are counted: those of the datasets
GRAIN = 6.0  # standard deviation of the noise that gives an enlarged photo the 0.3 bytes a pixel of a camera's


def photo(megapixels: float) -> bytes:
    """A baseline JPEG of this many megapixels: a sample's middle in 4:3, enlarged or reduced, with a camera's grain."""
    whole = open_image(PHOTO)
    sample = Image.fromarray(cut(whole, center_window((whole.shape[1], whole.shape[0]), SHAPE)))
    scale = (megapixels * 1e6 / (sample.width * sample.height)) ** 0.5
    enlarged = sample.resize((round(sample.width * scale), round(sample.height * scale)))
    pixels = np.asarray(enlarged, dtype=np.float32)
    grain = np.random.default_rng(0).normal(0, GRAIN, pixels.shape[:2]).astype(np.float32)
    buffer = io.BytesIO()
    Image.fromarray(np.clip(pixels + grain[..., None], 0, 255).astype(np.uint8)).save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def by_size(models: Sequence[str], rounds: int) -> list[dict[str, Any]]:
    """One entry a size: to decode the photo in full, and from its bytes to six boxes with each model; milliseconds."""
    table = []
    for megapixels in MEGAPIXELS:
        data = photo(megapixels)
        work: dict[str, Work] = {"full decode": _full(data)} | {name: _boxes(name, data) for name in models}
        times = interleaved(work, max(3, rounds // 4) if megapixels > 4 else rounds)
        entry: dict[str, Any] = {"megapixels": megapixels, "bytes": len(data)}
        entry |= {name: of["total"].median for name, of in times.items()}
        table.append(entry | {"peak_mb": _crop(models[-1], data)["peak_mb"]})
    return table


def by_count(model: str) -> list[dict[str, Any]]:
    """One entry a number of photos: seconds and peak memory of a fresh process, started and all, that crops them."""
    table = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "photo.jpg"
        path.write_bytes(photo(USUAL))
        for count in COUNTS:
            table.append({"photos": count, **_process(MANY.format(count=count, path=str(path), model=model))})
    return table


def start(model: str) -> dict[str, Any]:
    """Seconds from starting Python to the first boxes of a 12-megapixel photo, and the process's peak memory."""
    runs = [_crop(model, photo(12.0)) for _ in range(5)]
    return {"seconds": float(np.median([run["seconds"] for run in runs])), "peak_mb": max(r["peak_mb"] for r in runs)}


def _full(data: bytes) -> Work:
    def work(laps: Laps) -> object:
        with laps.lap("decode"):
            return open_image(data)

    return work


def _boxes(name: str, data: bytes) -> Work:
    model = load_model(name)

    def work(laps: Laps) -> object:
        with laps.lap("boxes"):
            return boxes(data, ASPECTS, model)

    return work


# Linux: the most memory since the program was started; getrusage would count that of the parent before it
MEMORY = """
import json
lines = open("/proc/self/status").read().splitlines()
print(json.dumps(next(int(line.split()[1]) / 1000 for line in lines if line.startswith("VmHWM"))))
"""
ONE = """
from saliency.models import load_model
from saliency.pipeline import boxes
from saliency.types import Aspect
boxes({path!r}, [Aspect(1, 1)], load_model({model!r}))
"""
MANY = """
from saliency.models import load_model
from saliency.pipeline import boxes_of_many
from saliency.types import Aspect
assert sum(1 for _ in boxes_of_many([{path!r}] * {count}, [Aspect(1, 1)], load_model({model!r}), 1)) == {count}
"""


def _crop(model: str, data: bytes) -> dict[str, float]:
    with tempfile.NamedTemporaryFile(suffix=".jpg") as file:
        file.write(data)
        file.flush()
        return _process(ONE.format(path=file.name, model=model))


def _process(program: str) -> dict[str, float]:
    """Run it in a new Python; seconds from start to end, and the most memory in MB."""
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", program + MEMORY], cwd=ROOT, capture_output=True, text=True, check=True
    )
    seconds = time.perf_counter() - began
    return {"seconds": round(seconds, 3), "peak_mb": round(float(json.loads(done.stdout)), 1)}
