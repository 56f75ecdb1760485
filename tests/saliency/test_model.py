"""The network and its weights."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from saliency.image import open_image, resized
from saliency.models import NETWORKS, load_model
from saliency.models.engine import default_threads, load_session
from saliency.models.gaze import Prior, load_gaze
from saliency.models.gaze_net import GazeNet, frame_coordinates, gaussian_prior, prior_at
from saliency.models.gaze_torch import TorchGazeModel, load_net, load_torch_gaze
from saliency.models.input import input_size
from saliency.models.weights import (
    FOLDER,
    WeightsError,
    load_graph,
    load_manifest,
    load_weights,
    save_graph,
    save_weights,
)
from tests.scenes import gradient

ROOT = Path(__file__).parents[2]
SAMPLES = sorted((ROOT / "samples").glob("*.jpg"))
IN_FLOAT = [name for name in NETWORKS if "ranges" not in load_manifest(name)]
IN_BYTES = [name for name in NETWORKS if "ranges" in load_manifest(name)]
ROUNDED = 0.2  # of a map's maximum, by which one in 8 bits may differ from it
STORED_MAP = Path(__file__).parent / "data" / "gaze_friends.npy"


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((800, 600), (320, 256)),
        ((600, 800), (256, 320)),
        ((256, 256), (288, 288)),
        ((1920, 1080), (384, 224)),
        ((1, 1), (288, 288)),
        ((10_000, 1), (768, 96)),
        ((1, 10_000), (96, 768)),
    ],
)
def test_the_input_keeps_about_the_aspect_and_the_pixels(size: tuple[int, int], expected: tuple[int, int]) -> None:
    assert input_size(*size) == expected


@pytest.mark.parametrize("shape", ["1:1", "5:4", "4:3", "3:2", "16:9", "2:1", "3:1"])
def test_a_few_pixels_less_of_a_photo_show_a_network_the_same(shape: str) -> None:
    wide, high = (int(side) for side in shape.split(":"))
    for unit in (100, 200, 400):
        width, height = unit * wide, unit * high
        expected = input_size(width, height)
        for less in ((1, 0), (0, 1), (2, 1)):
            assert input_size(width - less[0], height - less[1]) == expected
            assert input_size(height - less[1], width - less[0]) == expected[::-1]


@pytest.mark.parametrize("size", [(1, 1), (1, 700), (700, 1), (33, 47), (640, 480), (300, 1000), (2000, 300)])
def test_a_picture_of_any_size_gives_a_saliency_map(size: tuple[int, int]) -> None:
    saliency_map = load_model("gaze").predict(gradient(size))
    assert saliency_map.dtype == np.float32
    assert saliency_map.shape == tuple(side // 4 for side in reversed(input_size(*size)))
    assert np.isfinite(saliency_map).all()
    assert saliency_map.min() >= 0
    assert saliency_map.sum() == pytest.approx(1, abs=1e-5)


def test_the_weights_reproduce_a_stored_map() -> None:
    """The array that `python -m saliency map samples/friends.jpg --out DIR` wrote when the weights were made."""
    saliency_map = load_gaze().predict(open_image(ROOT / "samples" / "friends.jpg"))
    stored = np.load(STORED_MAP)
    np.testing.assert_allclose(saliency_map, stored, atol=1e-3 * stored.max())


@pytest.mark.skipif(not (torch.cuda.is_available() or torch.backends.mps.is_available()), reason="no GPU here")
def test_another_device_gives_the_same_map() -> None:
    image = open_image(SAMPLES[0])
    cpu = load_gaze().predict(image)
    gpu = load_torch_gaze("gaze", "cuda" if torch.cuda.is_available() else "mps").predict(image)
    np.testing.assert_allclose(gpu, cpu, atol=1e-3 * cpu.max())


def test_the_double_precision_network_agrees_with_the_fast_one() -> None:
    """The same weights in float64, contiguous memory: another road through the kernels, the same map."""
    image = open_image(ROOT / "samples" / "umang.jpg")
    fast = load_gaze().predict(image)
    net = load_net("gaze")
    small = torch.from_numpy(resized(image, input_size(image.shape[1], image.shape[0]))).double()
    x = ((small - 127) / 128).permute(2, 0, 1)[None].contiguous()
    with torch.no_grad():
        exact = net.double().eval().log_density(x)[0].exp().numpy()
    np.testing.assert_allclose(fast, exact, atol=1e-3 * exact.max())


def test_predicting_leaves_no_trace() -> None:
    model = load_model("gaze")
    first = model.predict(open_image(SAMPLES[0]))
    model.predict(open_image(SAMPLES[1]))
    np.testing.assert_array_equal(model.predict(open_image(SAMPLES[0])), first)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_mirrored_photo_gives_about_the_mirrored_map(path: Path) -> None:
    """Convolutions with even strides are not exactly symmetric; the trained network nearly is."""
    image = open_image(path)
    model = load_model("gaze")
    saliency_map, mirrored = model.predict(image), model.predict(np.ascontiguousarray(image[:, ::-1]))[:, ::-1]
    overlap = np.minimum(saliency_map, mirrored).sum()
    assert overlap > 0.8


def test_the_prior_is_symmetric_and_relative_to_the_frame() -> None:
    prior = torch.randn_like(gaussian_prior())
    square = prior_at(prior, frame_coordinates(30, 30)[None])[0]
    torch.testing.assert_close(square, square.flip(1))
    wide = prior_at(prior, frame_coordinates(30, 90)[None])[0]
    torch.testing.assert_close(wide[:, 1::3], square, atol=1e-5, rtol=0)


def test_content_without_features_leaves_the_prior() -> None:
    net = GazeNet().eval()
    for parameter in net.read_out.parameters():
        torch.nn.init.zeros_(parameter)
    saliency_map = TorchGazeModel(net).predict(gradient((640, 480)))
    y, x = (np.mgrid[0:64, 0:80] + 0.5) / np.array([64, 80])[:, None, None] - 0.5
    expected = np.exp(-(x**2 + y**2) / (2 * 0.25**2))
    expected /= expected.sum()
    np.testing.assert_allclose(saliency_map, expected, atol=0.03 * expected.max())


def test_a_wrong_hash_is_refused_and_says_so(tmp_path: Path) -> None:
    save_weights("toy", {"a": np.arange(4, dtype=np.float32)}, {"variant": "none"}, tmp_path)
    assert load_weights("toy", tmp_path)["a"].tolist() == [0, 1, 2, 3]
    path = tmp_path / "toy.safetensors"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(WeightsError, match="SHA-256"):
        load_weights("toy", tmp_path)
    path.unlink()
    with pytest.raises(WeightsError, match="no weights at"):
        load_weights("toy", tmp_path)
    with pytest.raises(WeightsError, match="manifest"):
        load_weights("other", tmp_path)


@pytest.mark.parametrize("name", NETWORKS)
def test_the_committed_manifest_tells_where_the_weights_come_from(name: str) -> None:
    manifest = json.loads((FOLDER / f"{name}.json").read_text())
    for key in ("sha256", "command", "data", "split", "versions", "settings", "scores"):
        assert manifest[key], key
    assert sum(path.stat().st_size for path in FOLDER.glob("*.safetensors")) <= 15e6


def test_an_unknown_model_lists_the_known() -> None:
    with pytest.raises(ValueError, match="unknown model 'gase'; available: gaze"):
        load_model("gase")


# --- the engine ---


@pytest.mark.parametrize("name", IN_FLOAT)
@pytest.mark.parametrize("size", [(640, 480), (1, 1), (33, 470), (900, 200), (481, 640)])
def test_the_engine_gives_the_map_of_the_reference(name: str, size: tuple[int, int]) -> None:
    image = np.random.default_rng(size[0]).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    expected = load_torch_gaze(name, "cpu").predict(image)
    np.testing.assert_allclose(load_gaze(name).predict(image), expected, atol=1e-3 * expected.max())


@pytest.mark.parametrize("name", IN_FLOAT)
def test_the_engine_gives_the_reference_on_every_sample(name: str) -> None:
    fast, reference = load_gaze(name), load_torch_gaze(name, "cpu")
    for path in SAMPLES:
        image = open_image(path)
        expected = reference.predict(image)
        np.testing.assert_allclose(fast.predict(image), expected, atol=1e-3 * expected.max(), err_msg=path.stem)


@pytest.mark.parametrize("name", IN_BYTES)
def test_the_engine_in_8_bits_is_near_the_reference_on_every_sample(name: str) -> None:
    """What is rounded in each layer adds up: training/README.md says to how much."""
    fast, reference = load_gaze(name), load_torch_gaze(name, "cpu")
    for path in SAMPLES:
        image = open_image(path)
        expected, found = reference.predict(image), fast.predict(image)
        assert np.abs(found - expected).max() < ROUNDED * expected.max(), path.stem
        assert np.corrcoef(found.ravel(), expected.ravel())[0, 1] > 0.99, path.stem


def test_the_two_priors_are_one() -> None:
    points = torch.randn_like(gaussian_prior(), dtype=torch.float64)
    for height, width in ((1, 1), (24, 192), (64, 80), (40, 56)):
        expected = prior_at(points, frame_coordinates(height, width).double()[None])[0]
        np.testing.assert_allclose(Prior(points.numpy()).at(height, width), expected, atol=1e-5)


def test_many_users_share_one_session() -> None:
    """The same maps from eight threads at once as one after the other."""
    model = load_model("gaze")
    images = [open_image(path) for path in SAMPLES[:4]]
    expected = [model.predict(image) for image in images]
    with ThreadPoolExecutor(8) as pool:
        for i, found in enumerate(pool.map(model.predict, images * 8)):
            np.testing.assert_allclose(found, expected[i % 4], atol=1e-6)


@pytest.mark.parametrize(("value", "expected"), [("3", 3), ("", None), ("0", None)])
def test_threads_are_counted_by_an_environment_variable(value: str, expected: int | None, monkeypatch: Any) -> None:
    monkeypatch.setenv("GAZECROP_THREADS", value)
    assert default_threads() == (expected or min(os.cpu_count() or 1, 4))
    session = load_session(load_graph("gaze"))
    assert session.get_session_options().intra_op_num_threads == default_threads()


def test_a_wrong_graph_is_refused_too(tmp_path: Path) -> None:
    save_weights("toy", {"a": np.arange(4, dtype=np.float32)}, {"variant": "none"}, tmp_path)
    with pytest.raises(WeightsError, match="no weights at"):
        load_graph("toy", tmp_path)
    save_graph("toy", b"graph", tmp_path)
    assert load_graph("toy", tmp_path) == b"graph"
    assert load_weights("toy", tmp_path)["a"].tolist() == [0, 1, 2, 3]
    (tmp_path / "toy.onnx").write_bytes(b"grapf")
    with pytest.raises(WeightsError, match="SHA-256"):
        load_graph("toy", tmp_path)
