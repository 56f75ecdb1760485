"""Scenes of people: heads whole, and that of the main person first."""

from __future__ import annotations

from random import Random

import numpy as np

from eval.scenes.cutouts import scenery
from eval.scenes.kinds.things import LANDSCAPE, ROOM
from eval.scenes.people import draw_person
from eval.scenes.rules import cuts_nothing, most_whole, most_whole_or_next
from eval.scenes.shapes import ground
from eval.scenes.types import Scene, Target

NARROW = 0.9  # width of a head by its height, about
TALL = ((540, 960), (600, 900), (680, 850))
PHONES = ((450, 800), (486, 864))


def person_at_an_edge(rng: Random) -> Scene:
    """One person near the left or the right border of a wide picture, looking small in the landscape."""
    size = rng.choice(LANDSCAPE)
    canvas = scenery(rng, size)
    height = rng.uniform(0.24, 0.42) * size[1]
    inward = NARROW / 2 * height + rng.uniform(0.02, 0.1) * size[0]
    middle = inward if rng.random() < 0.5 else size[0] - inward
    person = draw_person(canvas, rng, middle, rng.uniform(0.08, 0.45) * size[1], height)
    return Scene(np.asarray(canvas), (Target(person.head, "head"),), (most_whole, ROOM))


def two_people_apart(rng: Random) -> Scene:
    """Two people, each near a border: both where they fit, else one of them and no half of the other."""
    size = rng.choice((*LANDSCAPE, (1080, 540)))
    canvas = scenery(rng, size) if rng.random() < 0.7 else ground(rng, size)
    heads = []
    for middle in (rng.uniform(0.13, 0.26), rng.uniform(0.74, 0.87)):
        height = rng.uniform(0.24, 0.36) * size[1]
        heads.append(draw_person(canvas, rng, middle * size[0], rng.uniform(0.1, 0.35) * size[1], height).head)
    return Scene(np.asarray(canvas), tuple(Target(head, "head") for head in heads), (most_whole, cuts_nothing))


def group_with_a_main_person(rng: Random) -> Scene:
    """A large person before smaller ones: the large one whole, and all where they fit."""
    size = rng.choice((*LANDSCAPE, (760, 760), (640, 800)))
    canvas = scenery(rng, size)
    main = rng.choice((0.2, 0.26, 0.74, 0.8)) if size[0] > size[1] else rng.choice((0.3, 0.7))
    height, small = rng.uniform(0.34, 0.44) * size[1], rng.uniform(0.14, 0.19) * size[1]
    free = 0.85 * height / size[0]  # half of the main person, with shoulders that hide what is behind
    places = [x for x in np.arange(0.08, 0.95, max(0.12, 2.0 * small / size[0])) if abs(x - main) > free]
    others = [
        draw_person(canvas, rng, x * size[0], rng.uniform(0.3, 0.42) * size[1], small * rng.uniform(0.9, 1.1)).head
        for x in rng.sample(places, min(len(places), rng.randint(3, 5)))
    ]
    head = draw_person(canvas, rng, main * size[0], rng.uniform(0.08, 0.25) * size[1], height).head
    targets = (Target(head, "head"), *(Target(other, "head", 1) for other in others))
    return Scene(np.asarray(canvas), targets, (most_whole,))


def crowd_behind_a_hero(rng: Random) -> Scene:
    """A large person before rows of spectators, who do not matter."""
    size = rng.choice((*LANDSCAPE, (640, 800)))
    canvas = scenery(rng, size, 12)
    small = rng.uniform(0.09, 0.12) * size[1]
    for row in range(2):
        step = 1.5 * small
        for i in range(int(size[0] / step) + 1):
            x, y = (i + 0.5 * (row % 2)) * step, (0.1 + 0.16 * row) * size[1]
            draw_person(canvas, rng, x + rng.uniform(-0.1, 0.1) * step, y + rng.uniform(0, 0.04) * size[1], small)
    height = rng.uniform(0.4, 0.5) * size[1]
    inward = NARROW / 2 * height + rng.uniform(0.02, 0.12) * size[0]
    middle = inward if rng.random() < 0.5 else size[0] - inward
    hero = draw_person(canvas, rng, middle, rng.uniform(0.2, 0.35) * size[1], height)
    return Scene(np.asarray(canvas), (Target(hero.head, "head"),), (most_whole, ROOM))


def head_near_the_top(rng: Random) -> Scene:
    """A standing person whose hair nearly touches the upper border."""
    size = rng.choice(TALL)
    canvas = scenery(rng, size) if rng.random() < 0.6 else ground(rng, size)
    height = rng.uniform(0.16, 0.27) * size[1]
    person = draw_person(canvas, rng, rng.uniform(0.3, 0.7) * size[0], rng.uniform(0.015, 0.07) * size[1], height)
    return Scene(np.asarray(canvas), (Target(person.head, "head"),), (most_whole, ROOM))


def tall_portrait_to_wide(rng: Random) -> Scene:
    """A head that is too high for wide crops: there the face, and where that is too high the eyes."""
    size = rng.choice(PHONES)
    canvas = scenery(rng, size, 10) if rng.random() < 0.6 else ground(rng, size)
    height = min(rng.uniform(0.34, 0.5) * size[1], 0.85 * size[0])
    top = rng.choice((rng.uniform(0.03, 0.12), rng.uniform(0.3, 0.42)))
    person = draw_person(canvas, rng, rng.uniform(0.45, 0.55) * size[0], top * size[1], height)
    targets = (Target(person.head, "head"), Target(person.face, "face", 1), Target(person.eyes, "eyes", 2))
    return Scene(np.asarray(canvas), targets, (most_whole_or_next,))
