"""The face detector for pictures of any size: of a file that is named, made by a command that is named."""

from __future__ import annotations

import json

import numpy as np
import onnx

from saliency.models.face import QUICK_OUTPUTS, yunet_file
from saliency.models.weights import FOLDER, load_graph
from training.faces import faces_graph, faces_manifest


def test_the_committed_detector_is_what_the_command_writes() -> None:
    source = yunet_file().read_bytes()
    assert faces_graph(source).SerializeToString() == load_graph("yunet")
    manifest = json.loads((FOLDER / "yunet.json").read_text())
    del manifest["onnx sha256"]
    assert manifest == faces_manifest(source, "python -m training faces")


def test_its_weights_are_those_of_the_source() -> None:
    ours, theirs = onnx.load_from_string(load_graph("yunet")), onnx.load(str(yunet_file()))
    weights = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in theirs.graph.initializer}
    assert [output.name for output in ours.graph.output] == QUICK_OUTPUTS
    assert len(ours.graph.initializer) > 50
    for tensor in ours.graph.initializer:
        np.testing.assert_array_equal(onnx.numpy_helper.to_array(tensor), weights[tensor.name])
