"""Networks written out in 8 bits."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from onnx.reference import ReferenceEvaluator

from saliency.models.engine import load_session
from saliency.models.gaze_net import GazeNet
from saliency.models.gaze_torch import to_tensor
from training.int8 import int8_graph, ranges_of, side_by_side
from training.onnx_graph import gaze_graph

SIZES = ((96, 128), (160, 96))
TIES = 0.1  # of the logits' extent: twice what was found
ALIKE = 0.97  # correlation with the logits in float32: 0.987 was found


@pytest.fixture(scope="module")
def net() -> GazeNet:
    """Random weights whose values neither fade nor grow from layer to layer."""
    torch.manual_seed(5)
    net = GazeNet("lite0-fused", {"backbone.stages.2.1.project": 48, "refine.1": 16}).eval()
    for layer in net.modules():
        if isinstance(layer, torch.nn.Conv2d):
            torch.nn.init.kaiming_normal_(layer.weight)
            torch.nn.init.normal_(bias_of(layer), std=0.2)
    return net.requires_grad_(False)


def bias_of(layer: torch.nn.Conv2d) -> torch.Tensor:
    assert layer.bias is not None
    return layer.bias


@pytest.fixture(scope="module")
def pictures() -> list[np.ndarray]:
    rng = np.random.default_rng(5)
    return [rng.integers(0, 256, (*size, 3), dtype=np.uint8) for size in SIZES]


def test_pixels_side_by_side_are_the_same_convolution(net: GazeNet, pictures: list[np.ndarray]) -> None:
    stem, picture = net.backbone.stem, pictures[0]
    expected = stem(to_tensor(picture))[0].permute(1, 2, 0)
    ahead = to_tensor(picture)[0].permute(1, 2, 0).reshape(1, 96, 32, 12).permute(0, 3, 1, 2)
    found = F.conv2d(
        F.pad(ahead, (0, 1, 0, 1)), torch.from_numpy(side_by_side(stem.weight.numpy())), bias_of(stem).tile(2), (2, 1)
    )
    torch.testing.assert_close(found[0].permute(1, 2, 0).reshape(expected.shape), expected, atol=1e-5, rtol=0)


def test_ranges_are_what_the_layers_reach(net: GazeNet, pictures: list[np.ndarray]) -> None:
    """The first value between layers follows the stem; the least is 0 where an activation cuts below it."""
    ranges = ranges_of(net, pictures)
    expected = max(F.relu6(net.backbone.stem(to_tensor(picture))).max().item() for picture in pictures)
    assert ranges[0] == pytest.approx((0, expected), abs=1e-3)
    assert all(low <= 0 <= high for low, high in ranges)
    assert any(low < 0 for low, _ in ranges)


def test_the_engine_computes_what_the_graph_says(net: GazeNet, pictures: list[np.ndarray]) -> None:
    """The engine's integer layers against the graph taken literally: bytes to numbers, float layers, numbers to bytes.

    The two round alike but for ties, whose consequences grow from layer to layer.
    """
    graph = int8_graph(net, ranges_of(net, pictures))
    session = load_session(graph.SerializeToString())
    graph.opset_import[0].version = 19  # the reference knows no older one, in which the same is meant
    literal = ReferenceEvaluator(graph)
    for picture in pictures:
        feed = {"picture": picture}
        expected, found = (np.asarray(of[0]) for of in (list(literal.run(None, feed)), list(session.run(None, feed))))
        assert found.dtype == np.float32
        assert np.abs(found - expected).max() < TIES * np.ptp(expected)


def test_eight_bits_are_near_the_network(net: GazeNet, pictures: list[np.ndarray]) -> None:
    graph = int8_graph(net, ranges_of(net, pictures))
    session = load_session(graph.SerializeToString())
    for picture in pictures:
        expected = net(to_tensor(picture))[0].numpy()
        (found,) = session.run(None, {"picture": picture})
        assert found.shape == expected.shape
        assert np.corrcoef(found.ravel(), expected.ravel())[0, 1] > ALIKE


def test_a_graph_in_8_bits_is_smaller(net: GazeNet, pictures: list[np.ndarray]) -> None:
    assert len(int8_graph(net, ranges_of(net, pictures)).SerializeToString()) < 0.8 * gaze_graph(net).ByteSize()
