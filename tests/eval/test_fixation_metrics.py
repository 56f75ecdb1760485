"""Saliency metrics: against pysaliency, against literal versions, and on maps with a known score."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from eval.metrics.fixation import (
    as_density,
    at_image_size,
    auc_judd,
    auc_shuffled,
    cc,
    fixation_density,
    information_gain,
    kl_divergence,
    nss,
    similarity,
)

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    pytest.importorskip("pysaliency", reason="pysaliency is the oracle here: make setup-dev")
    import pysaliency
    from pysaliency import metrics as reference
    from pysaliency.roc import general_rocs_per_positive

SEEDS = range(6)


def scene(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A map of 40 x 60 pixels, 25 fixations and a human density; odd seeds have ties and zeros."""
    rng = np.random.default_rng(seed)
    saliency_map = rng.random((40, 60)) ** 4
    if seed % 2:
        saliency_map = np.round(saliency_map, 1)
    fixations = rng.random((25, 2)) * (60, 40)
    return saliency_map, fixations, fixation_density(rng.random((30, 2)) * (60, 40), (60, 40), 3.0)


@pytest.mark.parametrize("seed", SEEDS)
def test_metrics_agree_with_pysaliency(seed: int) -> None:
    saliency_map, fixations, density = scene(seed)
    x, y = fixations.astype(int).T
    assert nss(saliency_map, fixations) == pytest.approx(reference.NSS(saliency_map, x, y).mean(), abs=1e-10)
    assert cc(saliency_map, density) == pytest.approx(reference.CC(saliency_map, density), abs=1e-10)
    assert similarity(saliency_map, density) == pytest.approx(reference.SIM(saliency_map, density), abs=1e-10)
    with np.errstate(divide="ignore"):
        assert kl_divergence(saliency_map, density) == pytest.approx(
            reference.MIT_KLDiv(saliency_map, density), rel=1e-9
        )
    assert auc_judd(saliency_map, fixations) == pytest.approx(
        np.mean(general_rocs_per_positive(saliency_map[y, x], saliency_map.ravel())), abs=1e-9
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_shuffled_auc_and_information_gain_agree_with_pysaliency(seed: int) -> None:
    saliency_map, fixations, density = scene(seed)
    other = scene(seed + 100)[1]
    # two images of different size; the other image's fixations are rescaled to this one
    stimuli = pysaliency.Stimuli([np.zeros((40, 60, 3)), np.zeros((80, 180, 3))])
    x = np.concatenate([fixations[:, 0], other[:, 0] * 3])
    y = np.concatenate([fixations[:, 1], other[:, 1] * 2])
    everyone = pysaliency.Fixations.create_without_history(x=x, y=y, n=np.repeat([0, 1], 25))

    class Maps(pysaliency.SaliencyMapModel):
        def _saliency_map(self, stimulus: np.ndarray) -> np.ndarray:
            return saliency_map if stimulus.shape[0] == 40 else np.zeros(stimulus.shape[:2])

    class Density(pysaliency.Model):
        def __init__(self, density: np.ndarray) -> None:
            super().__init__()
            self.density = density

        def _log_density(self, stimulus: np.ndarray) -> np.ndarray:
            if stimulus.shape[0] == 40:
                with np.errstate(divide="ignore"):
                    return np.log(self.density)
            return np.full(stimulus.shape[:2], -np.log(stimulus.shape[0] * stimulus.shape[1]))

    mine = everyone[everyone.n == 0]
    expected = np.mean(Maps().AUCs(stimuli, everyone, nonfixations="shuffled")[:25])
    assert auc_shuffled(saliency_map, fixations, other) == pytest.approx(expected, abs=1e-9)
    positive = as_density(saliency_map + 0.01)
    gain = Density(positive).information_gain(stimuli, mine, baseline_model=Density(density), average="fixation")
    assert information_gain(positive, fixations, density) == pytest.approx(gain, abs=1e-6)


def test_auc_is_the_chance_to_be_above_a_random_pixel() -> None:
    saliency_map, fixations, _ = scene(1)
    wins = 0.0
    for x, y in fixations.astype(int):
        for value in saliency_map.ravel():
            wins += 1.0 if saliency_map[y, x] > value else 0.5 if saliency_map[y, x] == value else 0.0
    assert auc_judd(saliency_map, fixations) == pytest.approx(wins / len(fixations) / saliency_map.size)


@pytest.mark.parametrize("value", [0.0, 0.1, 7.0])
def test_a_constant_map_knows_nothing(value: float) -> None:
    saliency_map = np.full((40, 60), value)
    _, fixations, density = scene(0)
    assert auc_judd(saliency_map, fixations) == 0.5
    assert auc_shuffled(saliency_map, fixations, scene(1)[1]) == 0.5
    assert nss(saliency_map, fixations) == 0
    assert cc(saliency_map, density) == 0
    assert information_gain(saliency_map, fixations, np.ones((40, 60))) == pytest.approx(0)


def test_the_density_itself_is_the_best_map() -> None:
    _, fixations, density = scene(2)
    assert cc(density * 3 + 1, density) == pytest.approx(1)
    assert similarity(density * 5, density) == pytest.approx(1)
    assert kl_divergence(density * 5, density) == pytest.approx(0, abs=1e-9)
    assert information_gain(density, fixations, density) == 0


def test_x_is_a_column_and_y_a_row() -> None:
    saliency_map = np.zeros((40, 60))
    saliency_map[5, 50] = 1
    there, swapped = np.array([[50.9, 5.2]]), np.array([[5.2, 30.9]])
    assert auc_judd(saliency_map, there) > 0.99 > auc_judd(saliency_map, swapped)
    assert nss(saliency_map, there) > 40 > 0 > nss(saliency_map, swapped)
    assert fixation_density(there, (60, 40), 2.0).argmax() == 5 * 60 + 50


def test_a_grid_is_laid_over_the_whole_image() -> None:
    grid = np.array([[1.0, 2.0], [3.0, 4.0]])
    saliency_map = at_image_size(grid, (60, 40))
    assert saliency_map.shape == (40, 60)
    assert saliency_map[0, 0] == 1
    assert saliency_map[-1, -1] == 4
    assert saliency_map[19:21, 29:31].mean() == pytest.approx(2.5)


@pytest.mark.parametrize("value", [1.0, 0.1, 1 / 3])
def test_a_constant_grid_stays_constant(value: float) -> None:
    for cells in ((3, 7), (1, 1)):
        saliency_map = at_image_size(np.full(cells, value), (333, 217))
        assert saliency_map.shape == (217, 333)
        assert saliency_map.min() == saliency_map.max() == value


def test_a_density_blurs_and_sums_to_one() -> None:
    density = fixation_density(np.array([[30.0, 20.0]]), (60, 40), sigma=4.0)
    assert density.sum() == pytest.approx(1)
    y, x = np.mgrid[0:40, 0:60]
    assert ((x - 30) ** 2 * density).sum() == pytest.approx(16, rel=0.05)
    assert ((y - 20) ** 2 * density).sum() == pytest.approx(16, rel=0.05)
    with pytest.raises(ValueError, match="at least one fixation"):
        fixation_density(np.empty((0, 2)), (60, 40), 4.0)


def test_a_density_agrees_with_scipy_up_to_the_border() -> None:
    """Nothing is reflected there: gaze that would fall outside is left out before the density is made to sum to 1."""
    counts = np.zeros((40, 60))
    counts[[1, 38, 20], [2, 57, 30]] = 1
    expected = gaussian_filter(counts, 3.0, mode="constant")
    got = fixation_density(np.array([[2.0, 1.0], [57.0, 38.0], [30.0, 20.0]]), (60, 40), sigma=3.0)
    assert got == pytest.approx(expected / expected.sum(), abs=2e-5)


@pytest.mark.parametrize(("outside", "border"), [((-3.0, 45.0), (0, 39)), ((66.0, -2.0), (59, 0))])
def test_fixations_just_outside_count_on_the_border(outside: tuple[float, float], border: tuple[int, int]) -> None:
    density = fixation_density(np.array([outside]), (60, 40), 2.0)
    assert divmod(int(density.argmax()), 60) == border[::-1]


@pytest.mark.parametrize("scale", [1e-9, 1e9])
def test_the_scale_of_a_map_says_nothing(scale: float) -> None:
    saliency_map, fixations, density = scene(1)
    assert nss(scale * saliency_map, fixations) == pytest.approx(nss(saliency_map, fixations))
    assert cc(scale * saliency_map, density) == pytest.approx(cc(saliency_map, density))
    assert cc(saliency_map, scale * density) == pytest.approx(cc(saliency_map, density))


def test_a_map_below_zero_is_raised_to_be_a_density() -> None:
    assert as_density(np.array([[-1.0, 0.0, 1.0]])) == pytest.approx(np.array([[0, 1 / 3, 2 / 3]]))


def test_whole_numbers_score_as_what_they_stand_for() -> None:
    saliency_map, fixations, density = scene(2)
    whole = np.round(200 * saliency_map / saliency_map.max()).astype(np.uint8)
    for metric, against in ((nss, fixations), (auc_judd, fixations), (cc, density), (similarity, density)):
        assert metric(whole, against) == pytest.approx(metric(whole.astype(np.float64), against)), metric
    enlarged = at_image_size(whole[::20, ::20], (60, 40))
    assert enlarged == pytest.approx(at_image_size(whole[::20, ::20].astype(np.float64), (60, 40)))
