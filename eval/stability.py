"""Whether crops jump: how far they move when a photo changes in a way that nobody sees. `python -m eval stability`."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pandas as pd
from PIL import Image
from tqdm import tqdm

from eval.datasets import Sample
from eval.machine import commit
from eval.metrics.crop import aspects_for
from eval.runs import RESULTS
from saliency.image import open_image, resized
from saliency.types import Aspect, Box, Method, RgbImage

STABILITY = RESULTS / "stability" / "stability.json"

JUMP = 0.05
"""A crop jumps when it moves by more than this share of the side along which it slides."""

QUALITY, SMALLER, BRIGHTER = 60, 0.9, 1.1
MIRRORED = "mirrored"
ANY = "any but mirrored"


def as_jpeg(image: RgbImage) -> RgbImage:
    """The image as a JPEG of QUALITY shows it."""
    file = io.BytesIO()
    Image.fromarray(image).save(file, "JPEG", quality=QUALITY)
    return np.asarray(Image.open(file).convert("RGB"))


def smaller(image: RgbImage) -> RgbImage:
    """The image with sides of SMALLER."""
    return resized(image, (round(image.shape[1] * SMALLER), round(image.shape[0] * SMALLER)))


def brighter(image: RgbImage) -> RgbImage:
    """The image with levels of BRIGHTER, as far as there are."""
    return np.asarray(cv2.convertScaleAbs(image, alpha=BRIGHTER), dtype=np.uint8)


def less_a_pixel(image: RgbImage) -> RgbImage:
    """The image without its first row and column."""
    return np.ascontiguousarray(image[1:, 1:])


def mirrored(image: RgbImage) -> RgbImage:
    """The image's mirror image."""
    return np.ascontiguousarray(image[:, ::-1])


CHANGES: dict[str, Callable[[RgbImage], RgbImage]] = {
    f"JPEG of quality {QUALITY}": as_jpeg,
    f"{round(100 - 100 * SMALLER)} % smaller": smaller,
    f"{round(100 * BRIGHTER - 100)} % brighter": brighter,
    "a pixel cut off": less_a_pixel,
    MIRRORED: mirrored,
}


def moves(samples: Sequence[Sample], methods: Sequence[Method]) -> pd.DataFrame:
    """One row a crop and change: "dataset", "image", "aspect", "method", "change", and "move": how far the middle of
    the crop moved, as a share of the side along which it slides."""
    rows = []
    for sample in tqdm(samples, unit="photo", mininterval=5):
        image = open_image(sample.path)
        aspects = aspects_for((image.shape[1], image.shape[0]))
        for method in methods:
            before = _middles(method, image, aspects)
            for name, change in CHANGES.items():
                after = _middles(method, change(image), aspects)
                if name == MIRRORED:
                    after[:, 0] = 1 - after[:, 0]
                for aspect, far in zip(aspects, np.abs(after - before).max(axis=1), strict=True):
                    rows.append((sample.dataset, sample.name, str(aspect), method.name, name, float(far)))
    return pd.DataFrame(rows, columns=["dataset", "image", "aspect", "method", "change", "move"])


def _middles(method: Method, image: RgbImage, aspects: Sequence[Aspect]) -> np.ndarray:
    """(n, 2) the middles of a method's crops, as shares of the photo's sides."""
    size = image.shape[1], image.shape[0]
    boxes: list[Box] = [crop.box for crop in method.crop(image, aspects)]
    return np.array([box.center for box in boxes]).reshape(-1, 2) / size


def stability_table(moved: pd.DataFrame) -> pd.DataFrame:
    """One row a method and change, and ANY: "median" and "p95" of how far crops move, as shares of the side, and
    "photos that jump": the share of photos with a crop that moves by more than JUMP. moved: of `moves`.

    Photos count alike, whatever dataset they are of.
    """
    seen = moved[moved["change"] != MIRRORED]
    crop = ["dataset", "image", "aspect", "method"]
    anyhow = seen.groupby(crop, sort=False, observed=True)["move"].max().reset_index().assign(change=ANY)
    every = pd.concat([moved, anyhow])
    groups = every.groupby(["method", "change"], sort=False, observed=True)
    photos = every.groupby(["method", "change", "dataset", "image"], sort=False, observed=True)["move"].max() > JUMP
    return pd.DataFrame(
        {
            "median": groups["move"].median(),
            "p95": groups["move"].quantile(0.95),
            "photos that jump": photos.groupby(level=["method", "change"], sort=False, observed=True).mean(),
        }
    ).reset_index()


def write_stability(table: pd.DataFrame, of: dict[str, Any], command: str, path: Path = STABILITY) -> None:
    """The table with how it was made; of: split, photos, and what else says so."""
    manifest = {"date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M"), "commit": commit(), "command": command, **of}
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = table.round(6).to_dict("records")
    path.write_text(json.dumps({"manifest": manifest, "rows": rows}, indent=1, ensure_ascii=False) + "\n")


def load_stability(path: Path = STABILITY) -> pd.DataFrame:
    """What `write_stability` wrote. Raises OSError or ValueError where there is none."""
    return pd.DataFrame(json.loads(path.read_text())["rows"])
