"""A scene: a drawn picture of which it is known what a crop must keep, and which crops are right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from saliency.types import Box, RgbImage

Boxes = NDArray[np.int64]
"""(n, 4) boxes as left, top, width, height in pixels of the scene."""

What = Literal["head", "face", "eyes", "object", "text", "panel"]


@dataclass(frozen=True, slots=True)
class Target:
    """Something that a crop should not cut.

    box: in pixels of the scene, inside it. rank: 0 for what matters most; what has a higher rank counts only between
    crops that do as well by all lower ones.
    """

    box: Box
    what: What
    rank: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A picture with its right answers.

    rules: what a right crop obeys, all of them. inner: the picture inside its bars or frame, in pixels; None where
    there are none. kind, number: which scene it is, by which it is drawn again.
    """

    image: RgbImage
    targets: tuple[Target, ...]
    rules: tuple[Rule, ...]
    inner: Box | None = None
    kind: str = ""
    number: int = 0

    @property
    def name(self) -> str:
        """The kind and the number, as runs name it."""
        return f"{self.kind}/{self.number:02d}"

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels."""
        return self.image.shape[1], self.image.shape[0]


Rule = Callable[[Scene, Boxes, Boxes], NDArray[np.bool_]]
"""rule(scene, crops, widest): which of the crops are right, (n,) bool. widest: all windows of the wanted shape that are
as large as the scene allows, by which a rule knows what could have been kept."""
