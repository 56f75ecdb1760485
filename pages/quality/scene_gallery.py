"""The pictures behind a number of Scenes: each crop of a kind, a method's beside another's."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.quality.cache import get_scene
from pages.quality.kinds import RIGHT as IN_WORDS
from pages.quality.scene_crops import RIGHT, SIDES, SceneChoice, crops_of, worst_first
from pages.quality.scene_pictures import FIRST, LOOKS, NEXT, draw_crop
from pages.quality.scenes_html import Card, Shot, crops_html, key_html
from pages.shared.figures.units import amount
from pages.shared.palette import method_look
from pages.shared.phrases import counted
from pages.shared.widgets import QUALITY
from saliency.export import encode
from saliency.types import Box

SHOWN = "quality-scenes-shown"
MORE = 6  # cards at a time
KEY = [(LOOKS[True], "right crop"), (LOOKS[False], "wrong crop"), (FIRST, FIRST.label), (NEXT, NEXT.label)]


def show_gallery(choice: SceneChoice) -> None:
    """What a right crop of the kind shows, and the crops, wrong ones first."""
    st.header(f"{choice.kind.capitalize()}: {method_look(choice.method).label}", anchor=False)
    st.markdown(f"A right crop shows {IN_WORDS[choice.kind]}.")
    crops = worst_first(crops_of(choice.run, choice.kind, choice.method), choice.metric)
    st.html(key_html(KEY))
    shown = crops.head(_shown(choice))
    others = crops_of(choice.run, choice.kind, choice.beside) if choice.beside != choice.method else crops.head(0)
    for answer, word in ((0, "Wrong"), (1, "Right")):
        of, some = (rows[rows[RIGHT] == answer] for rows in (crops, shown))
        if len(some):
            st.markdown(f"**{word}: {counted(len(of), 'crop')}**")
            st.html(crops_html([_card(choice, some.loc[[index]], others) for index in some.index]))
    left = len(crops) - len(shown)
    if left:
        st.button(
            f"Show more ({left} left)",
            key="quality-scenes-more",
            icon=":material/expand_more:",
            on_click=_show_more,
            args=(choice,),
        )


def _shown(choice: SceneChoice) -> int:
    """How many cards; those of another choice begin anew."""
    of, number = st.session_state.get(SHOWN, (None, MORE))
    return number if of == _identity(choice) else MORE


def _show_more(choice: SceneChoice) -> None:
    st.session_state[SHOWN] = (_identity(choice), _shown(choice) + MORE)


def _identity(choice: SceneChoice) -> tuple[str, ...]:
    return choice.file.label, choice.metric, choice.method, choice.beside, choice.kind


def _card(choice: SceneChoice, crop: pd.DataFrame, others: pd.DataFrame) -> Card:
    """crop: one row of `crops_of`. others: those of the method beside, maybe none."""
    (image, aspect), *_ = crop.index
    beside = others.loc[others.index.intersection(crop.index)]
    rows = [(choice.method, crop), *([(choice.beside, beside)] if len(beside) else [])]
    return Card(f"{image}, {aspect}", tuple(_shot(choice, method, row.iloc[0]) for method, row in rows))


def _shot(choice: SceneChoice, method: str, crop: pd.Series) -> Shot:
    """The picture of one crop, a row of `crops_of`."""
    image, aspect = crop.name
    kind, number = str(image).split("/")
    box, is_right = Box(*(int(crop[side]) for side in SIDES)), bool(crop[RIGHT])
    picture = draw_crop(get_scene(kind, int(number)), box, is_right)
    label = method_look(method).label
    alt = f"Scene {image} with the {aspect} crop of {label}, {LOOKS[is_right].label}: {box.as_list()}"
    value = crop[choice.metric]
    note = "" if choice.metric == RIGHT or pd.isna(value) else amount(choice.metric, float(value))
    return Shot(encode(picture, quality=QUALITY), alt, is_right, label, note)
