"""What a border should not cut: heads, and objects that stand alone on a plain ground.

Found in the reduced photo that a network sees anyway, in about a millisecond. What each is worth is what keeping it
whole may cost of the expected gaze: much for what is looked at, next to nothing for what is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from saliency.crop import gaze_inside
from saliency.models.face import detect_quickly, eyes_of, head_of
from saliency.types import Box, Face, RgbImage, SaliencyMap, Thing

HEAD_WORTH = 0.15
"""Of the most looked-at head. Chosen on val, where the table in `docs/how-it-works.md` says what each worth costs."""

OBJECT_WORTH = 0.3
"""Of all objects on a plain ground together: there is little else to look at, so a crop may give up much for them."""

LOOKED_AT = 0.2
"""The share of gaze from which a head is worth what it can be; below, in proportion less."""

GROUND_RING = 0.015
"""The border of the picture by which its ground is judged, as a share of the shorter side."""

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


def find_things(image: RgbImage, saliency_map: SaliencyMap, size: tuple[int, int]) -> tuple[Thing, ...]:
    """The heads and the lone objects of a photo, most worth first.

    image: (H, W, 3), the photo or a reduced one; saliency_map: of it; size: (width, height) in pixels of the full
    photo, in which the things' boxes are given.
    """
    scale = size[0] / image.shape[1], size[1] / image.shape[0]
    faces = [Face(_scaled(face.box, scale), face.confidence) for face in detect_quickly(image)]
    objects = [_scaled(box, scale) for box in objects_on_plain_ground(image)]
    things = [*heads(faces, saliency_map, size), *_objects(objects, saliency_map, size)]
    return tuple(sorted(things, key=lambda thing: -thing.worth))


def at_any_cost(things: Sequence[Thing]) -> tuple[Thing, ...]:
    """The things for somebody who asked for them to be whole: the most worth before gaze, the others in proportion."""
    most = max((thing.worth for thing in things), default=0.0)
    return tuple(replace(thing, worth=thing.worth / most) for thing in things) if most else tuple(things)


def heads(faces: Sequence[Face], saliency_map: SaliencyMap, size: tuple[int, int]) -> list[Thing]:
    """Faces as heads, worth the more, the more they are looked at, and the surer they are.

    The one most looked at is worth HEAD_WORTH, the others what their gaze is of its gaze: a spectator weighs little
    beside a hero, and a false face that nobody looks at nothing.
    """
    found = [head_of(face.box, size) for face in faces]
    looked = [face.confidence * gaze_inside(saliency_map, size, head) for face, head in zip(faces, found, strict=True)]
    most = max(looked, default=0.0)
    return [
        Thing("head", (head, face.box, eyes_of(face.box)), HEAD_WORTH * min(most / LOOKED_AT, 1.0) * gaze / most)
        for face, head, gaze in zip(faces, found, looked, strict=True)
        if gaze > 0
    ]


def _objects(boxes: Sequence[Box], saliency_map: SaliencyMap, size: tuple[int, int]) -> list[Thing]:
    looked = [gaze_inside(saliency_map, size, box) for box in boxes]
    total = sum(looked)
    return [
        Thing("object", (box,), OBJECT_WORTH * gaze / total) for box, gaze in zip(boxes, looked, strict=True) if gaze
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
    ring = max(1, round(GROUND_RING * min(height, width)))
    inner = np.zeros((height, width), bool)
    inner[ring : height - ring, ring : width - ring] = True
    rows, columns = np.nonzero(~inner)
    colours = picture[rows, columns].astype(np.float32)
    places = np.column_stack([np.ones(len(rows)), columns / width - 0.5, rows / height - 0.5]).astype(np.float32)
    median = np.median(colours, axis=0)
    fits = np.abs(colours - median).max(axis=1) < 3 * GROUND_TOLERANCE
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


def _scaled(box: Box, scale: tuple[float, float]) -> Box:
    """A box on the reduced photo, in pixels of the full one."""
    left, top = round(box.left * scale[0]), round(box.top * scale[1])
    return Box(left, top, round(box.right * scale[0]) - left, round(box.bottom * scale[1]) - top)
