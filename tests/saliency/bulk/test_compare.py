"""`gazecrop bulk-compare` beside a loop over the rows that counts pixels."""

from __future__ import annotations

import base64
import io
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.dataset as ds
import pytest
from PIL import Image

from saliency.__main__ import main


@pytest.fixture(scope="module")
def centred(album: Path) -> Path:
    """The same album by another method, and in one format more."""
    out = album.parent / "centred"
    asked = [
        "bulk",
        str(album),
        str(out),
        "--method",
        "center",
        "--aspect",
        "1:1",
        "--aspect",
        "16:9",
        "--workers",
        "1",
    ]
    assert main(asked) == 1
    return out


def rows_of(out: Path) -> list[dict[str, Any]]:
    return ds.dataset(out, format="parquet").to_table().to_pylist()


def mask(crop: dict[str, Any], size: tuple[int, int]) -> np.ndarray:
    pixels = np.zeros((size[1], size[0]), bool)
    pixels[crop["top"] : crop["top"] + crop["height"], crop["left"] : crop["left"] + crop["width"]] = True
    return pixels


def test_two_runs_are_compared(calm: Path, centred: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "comparison.json"
    assert main(["bulk-compare", str(centred), str(calm / "rows"), "--out", str(file)]) == 0
    record, told = json.loads(file.read_text()), capsys.readouterr().out
    iou, moved, gain = {}, [], []
    for one, other in zip(rows_of(centred), rows_of(calm / "rows"), strict=True):
        if one["crops"] is None:
            continue
        first = next(crop for crop in one["crops"] if crop["format"] == "16:9")
        (second,) = other["crops"]
        size = one["width"], one["height"]
        masks = mask(first, size), mask(second, size)
        iou[one["path"]] = (masks[0] & masks[1]).sum() / (masks[0] | masks[1]).sum()
        away = [np.argwhere(each).mean(axis=0) for each in masks]
        moved.append(math.dist(*away) / max(size))
        gain.append((first["gain"], second["gain"]))
    assert (record["photos"], record["both"], record["failed"]["both"]) == (40, 38, 2)
    assert list(record["formats"]) == ["16:9"]
    sums = record["formats"]["16:9"]
    assert sums["same"] == sum(value == 1 for value in iou.values()) > 0
    assert sums["iou"] == pytest.approx(np.mean(list(iou.values())), abs=1e-6)
    assert sums["moved"] == pytest.approx(np.mean(moved), abs=1e-6)
    assert sums["gain"] == pytest.approx(np.mean(gain, axis=0), abs=1e-6)
    assert sum(sums["iou_bins"]) == sum(sums["moved_bins"]) == 38
    assert sums["iou_bins"][-1] == sum(value >= 0.95 for value in iou.values())
    differing = sorted((path for path in iou if iou[path] < 1), key=lambda path: iou[path])[:24]
    assert [photo["path"] for photo in record["most"]] == differing
    assert Image.open(io.BytesIO(base64.b64decode(record["most"][0]["preview"]))).size == tuple(
        record["most"][0]["size"]
    )
    assert differing[0] in told


def test_runs_of_other_photos_are_not_compared(
    centred: Path, album: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["bulk", str(album), str(tmp_path / "few"), "--method", "center", "--limit", "2", "--workers", "1"])
    assert main(["bulk-compare", str(centred), str(tmp_path / "few")]) == 1
    assert "runs need the same inputs" in capsys.readouterr().err
    assert main(["bulk-compare", str(centred), str(tmp_path)]) == 1
    assert "has no results of gazecrop bulk" in capsys.readouterr().err
