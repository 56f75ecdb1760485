"""How sure one is of what crops gain, on made-up gains whose variance is known; and the table of aversions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from eval.datasets import Sample
from saliency import load_model
from saliency.crop import SURPRISE, chances
from saliency.image import open_image
from saliency.models.face import detect_yunet
from training.placing import AVERSIONS, aversion_table, chances_of, chances_table, fit_surprise, gains

PORTRAIT = Path(__file__).parents[2] / "samples" / "astronaut_eileen_collins.jpg"


def made(variance: float, count: int = 20_000, seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    moved = rng.uniform(0, 0.5, count)
    expected = rng.uniform(-0.2, 0.2, count) * moved
    return pd.DataFrame(
        {"expected": expected, "moved": moved, "gained": rng.normal(expected, np.sqrt(variance * moved))}
    )


@pytest.mark.parametrize("variance", [0.005, 0.025, 0.1])
def test_the_variance_that_made_the_gains_is_found(variance: float) -> None:
    assert fit_surprise(made(variance)) == pytest.approx(variance, rel=0.08)


def test_chances_are_the_crop_s_own() -> None:
    crops = made(0.02, count=50)
    helps, harms = chances_of(crops, SURPRISE)
    for row, help_, harm in zip(crops.itertuples(), helps, harms, strict=True):
        assert (help_, harm) == pytest.approx(chances(row.expected, row.moved), abs=1e-9)


def test_each_dataset_is_judged_by_the_others() -> None:
    table = chances_table({"one": made(0.02), "other": made(0.08, seed=2)}).set_index("dataset")
    assert table.loc["one", "variance"] == pytest.approx(0.08, rel=0.1)
    assert table.loc["other", "variance"] == pytest.approx(0.02, rel=0.1)
    assert table.loc["one", "help expected"] > table.loc["one", "helped"]  # those who made the others were less sure
    assert table.loc["all", "help expected"] == pytest.approx(table.loc["all", "helped"], abs=0.01)


def looked_at_the_face() -> Sample:
    (face,) = detect_yunet(open_image(PORTRAIT))
    return Sample("one", "portrait", PORTRAIT, (512, 512), np.array([face.box.center] * 4), np.arange(4))


def test_who_keeps_things_whole_keeps_the_face_that_all_look_at() -> None:
    table = aversion_table([looked_at_the_face()], load_model("gaze"))
    assert set(table["method"]) == {"gaze-only", "gaze"}
    assert table["times"].unique().tolist() == list(AVERSIONS)
    whole = table[table["method"] == "gaze"]
    assert (whole["kept"] == 1).all()
    assert (whole["harm"] == 0).all()
    alone = table[table["method"] == "gaze-only"]
    assert (alone["heads cut"].to_numpy() >= whole["heads cut"].to_numpy()).all()
    assert alone["heads cut"].max() > 0


def test_gains_are_against_the_centre() -> None:
    crops = gains([looked_at_the_face()], load_model("gaze"))
    assert len(crops) == 5  # a square photo, and five formats that are none
    assert ((crops["moved"] >= np.abs(crops["expected"]) - 1e-9) & (crops["moved"] <= 2)).all()
    assert set(crops["gained"]) <= {0.0, 1.0}
