"""Adaptations: what each number does to a map, and what a file may say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.linalg import expm

from saliency import load_model, open_image
from saliency.__main__ import main
from saliency.adapt import RANGES, Adaptation, AdaptedModel, heat
from saliency.adapt_file import KIND, MOST_BYTES, VERSION, AdaptationError, read_adaptation, to_json

FRIENDS = Path(__file__).parents[2] / "samples" / "friends.jpg"
SURER = Adaptation(certainty=1.5, blur=0.02, pull_across=0.5, pull_down=-0.5, centre=0.1)
MODELS = ("gaze", "gaze-fast")


def some_map(rows: int = 30, columns: int = 41) -> NDArray[np.float32]:
    values = np.random.default_rng(1).gamma(0.5, size=(rows, columns)) + 1e-6
    return (values / values.sum()).astype(np.float32)


def literal(saliency_map: NDArray[np.float32], numbers: Adaptation) -> NDArray[np.float64]:
    """Cell by cell; the heat spreads by SciPy's exponential of what flows between neighbours."""
    height, width = saliency_map.shape
    density = saliency_map.astype(float) ** numbers.certainty
    time = (numbers.blur * max(height, width)) ** 2 / 2
    density = expm(time * flow(height)) @ density @ expm(time * flow(width))
    middle = np.zeros((height, width))
    for row in range(height):
        for column in range(width):
            across, down = (column + 0.5) / width - 0.5, (row + 0.5) / height - 0.5
            density[row, column] *= np.exp(-numbers.pull_across * across**2 / (2 * 0.25**2))
            density[row, column] *= np.exp(-numbers.pull_down * down**2 / (2 * 0.25**2))
            middle[row, column] = np.exp(-(across**2 + down**2) / (2 * 0.25**2))
    return (1 - numbers.centre) * density / density.sum() + numbers.centre * middle / middle.sum()


def flow(cells: int) -> NDArray[np.float64]:
    """What each of a line's cells gains from each in a unit of time: from its neighbours, nothing over the ends."""
    gains = np.zeros((cells, cells))
    for cell in range(cells - 1):
        gains[cell, cell + 1] = gains[cell + 1, cell] = 1
    return gains - np.diag(gains.sum(axis=0))


@pytest.mark.parametrize(
    "numbers",
    [
        Adaptation(),
        Adaptation(certainty=2),
        Adaptation(certainty=0.5),
        Adaptation(blur=0.05),
        Adaptation(pull_across=1.5),
        Adaptation(pull_down=-2),
        Adaptation(centre=0.4),
        Adaptation(0.8, 0.04, 0.3, -0.2, 0.1),
    ],
)
def test_each_number_does_what_it_says(numbers: Adaptation) -> None:
    found = numbers.apply(some_map())
    assert found.dtype == np.float32
    assert found.sum(dtype=np.float64) == pytest.approx(1, abs=1e-6)
    np.testing.assert_allclose(found, literal(some_map(), numbers), atol=1e-5 * found.max())


@pytest.mark.parametrize("sigma", [0.0, 0.3, 1.0, 4.0])
def test_the_blur_has_its_deviation_and_loses_nothing(sigma: float) -> None:
    kernel = heat(60, sigma)
    np.testing.assert_allclose(kernel.sum(axis=0), 1)
    assert kernel.min() > -1e-12
    away = np.arange(60) - 30
    assert kernel[30] @ away**2 == pytest.approx(sigma**2, abs=1e-9 + 1e-3 * sigma**2)


@pytest.mark.parametrize("corner", [0, 1])
def test_the_ends_of_all_ranges_still_give_a_density(corner: int) -> None:
    found = Adaptation(**{name: ends[corner] for name, ends in RANGES.items()}).apply(some_map())
    assert np.isfinite(found).all()
    assert found.min() >= 0
    assert found.sum(dtype=np.float64) == pytest.approx(1, abs=1e-6)


def test_a_cell_without_gaze_stays_without_it_unless_it_is_mixed_in() -> None:
    one = np.zeros((9, 9), np.float32)
    one[4, 2] = 1
    np.testing.assert_allclose(Adaptation(certainty=0.5).apply(one), one, atol=1e-4)
    assert Adaptation(centre=0.1).apply(one).min() > 0


def test_a_number_out_of_range_is_named() -> None:
    with pytest.raises(ValueError, match=r"centre must be 0 to 0\.9, got 1"):
        Adaptation(centre=1)
    with pytest.raises(ValueError, match="certainty must be"):
        Adaptation(certainty=float("nan"))


def test_a_model_is_adapted_and_stays_as_it_was() -> None:
    model, image = load_model("gaze"), open_image(FRIENDS)
    adapted = AdaptedModel(model, SURER)
    expected = model.predict(image)
    np.testing.assert_array_equal(adapted.predict(image), SURER.apply(expected))
    np.testing.assert_array_equal(model.predict(image), expected)
    assert (adapted.name, adapted.least_size((4000, 3000))) == ("gaze", model.least_size((4000, 3000)))


# --- the file ---


def test_a_file_comes_back_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "adaptation.json"
    path.write_text(to_json("gaze-fast", SURER, {"photos": 12}))
    found = read_adaptation(path, MODELS)
    assert (found.model, found.adaptation) == ("gaze-fast", SURER)
    assert json.loads(path.read_text())["photos"] == 12


def changed(**changes: Any) -> bytes:
    return json.dumps(json.loads(to_json("gaze", SURER, {})) | changes).encode()


NUMBERS = json.loads(to_json("gaze", SURER, {}))["numbers"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b"[" * 50_000, "no JSON"),
        (b"[]", KIND),
        (b'{"a": 1}', KIND),
        (b" " * (MOST_BYTES + 1), "larger than 100 kB"),
        (changed(**{KIND: VERSION + 1}), f"version {VERSION + 1} .* only {VERSION} is known"),
        (changed(**{KIND: ["x" * 90]}), r"version .*\.\.\."),
        (changed(model="gase"), "unknown model 'gase'; available: gaze, gaze-fast"),
        (changed(model=3), "names no model"),
        (changed(numbers=[1]), "names no model and numbers"),
        (changed(numbers={**NUMBERS, "zoom": 1}), "see 'zoom'"),
        (changed(numbers={"blur": 0}), "must be certainty, blur"),
        (changed(numbers={**NUMBERS, "blur": "0"}), "blur is no number: '0'"),
        (changed(numbers={**NUMBERS, "blur": True}), "blur is no number: True"),
        (changed(numbers={**NUMBERS, "blur": None}), "blur is no number"),
        (changed(numbers={**NUMBERS, "blur": float("nan")}), "blur must be 0 to 0.2, got nan"),
        (changed(numbers={**NUMBERS, "certainty": float("inf")}), "certainty must be"),
        (changed(numbers={**NUMBERS, "certainty": 10**400}), "certainty must be"),
        (changed(numbers={**NUMBERS, "centre": -1}), "centre must be"),
    ],
)
def test_a_file_that_is_none_says_what_is_wrong(data: bytes, message: str) -> None:
    with pytest.raises(AdaptationError, match=message):
        read_adaptation(data, MODELS)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(AdaptationError, match="cannot read .*nothing.json"):
        read_adaptation(tmp_path / "nothing.json", MODELS)


# --- the command line ---


def record_of(capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, Any]:
    assert main(["crop", str(FRIENDS), "--aspect", "16:9", "--json", *options]) == 0
    return dict(json.loads(capsys.readouterr().out))


def test_crops_and_maps_are_adapted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "adaptation.json"
    file.write_text(to_json("gaze-fast", SURER, {}))
    plain = record_of(capsys, "--method", "gaze-fast", "--gaze-only")
    adapted = record_of(capsys, "--gaze-only", "--adapt", str(file))
    assert adapted["method"] == "gaze-fast"
    assert adapted["kept"] != plain["kept"]
    assert main(["map", str(FRIENDS), "--adapt", str(file), "--out", str(tmp_path)]) == 0
    expected = SURER.apply(load_model("gaze-fast").predict(open_image(FRIENDS)))
    np.testing.assert_array_equal(np.load(tmp_path / "friends.npy"), expected)


def test_an_adaptation_that_changes_nothing_changes_no_crop(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "adaptation.json"
    file.write_text(to_json("gaze", Adaptation(), {}))
    plain, adapted = record_of(capsys), record_of(capsys, "--adapt", str(file))
    assert adapted["box"] == plain["box"]
    assert adapted["kept"] == pytest.approx(plain["kept"], abs=1e-5)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--method", "gaze-fast"], "fitted to the maps of 'gaze', not of 'gaze-fast'"),
        (["--method", "gaze", "--method", "face"], "fitted to the maps of 'gaze', not of 'face'"),
        (["--fit", "pad"], "--adapt is for --fit crop"),
    ],
)
def test_what_does_not_go_with_an_adaptation_says_so(
    options: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "adaptation.json"
    file.write_text(to_json("gaze", SURER, {}))
    with pytest.raises(SystemExit):
        main(["crop", str(FRIENDS), "--adapt", str(file), *options])
    assert message in capsys.readouterr().err


def test_a_bad_file_is_the_options_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "adaptation.json"
    file.write_text("{}")
    with pytest.raises(SystemExit):
        main(["map", str(FRIENDS), "--adapt", str(file), "--out", str(tmp_path)])
    assert "argument --adapt: the file has no" in capsys.readouterr().err
