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

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import conv2d, leaky_relu, max_pool2d

MAGIC = b"\x01tPM"
HEADER = 8  # bytes
CONVOLUTION, POOL, GAUSSIAN = 0, 2, 3
RELU, LEAKY_RELU = 1, 4


class VxmError(ValueError):
    """The file is not a network that this reader knows; the message names the file."""


@dataclass(frozen=True)
class Convolution:
    """weight: (out, in, kh, kw), zero "same" padding. slope: what is left of negative values; 0 is ReLU."""

    weight: Tensor
    bias: Tensor
    slope: float

    def __call__(self, x: Tensor) -> Tensor:
        padding = (self.weight.shape[2] // 2, self.weight.shape[3] // 2)
        return leaky_relu(conv2d(x, self.weight, self.bias, padding=padding), self.slope)


@dataclass(frozen=True)
class Pool:
    """The maximum of each 2 x 2 cells; an odd row or column at the end is a cell of its own."""

    def __call__(self, x: Tensor) -> Tensor:
        return max_pool2d(x, 2, stride=2, ceil_mode=True)


Layer = Convolution | Pool


def read_vxm(path: Path) -> list[Layer]:
    """The layers of the network, first to last. Raises OSError when unreadable, VxmError when it is something else."""
    data = path.read_bytes()
    try:
        records = _records(data)
        layers = [_layer(records, index) for index in range(_int(records, "layerCount"))]
    except (KeyError, ValueError) as error:
        raise VxmError(f"{path} is not a network in Twitter's .vxm format: {error}") from None
    return [layer for layer in layers if layer is not None]


@torch.inference_mode()
def run(layers: Sequence[Layer], planes: NDArray[np.float32]) -> NDArray[np.float32]:
    """The network's single output plane, (rows, columns), for input planes (H, W, channels)."""
    x = torch.from_numpy(planes).permute(2, 0, 1)[None].contiguous(memory_format=torch.channels_last)
    for layer in layers:
        x = layer(x)
    return np.asarray(x[0, 0].numpy(), dtype=np.float32)


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
    weight = torch.from_numpy(_floats(records, f"{index}w").reshape(shape))
    return Convolution(
        weight.contiguous(memory_format=torch.channels_last),
        torch.from_numpy(_floats(records, f"{index}b")),
        _slope(records, index),
    )


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
