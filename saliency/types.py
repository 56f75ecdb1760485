"""The words that everything else uses: images, saliency maps, boxes, aspects and crops."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

RgbImage = NDArray[np.uint8]
"""(H, W, 3) pixels, upright, sRGB, H and W at least 1."""

SaliencyMap = NDArray[np.float32]
"""(h, w) coarse grid over the whole image, finite, >= 0, sums to 1: the share of human gaze expected in each cell."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels of the upright image, half-open: columns left .. left + width - 1."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.left + self.width

    @property
    def bottom(self) -> int:
        return self.top + self.height

    @property
    def center(self) -> tuple[float, float]:
        """(x, y) in pixels."""
        return self.left + self.width / 2, self.top + self.height / 2

    def as_list(self) -> list[int]:
        """[left, top, width, height]."""
        return [self.left, self.top, self.width, self.height]


@dataclass(frozen=True, slots=True)
class Aspect:
    """An aspect ratio, width : height, both finite and > 0."""

    width: float
    height: float

    def __post_init__(self) -> None:
        for side in (self.width, self.height):
            if not (math.isfinite(side) and side > 0):
                raise ValueError(f"aspect ratio sides must be positive numbers, got {self.width:g}:{self.height:g}")
        if not 1 / MAX_RATIO <= self.width / self.height <= MAX_RATIO:
            raise ValueError(f"aspect ratio {self} is beyond {MAX_RATIO:g}:1; choose a less extreme one")

    @classmethod
    def parse(cls, text: str) -> Aspect:
        """Read "16:9", "16x9", "16/9" or "1.91:1".

        Raises ValueError naming the text when it is not two positive numbers.
        """
        sides = text.strip().lower().replace("x", ":").replace("/", ":").split(":")
        try:
            width, height = (float(side) for side in sides)
        except ValueError:
            raise ValueError(f"cannot read aspect ratio {text!r}; write it as width:height, such as 16:9") from None
        return cls(width, height)

    @property
    def ratio(self) -> float:
        """Width / height."""
        return self.width / self.height

    def __str__(self) -> str:
        return f"{self.width:.15g}:{self.height:.15g}"


MAX_RATIO = 1000.0
"""The most extreme aspect ratio accepted: beyond it a crop of any real photo is a line of pixels."""


@dataclass(frozen=True, slots=True)
class Crop:
    """A window of the image, and what it is expected to keep.

    kept: expected share of human gaze inside, 0..1. gain: kept minus that of the centre crop of the same size, -1..1.
    focal_point: (x, y) in pixels, where the expected gaze inside the crop is centred. Where the method has no saliency
    map, kept and gain are NaN and focal_point is the centre of the box. note: one plain sentence on what the method
    did, such as "no face found, so the centre"; empty where there is nothing to say.
    """

    aspect: Aspect
    box: Box
    kept: float = math.nan
    gain: float = math.nan
    focal_point: tuple[float, float] = (math.nan, math.nan)
    note: str = ""


class SaliencyModel(Protocol):
    """Predicts where people look. Keeps no state between calls, so one model serves all users at once."""

    @property
    def name(self) -> str: ...

    def predict(self, image: RgbImage) -> SaliencyMap: ...


class Method(Protocol):
    """A way to crop. Analyses the image once, whatever the number of aspects."""

    @property
    def name(self) -> str: ...

    def crop(self, image: RgbImage, aspects: Sequence[Aspect]) -> list[Crop]: ...
