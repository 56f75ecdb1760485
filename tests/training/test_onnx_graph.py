"""Networks written out for ONNX Runtime."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from onnx import ModelProto

from saliency.models import NETWORKS
from saliency.models.gaze import GazeModel
from saliency.models.gaze_net import GazeNet
from saliency.models.gaze_torch import TorchGazeModel
from saliency.models.weights import load_graph
from training.engine import engine_graph
from training.onnx_graph import gaze_graph


@pytest.mark.parametrize("name", NETWORKS)
def test_the_committed_graph_is_what_export_writes(name: str) -> None:
    assert engine_graph(name) == ModelProto.FromString(load_graph(name))


def test_the_engine_runs_any_net_with_any_input_size() -> None:
    """Random weights and narrowed layers, which a trained network might hide an error behind."""
    torch.manual_seed(3)
    net = GazeNet(
        "lite0", {"backbone.stages.0.0.project": 16, "backbone.stages.2.1.project": 80, "refine.1": 24}
    ).eval()
    torch.nn.init.normal_(net.prior)
    image = np.random.default_rng(3).integers(0, 256, (300, 500, 3), dtype=np.uint8)
    for pixels in (96 * 96, 160 * 224):
        expected = TorchGazeModel(net, pixels=pixels).predict(image)
        found = GazeModel("toy", gaze_graph(net).SerializeToString(), pixels).predict(image)
        np.testing.assert_allclose(found, expected, atol=2e-3 * expected.max())
