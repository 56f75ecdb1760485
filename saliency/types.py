"""The words that everything else uses: images, saliency maps, boxes, aspects, crops, and methods."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

RgbImage = NDArray[np.uint8]
"""(H, W, 3) pixels, upright, sRGB, H and W at least 1."""

Opacity = NDArray[np.uint8]
"""(H, W) of a picture, 0 where it is transparent, 255 where it is opaque."""

Pixels = NDArray[np.uint8]
"""(H, W, 3) of an opaque picture, or (H, W, 4) with its opacity last; the colours are not yet weighed by it."""

SaliencyMap = NDArray[np.float32]
"""(h, w) coarse grid over the whole image, finite, >= 0, sums to 1: the share of human gaze expected in each cell."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels of the upright image, half-open: columns left .. left + width - 1."""

    left: int
    top: int
    width: int
    height: int

    def holds(self, other: Box) -> bool:
        """Whether all of the other lies in this one."""
        return (
            self.left <= other.left
            and self.top <= other.top
            and other.right <= self.right
            and other.bottom <= self.bottom
        )

    def inside(self, other: Box) -> Box | None:
        """What of this box lies in the other; None where nothing does."""
        left, top = max(self.left, other.left), max(self.top, other.top)
        right, bottom = min(self.right, other.right), min(self.bottom, other.bottom)
        return Box(left, top, right - left, bottom - top) if left < right and top < bottom else None

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
                raise ValueError(
                    f"{self.width:g}:{self.height:g} is no aspect ratio: both sides are finite and above 0, as in 16:9"
                )
        if not 1 / MAX_RATIO <= self.width / self.height <= MAX_RATIO:
            raise ValueError(f"aspect ratio {self} is beyond {MAX_RATIO:g}:1; choose a less extreme one")

    @classmethod
    def parse(cls, text: str) -> Aspect:
        """Read "16:9", "16x9", "16 × 9", "16/9" or "1.91:1".

        Raises ValueError naming the text when it is not two positive numbers.
        """
        return cls(*cls.sides(text))

    @staticmethod
    def sides(text: str) -> tuple[float, float]:
        """The two numbers of a text, whatever they are. Raises ValueError naming a text that is not two numbers."""
        try:
            width, height = (float(side) for side in re.split(r"[:/x×]", text.strip().lower()))
        except ValueError:
            raise ValueError(f"cannot read aspect ratio {text!r}; write it as width:height, such as 16:9") from None
        return width, height

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
    helps, harms: how likely it is to keep five points more than that one, or five less, 0..1. focal_point: (x, y) in
    pixels, where the expected gaze inside the crop is centred. Where the method has no saliency map, these are NaN and
    focal_point is the centre of the box. note: one plain sentence on what the method did, such as "no face found, so
    the centre"; empty where there is nothing to say.
    """

    aspect: Aspect
    box: Box
    kept: float = math.nan
    gain: float = math.nan
    helps: float = math.nan
    harms: float = math.nan
    focal_point: tuple[float, float] = (math.nan, math.nan)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Face:
    """box: in pixels of the image, inside it. confidence: 0..1, 1 where the detector gives none."""

    box: Box
    confidence: float


@dataclass(frozen=True, slots=True)
class Thing:
    """Something in a photo that a border should not cut.

    kind: "head" or "object", for what is said of it; empty where nothing is. boxes: in pixels of the image, at least
    one, each inside the one before: a head with its hair, the head, the face, the eyes. worths: one for each box, the
    share of expected gaze that keeping it whole may cost, and that of those around it which do not fit; negative for
    what is better left out. room: 0..0.5, the share of the room that a window leaves beside the first box which is
    wanted on each of its sides, where the photo has it, and is worth as much as that box once more. cut: >= 0, what it
    costs when the border of a window that the first box fits runs through it.
    """

    kind: str
    boxes: tuple[Box, ...]
    worths: tuple[float, ...]
    room: float = 0.0
    cut: float = 0.0

    @property
    def worth(self) -> float:
        """Of all its boxes."""
        return sum(self.worths)

    @property
    def box(self) -> Box:
        """The box of the most worth: what is meant when it is said to be whole."""
        return self.boxes[self.worths.index(max(self.worths))]

    def worths_if(self, fits: Sequence[bool]) -> list[float]:
        """What each box is worth to a window that it fits or not: one that does not, leaves its worth to the next."""
        worths, left = [], 0.0
        for worth, fit in zip(self.worths, fits, strict=True):
            worths.append(worth + left if fit else 0.0)
            left = 0.0 if fit else left + worth
        return worths

    def times(self, factor: float) -> Thing:
        """The same, worth so many times as much."""
        return replace(self, worths=tuple(factor * worth for worth in self.worths), cut=factor * self.cut)


@dataclass(frozen=True, slots=True)
class Borders:
    """The picture inside plain bars or a frame, in pixels of the photo; None where there are none. sure: where nothing
    else could be meant. perhaps: what may be left out beyond that, so that it lies in `sure`."""

    sure: Box | None = None
    perhaps: Box | None = None


NO_BORDERS = Borders()


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What an eye saw in a photo: all that is needed to place windows in it, again and again. None: not looked for.

    map: where people look. faces: the most prominent first, empty where there are none. point: (x, y) in pixels of the
    photo, what to centre on. things: what a border should not cut. borders: the picture inside plain bars or a frame.
    photo: its pixels themselves, for those who can only analyse it anew for each shape. note: one plain sentence on
    what was seen, for the crops; empty where there is nothing to say.
    """

    map: SaliencyMap | None = None
    faces: tuple[Face, ...] | None = None
    point: tuple[float, float] | None = None
    things: tuple[Thing, ...] = ()
    borders: Borders = NO_BORDERS
    photo: RgbImage | None = None
    note: str = ""


class SaliencyModel(Protocol):
    """Predicts where people look. Keeps no state between calls, so one model serves all users at once."""

    @property
    def name(self) -> str:
        """What the model is called in its registry, on pages and in tables."""
        ...

    def predict(self, image: RgbImage) -> SaliencyMap:
        """Where people look in a picture.

        image: (H, W, 3) uint8 of any size and shape from one pixel on, upright, sRGB; it is not changed. Returns
        (h, w) float32 over the whole picture, finite, >= 0, sums to 1; h and w are the model's own choice, and the cell
        (0, 0) is at the top left. Raises no error of its own: whatever is a picture has a map.
        """
        ...

    def least_size(self, size: tuple[int, int]) -> tuple[int, int]:
        """The least that the model needs of a photo, so that no more of it is decoded.

        size: (width, height) in pixels of the photo in full. Returns the (width, height) from which on the map of the
        reduced photo is that of the full one; more than `size` where the photo is small: then it is needed as it is. A
        model that looks at every pixel returns `size`.
        """
        ...


Place = Callable[[Evidence, tuple[int, int], Sequence[Aspect]], list[Crop]]
"""How a method places windows: see `Method`."""


@dataclass(frozen=True, slots=True)
class Method:
    """A way to crop: look at a photo once, then place any number of windows. Keeps nothing of a photo between calls.

    name: by which it is chosen. eye: the name of what looks, "" where nothing does; methods with the same eye see the
    same, so that one look serves them all.

    look(image): image is (H, W, 3) uint8, upright, sRGB, and is not changed. Returns what the eye sees in it; places in
    pixels of this image. What the eye needs, such as a network's weights, is loaded when it first looks; raises
    WeightsError where they are missing or damaged.

    place(evidence, size, aspects): evidence is what this eye saw in a photo of `size` = (width, height) in pixels.
    Returns one crop for each aspect, in their order, inside the photo, or inside its bars, and as large as its shape
    allows there; kept and gain are NaN where the method has no saliency map. Raises ValueError on another eye's
    evidence that lacks what it needs.
    """

    name: str
    eye: str
    look: Callable[[RgbImage], Evidence]
    place: Place

    def crop(self, image: RgbImage, aspects: Sequence[Aspect]) -> list[Crop]:
        """Look at the image and place a window in it for each aspect."""
        return self.place(self.look(image), (image.shape[1], image.shape[0]), aspects)
