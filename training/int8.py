"""GazeNet -> an ONNX graph that computes in 8 bits: a third faster again, where the processor multiplies bytes (VNNI).

Each value between two layers is a byte: a step and a middle, fitted to what the value reaches on training photos. Each
channel of weights has a step of its own. (Krishnamoorthi, "Quantizing deep convolutional networks for efficient
inference", 2018.) ONNX Runtime makes integer layers of what is written here as "quantise, restore, compute".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, TensorProto, helper
from torch import nn

from saliency.models.engine import load_session
from saliency.models.gaze_net import GazeNet
from saliency.types import RgbImage
from training.onnx_graph import CONTENT, PICTURE, RELU6, Graph, gaze_graph, shape_of

Range = tuple[float, float]
MOST_WEIGHT = 63  # of 7 bits: products of pairs of bytes fit into 16 bits, as processors without VNNI add them
PICTURE_STEP = 1 / 128
DIGITS = 4  # of the ranges, behind the point
AHEAD = 4  # pixels side by side that the stem takes in as one


def int8_graph(net: GazeNet, ranges: Sequence[Range]) -> ModelProto:
    """The graph as `gaze_graph` writes it, in 8 bits. `ranges`: of `ranges_of`."""
    return gaze_graph(net, _Int8Graph(ranges))


def ranges_of(net: GazeNet, pictures: Iterable[RgbImage]) -> list[Range]:
    """The least and the most that each value between layers reaches on pictures of the network's size; 0 is within."""
    graph = _Watched()
    model = gaze_graph(net, graph)
    model.graph.output.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in graph.watched)
    session = load_session(model.SerializeToString(), threads=1)
    low, high = np.zeros(len(graph.watched)), np.zeros(len(graph.watched))
    for picture in pictures:
        values = session.run(graph.watched, {PICTURE: picture})
        low = np.minimum(low, [value.min() for value in values])
        high = np.maximum(high, [value.max() for value in values])
    return list(zip(low.round(DIGITS).tolist(), high.round(DIGITS).tolist(), strict=True))


class _Watched(Graph):
    """In float32, and a list of the values that become bytes, in their order."""

    def __init__(self) -> None:
        super().__init__()
        self.watched: list[str] = []

    def activate(self, x: str, activation: str) -> str:
        return self._watch(super().activate(x, activation))

    def twice(self, x: str) -> str:
        return self._watch(super().twice(x))

    def read(self, layer: nn.Module, x: str) -> None:
        super().read(layer, x)
        self.watched.pop()  # the content itself stays as it is

    def _watch(self, x: str) -> str:
        self.watched.append(x)
        return x


class _Int8Graph(Graph):
    """Every value between layers is quantised and restored. Names of values are those of restored ones."""

    def __init__(self, ranges: Sequence[Range]) -> None:
        super().__init__()
        self.ranges = iter(ranges)
        self.steps: dict[str, float] = {}

    def stem(self, layer: nn.Module) -> str:
        """The same convolution, with AHEAD pixels side by side taken as one with all their channels, as they lie in
        memory: gathering patches of three bytes each would take longer than to multiply them."""
        assert isinstance(layer, nn.Conv2d)
        assert layer.bias is not None
        weights, bias = side_by_side(layer.weight.detach().numpy()), layer.bias.detach().numpy()
        x = self.restore(PICTURE, PICTURE_STEP, np.uint8(127))
        x = self.node("Reshape", [x, self.constant(np.array([0, -1, weights.shape[1]]))])
        x = self.node("Unsqueeze", [self.node("Transpose", [x], perm=[2, 0, 1]), self.constant(np.array([0]))])
        self.steps[x] = PICTURE_STEP
        y = self.node(
            "Conv",
            [x, *self.rounded(weights, np.tile(bias, 2), x)],
            kernel_shape=list(weights.shape[2:]),
            strides=[2, 1],
            pads=[0, 0, 1, 1],
        )
        y = self.activate(y, RELU6)
        step = self.steps[y]
        y = self.node("Transpose", [y], perm=[0, 2, 3, 1])
        y = self.node("Reshape", [y, self.constant(np.array([0, 0, -1, len(bias)]))])
        y = self.node("Transpose", [y], perm=[0, 3, 1, 2])
        self.steps[y] = step
        return y

    def convolve(self, layer: nn.Module, x: str, activation: str = "") -> str:
        assert isinstance(layer, nn.Conv2d)
        assert layer.bias is not None
        weights = self.rounded(layer.weight.detach().numpy(), layer.bias.detach().numpy(), x)
        return self.activate(self.node("Conv", [x, *weights], **shape_of(layer)), activation)

    def activate(self, x: str, activation: str) -> str:  # noqa: ARG002
        """To bytes and back; both activations lie in the range, since bytes end where it does."""
        return self.quantise(x)

    def twice(self, x: str) -> str:
        return self.quantise(super().twice(x))

    def read(self, layer: nn.Module, x: str) -> None:
        """As a product of matrices, which ONNX Runtime leaves in float32, so that the content has no steps."""
        assert isinstance(layer, nn.Conv2d)
        assert layer.bias is not None
        weights = layer.weight.detach().numpy()[0, :, 0]
        step = float(np.abs(weights).max()) / MOST_WEIGHT
        factors = self.restore(self.constant(np.rint(weights / step).astype(np.int8)), step, np.int8(0))
        y = self.node("MatMul", [self.node("Transpose", [x], perm=[0, 2, 3, 1]), factors])
        y = self.node("Squeeze", [y, self.constant(np.array([0, 3]))])
        self.node("Add", [y, self.constant(layer.bias.detach().numpy()[0])], output=CONTENT)

    def quantise(self, x: str) -> str:
        """To bytes that span the next range, and back."""
        low, high = next(self.ranges)
        step = (high - low) / 255 or 1.0
        middle = np.uint8(round(-low / step))
        y = self.node("QuantizeLinear", [x, self.constant(np.float32(step)), self.constant(middle)])
        y = self.restore(y, step, middle)
        self.steps[y] = step
        return y

    def restore(self, x: str, step: float | NDArray[np.float32], middle: np.generic | NDArray) -> str:
        """Bytes as the numbers they stand for; several steps are those of the first axis."""
        steps = self.constant(np.float32(step))
        return self.node("DequantizeLinear", [x, steps, self.constant(middle)], axis=0 if np.ndim(step) else 1)

    def rounded(self, weights: NDArray, bias: NDArray, x: str) -> list[str]:
        """The weights as bytes and the bias in 32 bits, for values in the steps of `x`."""
        most = np.abs(weights).max(axis=(1, 2, 3))
        steps = (np.where(most > 0, most, 1) / MOST_WEIGHT).astype(np.float32)
        bytes_ = np.rint(weights / steps[:, None, None, None]).astype(np.int8)
        fine = np.float32(self.steps[x]) * steps
        zeros = np.zeros(len(steps))
        return [
            self.restore(self.constant(bytes_), steps, zeros.astype(np.int8)),
            self.restore(self.constant(np.rint(bias / fine).astype(np.int32)), fine, zeros.astype(np.int32)),
        ]


def side_by_side(weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """Weights (n, 3, 3, 3) of a 3x3 convolution of stride 2, padded after, of single pixels -> (2n, 12, 3, 2) of one of
    AHEAD pixels taken as one, which gives two results side by side at every step."""
    n = len(weights)
    wide = np.zeros((2, n, AHEAD, 3, 3, 2), np.float32)
    for result in range(2):
        for column in range(3):
            cell, place = divmod(2 * result + column, AHEAD)
            wide[result, :, place, :, :, cell] = weights[..., column]
    return wide.reshape(2 * n, AHEAD * 3, 3, 2)
