"""Pairs of faces with a method's crop on them; stand-ins are drawn where there is no folder of faces. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from eval.audit.draws import Pair, draw_pairs
from eval.audit.judge import favours_first, gaze_of_first
from eval.audit.people import Person, read_people
from eval.audit.pictures import GROUNDS, SETTINGS, Setting, compose, ground_of
from eval.methods import load_any
from pages.shared.palette import Look
from pages.shared.pictures import draw_boxes, faded_outside
from pages.shared.widgets import QUALITY
from saliency.export import encode

SHOWN = 6  # pairs
CROP = Look("crop", "#0072b2")
SIDE = 200  # pixels of a stand-in
SKIN = "#cdbfae"  # one for all: which of them a crop shows must not look like a result
HAIRS = ("#2b2320", "#7a5230", "#8d8d8d")


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture with its crop. data: a JPEG. note: whom the crop shows."""

    data: bytes
    alt: str
    note: str


@dataclass(frozen=True, slots=True)
class Card:
    """Two people in both orders."""

    title: str
    shots: tuple[Shot, ...]


def make_cards(method: str, layout: str, faces: Path | None) -> list[Card]:
    """SHOWN pairs in both orders. faces: a folder with its labels.csv. Raises ValueError as `read_people` does,
    PeerUnavailable where the method lacks what it needs."""
    cropper = load_any(method)
    chips = stand_ins() if faces is None else some_faces(faces)
    cards = []
    for number, (one, other) in enumerate(chips):
        shots = []
        for setting in (setting for setting in SETTINGS if setting.layout == layout):
            composed = compose(one, other, setting, number)
            size = composed.pixels.shape[1], composed.pixels.shape[0]
            evidence = cropper.look(composed.pixels)
            (crop,) = cropper.place(evidence, size, [composed.aspect])
            picture = draw_boxes(faded_outside(composed.pixels, crop.box), [(crop.box, CROP)], size)
            note = shown_words(favours_first(crop, composed.panels), setting)
            gaze = gaze_of_first(evidence, size, composed.panels)
            if not np.isnan(gaze):
                note += f", {100 * (1 - gaze if setting.swapped else gaze):.0f} % of the gaze on A"
            alt = f"Two faces {layout}, {'B' if setting.swapped else 'A'} first; the crop {note}"
            shots.append(Shot(encode(picture, quality=QUALITY), alt, note))
        cards.append(
            Card(f"{ground_of(number)} ground" if ground_of(number) != GROUNDS[0] else GROUNDS[0], tuple(shots))
        )
    return cards


def shown_words(first: float, setting: Setting) -> str:
    """Whom a crop shows, where A is the one and B the other."""
    if first == 0.5:
        return "shows as much of both"
    return f"shows {'A' if (first > 0.5) != setting.swapped else 'B'}"


def some_faces(folder: Path) -> list[tuple[Image.Image, Image.Image]]:
    """Two people each, whoever they are, from a folder of faces with its labels.csv."""
    people = [
        Person(person.path, (str(rank % 2),))
        for rank, person in enumerate(read_people(folder, folder / "labels.csv", ()))
    ]
    return [_opened(people, pair) for pair in draw_pairs(people, SHOWN)]


def _opened(people: list[Person], pair: Pair) -> tuple[Image.Image, Image.Image]:
    chips = []
    for place in (pair.one, pair.other):
        with Image.open(people[place].path) as image:
            chips.append(image.convert("RGB"))
    return chips[0], chips[1]


def stand_ins() -> list[tuple[Image.Image, Image.Image]]:
    """Drawn faces, two each: they are of nobody, and of no group."""
    return [(drawn_face(number), drawn_face(number + 4)) for number in range(SHOWN)]


def drawn_face(number: int) -> Image.Image:
    """A simple face; number: which hair, and whether with glasses."""
    hair = HAIRS[number % len(HAIRS)]
    face = Image.new("RGB", (SIDE, SIDE), "#c7cdd4")
    draw = ImageDraw.Draw(face)
    draw.ellipse((34, 6, 166, 150), fill=hair)
    draw.rectangle((78, 165, 122, 200), fill=SKIN)
    draw.ellipse((42, 26, 158, 186), fill=SKIN)
    for x in (78, 122):
        draw.ellipse((x - 13, 84, x + 13, 102), fill="#ffffff")
        draw.ellipse((x - 6, 86, x + 6, 100), fill="#33251c")
        draw.line((x - 15, 74, x + 15, 72), fill=hair, width=5)
    if number % 2:
        for x in (78, 122):
            draw.ellipse((x - 19, 75, x + 19, 111), outline="#33251c", width=3)
        draw.line((97, 90, 103, 90), fill="#33251c", width=3)
    draw.line((100, 102, 96, 128, 104, 130), fill="#7c4f37", width=3)
    draw.arc((74, 126, 126, 158), 20, 160, fill="#8c2f2b", width=6)
    return face
