"""Distillation and Fisher pruning: what they compute, against slower ways of computing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from saliency.models.average import AverageModel
from saliency.models.gaze_net import GazeNet
from saliency.models.gaze_torch import load_net, to_tensor
from saliency.models.input import input_size
from tests.scenes import FixedModel, gradient, one_peak, random_map
from training.checkpoint import Checkpoint
from training.data import Batch, canvases_of, stacked
from training.distil import Distillation, distil, feature_difference, loss_of, mixed
from training.fuse import fuse
from training.prune import UNIT, WRITE, Cost, FisherInformation, choose, cost_of, narrowed, readers, widths_of
from training.teacher import with_lessons, write_lessons
from training.views import CANVASES, TrainingPhoto, View, carried, sample_view, whole_view

SIZE = (128, 96)
VARIANTS = ["lite0", "lite0-fused"]
CHANGES = ("backbone.stem", "backbone.stages.0", "backbone.stages.1")  # by fusing


def small_net(variant: str = "lite0") -> GazeNet:
    torch.manual_seed(0)
    widths = dict.fromkeys(readers(GazeNet(variant)), 32) | {"fine_refine": 16, "read_out": 16}
    return GazeNet(variant, widths).eval()


def batch(count: int = 3, seed: int = 0) -> Batch:
    rng = torch.Generator().manual_seed(seed)
    cells = (count, SIZE[1] // 4, SIZE[0] // 4)
    densities, lessons = (torch.rand(cells, generator=rng).flatten(1).softmax(1).view(cells) for _ in range(2))
    return Batch(
        pictures=torch.rand(count, 3, SIZE[1], SIZE[0], generator=rng) * 2 - 1,
        densities=densities,
        lessons=lessons,
        frames=torch.rand(*cells, 2, generator=rng) * 2 - 1,
        shares=torch.rand(count, generator=rng),
        domains=torch.zeros(count, dtype=torch.int64),
    )


def put_gates(net: GazeNet, gates: Mapping[str, Tensor]) -> None:
    """Multiply each feature map that a reader takes in by its gate, (width,) for the reader of each name."""
    for name, gate in gates.items():
        net.get_submodule(name).register_forward_pre_hook(lambda _, x, gate=gate: x[0] * gate[None, :, None, None])


@pytest.mark.parametrize("variant", VARIANTS)
def test_fisher_information_is_the_squared_gradient_of_a_gate(variant: str) -> None:
    """The literal definition: the empirical Fisher information of a gate on each map, a photo at a time."""
    photos = batch()
    net = small_net(variant)
    with FisherInformation(net) as found:
        loss_of(net, photos, 0.5).mean().backward()
    expected = {name: torch.zeros(width) for name, width in widths_of(net).items()}
    for n in range(3):
        gated = small_net(variant)
        gates = {name: torch.ones(width, requires_grad=True) for name, width in widths_of(gated).items()}
        put_gates(gated, gates)
        one = Batch(*(getattr(photos, field.name)[n : n + 1] for field in fields(Batch)))
        loss_of(gated, one, 0.5).sum().backward()
        for name, gate in gates.items():
            assert gate.grad is not None
            expected[name] += gate.grad**2 / (2 * 3)
    assert found.mean().keys() == expected.keys()
    for name, delta in found.mean().items():
        torch.testing.assert_close(delta, expected[name], rtol=1e-3, atol=1e-6 * float(expected[name].max()))


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_pruned_network_is_the_old_one_with_those_maps_zeroed(variant: str) -> None:
    net = GazeNet(variant).eval()
    rng = np.random.default_rng(0)
    keep = {
        name: torch.from_numpy(np.sort(rng.choice(width, width - 5, replace=False)))
        for name, width in widths_of(net).items()
    }
    small = narrowed(net, keep).eval()
    assert widths_of(small) == {name: width - 5 for name, width in widths_of(net).items()}
    gates = {name: torch.zeros(width) for name, width in widths_of(net).items()}
    for name, kept in keep.items():
        gates[name][kept] = 1
    put_gates(net, gates)
    pictures = batch().pictures
    with torch.no_grad():
        torch.testing.assert_close(small(pictures), net(pictures), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_cost_is_what_pruning_saves(variant: str) -> None:
    net = GazeNet(variant)
    before = cost_of(net, SIZE)
    for name, width in widths_of(net).items():
        if width > UNIT and not name.startswith(("refine", "fine")):  # neighbours of the read-out price each other
            small = narrowed(net, {name: torch.arange(width - UNIT)})
            assert before.total - cost_of(small, SIZE).total == UNIT * before.maps[name]


def test_the_whole_cost_is_that_of_multiplying_by_hand() -> None:
    net, counts = small_net(), []

    def count(layer: torch.nn.Conv2d, _: object, output: Tensor) -> None:
        products = layer.in_channels // layer.groups * layer.kernel_size[0] * layer.kernel_size[1]
        counts.append(output.numel() * (products + WRITE))

    for layer in net.modules():
        if isinstance(layer, torch.nn.Conv2d):
            layer.register_forward_hook(count)
    net(torch.zeros(1, 3, SIZE[1], SIZE[0]))
    assert cost_of(small_net(), SIZE).total == sum(counts)


def test_the_cheapest_information_goes_first() -> None:
    information = {
        "useless": torch.cat([torch.full((UNIT,), 5.0), torch.zeros(UNIT)]),
        "dear": torch.full((2 * UNIT,), 1.0),
        "cheap": torch.full((3 * UNIT,), 1.0),
    }
    cost = Cost(10_000, {"useless": 10, "dear": 10, "cheap": 2})
    first = choose(information, cost, 10_000 - 10 * UNIT)
    assert {name: len(kept) for name, kept in first.items()} == {"useless": UNIT, "dear": 2 * UNIT, "cheap": 3 * UNIT}
    assert first["useless"].tolist() == list(range(UNIT))
    second = choose(information, cost, 10_000 - 20 * UNIT)
    assert {name: len(kept) for name, kept in second.items()} == {"useless": UNIT, "dear": UNIT, "cheap": 3 * UNIT}
    assert all(len(kept) == UNIT for kept in choose(information, cost, 0).values())


def test_the_teacher_is_the_mean_of_maps_and_mirrored_maps() -> None:
    left, right = one_peak((8, 10), 2, 1), one_peak((8, 10), 2, 8)
    found = AverageModel("teacher", [FixedModel(left)]).predict(gradient((80, 64)))
    np.testing.assert_allclose(found, (left + right) / 2, atol=1e-7)
    both = AverageModel("teacher", [FixedModel(left), FixedModel(right)]).predict(gradient((80, 64)))
    np.testing.assert_allclose(both, (left + right) / 2, atol=1e-7)


def test_lessons_stay_with_their_photos(tmp_path: Path) -> None:
    photos = [TrainingPhoto(gradient((80 + i, 64)), np.array([[0.5, 0.5]]), 0) for i in range(12)]
    teacher = AverageModel("teacher", [FixedModel(one_peak((8, 10), 2, 1))])
    write_lessons(teacher, (photo.image for photo in photos), len(photos), tmp_path)
    for photo in with_lessons(photos, tmp_path):
        np.testing.assert_array_equal(photo.lesson, teacher.predict(photo.image))
    with pytest.raises(ValueError, match="12 photos, not of these 11"):
        with_lessons(photos[:11], tmp_path)


@pytest.mark.parametrize("canvas", list(CANVASES), ids=str)
def test_a_lesson_moves_with_its_photo(canvas: tuple[int, int]) -> None:
    """A peak of the teacher's map lands where a fixation at the same place does."""
    rng = np.random.default_rng(canvas[0])
    lesson = one_peak((64, 80), 30, 44)
    place = np.array([[(44 + 0.5) / 80, (30 + 0.5) / 64]])
    photo = TrainingPhoto(np.zeros((336, 448, 3), np.uint8), np.repeat(place, 9, axis=0), 0, lesson)
    for _ in range(20):
        view = sample_view(photo, canvas, rng)
        assert view.lesson.sum() == pytest.approx(1, abs=1e-4)
        if view.share == 1:
            wanted, found = (np.unravel_index(grid.argmax(), grid.shape) for grid in (view.lesson, view.density))
            np.testing.assert_allclose(found, wanted, atol=1)


def test_a_whole_lesson_is_the_map_itself() -> None:
    lesson = random_map(np.random.default_rng(0), (64, 80))
    whole = np.array([[320 / 448, 0, 0], [0, 256 / 336, 0.0]])
    found, share = carried(lesson, (448, 336), (320, 256), whole)
    np.testing.assert_allclose(found, lesson / lesson.sum(), atol=1e-6)
    assert share == pytest.approx(1)


def test_a_view_weighs_what_share_of_the_lesson_it_holds() -> None:
    """The right half of a map that lies to three quarters there, on a canvas of another size."""
    lesson = np.full((64, 80), 1.0, np.float32)
    lesson[:, 40:] = 3
    right = np.array([[640 / 448, 0, -320], [0, 256 / 336, 0.0]])
    found, share = carried(lesson, (448, 336), (320, 256), right)
    assert share == pytest.approx(0.75, abs=0.01)
    np.testing.assert_allclose(found[:, 2:-4], 1 / found.size, rtol=0.02)


@pytest.mark.parametrize("canvas", list(CANVASES), ids=str)
def test_a_picture_that_nobody_looked_at_is_taught_by_its_lesson_alone(canvas: tuple[int, int], tmp_path: Path) -> None:
    lesson = random_map(np.random.default_rng(0), (64, 80))
    picture = TrainingPhoto(gradient((448, 336)), np.empty((0, 2)), 0)
    write_lessons(FixedModel(lesson), [picture.image], 1, tmp_path)
    (picture,) = with_lessons([picture], tmp_path)
    for seed in range(5):
        view = sample_view(picture, canvas, np.random.default_rng(seed))
        np.testing.assert_array_equal(view.density, view.lesson)
        assert 0.25 <= view.share <= 1


def test_without_a_teacher_the_lesson_is_what_people_did() -> None:
    photo = TrainingPhoto(gradient((100, 80)), np.array([[0.4, 0.4]]), 0)
    view = whole_view(photo, (128, 96), np.random.default_rng(0))
    np.testing.assert_array_equal(view.lesson, view.density)


def test_canvases_of_other_sizes_keep_their_shapes_and_weights() -> None:
    small = canvases_of(224 * 160)
    assert next(iter(small)) == (224, 160)
    assert sum(small.values()) == sum(CANVASES.values())
    assert all(size == input_size(*size, 224 * 160) for size in small)


def test_a_student_learns_what_it_is_taught(tmp_path: Path) -> None:
    """Two photos, one bright left, one bright right; the teacher looks at the bright side."""
    photos = []
    for side in (0, 1):
        image = np.full((96, 128, 3), 40, np.uint8)
        image[32:64, 16 + 64 * side : 48 + 64 * side] = 250
        lesson = one_peak((24, 32), 12, 8 + 16 * side)
        photos += [TrainingPhoto(image, np.array([[0.25 + 0.5 * side, 0.5]]), 0, lesson)] * 8
    settings = Distillation(pixels=128 * 96, epochs=4, batch_size=4, average=0.5, teacher=1.0)
    net = load_net("gaze")
    rng = np.random.default_rng(0)
    views = [whole_view(photo, (128, 96), rng) for photo in photos[::8]]
    before = mean_loss(net, views)
    assert mean_loss(distil(net, photos, settings, tmp_path), views) < before - 0.5


def test_an_interrupted_distillation_goes_on_where_it_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped after its first epoch, then called again: the same weights as in one go; other settings are refused."""
    lesson = one_peak((24, 32), 12, 8)
    photos = [TrainingPhoto(gradient((128, 96)), np.array([[0.25, 0.5]]), 0, lesson)] * 4
    settings = Distillation(pixels=128 * 96, epochs=2, batch_size=2, frozen_stages=2)
    whole = distil(small_net(), photos, settings, new_folder(tmp_path, "whole")).state_dict()
    halves, save = new_folder(tmp_path, "halves"), Checkpoint.save

    def stop(checkpoint: Checkpoint, epoch: int) -> None:
        save(checkpoint, epoch)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Checkpoint, "save", stop)
        with pytest.raises(KeyboardInterrupt):
            distil(small_net(), photos, settings, halves)
    for name, value in distil(small_net(), photos, settings, halves).state_dict().items():
        torch.testing.assert_close(value, whole[name])
        if name.startswith(CHANGES):  # frozen
            torch.testing.assert_close(value, small_net().state_dict()[name], rtol=0, atol=0)
    with pytest.raises(ValueError, match="choose another --out"):
        distil(small_net(), photos, replace(settings, seed=1), halves)


def new_folder(parent: Path, name: str) -> Path:
    (parent / name).mkdir()
    return parent / name


def mean_loss(net: GazeNet, views: list[View]) -> float:
    with torch.no_grad():
        return float(loss_of(net, replace(stacked(views), shares=torch.ones(len(views))), 1.0).mean())


def test_fused_layers_give_what_the_old_ones_gave() -> None:
    """Flat pictures, each of its own colour: the first layers are learnt anew, and all others stay as they were."""
    photos = [TrainingPhoto(np.full((96, 128, 3), i * 12, np.uint8), np.array([[0.5, 0.5]]), 0) for i in range(20)]
    net, settings = load_net("gaze"), Distillation(pixels=128 * 96, epochs=4, batch_size=2, rate=1e-2)
    torch.manual_seed(0)
    small, less = (fuse(net, photos, replace(settings, epochs=n)) for n in (4, 1))
    assert small.variant == "lite0-fused"
    old, stays = net.state_dict(), [name for name in small.state_dict() if not name.startswith(CHANGES)]
    assert "backbone.stages.2.0.expand.weight" in stays
    for name in stays:
        torch.testing.assert_close(small.state_dict()[name], old[name])
    view = whole_view(photos[10], (128, 96), np.random.default_rng(0))
    picture = to_tensor(view.picture)
    with torch.no_grad():
        wanted = net.backbone(picture)[1:2]
        differences = [float(feature_difference(tried.backbone(picture)[1:2], wanted)) for tried in (small, less)]
    assert differences[0] < differences[1] / 2


def test_mixes_are_taught_by_the_network_that_is_followed() -> None:
    photos, example = batch(4), load_net("gaze").eval()
    found = mixed(photos, example)
    a, b = photos.pictures, photos.pictures.flip(0)
    weights = ((found.pictures - b) / (a - b)).flatten(1)
    assert ((weights.median(dim=1).values > 0) & (weights.median(dim=1).values < 1)).all()
    torch.testing.assert_close(found.pictures, a * (w := weights.median(1).values[:, None, None, None]) + b * (1 - w))
    # the network itself has nothing more to learn from them: the divergence is 0
    assert loss_of(example, found, 0.5).abs().max() < 1e-4
    assert loss_of(small_net(), found, 0.5).min() > 0.01


def test_features_differ_by_nothing_from_themselves_and_by_twice_the_variance_from_unrelated_ones() -> None:
    torch.manual_seed(0)
    features = [torch.randn(4, 8 * i, 12, 12) * i + 0.0 for i in (1, 2, 3)]
    assert feature_difference(features, features).tolist() == [0, 0, 0, 0]
    others = [torch.randn_like(f) * i for i, f in enumerate(features, 1)]
    torch.testing.assert_close(feature_difference(features, others), torch.full((4,), 2.0), rtol=0.1, atol=0)


def test_the_teacher_is_the_plain_mean_of_its_members() -> None:
    left, right = one_peak((8, 10), 2, 1), one_peak((8, 10), 2, 8)
    models = [FixedModel(left), FixedModel(right), FixedModel(left)]
    found = AverageModel("teacher", models, mirror=False).predict(gradient((80, 64)))
    np.testing.assert_allclose(found, (2 * left + right) / 3, atol=1e-7)
