"""How far crops move when a photo changes, with croppers whose answer is known."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from eval.datasets import Sample
from eval.stability import (
    ANY,
    CHANGES,
    MIRRORED,
    brighter,
    less_a_pixel,
    load_stability,
    mirrored,
    moves,
    smaller,
    stability_table,
    write_stability,
)
from saliency.crop import window_at
from saliency.methods import load_method
from saliency.types import Aspect, Crop, Evidence, Method, RgbImage


def photo(folder: Path, name: str = "one", bright: int = 90) -> Sample:
    """A grey photo with a bright square at the left."""
    pixels = np.full((300, 600, 3), 40, np.uint8)
    pixels[100:200, 60:160] = bright
    Image.fromarray(pixels).save(folder / f"{name}.png")
    return Sample("made", name, folder / f"{name}.png", (600, 300), np.zeros((0, 2)), np.zeros(0, np.int64))


def by_brightest(image: RgbImage) -> Evidence:
    """Where the brightest pixels are on average."""
    grey = image.astype(int).sum(axis=2)
    rows, columns = np.nonzero(grey > grey.max() - 60)
    return Evidence(point=(columns.mean() + 0.5, rows.mean() + 0.5))


def place(evidence: Evidence, size: tuple[int, int], aspects: Sequence[Aspect]) -> list[Crop]:
    assert evidence.point is not None
    return [Crop(aspect, window_at(evidence.point, size, aspect)) for aspect in aspects]


STEADY = Method("steady", "", by_brightest, place)
FIXED_LEFT = Method("left", "", lambda _: Evidence(point=(0.0, 0.0)), place)
FROM_100 = Method("from 100", "", lambda image: Evidence(point=(600.0 * (image.max() >= 95), 0.0)), place)


def test_who_follows_the_picture_moves_little(tmp_path: Path) -> None:
    moved = moves([photo(tmp_path)], [STEADY, load_method("center")])
    assert set(moved["change"]) == set(CHANGES)
    assert moved["move"].max() < 0.012  # a few pixels


def test_who_prefers_a_side_jumps_when_mirrored_only(tmp_path: Path) -> None:
    table = stability_table(moves([photo(tmp_path)], [FIXED_LEFT])).set_index("change")
    assert table.loc[MIRRORED, "photos that jump"] == 1
    assert table.loc[ANY, "photos that jump"] == 0


def test_who_hangs_on_brightness_jumps_on_the_photos_that_cross_it(tmp_path: Path) -> None:
    samples = [photo(tmp_path, "crosses", 90), photo(tmp_path, "stays", 60)]
    table = stability_table(moves(samples, [FROM_100])).set_index("change")
    assert table.loc["10 % brighter", "photos that jump"] == 0.5
    assert table.loc["a pixel cut off", "photos that jump"] == 0
    assert table.loc[ANY, "photos that jump"] == 0.5


def test_changes_are_what_they_are_called() -> None:
    image = np.arange(40 * 60 * 3, dtype=np.uint32).reshape(40, 60, 3).astype(np.uint8)
    assert less_a_pixel(image).shape == (39, 59, 3)
    np.testing.assert_array_equal(less_a_pixel(image)[0, 0], image[1, 1])
    np.testing.assert_array_equal(mirrored(image)[:, 0], image[:, 59])
    assert smaller(image).shape == (36, 54, 3)
    assert brighter(np.full((1, 1, 3), 100, np.uint8)).tolist() == [[[110] * 3]]
    assert brighter(np.full((1, 1, 3), 250, np.uint8)).max() == 255


def test_what_is_written_is_read(tmp_path: Path) -> None:
    table = stability_table(moves([photo(tmp_path)], [FIXED_LEFT]))
    write_stability(table, {"split": "val"}, "a command", tmp_path / "made" / "stability.json")
    pd.testing.assert_frame_equal(load_stability(tmp_path / "made" / "stability.json"), table, atol=1e-6)
    with pytest.raises(OSError, match="none"):
        load_stability(tmp_path / "none.json")
