"""Fisher pruning: feature maps go, those first that matter least for what they cost.

Theis, Korshunova, Tejani & Huszar, "Faster gaze prediction with dense networks and Fisher pruning", 2018. The loss that
losing feature map k would cost is estimated as Delta_k = 1/(2N) sum_n (sum_xy a_nkxy da_nkxy)^2, where a are the map's
activations and da the loss's gradients with respect to them (their equation 9). Where the paper removes one map at a
time, here UNIT maps of one layer go together, because that is how many the kernels compute at once: a layer of 33 costs
as much time as one of 48. And a map costs not only its multiplications: it is also written to memory (WRITE).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice

import torch
from torch import Tensor, nn

from saliency.models.gaze_net import GazeNet, to_channels_last
from training.data import canvases_of
from training.distil import Distillation, as_example, batches, learn, optimizer_for
from training.views import TrainingPhoto

UNIT = 16  # float32 values in a register of AVX-512, and the width of ONNX Runtime's blocks with it
WRITE = 16
"""Multiplications that take as long as writing one activation. Fitted to the times of ten networks and input sizes in
ONNX Runtime, one thread of an AMD EPYC: 0.61 ms, and a million multiplications 0.0178 ms, activations 0.283 ms."""
SLOWER = 3  # the rates between cuts are constant: this much below the highest of `distil`
log = logging.getLogger("training")
Information = dict[str, Tensor]
"""Delta of each feature map, (channels,), by the name of the convolution that reads the maps."""


def readers(net: GazeNet) -> dict[str, tuple[str, ...]]:
    """The convolutions whose inputs can be pruned, by name, and those that write these inputs.

    The outputs of the inverted bottlenecks stay, since sums of many blocks go through them.
    """
    found: dict[str, tuple[str, ...]] = {}
    for i, j, block in net.backbone.blocks():
        name = f"backbone.stages.{i}.{j}"
        if not found:  # the first block reads the stem
            found[f"{name}.expand" if block.expand else f"{name}.project"] = ("backbone.stem",)
        layers = {"expand": block.expand, "depthwise": block.depthwise}
        writers = tuple(f"{name}.{layer}" for layer, present in layers.items() if present)
        found[f"{name}.project"] = found.get(f"{name}.project", ()) + writers
    return found | {
        "refine.0": ("lateral.0",),
        "refine.1": ("refine.0", "lateral.1"),
        "refine.2": ("refine.1", "lateral.2"),
        "fine_top": ("refine.2",),
        "fine_refine": ("fine_top", "fine_lateral"),
        "read_out": ("fine_refine",),
    }


class FisherInformation:
    """Collects Delta while losses are propagated back; use as a context around forward and backward passes."""

    def __init__(self, net: GazeNet) -> None:
        self.net = net
        self.sums: Information = {}
        self.samples = 0
        self._handles: list[torch.utils.hooks.RemovableHandle] = []

    def __enter__(self) -> FisherInformation:
        for name in readers(self.net):
            self._handles.append(self.net.get_submodule(name).register_forward_pre_hook(self._watch(name)))
        self._handles.append(self.net.backbone.register_forward_pre_hook(self._count))
        return self

    def __exit__(self, *_: object) -> None:
        for handle in self._handles:
            handle.remove()

    def mean(self) -> Information:
        """Delta of every feature map that can be pruned."""
        return {name: total / (2 * self.samples) for name, total in self.sums.items()}

    def _count(self, backbone: nn.Module, inputs: tuple[Tensor, ...]) -> None:  # noqa: ARG002
        self.samples += len(inputs[0])

    def _watch(self, name: str) -> Callable[[nn.Module, tuple[Tensor, ...]], None]:
        def forward(module: nn.Module, inputs: tuple[Tensor, ...]) -> None:  # noqa: ARG001
            activation = inputs[0].detach()  # a hook that held its own tensor would keep the whole graph alive

            def backward(gradient: Tensor) -> None:
                # the loss is the mean over the batch: times its length gives each photo's own gradient
                gates = torch.einsum("ncyx,ncyx->nc", activation, gradient) * len(activation)
                self.sums[name] = self.sums.get(name, torch.zeros(gates.shape[1])) + (gates**2).sum(dim=0)

            inputs[0].register_hook(backward)

        return forward


@dataclass(frozen=True)
class Cost:
    """The time of one picture in multiplications: total, and what one map of each reader costs, written and read."""

    total: int
    maps: dict[str, int]


def cost_of(net: GazeNet, size: tuple[int, int]) -> Cost:
    """The cost of a picture of `size` = (width, height), sides divisible by 32."""
    counts: dict[str, int] = {}
    writes: dict[str, int] = {}
    handles = []

    def count(name: str) -> Callable[[nn.Conv2d, object, Tensor], None]:
        def forward(layer: nn.Conv2d, inputs: object, output: Tensor) -> None:  # noqa: ARG001
            counts[name] = layer.weight.numel() * output.shape[2] * output.shape[3]
            writes[name] = WRITE * output.numel()

        return forward

    for name, layer in net.named_modules():
        if isinstance(layer, nn.Conv2d):
            handles.append(layer.register_forward_hook(count(name)))
    with torch.inference_mode():
        net(torch.zeros(1, 3, size[1], size[0]))
    for handle in handles:
        handle.remove()
    maps = {
        reader: (counts[reader] + sum(counts[name] + writes[name] for name in writers)) // _width(net, reader)
        for reader, writers in readers(net).items()
    }
    return Cost(sum(counts.values()) + sum(writes.values()), maps)


def choose(information: Information, cost: Cost, budget: float) -> dict[str, Tensor]:
    """The feature maps to keep of each reader, ascending, so that about `budget` of the cost remains.

    Greedy: the UNIT maps go next that lose the least information for what they cost; UNIT always stay.
    """
    order = {name: delta.argsort() for name, delta in information.items()}  # the least important first
    gone = dict.fromkeys(order, 0)
    remaining = float(cost.total)
    while remaining > budget:
        prices = {
            name: float(information[name][ranks[gone[name] : gone[name] + UNIT]].sum()) / (UNIT * cost.maps[name])
            for name, ranks in order.items()
            if len(ranks) - gone[name] >= 2 * UNIT
        }
        if not prices:
            break
        cheapest = min(prices, key=lambda name: prices[name])
        gone[cheapest] += UNIT
        remaining -= UNIT * cost.maps[cheapest]
    return {name: ranks[gone[name] :].sort().values for name, ranks in order.items()}


def narrowed(net: GazeNet, keep: Mapping[str, Tensor]) -> GazeNet:
    """A network with only the feature maps `keep` of each reader: the same as `net` with the others zeroed."""
    state = dict(net.state_dict())
    for reader, kept in keep.items():
        state[f"{reader}.weight"] = state[f"{reader}.weight"][:, kept]
        for writer in readers(net)[reader]:
            state[f"{writer}.weight"] = state[f"{writer}.weight"][kept]
            state[f"{writer}.bias"] = state[f"{writer}.bias"][kept]
    small = GazeNet(net.variant, widths_of(net) | {name: len(kept) for name, kept in keep.items()})
    small.load_state_dict({name: value.clone() for name, value in state.items()})
    return small


def widths_of(net: GazeNet) -> dict[str, int]:
    """How many channels each reader takes in: what GazeNet needs to be made alike."""
    return {reader: _width(net, reader) for reader in readers(net)}


def _width(net: GazeNet, reader: str) -> int:
    layer = net.get_submodule(reader)
    assert isinstance(layer, nn.Conv2d)
    return layer.in_channels


@dataclass(frozen=True)
class Cuts:
    """keep: the share of the cost to end with. rounds: cuts of equal size. steps: batches learned from before each."""

    keep: float = 0.3
    rounds: int = 14
    steps: int = 75


def prune(
    net: GazeNet, photos: list[TrainingPhoto], settings: Distillation, cuts: Cuts, example: GazeNet | None = None
) -> Iterator[tuple[float, GazeNet]]:
    """Cut `net` down, cut by cut; between cuts it learns at constant rates, while the information is collected.

    `example` as in `distil`. Yields (share of the cost that is left, network) after each cut; the network goes on being
    trained, so save it before going on.
    """
    if example is not None:
        as_example(example)
    size = next(iter(canvases_of(settings.pixels)))
    uncut = cost_of(net, size).total
    slow = replace(settings, rate=settings.rate / SLOWER, read_out_rate=settings.read_out_rate / SLOWER)
    for turn in range(1, cuts.rounds + 1):
        share = 1 - (1 - cuts.keep) * turn / cuts.rounds
        to_channels_last(net).train()
        optimizer = optimizer_for(net, slow)
        with FisherInformation(net) as information:
            some = islice(batches(photos, slow, turn), cuts.steps)  # other ones each turn
            losses = [learn(net, batch, optimizer, settings, example) for batch in some]
        net = narrowed(net, choose(information.mean(), cost_of(net, size), share * uncut))
        log.info("cut to %.0f %%: loss before %.4f", 100 * share, sum(losses) / len(losses))
        yield share, net
