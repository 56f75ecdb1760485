"""The ViT teacher's read-out: from frozen features to a map of gaze, on the same fine grid as `gaze`."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from saliency.models.gaze_net import frame_coordinates, gaussian_prior, log_normalise, prior_at
from training.vit import READ
from training.vit import WIDTH as VIT_WIDTH

WIDTH, FINE, LAST = 64, 32, 16
LITE_CHANNELS = (40, 24)  # at 8 and at 4 pixels a cell
DROPOUT = 0.1  # of whole feature maps: a thousand photos are few for the read-out's weights


class ViTReadOut(nn.Module):
    """``forward``: features as `vit_features.Features`, each (N, C, h, w) -> (N, h, w) logits on the finest grid."""

    def __init__(self) -> None:
        super().__init__()
        self.coarse = nn.Conv2d(len(READ) * VIT_WIDTH, WIDTH, 1)
        self.refine = nn.Conv2d(WIDTH, WIDTH, 3, padding=1)
        self.middle = nn.Conv2d(WIDTH, FINE, 1)
        self.middle_lateral = nn.Conv2d(LITE_CHANNELS[0], FINE, 1)
        self.middle_refine = nn.Conv2d(FINE, FINE, 3, padding=1)
        self.fine = nn.Conv2d(FINE, LAST, 1)
        self.fine_lateral = nn.Conv2d(LITE_CHANNELS[1], LAST, 1)
        self.fine_refine = nn.Conv2d(LAST, LAST, 3, padding=1)
        self.read_out = nn.Conv2d(LAST, 1, 1)
        self.dropout = nn.Dropout2d(DROPOUT)
        self.prior = nn.Parameter(gaussian_prior())

    def forward(self, features: list[Tensor]) -> Tensor:
        *seen, middle, fine = features
        y = F.relu(self.coarse(self.dropout(torch.cat(seen, dim=1))))
        y = F.relu(self.refine(y) + y)
        y = _onto(self.middle(y), middle) + self.middle_lateral(middle)
        y = F.relu(self.middle_refine(F.relu(y)))
        y = _onto(self.fine(y), fine) + self.fine_lateral(fine)
        y = F.relu(self.fine_refine(F.relu(y)))
        return self.read_out(y)[:, 0]

    def log_density(self, features: list[Tensor]) -> Tensor:
        """Features of whole pictures -> (N, h, w) log of the share of gaze in each cell; exp sums to 1."""
        content = self(features)
        frame = frame_coordinates(content.shape[1], content.shape[2]).to(content)
        return log_normalise(content + prior_at(self.prior, frame[None]))


def _onto(x: Tensor, grid: Tensor) -> Tensor:
    """Scaled to the grid's rows and columns."""
    return F.interpolate(x, grid.shape[-2:], mode="bilinear", align_corners=False)
