"""What one step of learning does, against the same written out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.stats import entropy

from saliency.models.gaze_net import GazeNet
from tests.scenes import gradient
from training.data import Batches, stacked
from training.learning import descend, divergence, new_optimizer, running_average
from training.recipe import FineTuning, Training
from training.views import TrainingPhoto, whole_view

SETTINGS = FineTuning(epochs=2, batch_size=2, average=0.9)


def photos() -> list[TrainingPhoto]:
    return [TrainingPhoto(gradient((128, 96)), np.array([[0.2 * i, 0.3]]), i % 2) for i in range(1, 5)]


def learned(folder: Path, epochs: int) -> Training:
    """A run of `epochs` in all, which goes on where one in the folder stopped."""
    torch.manual_seed(0)
    run = Training(SETTINGS, GazeNet(), domains=2, steps=4, folder=folder)
    while run.epoch < epochs:
        batches = Batches(photos(), SETTINGS.batch_size, 1.0, SETTINGS.seed, run.epoch, {(128, 96): 1})
        for i in range(len(batches)):
            run.step(batches[i])
        run.save()
    return run


def test_the_divergence_is_the_relative_entropy() -> None:
    rng = np.random.default_rng(0)
    target, predicted = rng.dirichlet(np.ones(12), (2, 3))[0], rng.dirichlet(np.ones(12), 3)
    target[0, :6] = 0  # where nobody looked nothing is added
    target[0] /= target[0].sum()
    found = divergence(torch.from_numpy(np.log(predicted)).view(3, 3, 4), torch.from_numpy(target).view(3, 3, 4))
    np.testing.assert_allclose(found, entropy(target, predicted, axis=1))


def test_the_average_begins_with_the_weights_where_learning_starts() -> None:
    layer = torch.nn.Linear(1, 1, bias=False)
    torch.nn.init.constant_(layer.weight, 8.0)
    average = running_average(layer, 0.75)
    for weight in (0.0, 16.0):
        torch.nn.init.constant_(layer.weight, weight)
        average.update_parameters(layer)
    assert average.module.state_dict()["weight"].item() == 0.75 * (0.75 * 8 + 0.25 * 0) + 0.25 * 16


@pytest.mark.parametrize(("most", "expected"), [(1.0, 1.0), (100.0, 10.0)])
def test_long_gradients_are_cut(most: float, expected: float) -> None:
    weight = torch.nn.Parameter(torch.zeros(()))
    assert descend(10 * weight + 3, torch.optim.SGD([weight], lr=1), most) == 3
    assert weight.item() == pytest.approx(-expected, rel=1e-5)


def test_every_weight_has_one_rate_and_frozen_ones_none() -> None:
    net = GazeNet()
    net.backbone.stem.requires_grad_(False)
    backbone, read_out, priors = new_optimizer(net, [net.prior], (1e-4, 1e-3, 1e-2), 0.1).param_groups
    counts = [sum(p.numel() for p in group["params"]) for group in (backbone, read_out, priors)]
    frozen = sum(p.numel() for p in net.backbone.stem.parameters())
    assert sum(counts) + frozen == sum(p.numel() for p in net.parameters())
    assert [counts[0], counts[2]] == [sum(p.numel() for p in net.backbone.parameters()) - frozen, net.prior.numel()]
    assert [(group["lr"], group["weight_decay"]) for group in (backbone, read_out, priors)] == [
        (1e-4, 0.1),
        (1e-3, 0.1),
        (1e-2, 0.0),
    ]


def test_an_interrupted_run_goes_on_as_if_it_had_not_been(tmp_path: Path) -> None:
    for name in ("at once", "in two"):
        (tmp_path / name).mkdir()
    learned(tmp_path / "in two", 1)
    nets = [learned(tmp_path / name, 2).averaged_net().state_dict() for name in ("at once", "in two")]
    for name, value in nets[0].items():
        torch.testing.assert_close(value, nets[1][name], rtol=0, atol=0)


def test_a_checkpoint_of_other_settings_is_refused(tmp_path: Path) -> None:
    learned(tmp_path, 1)
    with pytest.raises(ValueError, match="of another run, .*choose another --out"):
        Training(FineTuning(epochs=3), GazeNet(), domains=2, steps=6, folder=tmp_path)


def test_a_batch_holds_its_views_in_order() -> None:
    rng = np.random.default_rng(0)
    views = [whole_view(photo, (128, 96), rng) for photo in photos()]
    batch = stacked(views)
    assert batch.pictures.shape == (4, 3, 96, 128)
    assert batch.domains.tolist() == [1, 0, 1, 0]
    np.testing.assert_array_equal(batch.frames[2], views[2].frame)
    np.testing.assert_array_equal(batch.densities[3], views[3].density)
    np.testing.assert_allclose(batch.pictures[1].permute(1, 2, 0) * 128 + 127, views[1].picture)
