"""The container of Twitter's released network: read it, run it.

A .vxm file is little endian: 8 bytes of header (01 't' 'P' 'M' and a number), then records to the end: u32 length of
the key, the key (NUL-terminated), u32 length of the value, the value. A key is a layer's number and a field: "0Type",
"0w", "0w.shape", "0b", "0Act", "14alpha"; "layerCount" says how many layers there are. "Type" is 0 for a convolution,
2 for a pool, 3 for a Gaussian that the released program reads and never applies. "w" is float32 as [out, in, kh, kw].
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from saliency.models.engine import load_session

MAGIC = b"\x01tPM"
HEADER = 8  # bytes
CONVOLUTION, POOL, GAUSSIAN = 0, 2, 3
RELU, LEAKY_RELU = 1, 4
OPSET, IR_VERSION = 17, 8  # of the ONNX graph


class VxmError(ValueError):
    """The file is not a network that this reader knows; the message names the file."""


@dataclass(frozen=True)
class Convolution:
    """weight: (out, in, kh, kw), zero "same" padding. slope: what is left of negative values; 0 is ReLU."""

    weight: NDArray[np.float32]
    bias: NDArray[np.float32]
    slope: float


@dataclass(frozen=True)
class Pool:
    """The maximum of each 2 x 2 cells; an odd row or column at the end is a cell of its own."""


Layer = Convolution | Pool


def read_vxm(path: Path) -> list[Layer]:
    """The layers of the network, first to last. Raises OSError when unreadable, VxmError when it is something else."""
    data = path.read_bytes()
    try:
        records = _records(data)
        layers = [_layer(records, index) for index in range(_int(records, "layerCount"))]
    except (KeyError, ValueError, IndexError) as error:
        raise VxmError(f"{path} is not a network in Twitter's .vxm format: {error}") from None
    return [layer for layer in layers if layer is not None]


class Network:
    """The layers in ONNX Runtime, as our own networks are, so that their speeds can be compared."""

    def __init__(self, layers: Sequence[Layer], threads: int | None = None) -> None:
        self.layers = layers
        self.session = load_session(as_graph(layers).SerializeToString(), threads)

    def __call__(self, planes: NDArray[np.float32]) -> NDArray[np.float32]:
        """The network's single output plane, (rows, columns), for input planes (H, W, channels)."""
        (scores,) = self.session.run(None, {"planes": planes})
        return np.asarray(scores[0, 0], dtype=np.float32)


def as_graph(layers: Sequence[Layer]) -> ModelProto:
    """The layers as an ONNX graph from `planes`, (H, W, channels), to `scores`, (1, 1, rows, columns)."""
    nodes: list[NodeProto] = []
    weights: list[TensorProto] = []

    def node(kind: str, inputs: list[str], **attributes: Any) -> str:
        nodes.append(helper.make_node(kind, inputs, [f"v{len(nodes)}"], **attributes))
        return str(nodes[-1].output[0])

    def constant(values: NDArray) -> str:
        weights.append(numpy_helper.from_array(values, f"c{len(weights)}"))
        return str(weights[-1].name)

    x = node("Unsqueeze", [node("Transpose", ["planes"], perm=[2, 0, 1]), constant(np.array([0]))])
    for layer in layers:
        if isinstance(layer, Pool):
            x = node("MaxPool", [x], kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1)
            continue
        down, across = layer.weight.shape[2] // 2, layer.weight.shape[3] // 2
        x = node("Conv", [x, constant(layer.weight), constant(layer.bias)], pads=[down, across, down, across])
        x = node("LeakyRelu", [x], alpha=layer.slope) if layer.slope else node("Relu", [x])
    graph = helper.make_graph(
        nodes,
        "fastgaze",
        [helper.make_tensor_value_info("planes", TensorProto.FLOAT, ["height", "width", "channels"])],
        [helper.make_tensor_value_info(x, TensorProto.FLOAT, [1, 1, "rows", "columns"])],
        weights,
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)


def _records(data: bytes) -> dict[str, bytes]:
    if not data.startswith(MAGIC):
        raise ValueError("it does not begin as one")
    records = {}
    position = HEADER
    while position < len(data):
        key, position = _chunk(data, position)
        value, position = _chunk(data, position)
        records[key.rstrip(b"\0").decode("ascii")] = value
    return records


def _chunk(data: bytes, position: int) -> tuple[bytes, int]:
    """The bytes that follow their own length, and where they end."""
    start = position + 4
    stop = start + int.from_bytes(data[position:start], "little")
    if stop > len(data):
        raise ValueError("it ends in the middle of a record")
    return data[start:stop], stop


def _layer(records: dict[str, bytes], index: int) -> Layer | None:
    kind = _int(records, f"{index}Type")
    if kind == POOL:
        return Pool()
    if kind == GAUSSIAN:
        return None
    if kind != CONVOLUTION:
        raise ValueError(f"layer {index} is of the unknown type {kind}")
    shape = np.frombuffer(records[f"{index}w.shape"], "<i4").tolist()
    weight = _floats(records, f"{index}w").reshape(shape)
    return Convolution(weight, _floats(records, f"{index}b"), _slope(records, index))


def _slope(records: dict[str, bytes], index: int) -> float:
    activation = _int(records, f"{index}Act")
    if activation == RELU:
        return 0.0
    if activation == LEAKY_RELU:
        return float(_floats(records, f"{index}alpha")[0])
    raise ValueError(f"layer {index} has the unknown activation {activation}")


def _int(records: dict[str, bytes], key: str) -> int:
    return int(np.frombuffer(records[key], "<i4")[0])


def _floats(records: dict[str, bytes], key: str) -> NDArray[np.float32]:
    return np.frombuffer(records[key], "<f4").astype(np.float32)
