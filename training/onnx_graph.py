"""GazeNet -> an ONNX graph: the same layers, written out for ONNX Runtime.

Weights are stored as float16, half the size, and cast to float32 when the graph is loaded.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper
from torch import nn

from saliency.models.efficientnet_lite import InvertedBottleneck
from saliency.models.gaze_net import GazeNet

OPSET, IR_VERSION = 17, 8
PICTURE, CONTENT = "picture", "content"
RELU, RELU6 = "relu", "relu6"


def gaze_graph(net: GazeNet, graph: Graph | None = None) -> ModelProto:
    """A graph from `picture`, (H, W, 3) uint8 with H and W divisible by 32, to `content`, (H/4, W/4) float32 logits.

    The frame's prior, a few numbers that do not look at the picture, is in the metadata, as JSON of its control points.
    `graph`: what writes the layers, with nothing written yet; by default in float32.
    """
    graph = Graph() if graph is None else graph
    x = graph.stem(net.backbone.stem)
    features: dict[int, str] = {}
    for stage, _, block in net.backbone.blocks():
        features[stage] = x = graph.bottleneck(block, x)
    lateral, refine = net.lateral, net.refine
    y = graph.convolve(refine[0], graph.convolve(lateral[0], features[6]), RELU)
    for level, feature in ((1, features[4]), (2, features[2])):
        y = graph.add(graph.convolve(lateral[level], feature), graph.twice(y))
        y = graph.convolve(refine[level], y, RELU)
    fine = graph.convolve(net.fine_lateral, features[1])
    y = graph.add(fine, graph.twice(graph.convolve(net.fine_top, y)), RELU)
    graph.read(net.read_out, graph.convolve(net.fine_refine, y, RELU))
    return graph.model({"prior": json.dumps(net.prior.tolist())})


class Graph:
    """Nodes and constants as they are added; values go by names."""

    def __init__(self) -> None:
        self.nodes: list[NodeProto] = []
        self.constants: list[TensorProto] = []

    def node(self, kind: str, inputs: list[str], output: str = "", **attributes: Any) -> str:
        output = output or f"v{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def constant(self, values: NDArray | np.generic) -> str:
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(values), name))
        return name

    def weight(self, values: NDArray) -> str:
        return self.node("Cast", [self.constant(values.astype(np.float16))], to=TensorProto.FLOAT)

    def stem(self, layer: nn.Module) -> str:
        """The picture, (H, W, 3) uint8, scaled as the backbone expects it, through its first convolution."""
        scale, middle = self.constant(np.float32(1 / 128)), self.constant(np.uint8(127))
        x = self.node("DequantizeLinear", [PICTURE, scale, middle])
        x = self.node("Unsqueeze", [self.node("Transpose", [x], perm=[2, 0, 1]), self.constant(np.array([0]))])
        return self.convolve(layer, x, RELU6)

    def convolve(self, layer: nn.Module, x: str, activation: str = "") -> str:
        """The convolution, and the activation behind it: none, RELU or RELU6."""
        assert isinstance(layer, nn.Conv2d)
        assert layer.bias is not None
        weights = [self.weight(values.detach().numpy()) for values in (layer.weight, layer.bias)]
        return self.activate(self.node("Conv", [x, *weights], **shape_of(layer)), activation)

    def activate(self, x: str, activation: str) -> str:
        if activation == RELU6:
            return self.node("Clip", [x, self.constant(np.float32(0)), self.constant(np.float32(6))])
        return self.node("Relu", [x]) if activation else x

    def bottleneck(self, block: InvertedBottleneck, x: str) -> str:
        y = x
        for layer in (block.expand, block.depthwise):
            y = y if layer is None else self.convolve(layer, y, RELU6)
        y = self.convolve(block.project, y)
        return self.add(x, y) if block.skip else y

    def add(self, x: str, y: str, activation: str = "") -> str:
        return self.activate(self.node("Add", [x, y]), activation)

    def twice(self, x: str) -> str:
        """Twice the size, bilinear between the middles of cells."""
        scales = self.constant(np.array([1, 1, 2, 2], dtype=np.float32))
        return self.node("Resize", [x, "", scales], mode="linear", coordinate_transformation_mode="half_pixel")

    def read(self, layer: nn.Module, x: str) -> None:
        """The last convolution, whose one channel is the content."""
        self.node("Squeeze", [self.convolve(layer, x), self.constant(np.array([0, 1]))], output=CONTENT)

    def model(self, metadata: dict[str, str]) -> ModelProto:
        graph = helper.make_graph(
            self.nodes,
            "gaze",
            [helper.make_tensor_value_info(PICTURE, TensorProto.UINT8, ["height", "width", 3])],
            [helper.make_tensor_value_info(CONTENT, TensorProto.FLOAT, ["rows", "columns"])],
            self.constants,
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
        helper.set_model_props(model, metadata)
        return model


def shape_of(layer: nn.Conv2d) -> dict[str, Any]:
    """The attributes of the node that computes the convolution."""
    before, after = getattr(layer, "same_padding", (layer.padding[0], layer.padding[0]))[:2]
    return {
        "kernel_shape": list(layer.kernel_size),
        "strides": list(layer.stride),
        "pads": [before, before, after, after],
        "group": layer.groups,
    }
