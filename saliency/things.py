"""What a border should not cut: heads, and objects that stand alone on a plain ground.

Found in the reduced photo that a network is shown anyway, in about a millisecond. What each is worth is what keeping it
whole may cost of the expected gaze: much for what is looked at, next to nothing for what is not.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from saliency.crop import gaze_inside
from saliency.models.face import YUNET_CONFIDENCE, detect_quickly, eyes_of, head_of
from saliency.types import Box, Face, RgbImage, SaliencyMap, Thing

HEAD_WORTH = 0.15
"""Of the most looked-at head. Chosen on val, where the table in `docs/how-it-works.md` says what each worth costs."""

OBJECT_WORTH = 0.2
"""Of all objects on a plain ground together: there is little else to look at, so a crop may give up much for them."""

OBJECT_ROOM = 0.15
"""The share of the room beside an object that is wanted on each of its sides: people expect it near the middle."""

SURE = 0.8
"""The detector's confidence from which a face counts in full; down to YUNET_CONFIDENCE, in proportion less, to nothing:
so that what is found in one decoding of a photo and just not in another moves no crop."""

LOOKED_AT = 0.2
"""The share of gaze from which a head is worth what it can be; below, in proportion less."""

GROUND_RING = 0.015
"""The border of the picture by which its ground is judged is so deep, as a share of the shorter side."""

GROUND_STEP = 2
"""Every so many-th pixel of that border is looked at."""

GROUND_SHARE = 0.8
"""How much of that border must be of one ground: the rest may be an object that reaches it."""

GROUND_TOLERANCE = 20
"""How far, of 255, a colour may be from the ground's and belong to it: noise, and what JPEG does around edges."""

MOST_GROUND = 0.6
"""Where more of the picture than this is not ground, the ground is no ground."""

JOINED = 0.03
"""Parts nearer to each other than twice this share of the shorter side are one object: the letters of a word."""

SMALLEST = 0.0004
"""The least area of an object, as a share of the picture: less is dirt."""


def find_things(picture: RgbImage, saliency_map: SaliencyMap, size: tuple[int, int]) -> tuple[Thing, ...]:
    """The heads and the lone objects of a photo, most worth first.

    picture: (H, W, 3), what a network is shown of the photo, so that any decoding of it gives the same; saliency_map:
    of it; size: (width, height) in pixels of the full photo, in which the things' boxes are given.
    """
    faces = detect_quickly(picture, size)
    objects = [_scaled(box, picture, size) for box in objects_on_plain_ground(picture)]
    things = [*heads(faces, saliency_map, size), *lone_objects(objects, saliency_map, size)]
    return tuple(sorted(things, key=lambda thing: -thing.worth))


def at_any_cost(things: Sequence[Thing]) -> tuple[Thing, ...]:
    """The things for somebody who asked for them to be whole: the most worth before gaze, the others in proportion."""
    most = max((thing.worth for thing in things), default=0.0)
    return tuple(replace(thing, worth=thing.worth / most) for thing in things) if most else tuple(things)


WHOLE: dict[str, Callable[[Sequence[Thing]], tuple[Thing, ...]]] = {
    "usual": tuple,
    "always": at_any_cost,
    "never": lambda _: (),
}
"""What is made of the things that an eye saw, by how a person wants them whole: where it costs little, at any cost, or
whatever the border cuts."""


def heads(
    faces: Sequence[Face],
    saliency_map: SaliencyMap,
    size: tuple[int, int],
    worth: float = HEAD_WORTH,
    looked_at: float = LOOKED_AT,
) -> list[Thing]:
    """Faces as heads, worth the more, the more they are looked at, and the surer they are.

    The one most looked at is worth `worth`, from `looked_at` of the gaze on; the others the square of what their gaze
    is of its gaze: twelve spectators weigh little beside a hero, and a false face that nobody looks at nothing.
    """
    found = [head_of(face.box, size) for face in faces]
    looked = [_sureness(face) * gaze_inside(saliency_map, size, head) for face, head in zip(faces, found, strict=True)]
    most = max(looked, default=0.0)
    most_worth = worth * min(most / looked_at, 1.0)
    return [
        Thing("head", (head, face.box, eyes_of(face.box)), most_worth * (gaze / most) ** 2)
        for face, head, gaze in zip(faces, found, looked, strict=True)
        if gaze > 0
    ]


def _sureness(face: Face) -> float:
    return min(max((face.confidence - YUNET_CONFIDENCE) / (SURE - YUNET_CONFIDENCE), 0.0), 1.0)


def lone_objects(boxes: Sequence[Box], saliency_map: SaliencyMap, size: tuple[int, int]) -> list[Thing]:
    """The objects on a plain ground, worth OBJECT_WORTH together, each by the gaze on it."""
    looked = [gaze_inside(saliency_map, size, box) for box in boxes]
    total = sum(looked)
    return [
        Thing("object", (box,), OBJECT_WORTH * gaze / total, OBJECT_ROOM)
        for box, gaze in zip(boxes, looked, strict=True)
        if gaze > 0
    ]


def objects_on_plain_ground(picture: RgbImage) -> list[Box]:
    """The boxes of what stands out from a plain ground, in pixels of the picture; nothing where the ground is not.

    The ground is plain where the border of the picture is of one colour, or changes evenly over the frame, as the
    backdrop of a studio or a clear sky does.
    """
    height, width = picture.shape[:2]
    ground = _plain_ground(picture)
    if ground is None:
        return []
    other = np.abs(picture.astype(np.int16) - ground).max(axis=2) > GROUND_TOLERANCE
    if not 0 < other.mean() < MOST_GROUND:
        return []
    reach = max(1, round(JOINED * min(height, width)))
    near = cv2.dilate(other.astype(np.uint8), np.ones((2 * reach + 1, 2 * reach + 1), np.uint8))
    count, labels = cv2.connectedComponents(near, ltype=cv2.CV_16U)
    boxes = []
    for label in range(1, count):
        rows, columns = np.nonzero((labels == label) & other)
        if len(rows) >= SMALLEST * height * width:
            left, top = int(columns.min()), int(rows.min())
            boxes.append(Box(left, top, int(columns.max()) + 1 - left, int(rows.max()) + 1 - top))
    return boxes


def _plain_ground(picture: RgbImage) -> NDArray[np.int16] | None:
    """The colour of the ground at every pixel, (H, W, 3), a plane fitted to the border; None where there is no such."""
    height, width = picture.shape[:2]
    colours, places = _border(picture)
    fits = np.abs(colours - np.median(colours, axis=0)).max(axis=1) < 3 * GROUND_TOLERANCE
    for _ in range(2):
        if fits.mean() < GROUND_SHARE:
            return None
        plane = np.linalg.lstsq(places[fits], colours[fits], rcond=None)[0]
        fits = np.abs(colours - places @ plane).max(axis=1) < GROUND_TOLERANCE
    if fits.mean() < GROUND_SHARE:
        return None
    across = (np.arange(width) / width - 0.5)[None, :, None] * plane[1]
    down = (np.arange(height) / height - 0.5)[:, None, None] * plane[2]
    return np.asarray(plane[0] + across + down, dtype=np.int16)


def _border(picture: RgbImage) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(n, 3) colours of pixels at the picture's border and GROUND_RING inside it, and (n, 3) their places: 1, x and y,
    -0.5..0.5."""
    height, width = picture.shape[:2]
    ring = min(round(GROUND_RING * min(height, width)), (min(height, width) - 1) // 2)
    rows, columns = (np.arange(0, side, GROUND_STEP) for side in (height, width))
    colours, places = [], []
    for depth in (0, ring):
        for row in (depth, height - 1 - depth):
            colours.append(picture[row, columns])
            places.append((columns / width - 0.5, np.full(len(columns), row / height - 0.5)))
        for column in (depth, width - 1 - depth):
            colours.append(picture[rows, column])
            places.append((np.full(len(rows), column / width - 0.5), rows / height - 0.5))
    x, y = np.concatenate(places, axis=1)
    return np.concatenate(colours).astype(np.float32), np.column_stack([np.ones(len(x)), x, y]).astype(np.float32)


def _scaled(box: Box, picture: RgbImage, size: tuple[int, int]) -> Box:
    """A box on the reduced photo, in pixels of the full one, of `size`; a pixel more on each side, for what a reduced
    pixel holds of the object's edge without differing enough from the ground."""
    across, down = size[0] / picture.shape[1], size[1] / picture.shape[0]
    left, top = max(math.floor((box.left - 1) * across), 0), max(math.floor((box.top - 1) * down), 0)
    right = min(math.ceil((box.right + 1) * across), size[0])
    return Box(left, top, right - left, min(math.ceil((box.bottom + 1) * down), size[1]) - top)
