"""Fitting an adaptation: observers whose numbers are known are found again, and chance gains nothing."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from eval.__main__ import main
from eval.adapt import (
    FEWEST,
    METRICS,
    Fitted,
    Looked,
    cross_validate,
    fingerprint,
    fit,
    in_words,
    look_at,
    what_differs,
)
from eval.datasets import Sample, read_folder
from eval.statistics import Estimate
from saliency import load_model, open_image
from saliency.adapt import Adaptation
from saliency.adapt_file import read_adaptation
from saliency.models import MODELS

SAMPLES = sorted((Path(__file__).parents[2] / "samples").glob("*.jpg"))
SIZE = 160, 120  # four pixels a cell


def maps(count: int, shapes: Sequence[tuple[int, int]] = ((30, 40),)) -> list[NDArray[np.float32]]:
    """Some blobs on a faint ground, as a network's maps are."""
    rng = np.random.default_rng(7)
    found = []
    for rank in range(count):
        height, width = shapes[rank % len(shapes)]
        y, x = np.mgrid[0:height, 0:width]
        density = np.full((height, width), 0.02)
        for _ in range(3):
            centre, spread = rng.uniform(0.15, 0.85, 2) * (width, height), rng.uniform(1.5, 4)
            density += rng.uniform(0.3, 1) * np.exp(-((x - centre[0]) ** 2 + (y - centre[1]) ** 2) / (2 * spread**2))
        found.append((density / density.sum()).astype(np.float32))
    return found


def observed(grid: NDArray[np.float32], truth: Adaptation, rank: int, fixations: int = 150) -> Looked:
    """A photo that people look at as the map says once it is adapted."""
    rng = np.random.default_rng(rank)
    density = truth.apply(grid).astype(np.float64).ravel()
    cells = rng.choice(density.size, fixations, p=density / density.sum())
    rows, columns = np.unravel_index(cells, grid.shape)
    places = np.column_stack([columns, rows]) + rng.uniform(0, 1, (fixations, 2))
    fixations_in_pixels = places / grid.shape[::-1] * SIZE
    observers = np.arange(fixations) % 10
    return Looked(Sample("toy", f"{rank}", Path("none"), SIZE, fixations_in_pixels, observers), grid)


def all_observed(truth: Adaptation, count: int = 100, **others: Sequence[tuple[int, int]]) -> list[Looked]:
    return [observed(grid, truth, rank) for rank, grid in enumerate(maps(count, **others))]


@pytest.mark.parametrize(
    "truth",
    [
        Adaptation(certainty=1.6),
        Adaptation(certainty=0.6),
        Adaptation(blur=0.06),
        Adaptation(pull_across=1.2, pull_down=-0.8),
        Adaptation(centre=0.3),
        Adaptation(1.4, 0.04, 0.6, 0.3, 0.1),
    ],
)
def test_known_numbers_are_found_again(truth: Adaptation) -> None:
    """And the maps even better, since a number can do a little of another's work."""
    found = fit(all_observed(truth))
    for grid in maps(5):
        right, fitted = truth.apply(grid).astype(np.float64), found.apply(grid).astype(np.float64)
        assert (right * np.log2(right / fitted)).sum() < 0.005
    assert found.certainty == pytest.approx(truth.certainty, rel=0.15)
    assert found.blur == pytest.approx(truth.blur, abs=0.015)
    assert found.pull_across == pytest.approx(truth.pull_across, abs=0.2)
    assert found.pull_down == pytest.approx(truth.pull_down, abs=0.2)
    assert found.centre == pytest.approx(truth.centre, abs=0.06)


def test_photos_of_several_shapes_are_fitted_together() -> None:
    looked = all_observed(Adaptation(certainty=1.6), shapes=((30, 40), (40, 30), (24, 48)))
    assert fit(looked).certainty == pytest.approx(1.6, rel=0.1)


def test_where_nothing_differs_the_fit_is_near_no_change_and_gains_nothing() -> None:
    looked = all_observed(Adaptation())
    fitted = cross_validate(looked)
    assert fitted.adaptation.certainty == pytest.approx(1, abs=0.06)
    assert fitted.adaptation.blur < 0.02
    assert fitted.adaptation.centre < 0.03
    assert abs(fitted.adaptation.pull_across) < 0.15
    assert abs(fitted.adaptation.pull_down) < 0.15
    assert fitted.gains["information"].mean < 0.005
    assert fitted.gains["information"].low <= 0
    assert not fitted.helps
    assert in_words(fitted, len(looked)).startswith("No gain that these photos could tell from chance")


def test_what_differs_gains_on_photos_that_were_not_fitted() -> None:
    """The gain found by cross-validation is nearly the most there is: that of the true numbers."""
    truth = Adaptation(certainty=1.8, pull_across=1.0)
    looked = all_observed(truth)
    fitted = cross_validate(looked)
    most = 0.0
    for one in looked:
        columns, rows = (one.sample.fixations / SIZE * one.map.shape[::-1]).astype(int).T
        most += np.log2(truth.apply(one.map)[rows, columns] / one.map[rows, columns]).mean() / len(looked)
    assert fitted.helps
    assert most * 0.9 < fitted.gains["information"].mean < most * 1.02
    assert fitted.after["NSS"] - fitted.before["NSS"] == pytest.approx(fitted.gains["NSS"].mean)
    assert in_words(fitted, len(looked)).startswith("The maps fit these people better")


@pytest.mark.parametrize(
    ("adaptation", "expected"),
    [
        (Adaptation(), "Their gaze is much like"),
        (Adaptation(1.02, 0.001, 0.05, -0.05, 0.01), "Their gaze is much like"),
        (Adaptation(certainty=1.5), "goes to fewer places."),
        (Adaptation(certainty=0.5, centre=0.2), "goes to more places and often rests in the middle whatever is there."),
        (
            Adaptation(blur=0.05, pull_across=1),
            "scatters further around them and strays less from the middle to the sides.",
        ),
        (Adaptation(pull_down=-1), "strays further from the middle up and down."),
    ],
)
def test_what_differs_is_said_in_words(adaptation: Adaptation, expected: str) -> None:
    assert expected in what_differs(adaptation)


def test_the_words_say_the_numbers() -> None:
    """A third of a bit more information is a quarter more gaze expected where people looked."""
    gains = {"information": Estimate(1 / 3, 0.1, 0.5), "NSS": Estimate(0, 0, 0), "gaze kept": Estimate(-0.01, -0.02, 0)}
    fitted = Fitted(Adaptation(), gains, {"NSS": 1, "gaze kept": 0.8}, {"NSS": 1, "gaze kept": 0.79})
    said = in_words(fitted, 40)
    assert "26.0 % more gaze where people looked (95 % interval +7.2 to +41.4)" in said
    assert "keep 79.0 % of their gaze, -1.0 points (95 % interval -2.0 to +0.0)" in said


def test_a_few_photos_change_little() -> None:
    """What ten photos say is taken with caution: on average it is still no loss where nothing differs."""
    looked = all_observed(Adaptation(), 60)
    others = all_observed(Adaptation(), 60)[30:]
    losses = []
    for start in (0, 10, 20):
        found = fit(looked[start : start + 10])
        for one in others:
            columns, rows = (one.sample.fixations / SIZE * one.map.shape[::-1]).astype(int).T
            losses.append(np.log2(found.apply(one.map)[rows, columns] / one.map[rows, columns]).mean())
    assert np.mean(losses) > -0.01


def test_the_fingerprint_knows_other_data() -> None:
    samples = [one.sample for one in all_observed(Adaptation(), 6)]
    assert fingerprint(samples) == fingerprint(samples[::-1])
    assert fingerprint(samples) != fingerprint(samples[1:])
    moved = all_observed(Adaptation(centre=0.3), 6)
    assert fingerprint(samples) != fingerprint([one.sample for one in moved])


# --- a folder ---


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The samples, looked at by two people as `gaze-fast` expects once it is made surer."""
    for path in SAMPLES:
        shutil.copy(path, tmp_path / path.name)
    rng = np.random.default_rng(0)
    with (tmp_path / "fixations.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["image", "subject", "x", "y"])
        for path in SAMPLES:
            image = open_image(path)
            density = Adaptation(certainty=2).apply(load_model("gaze-fast").predict(image)).astype(np.float64)
            cells = rng.choice(density.size, 60, p=density.ravel() / density.sum())
            rows, columns = np.unravel_index(cells, density.shape)
            for rank, (row, column) in enumerate(zip(rows, columns, strict=True)):
                x = (column + 0.5) / density.shape[1] * image.shape[1]
                y = (row + 0.5) / density.shape[0] * image.shape[0]
                writer.writerow([path.name, "ab"[rank % 2], x, y])
    return tmp_path


def test_the_command_writes_what_the_crops_take(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = folder / "adaptation.json"
    command = ["adapt", "--folder", str(folder), "--model", "gaze-fast", "--out", str(out)]
    assert main(command) == 0
    said = capsys.readouterr()
    assert f"cross-validation over {len(SAMPLES)} photos" in said.out
    assert f"looked at {len(SAMPLES)} of {len(SAMPLES)} photos" in said.err
    found = read_adaptation(out, list(MODELS))
    assert found.model == "gaze-fast"
    assert found.adaptation == fit(look_at(read_folder(folder), load_model("gaze-fast")))
    assert found.adaptation.certainty > 1.3
    manifest = json.loads(out.read_text())
    assert manifest["photos"] == len(SAMPLES)
    assert manifest["fixations"] == 60 * len(SAMPLES)
    assert manifest["data sha256"] == fingerprint(read_folder(folder))
    assert set(manifest["gain by cross-validation"]) == set(METRICS)


def test_too_few_photos_say_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path in SAMPLES[FEWEST - 1 :]:
        (folder / path.name).write_bytes(b"no picture")
    assert main(["adapt", "--folder", str(folder), "--out", str(folder / "a.json")]) == 2
    assert f"{FEWEST - 1} of {len(SAMPLES)} photos can be opened and have fixations" in capsys.readouterr().err
    assert not (folder / "a.json").exists()
