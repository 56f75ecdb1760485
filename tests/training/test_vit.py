"""The ViT teacher: its network against the same written out in NumPy, its read-out, its features on disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from numpy.typing import NDArray
from onnx import helper, numpy_helper
from PIL import Image
from scipy.special import erf

from eval.datasets import Sample
from saliency.types import RgbImage
from tests.scenes import gradient
from training import vit_features
from training.vit import DEPTH, HEADS, HIDDEN, PATCH, READ, TRAINED_GRID, WIDTH, ViT, package_folder, state_in
from training.vit_features import Features, Seen, vit_size
from training.vit_net import ViTReadOut
from training.vit_recipe import Reading, ViTModel, read

Arrays = dict[str, NDArray[np.float32]]
LINEAR = {
    "attention.attention.query": (WIDTH, WIDTH),
    "attention.attention.key": (WIDTH, WIDTH),
    "attention.attention.value": (WIDTH, WIDTH),
    "attention.output.dense": (WIDTH, WIDTH),
    "mlp.fc1": (WIDTH, HIDDEN),
    "mlp.fc2": (HIDDEN, WIDTH),
}


@pytest.fixture(scope="module")
def weights() -> Arrays:
    """Random weights under the names of the package's graph; those of linear layers under their layer's."""
    rng = np.random.default_rng(0)

    def random(*shape: int) -> NDArray[np.float32]:
        return rng.normal(0, 0.05, shape).astype(np.float32)

    arrays = {
        "backbone.embeddings.patch_embeddings.projection.weight": random(WIDTH, 3, PATCH, PATCH),
        "backbone.embeddings.patch_embeddings.projection.bias": random(WIDTH),
        "backbone.embeddings.cls_token": random(1, 1, WIDTH),
        "onnx::cls": random(1, 1, WIDTH),
        "onnx::grid": random(1, TRAINED_GRID**2, WIDTH),
    }
    for rank in range(DEPTH):
        layer = f"backbone.encoder.layer.{rank}"
        for name in ("norm1", "norm2"):
            arrays |= {f"{layer}.{name}.weight": 1 + random(WIDTH), f"{layer}.{name}.bias": random(WIDTH)}
        for i in (1, 2):
            arrays[f"{layer}.layer_scale{i}.lambda1"] = 0.5 + random(WIDTH)
        for name, shape in LINEAR.items():
            arrays |= {f"{layer}.{name}.weight": random(*shape), f"{layer}.{name}.bias": random(shape[1])}
    return arrays


def graph_of(arrays: Arrays) -> onnx.GraphProto:
    """A graph in which linear layers' weights are known by nothing but the bias that is added to what they give."""
    nodes, entries = [], []
    for i, (name, array) in enumerate(arrays.items()):
        linear = array.ndim == 2
        entries.append(numpy_helper.from_array(array, f"onnx::MatMul_{i}" if linear else name))
        if linear:
            bias = name.replace("weight", "bias")
            nodes.append(helper.make_node("MatMul", ["x", f"onnx::MatMul_{i}"], [f"{name}.product"]))
            inputs = [bias, f"{name}.product"] if i % 2 else [f"{name}.product", bias]
            nodes.append(helper.make_node("Add", inputs, [f"{name}.sum"]))
    return helper.make_graph(nodes, "made up", [], [], entries)


def by_hand(arrays: Arrays, picture: NDArray[np.float32]) -> list[NDArray[np.float64]]:
    """Dosovitskiy et al. 2021 with the layer scales of DINOv2, written out: patches one by one, heads one by one."""
    x = (picture - np.array([[[0.485]], [[0.456]], [[0.406]]])) / np.array([[[0.229]], [[0.224]], [[0.225]]])
    rows, columns = x.shape[1] // PATCH, x.shape[2] // PATCH
    projection = arrays["backbone.embeddings.patch_embeddings.projection.weight"]
    bias = arrays["backbone.embeddings.patch_embeddings.projection.bias"]
    tokens = [(arrays["backbone.embeddings.cls_token"] + arrays["onnx::cls"])[0, 0].astype(np.float64)]
    for row in range(rows):
        for column in range(columns):
            patch = x[:, row * PATCH : (row + 1) * PATCH, column * PATCH : (column + 1) * PATCH]
            place = arrays["onnx::grid"][0, row * TRAINED_GRID + column]
            tokens.append((projection * patch).sum(axis=(1, 2, 3)) + bias + place)
    y, found = np.array(tokens), []

    def normed(z: NDArray[np.float64], name: str) -> NDArray[np.float64]:
        centred = z - z.mean(axis=1, keepdims=True)
        return (
            centred / np.sqrt((centred**2).mean(axis=1, keepdims=True) + 1e-6) * arrays[f"{name}.weight"]
            + arrays[f"{name}.bias"]
        )

    def linear(z: NDArray[np.float64], name: str) -> NDArray[np.float64]:
        return z @ arrays[f"{name}.weight"] + arrays[f"{name}.bias"]

    for rank in range(DEPTH):
        layer = f"backbone.encoder.layer.{rank}"
        z = normed(y, f"{layer}.norm1")
        query, key, value = (linear(z, f"{layer}.attention.attention.{name}") for name in ("query", "key", "value"))
        heads = []
        for head in np.split(np.arange(WIDTH), HEADS):
            scores = np.exp(query[:, head] @ key[:, head].T / np.sqrt(len(head)))
            heads.append(scores / scores.sum(axis=1, keepdims=True) @ value[:, head])
        scale1, scale2 = (arrays[f"{layer}.layer_scale{i}.lambda1"] for i in (1, 2))
        y = y + scale1 * linear(np.concatenate(heads, axis=1), f"{layer}.attention.output.dense")
        z = linear(normed(y, f"{layer}.norm2"), f"{layer}.mlp.fc1")
        y = y + scale2 * linear(z * (1 + erf(z / np.sqrt(2))) / 2, f"{layer}.mlp.fc2")
        if rank + 1 in READ:
            seen = y[1:] - y[1:].mean(axis=1, keepdims=True)
            found.append((seen / np.sqrt((seen**2).mean(axis=1, keepdims=True) + 1e-5)).T.reshape(WIDTH, rows, columns))
    return found


def test_the_network_is_the_one_in_the_graph(weights: Arrays) -> None:
    """On as many cells as positions were learned on, so that none is interpolated; only the first three rows differ."""
    net = ViT()
    net.load_state_dict(state_in(graph_of(weights)))
    few = dict(weights)
    grid = weights["onnx::grid"].reshape(TRAINED_GRID, TRAINED_GRID, WIDTH)
    net.positions.data = torch.from_numpy(grid[:3, :4]).permute(2, 0, 1)[None]
    picture = np.random.default_rng(1).random((3, 3 * PATCH, 4 * PATCH)).astype(np.float32)
    with torch.no_grad():
        found = net.eval()(torch.from_numpy(picture)[None])
    for feature, expected in zip(found, by_hand(few, picture), strict=True):
        np.testing.assert_allclose(feature[0].numpy(), expected, atol=2e-4)


def test_positions_stretch_over_pictures_of_other_sizes() -> None:
    """A flat field of positions stays flat; one that rises to the right still does."""
    net = ViT()
    net.positions.data[:] = torch.linspace(0, 1, TRAINED_GRID)
    seen: dict[str, torch.Tensor] = {}
    net.blocks[0].register_forward_hook(lambda _, x, __: seen.update(tokens=x[0]))
    for weight in net.patches.parameters():
        weight.data.zero_()
    with torch.no_grad():
        net(torch.zeros(1, 3, 5 * PATCH, 9 * PATCH))
    rows = seen["tokens"][0, 1:, 0].reshape(5, 9)
    torch.testing.assert_close(rows, torch.linspace(4 / 9 / 8, 1 - 4 / 9 / 8, 9).expand(5, 9), atol=0.02, rtol=0)


def test_a_missing_package_is_named() -> None:
    with pytest.raises(ModuleNotFoundError, match="pip install --no-deps no_such_package"):
        package_folder("no_such_package")


@pytest.mark.parametrize("size", [(640, 480), (480, 640), (4000, 500), (30, 30)], ids=str)
def test_the_vit_is_shown_whole_patches_of_about_as_many_pixels(size: tuple[int, int]) -> None:
    width, height = vit_size(*size)
    assert width % PATCH == 0
    assert height % PATCH == 0
    assert width * height == pytest.approx(vit_features.VIT_PIXELS, rel=0.08)
    assert width / height == pytest.approx(size[0] / size[1], rel=0.08)


class Counting(Seen):
    """Sees a picture's mean colours in place of a network's features, and counts how often it looked."""

    looked = 0

    def see(self, image: RgbImage) -> Features:
        self.looked += 1
        rng = np.random.default_rng(0)
        rows = image.mean(axis=2)[::8, ::8] / 128 - 1
        shapes = [(WIDTH, 1, 1)] * 3 + [(40, 1, 1), (24, 1, 1)]
        grids = [rows[::2, ::2]] * 3 + [rows, rows.repeat(2, axis=0).repeat(2, axis=1)]
        return [(rng.normal(0, 1, shape) * grid).astype(np.float16) for shape, grid in zip(shapes, grids, strict=True)]

    @property
    def _eyes(self) -> Counting:  # type: ignore[override]
        return self


def test_features_are_computed_once_and_kept_by_what_is_in_the_picture(tmp_path: Path) -> None:
    seen = Counting(tmp_path)
    first = seen.features(gradient((64, 48)))
    again = Counting(tmp_path).features(gradient((64, 48)))
    for feature, kept in zip(first, again, strict=True):
        np.testing.assert_array_equal(feature, kept)
    seen.look_at([gradient((64, 48)), gradient((48, 64)), gradient((48, 64))], 3)
    assert seen.looked == 2
    assert len(list(tmp_path.glob("*.npz"))) == 2


def test_the_read_out_learns_where_people_looked(tmp_path: Path) -> None:
    """Photos bright left or bright right, looked at on the bright side; it tells a new one of either kind."""
    samples = []
    for i in range(8):
        image = np.full((64, 96, 3), 40 + i, np.uint8)
        image[16:48, 8 + 48 * (i % 2) : 40 + 48 * (i % 2)] = 240
        Image.fromarray(image).save(tmp_path / f"{i}.png")
        points = np.array([[24.0 + 48 * (i % 2), 32.0]] * 6)
        samples.append(Sample("osie", f"{i}", tmp_path / f"{i}.png", (96, 64), points, np.arange(6)))
    seen = Counting(tmp_path / "seen")
    net = read(samples[:6], ["osie"], seen, Reading(epochs=30, batch_size=2, rate=3e-3, average=0.5))
    for sample, bright in zip(samples[6:], (0, 1), strict=True):
        image = np.full((64, 96, 3), 50, np.uint8)
        image[16:48, 8 + 48 * bright : 40 + 48 * bright] = 240
        halves = np.split(ViTModel(net, seen).predict(image), 2, axis=1)
        assert sample.size == (96, 64)
        assert halves[bright].sum() > 0.8


def test_the_map_of_the_vit_model_is_a_density_on_the_fine_grid(tmp_path: Path) -> None:
    found = ViTModel(ViTReadOut(), Counting(tmp_path)).predict(gradient((96, 64)))
    assert found.shape == (16, 24)
    assert found.sum() == pytest.approx(1, abs=1e-5)
