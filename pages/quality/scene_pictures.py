"""Drawn scenes with a crop on them: what lies outside fades, the border says by its colour whether it is right.

Pure: scenes in, pictures out.
"""

from __future__ import annotations

from dataclasses import dataclass

from eval.scenes.types import Scene, Target
from pages.shared.figures.theme import BAD, GOOD
from pages.shared.palette import Look
from pages.shared.pictures import draw_boxes, draw_outlines, faded_outside, reduce, scale_box
from saliency.types import Box, RgbImage

SIDE = 600  # pixels of a picture's longer side
GAP = 5  # of these pixels, between a target and its outline, which would hide what is small
LOOKS = {True: Look("right", GOOD), False: Look("wrong", BAD)}
FIRST, NEXT = Look("matters most", "#f0e442", "dashed"), Look("counts after that", "#f0e442", "dotted")  # targets


@dataclass(frozen=True, slots=True, eq=False)
class SceneView:
    """A scene as it is shown. preview: reduced. size: (width, height) of the scene in pixels, as of its targets."""

    preview: RgbImage
    size: tuple[int, int]
    targets: tuple[Target, ...]


def view_of(scene: Scene) -> SceneView:
    """The scene, reduced."""
    return SceneView(reduce(scene.image, SIDE), scene.size, scene.targets)


def draw_crop(view: SceneView, crop: Box, is_right: bool) -> RgbImage:
    """The scene with its targets and a crop's box. crop: in pixels of the scene."""
    picture = faded_outside(view.preview, scale_box(crop, view.size, view.preview))
    for look, boxes in (
        (NEXT, [target.box for target in view.targets if target.rank > 0]),
        (FIRST, [target.box for target in view.targets if target.rank == 0]),
    ):
        picture = draw_outlines(picture, boxes, look, view.size, GAP)
    return draw_boxes(picture, [(crop, LOOKS[is_right])], view.size)
