"""The centre prior in others' maps: windows and densities against slow versions, and a best weight that is known."""

from __future__ import annotations

import numpy as np
import pytest

from eval.benchmark import on_map
from eval.context import make_context
from eval.datasets import Sample, read_folder
from eval.methods import NAMES, prior_of
from eval.metrics.fixation import DENSITY_SIGMA, fixation_density, information_gain, mixed
from eval.peers import PEERS
from eval.peers.mass import PRIOR_DEVIATION, place_most_mass
from eval.prior import WEIGHTS, best_weights, prior_table
from saliency.crop import center_window
from saliency.methods import METHODS
from saliency.types import Aspect, Evidence, RgbImage
from tests.oracles import best_box_by_trial, kept_by_pixels
from tests.scenes import one_peak, random_map
from tests.synthetic import write_dataset


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> list[Sample]:
    return read_folder(write_dataset(tmp_path_factory.mktemp("data")))


def with_gaussian(saliency_map: np.ndarray, weight: float) -> np.ndarray:
    """Cell by cell."""
    rows, columns = saliency_map.shape
    middle = np.array(
        [
            [
                np.exp(-(((r + 0.5) / rows - 0.5) ** 2 + ((c + 0.5) / columns - 0.5) ** 2) / (2 * PRIOR_DEVIATION**2))
                for c in range(columns)
            ]
            for r in range(rows)
        ]
    )
    return (1 - weight) * saliency_map / saliency_map.sum() + weight * middle / middle.sum()


@pytest.mark.parametrize("weight", [0.0, 0.3, 0.55, 1.0])
def test_windows_keep_the_most_of_the_map_and_the_prior(weight: float) -> None:
    size, shape = (24, 17), (5, 7)
    for seed in range(4):
        saliency_map = random_map(np.random.default_rng(seed), shape)
        by_hand = with_gaussian(saliency_map.astype(np.float64), weight)
        for aspect in (Aspect(1, 1), Aspect(3, 1)):
            (crop,) = place_most_mass(Evidence(map=saliency_map), size, [aspect], weight)
            box = crop.box
            kept = kept_by_pixels(by_hand, size, (box.left, box.top, box.width, box.height), fine=35)
            assert kept == pytest.approx(best_box_by_trial(by_hand, size, (box.width, box.height)), abs=1e-3)


def test_nothing_but_the_prior_is_the_centre() -> None:
    (crop,) = place_most_mass(Evidence(map=one_peak((6, 9), 0, 8)), (90, 60), [Aspect(1, 2)], weight=1.0)
    assert crop.box == center_window((90, 60), Aspect(1, 2))


def test_a_map_that_is_right_wants_no_prior_and_one_that_is_wrong_wants_much(samples: list[Sample]) -> None:
    middle = [sample for sample in samples if sample.name in ("middle.png", "album/square.png")]

    def right(image: RgbImage) -> Evidence:
        brightness = image.mean(axis=2) + 1e-6
        return Evidence(map=(brightness / brightness.sum()).astype(np.float32))

    def wrong(image: RgbImage) -> Evidence:
        """What people look at, in the middle, is in the darkest place of this one."""
        across = np.linspace(1, 0, image.shape[1] // 4) ** 2
        return Evidence(map=np.tile(across / across.sum() / 5, (5, 1)).astype(np.float32))

    table = prior_table({"right": right, "wrong": wrong}, {"folder": (middle, samples)})
    best = best_weights(table)
    assert best["right"] == 0
    assert best["wrong"] > 0.1
    assert (table["right"] == 1).all()
    assert table.loc[0.0, "wrong"] < table.loc[best["wrong"], "wrong"] == 1


def test_the_humans_column_is_the_information_gain_of_the_mixed_density(samples: list[Sample]) -> None:
    judged, context = samples[:2], make_context(samples[:2], samples)
    table = prior_table({}, {"folder": (judged, samples)})
    for weight in (0.0, 0.1, 0.95):
        gains = []
        for sample in judged:
            size, fixations, prior = on_map(sample, context)
            each = []
            for one in np.unique(sample.observers):
                own = sample.observers == one
                density = fixation_density(fixations[~own], size, DENSITY_SIGMA * max(size))
                each.append(information_gain(mixed(density, prior, weight), fixations[own], prior))
            gains.append(np.mean(each))
        assert table.loc[weight, "human"] == pytest.approx(np.mean(gains))


def test_what_is_said_of_each_methods_prior() -> None:
    said = {name: prior_of(name) for name in NAMES}
    assert {name for name, text in said.items() if text == "own"} == {
        name for name, method in METHODS.items() if method.place.__name__ in ("place_most_gaze", "place_gaze_only")
    }
    for name, peer in PEERS.items():
        assert said[name] == ("none" if peer.prior is None else f"{peer.prior:.2f}")
        assert name.endswith("-prior") == (peer.prior in WEIGHTS)
