"""The few rules by which a crop of a scene is right. Each is small, and the same for a scene and its mirror image."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from eval.metrics.crop import BENCHMARK_ASPECTS, aspects_for
from eval.scenes.types import Boxes, Rule, Scene, Target
from saliency.crop import window_size
from saliency.types import Aspect, Box

BAR = 0.01  # of a side: so much of a bar is not seen
Judgement = NDArray[np.bool_]


def right(scene: Scene, aspect: Aspect, crops: Boxes) -> Judgement:
    """Which crops of this aspect are right by all rules of the scene: (n,) bool."""
    widest = widest_windows(scene.size, aspect)
    return np.all([rule(scene, crops, widest) for rule in scene.rules], axis=0)


def judged_aspects(scene: Scene) -> list[Aspect]:
    """The benchmark's aspects for which some of the widest windows are right and some are wrong."""
    answers = {a: right(scene, a, widest_windows(scene.size, a)) for a in aspects_for(scene.size, BENCHMARK_ASPECTS)}
    return [aspect for aspect, answer in answers.items() if answer.any() and not answer.all()]


def widest_windows(size: tuple[int, int], aspect: Aspect) -> Boxes:
    """Every position of the largest window of this shape in a scene of `size` = (width, height), from the first on."""
    width, height = window_size(size, aspect)
    starts = np.arange(max(size[0] - width, size[1] - height) + 1)
    left, top = (starts, 0 * starts) if width < size[0] else (0 * starts, starts)
    return np.stack([left, top, np.full_like(starts, width), np.full_like(starts, height)], axis=1)


def most_whole(scene: Scene, crops: Boxes, widest: Boxes) -> Judgement:
    """Of the first rank something is whole, and no window of the shape keeps more; see `_merit`."""
    return (_whole_of_rank(scene, crops, 0) > 0) & most_whole_or_next(scene, crops, widest)


def most_whole_or_next(scene: Scene, crops: Boxes, widest: Boxes) -> Judgement:
    """The same, but where nothing of the first rank fits, the next must be whole: head, face, eyes."""
    merit = _merit(scene, crops)
    return (merit > 0) & (merit >= _merit(scene, widest).max())


def cuts_nothing(scene: Scene, crops: Boxes, widest: Boxes) -> Judgement:  # noqa: ARG001
    """Each target is whole or gone."""
    return ~np.any([cut(target, crops) for target in scene.targets], axis=0)


def roomy(share: float) -> Rule:
    """The first target is whole with at least this share of the free room on each side, or all that the scene has."""

    def rule(scene: Scene, crops: Boxes, widest: Boxes) -> Judgement:  # noqa: ARG001
        box, (width, height) = scene.targets[0].box, scene.size
        margins, free = margins_around(box, crops), _free_room(box, crops)
        there = np.array([box.left, width - box.right, box.top, height - box.bottom])
        return np.all((margins >= 0) & (margins >= np.minimum(share * free, there) - 1), axis=1)

    return rule


def off_the_bars(scene: Scene, crops: Boxes, widest: Boxes) -> Judgement:  # noqa: ARG001
    """Along each side on which the crop could lie inside the bars or the frame, it does."""
    if scene.inner is None:
        raise ValueError("this scene has neither bars nor a frame")
    inner, (width, height) = scene.inner, scene.size
    across = _within(crops[:, 0], crops[:, 2], inner.left, inner.right, BAR * width)
    down = _within(crops[:, 1], crops[:, 3], inner.top, inner.bottom, BAR * height)
    return across & down


def whole(target: Target, crops: Boxes) -> Judgement:
    """Which crops hold all of the target."""
    return np.all(margins_around(target.box, crops) >= 0, axis=1)


def cut(target: Target, crops: Boxes) -> Judgement:
    """Through which targets the crop's border runs."""
    left, right_room, top, bottom = margins_around(target.box, crops).T
    box = target.box
    outside = (left <= -box.width) | (right_room <= -box.width) | (top <= -box.height) | (bottom <= -box.height)
    return ~outside & ~whole(target, crops)


def margins_around(box: Box, crops: Boxes) -> NDArray[np.int64]:
    """(n, 4) pixels between the box and the crop's left, right, top and bottom border; negative where it is cut."""
    left, top, width, height = crops.T
    return np.stack([box.left - left, left + width - box.right, box.top - top, top + height - box.bottom], axis=1)


def room_left(box: Box, crops: Boxes) -> NDArray[np.float64]:
    """(n,) the smaller share of the free room that is left on a side of the box, 0..0.5; 0 where it is not whole."""
    margins, free = margins_around(box, crops), _free_room(box, crops)
    shares = np.where(free > 0, margins / np.maximum(free, 1), 0.5)
    return np.where(np.all(margins >= 0, axis=1), shares.min(axis=1), 0.0)


def _free_room(box: Box, crops: Boxes) -> NDArray[np.int64]:
    """(n, 4) the sum of both margins along each side of `margins_around`."""
    across, down = crops[:, 2] - box.width, crops[:, 3] - box.height
    return np.stack([across, across, down, down], axis=1)


def _merit(scene: Scene, crops: Boxes) -> NDArray[np.int64]:
    """How much is whole, as one number: of the first rank as many as there are; each further rank counts only when all
    of it is whole, and only between crops that are equal by the ranks before."""
    merit = _whole_of_rank(scene, crops, 0)
    for rank in range(1, 1 + max(target.rank for target in scene.targets)):
        count = sum(target.rank == rank for target in scene.targets)
        merit = 2 * merit + (_whole_of_rank(scene, crops, rank) == count)
    return merit


def _whole_of_rank(scene: Scene, crops: Boxes, rank: int) -> NDArray[np.int64]:
    return np.sum([whole(target, crops) for target in scene.targets if target.rank == rank], axis=0, dtype=np.int64)


def _within(start: NDArray, side: NDArray, first: int, last: int, slack: float) -> Judgement:
    fits = side <= last - first + slack
    return ~fits | ((start >= first - slack) & (start + side <= last + slack))
