"""The network behind `gaze`: what the content attracts, and the frame's own prior, learned apart.

People look at the middle of whatever is framed, and at what is in it. The log of the gaze density is modelled as the
sum of the two: a convolutional `content` term that sees only pixels, and a smooth `prior` over the frame's relative
coordinates (as in DeepGaze II, Kuemmerer et al., ICCV 2017). In training, a view cut out of a photo keeps the prior of
the whole photo it was cut from, since that is the frame people saw; in use, the frame is the picture given.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from saliency.models.efficientnet_lite import EfficientNetLite

WIDTH = 48
FINE_WIDTH = 16
READ_OUT_WIDTHS = {"fine_top": WIDTH, "fine_refine": FINE_WIDTH, "read_out": FINE_WIDTH}  # channels each takes in
PRIOR_POINTS = 9


class GazeNet(nn.Module):
    """EfficientNet-Lite features, read top-down from stride 32 to stride 4.

    ``forward``: (N, 3, H, W) float32 scaled as (pixel - 127) / 128, H and W divisible by 32 -> (N, H/4, W/4) logits of
    the content. ``log_density`` adds the prior and normalises. `widths` says, for a pruned network, how many channels
    the named convolutions take in, such as {"backbone.stages.1.0.project": 64, "refine.2": 32}.
    """

    def __init__(self, variant: str = "lite0", widths: Mapping[str, int] | None = None) -> None:
        super().__init__()
        self.variant = variant
        widths = widths or {}
        within = {name.removeprefix("backbone."): width for name, width in widths.items()}
        self.backbone = EfficientNetLite(variant, within)
        channels = self.backbone.channels
        coarse = [widths.get(f"refine.{level}", WIDTH) for level in range(3)]
        top, fine, last = (widths.get(name, width) for name, width in READ_OUT_WIDTHS.items())
        self.lateral = nn.ModuleList(nn.Conv2d(channels[i], n, 1) for i, n in zip((6, 4, 2), coarse, strict=True))
        self.refine = nn.ModuleList(
            nn.Conv2d(n, out, 3, padding=1) for n, out in zip(coarse, (*coarse[1:], top), strict=True)
        )
        self.fine_top = nn.Conv2d(top, fine, 1)
        self.fine_lateral = nn.Conv2d(channels[1], fine, 1)
        self.fine_refine = nn.Conv2d(fine, last, 3, padding=1)
        self.read_out = nn.Conv2d(last, 1, 1)
        self.prior = nn.Parameter(gaussian_prior())

    def forward(self, x: Tensor) -> Tensor:
        return self.read(self.backbone(x))

    def read(self, features: list[Tensor]) -> Tensor:
        """The backbone's seven feature maps -> (N, H/4, W/4) logits of the content."""
        y = F.relu(self.refine[0](self.lateral[0](features[6])))
        for level, feature in ((1, features[4]), (2, features[2])):
            y = F.relu(self.refine[level](self.lateral[level](feature) + _twice(y)))
        y = F.relu(self.fine_refine(F.relu(self.fine_lateral(features[1]) + _twice(self.fine_top(y)))))
        return self.read_out(y)[:, 0]

    def log_density(self, x: Tensor) -> Tensor:
        """(N, 3, H, W) whole pictures -> (N, H/4, W/4) log of the share of gaze in each cell; exp sums to 1."""
        content = self(x)
        frame = frame_coordinates(content.shape[1], content.shape[2]).to(content)
        return log_normalise(content + prior_at(self.prior, frame[None]))


def gaussian_prior() -> Tensor:
    """(PRIOR_POINTS, ceil(PRIOR_POINTS / 2)): the left half of a log Gaussian over the frame, where learning starts."""
    axis = torch.linspace(-0.5, 0.5, PRIOR_POINTS)
    y, x = torch.meshgrid(axis, axis[: PRIOR_POINTS // 2 + 1], indexing="ij")
    return -(x**2 + y**2) / (2 * 0.25**2)


def prior_at(prior: Tensor, frame: Tensor) -> Tensor:
    """The log prior at `frame`, (N, h, w, 2) as (x, y) in -1..1 over the frame people saw -> (N, h, w).

    `prior` holds control points of the left half of the frame: the prior is mirror-symmetric by construction.
    """
    whole = torch.cat([prior, prior[:, :-1].flip(1)], dim=1)
    return F.grid_sample(
        whole[None, None].expand(len(frame), -1, -1, -1),
        frame,
        mode="bicubic",
        padding_mode="border",
        align_corners=True,
    )[:, 0]


def frame_coordinates(height: int, width: int) -> Tensor:
    """(height, width, 2): (x, y) of the cell centres, -1..1 over the frame."""
    y = (torch.arange(height) * 2 + 1) / height - 1
    x = (torch.arange(width) * 2 + 1) / width - 1
    return torch.stack(torch.meshgrid(x, y, indexing="xy"), dim=-1)


def log_normalise(logits: Tensor) -> Tensor:
    """(N, h, w) logits -> log probabilities over each map."""
    return F.log_softmax(logits.flatten(1), dim=1).view_as(logits)


def to_channels_last(net: GazeNet) -> GazeNet:
    """The network with its weights laid out channels last, in place: the order that CPU kernels prefer."""
    net.to(memory_format=torch.channels_last)
    return net


def _twice(x: Tensor) -> Tensor:
    return F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)
