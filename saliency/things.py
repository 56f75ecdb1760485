"""What a border should not cut, and what that is worth: heads, objects, the blocks of a page; and marks, worth nothing.

Found in the small picture that a network is shown anyway, in two or three milliseconds. What each is worth is what
keeping it whole may cost of the expected gaze: much for what is looked at, next to nothing for what is not. How the
numbers were chosen is in `docs/how-it-works.md`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from saliency.crop import gaze_inside
from saliency.marks import find_marks
from saliency.models.face import YUNET_CONFIDENCE, detect_quickly, eyes_of, hair_of, head_of
from saliency.notes import WEIGHTY
from saliency.objects import blocks_of_page, objects_in_focus, objects_on_plain_ground
from saliency.types import Box, Face, RgbImage, SaliencyMap, Thing

HEAD_WORTH = 0.3
"""Of the main head of a photo."""

HEAD_PARTS = (0.3, 0.5, 0.1, 0.1)
"""How that is shared between the head with all its hair, the head, the face and the eyes."""

LOOKED_AT = 0.4
"""The share of gaze from which on a main head is worth what it can be; below, less as its root."""

SURE = 0.8
"""The detector's confidence from which a face counts in full; down to YUNET_CONFIDENCE, in proportion less, to nothing:
so that what is found in one decoding of a photo and just not in another moves no crop."""

HERO = 1.5
"""A main head is a hero where it is so many times as prominent as any other: then the gaze on the others, however many,
makes it worth up to twice as much."""

BLOCK_WORTH, OUTER = 1.2, 0.36
"""Of a block of a page for all of the gaze, and of one that holds others."""

OBJECT_WORTH = 0.25
"""Of all objects on a plain ground together: there is little else to look at, so a crop may give up much for them."""

FOCUS_WORTH = 0.06
"""Of an object in focus, for all of the gaze."""

SPOT_WORTH = 0.13
"""Of the spot that is looked at most, for all of the gaze."""

SPOT_EDGE, LARGEST_SPOT = 0.1, 0.3
"""The spot is where the map is at least this share of its highest; it is worth the less, the larger it is, and nothing
from that share of the photo on."""

ROOM = 0.15
"""The share of the room beside a head, an object or a block that is wanted on each of its sides."""

CUT, HEAD_CUT = 0.5, 0.1
"""What it costs to cut through an object or a block, and through a head, of what it is worth."""

FEWEST_OTHERS = 5
"""So many blocks beside a mark make a page, on which words in a corner are a heading."""

AT_BORDER = 0.03
"""A head that ends so near the photo's border, as a share of the shorter side, is kept as far as that."""

WORTHLESS = 1e-4
"""Things worth less are left out: they move nothing."""


def find_things(
    picture: RgbImage, saliency_map: SaliencyMap, size: tuple[int, int], within: Box | None = None
) -> tuple[Thing, ...]:
    """What a border should not cut in a photo, most worth first; marks last.

    picture: (H, W, 3), what a network is shown of the photo, so that any decoding of it gives the same; saliency_map:
    of it; size: (width, height) in pixels of the full photo, in which the things' boxes are given; within: the part of
    the photo inside plain bars, None for all of it: objects are sought there.
    """
    faces = detect_quickly(picture, size)
    sight = _Sight(picture, saliency_map, size, within or Box(0, 0, *size))
    things = heads(faces, saliency_map, size) + _objects(sight)
    things += _spot(saliency_map, size, things)
    return tuple(sorted(things, key=lambda thing: -thing.worth))


def at_any_cost(things: Sequence[Thing]) -> tuple[Thing, ...]:
    """The things for somebody who asked for them to be whole: the most worth before gaze, the others in proportion."""
    most = max((max(thing.worths) for thing in things), default=0.0)
    return tuple(thing.times(1 / most) if thing.worth > 0 else thing for thing in things)


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
) -> list[Thing]:
    """Faces as heads, worth the more, the more they are looked at, the larger and the surer they are.

    How prominent one is, is the product of the three. The most prominent is the main one, worth `worth` from
    LOOKED_AT of the gaze on; the others in proportion: twelve spectators weigh little beside a hero, and a false face
    that nobody looks at nothing.
    """
    found = [head_of(face.box, size) for face in faces]
    looked = [_sureness(face) * gaze_inside(saliency_map, size, head) for face, head in zip(faces, found, strict=True)]
    prominence = [gaze * head.width * head.height for gaze, head in zip(looked, found, strict=True)]
    most = max(prominence, default=0.0)
    if most <= 0:
        return []
    main = prominence.index(most)
    next_to_it = max((value for rank, value in enumerate(prominence) if rank != main), default=0.0)
    heroic = max(1 - HERO * next_to_it / most, 0.0) * min((sum(looked) - looked[main]) / looked[main], 1.0)
    things = []
    for rank, (face, head) in enumerate(zip(faces, found, strict=True)):
        own = (
            worth * min(looked[main] / LOOKED_AT, 1.0) ** 0.5 * prominence[rank] / most * (1 + heroic * (rank == main))
        )
        boxes = (_to_border(hair_of(face.box, size), size), head, face.box, eyes_of(face.box))
        if own > WORTHLESS:
            worths = tuple(own * share for share in HEAD_PARTS)
            things.append(Thing("head", boxes, worths, ROOM, HEAD_CUT * own))
    return things


def _sureness(face: Face) -> float:
    return min(max((face.confidence - YUNET_CONFIDENCE) / (SURE - YUNET_CONFIDENCE), 0.0), 1.0)


@dataclass(frozen=True, slots=True)
class _Sight:
    """What objects are sought in: see `find_things`."""

    picture: RgbImage
    map: SaliencyMap
    size: tuple[int, int]
    part: Box

    @property
    def inside(self) -> Box:
        """The part, in whole pixels of the picture."""
        scale = self.picture.shape[1] / self.size[0], self.picture.shape[0] / self.size[1]
        left, top = math.ceil(self.part.left * scale[0]), math.ceil(self.part.top * scale[1])
        right, bottom = int(self.part.right * scale[0]), int(self.part.bottom * scale[1])
        return Box(left, top, max(right - left, 1), max(bottom - top, 1))

    def full(self, box: Box) -> Box:
        """A box of the picture inside, in pixels of the photo; a pixel of the picture more on each side, for what a
        reduced pixel holds of an object's edge without differing enough from the ground."""
        across, down = self.size[0] / self.picture.shape[1], self.size[1] / self.picture.shape[0]
        x, y = self.inside.left + box.left, self.inside.top + box.top
        left, top = max(math.floor((x - 1) * across), 0), max(math.floor((y - 1) * down), 0)
        right = min(math.ceil((x + box.width + 1) * across), self.size[0])
        return Box(left, top, right - left, min(math.ceil((y + box.height + 1) * down), self.size[1]) - top)


def _objects(sight: _Sight) -> list[Thing]:
    """The blocks of a page, else the objects on a plain ground, else those in focus; and the marks beside them."""
    box = sight.inside
    inside = sight.picture[box.top : box.bottom, box.left : box.right]
    marks = [_grown(mark, mark.height) for mark in find_marks(inside)]
    page = blocks_of_page(inside)
    others = sum(not _in_any(block.box, marks) for block in page)
    if len(page) > 1 and (not marks or others >= FEWEST_OTHERS):
        leaves = [block.box for block in page if not block.within]
        outer = [replace(t, cut=0.0) for t in _worth([block.box for block in page if block.within], sight, OUTER)]
        return _worth(leaves, sight, BLOCK_WORTH) + outer
    lone = [box for box in objects_on_plain_ground(inside) if not _in_any(box, marks)]
    if lone:
        found = _worth(lone, sight, OBJECT_WORTH)
        total = sum(thing.worth for thing in found)
        found = [thing.times(OBJECT_WORTH / total) for thing in found]
    else:
        sharp = [(box, clear) for box, clear in objects_in_focus(inside) if not _in_any(box, marks)]
        found = [thing for box, clear in sharp for thing in _worth([box], sight, clear * FOCUS_WORTH)]
    # a mark takes back the gaze that a window gets by it
    return found + [replace(thing.times(-1), room=0.0, cut=thing.worth) for thing in _worth(marks, sight, 1.0)]


def _spot(saliency_map: SaliencyMap, size: tuple[int, int], things: Sequence[Thing]) -> list[Thing]:
    """What lies around the point that is looked at most, where none of the things does and it is no large part of the
    photo: something that only its gaze tells of."""
    rows, columns = saliency_map.shape
    row, column = divmod(int(saliency_map.argmax()), columns)
    across, down = size[0] / columns, size[1] / rows
    point = Box(int((column + 0.5) * across), int((row + 0.5) * down), 1, 1)
    if any(thing.box.holds(point) for thing in things if abs(thing.worth) >= WEIGHTY):
        return []
    near = saliency_map >= SPOT_EDGE * saliency_map[row, column]
    _, labels, parts, _ = cv2.connectedComponentsWithStats(near.astype(np.uint8), connectivity=4)
    label = labels[row, column]
    left, top, wide, high, _ = map(int, parts[label])
    small = 1 - wide * high / (LARGEST_SPOT * rows * columns)
    if small <= 0:
        return []
    x, y = round(left * across), round(top * down)
    box = Box(x, y, min(round(wide * across), size[0] - x), min(round(high * down), size[1] - y))
    gaze = float(saliency_map[labels == label].sum())
    return [Thing("", (box,), (SPOT_WORTH * small * gaze,), ROOM)]


def _worth(boxes: Sequence[Box], sight: _Sight, worth: float) -> list[Thing]:
    """Boxes of the picture inside as objects, each worth its share of the gaze times `worth`."""
    full = [sight.full(box) for box in boxes]
    worths = [worth * gaze_inside(sight.map, sight.size, box) for box in full]
    return [
        Thing("object", (box,), (own,), ROOM, CUT * own)
        for box, own in zip(full, worths, strict=True)
        if own > WORTHLESS
    ]


def _in_any(box: Box, others: Sequence[Box]) -> bool:
    """Whether the box lies in one of the others."""
    return any(other.holds(box) for other in others)


def _grown(box: Box, by: int) -> Box:
    return Box(box.left - by, box.top - by, box.width + 2 * by, box.height + 2 * by)


def _to_border(box: Box, size: tuple[int, int]) -> Box:
    """A box that ends near the photo's border, as far as that: nobody leaves a strip above the hair."""
    reach = AT_BORDER * min(size)
    left, top = (0 if start < reach else start for start in (box.left, box.top))
    right, bottom = (
        length if length - stop < reach else stop for stop, length in zip((box.right, box.bottom), size, strict=True)
    )
    return Box(left, top, right - left, bottom - top)
