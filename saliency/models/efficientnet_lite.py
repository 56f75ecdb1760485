"""EfficientNet-Lite: the image backbone, with batch norm folded into the convolutions.

Tan & Le, "EfficientNet", ICML 2019; the Lite variants (no squeeze-and-excitation, ReLU6) are Google's, 2020,
https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite. The layers follow TensorFlow's "same"
padding, which the published weights expect.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import torch.nn.functional as F
from torch import Tensor, nn

# kernel, stride, expansion, channels out, repeats: one row a stage, as published for lite0
STAGES = (
    (3, 1, 1, 16, 1),
    (3, 2, 6, 24, 2),
    (5, 2, 6, 40, 2),
    (3, 2, 6, 80, 3),
    (5, 1, 6, 112, 3),
    (5, 2, 6, 192, 4),
    (3, 1, 6, 320, 1),
)
# width and depth multipliers
SCALES = {"lite0": (1.0, 1.0), "lite1": (1.0, 1.1), "lite2": (1.1, 1.2), "lite0-fused": (1.0, 1.0)}
STEM_CHANNELS = 32  # not scaled in the Lite variants
FUSED_STEM_CHANNELS, FUSED_CHANNELS = 16, 32
"""Of variants "-fused", in which the stem, the first stage and the first block of the second are two convolutions of
3x3 and stride 2: where maps are large, filtering and expanding in one layer is faster, since less goes to memory and
back (Fused-MBConv; Tan & Le, "EfficientNetV2", ICML 2021)."""


class SameConv(nn.Conv2d):
    """A convolution with TensorFlow's "same" padding, for sides divisible by the stride."""

    def __init__(self, channels_in: int, channels_out: int, kernel: int, stride: int = 1, groups: int = 1) -> None:
        super().__init__(channels_in, channels_out, kernel, stride, padding=0, groups=groups)
        before = (kernel - stride) // 2
        after = kernel - stride - before
        self.same_padding = (before, after, before, after)
        if before == after:
            self.padding = (before, before)

    def forward(self, x: Tensor) -> Tensor:
        if self.padding == (0, 0) and any(self.same_padding):
            x = F.pad(x, self.same_padding)
        return super().forward(x)


class InvertedBottleneck(nn.Module):
    """Expand (1x1), filter each channel (k x k), project (1x1); the input is added where the shapes agree.

    `wide`: the channels in between; None leaves out the expansion. `fused`: one k x k layer expands and filters.
    """

    def __init__(
        self, channels_in: int, channels_out: int, kernel: int, stride: int, wide: int | None, fused: bool = False
    ) -> None:
        super().__init__()
        self.expand = SameConv(channels_in, wide, *((kernel, stride) if fused else (1,))) if wide else None
        wide = wide or channels_in
        self.depthwise = None if fused else SameConv(wide, wide, kernel, stride, groups=wide)
        self.project = SameConv(wide, channels_out, 1)
        self.skip = stride == 1 and channels_in == channels_out

    def forward(self, x: Tensor) -> Tensor:
        y = x if self.expand is None else F.relu6(self.expand(x), inplace=True)
        y = y if self.depthwise is None else F.relu6(self.depthwise(y), inplace=True)
        y = self.project(y)
        return x + y if self.skip else y


class EfficientNetLite(nn.Module):
    """RGB in, one feature map for each stage out.

    ``forward`` takes (N, 3, H, W) float32, already scaled as (pixel - 127) / 128, H and W divisible by 32, and returns
    seven feature maps at strides 2, 4, 8, 16, 16, 32, 32; ``channels`` lists their channels. `widths` says, for a
    pruned network, how many channels the named convolutions take in, such as {"stages.0.0.project": 24}; that of the
    first which can be pruned is also the stem's width.
    """

    def __init__(self, variant: str = "lite0", widths: Mapping[str, int] | None = None) -> None:
        super().__init__()
        widths = widths or {}
        width, depth = SCALES[variant]
        fused = variant.endswith("-fused")
        stem_reader = "stages.1.0.expand" if fused else "stages.0.0.project"
        channels = widths.get(stem_reader, FUSED_STEM_CHANNELS if fused else STEM_CHANNELS)
        self.stem = SameConv(3, channels, 3, 2)
        self.stages = nn.ModuleList()
        self.channels: list[int] = []
        for i, (kernel, stride, expansion, out, repeats) in enumerate(STAGES):
            out = _round_to_8(out * width)
            if 0 < i < len(STAGES) - 1:
                repeats = -int(-repeats * depth // 1)
            stage = nn.Sequential()
            for j in range(0 if fused and i == 0 else repeats):
                fuses = fused and (i, j) == (1, 0)
                default = FUSED_CHANNELS if fuses else channels * expansion
                wide = widths.get(f"stages.{i}.{j}.project", default) if expansion > 1 else None
                stage.append(InvertedBottleneck(channels, out, kernel, stride if j == 0 else 1, wide, fuses))
                channels = out
            self.stages.append(stage)
            self.channels.append(channels)

    def blocks(self) -> Iterator[tuple[int, int, InvertedBottleneck]]:
        """Every inverted bottleneck with the rank of its stage and its own in there."""
        for i, stage in enumerate(self.stages):
            assert isinstance(stage, nn.Sequential)
            for j, block in enumerate(stage):
                assert isinstance(block, InvertedBottleneck)
                yield i, j, block

    def forward(self, x: Tensor) -> list[Tensor]:
        x = F.relu6(self.stem(x), inplace=True)
        features = []
        for stage in self.stages:
            x = stage(x)
            features.append(x)
        return features


def _round_to_8(channels: float) -> int:
    """EfficientNet's rounding of scaled channels: to a multiple of 8, never more than 10 % down."""
    rounded = max(8, int(channels + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * channels else rounded
