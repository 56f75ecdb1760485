"""`gaze-best` against its looks, taken one by one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from saliency import load_model, open_image
from saliency.models.average import AverageModel, mean_of
from saliency.models.gaze import load_gaze
from tests.scenes import gradient

SAMPLES = sorted((Path(__file__).parents[2] / "samples").glob("*.jpg"))
SIZES = [(1, 1), (640, 480), (33, 470), (900, 201), (10_000, 1), (251, 249)]


@pytest.mark.parametrize("path", SAMPLES[:4], ids=lambda path: path.stem)
def test_it_is_the_literal_mean_of_six_looks(path: Path) -> None:
    """Each enlarged by Pillow, another library than the model's, and added up one after the other."""
    image = open_image(path)
    gaze, fast = load_gaze("gaze"), load_gaze("gaze-fast")
    found = load_model("gaze-best").predict(image)
    total = np.zeros(found.shape)
    for model in (gaze, gaze.shown(384 * 288), fast):
        for look in (model.predict(image), model.predict(image[:, ::-1].copy())[:, ::-1]):
            enlarged = Image.fromarray(look, "F").resize(found.shape[::-1], Image.Resampling.BILINEAR)
            weights = np.asarray(enlarged, np.float64)
            total += weights / weights.sum() / 6
    np.testing.assert_allclose(found, total, atol=1e-4 * total.max())


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_mirrored_photo_has_exactly_the_mirrored_map(path: Path) -> None:
    model, image = load_model("gaze-best"), open_image(path)
    mirrored = np.ascontiguousarray(image[:, ::-1])
    np.testing.assert_array_equal(model.predict(mirrored), model.predict(image)[:, ::-1])


@pytest.mark.parametrize("size", SIZES)
def test_a_picture_of_any_size_gives_a_density(size: tuple[int, int]) -> None:
    image = gradient(size)
    before = image.copy()
    found = load_model("gaze-best").predict(image)
    assert found.dtype == np.float32
    assert np.isfinite(found).all()
    assert found.min() >= 0
    assert found.sum(dtype=np.float64) == pytest.approx(1, abs=1e-6)
    np.testing.assert_array_equal(image, before)


def test_it_needs_as_much_of_a_photo_as_its_finest_look() -> None:
    gaze = load_gaze("gaze")
    for size in ((4000, 3000), (3000, 4000), (6000, 500)):
        needs = [gaze.least_size(size), gaze.shown(384 * 288).least_size(size), load_gaze("gaze-fast").least_size(size)]
        assert load_model("gaze-best").least_size(size) == (max(w for w, _ in needs), max(h for _, h in needs))


def test_grids_of_other_shapes_weigh_the_same() -> None:
    """All of the gaze at the left of the one and at the right of the other: half of it on each side."""
    left, right = np.zeros((6, 4), np.float32), np.zeros((3, 8), np.float32)
    left[:, 0], right[:, 7] = 1 / 6, 1 / 3
    mean = mean_of([left, right])
    assert mean.shape == (6, 8)
    assert mean[:, :4].sum() == pytest.approx(0.5)


def test_one_symmetric_look_is_itself() -> None:
    """A model whose map does not depend on the photo's sides is changed by neither mirror nor mean."""

    class Ramp:
        name = "ramp"

        def predict(self, image: np.ndarray) -> np.ndarray:
            density = image[..., 0].astype(np.float64)
            return (density / density.sum()).astype(np.float32)

        def least_size(self, size: tuple[int, int]) -> tuple[int, int]:
            return size

    image = gradient((40, 30))
    np.testing.assert_allclose(AverageModel("one", [Ramp()]).predict(image), Ramp().predict(image), rtol=1e-6)
