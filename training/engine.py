"""A run's network in ONNX Runtime."""

from __future__ import annotations

from pathlib import Path

from onnx import ModelProto

from saliency.models.gaze import GazeModel
from saliency.models.gaze_torch import load_net
from saliency.models.input import INPUT_PIXELS
from saliency.models.weights import FOLDER, load_manifest
from training.int8 import int8_graph
from training.onnx_graph import gaze_graph


def engine_graph(name: str = "gaze", folder: Path = FOLDER) -> ModelProto:
    """The network in float32, or in 8 bits where its manifest has the ranges for it."""
    net, ranges = load_net(name, folder), load_manifest(name, folder).get("ranges")
    return int8_graph(net, ranges) if ranges else gaze_graph(net)


def engine_model(run: Path, threads: int) -> GazeModel:
    """The run's network as a saliency model; it takes half the time of torch. threads: 0 for one a core."""
    pixels = load_manifest("gaze", run).get("input pixels", INPUT_PIXELS)
    return GazeModel("gaze", engine_graph("gaze", run).SerializeToString(), pixels, threads)
