"""Scenes: pictures drawn from photographs and from shapes, of which it is known which crops are right.

Adding a kind is a function in `eval/scenes/kinds/` and a line in KINDS. A scene is drawn anew from its kind and number
wherever it is needed: nothing lies on disk.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from eval.scenes.kinds import pages, panels, people, things
from eval.scenes.types import Scene
from saliency.registry import look_up

PER_KIND = 30  # scenes of each kind in a run

KINDS: dict[str, Callable[[Random], Scene]] = {
    "lone object": things.lone_object,
    "product on white": things.product_on_white,
    "person at an edge": people.person_at_an_edge,
    "two people apart": people.two_people_apart,
    "group with a main person": people.group_with_a_main_person,
    "crowd behind a hero": people.crowd_behind_a_hero,
    "head near the top": people.head_near_the_top,
    "tall portrait to wide": people.tall_portrait_to_wide,
    "wide logo": things.wide_logo,
    "slide with a title": pages.slide_with_a_title,
    "screenshot of a post": pages.screenshot_of_a_post,
    "meme with two captions": pages.meme_with_two_captions,
    "comic strip": panels.comic_strip,
    "document": pages.document,
    "chart": pages.chart,
    "map": pages.map_with_a_place,
    "framed picture": panels.framed_picture,
    "letterbox": panels.letterbox,
    "watermark": things.watermark,
    "tiny bird in sky": things.tiny_bird_in_sky,
    "collage": panels.collage,
    "symmetric pair": things.symmetric_pair,
}


def draw_scene(kind: str, number: int) -> Scene:
    """The scene of this kind and number, the same pixels each time with one version of Pillow.

    Raises ValueError, with the kinds there are, for an unknown one.
    """
    draw = look_up("kind of scene", kind, KINDS)
    return replace(draw(Random(f"{kind}/{number}")), kind=kind, number=number)
