"""The photo editor: a photo with its heatmap and crop boxes, on which one chooses where the crop should look."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Literal

import streamlit as st

from pages.shared.components.assets import asset
from pages.shared.pictures import data_url
from saliency.types import Box


class Reset(Enum):
    """What a visitor who no longer wants a choice of their own chooses."""

    RESET = "reset"


RESET = Reset.RESET
Choice = tuple[float, float] | Literal[Reset.RESET]
"""A focal point, (x, y) in 0..1 of the photo's sides, or RESET: back to automatic."""


@dataclass(frozen=True, slots=True)
class EditorBox:
    """A crop on the photo. box: in its pixels. color: "#rrggbb". line: "solid", "dashed" or "dotted"."""

    box: Box
    label: str
    color: str
    line: str


_editor = st.components.v2.component(
    "gazecrop_editor",
    html=asset("editor.html"),
    css=asset("frame.css") + asset("slider.css") + asset("editor.css"),
    js=asset("editor.js"),
)


def photo_editor(
    *,
    key: str,
    picture: bytes,
    heat: bytes,
    size: tuple[int, int],
    boxes: Sequence[EditorBox],
    movable: Box | None,
    focal: tuple[float, float] | None,
    faces: Sequence[Box],
    alt: str,
    max_height: int,
    on_choose: Callable[[], None] | None = None,
) -> Choice | None:
    """The photo to click on. Returns what was chosen in the run right after that, None in all others.

    key: unique on the page, without "__". picture: a JPEG, reduced already. heat: a PNG with alpha, of any resolution,
    laid over the whole photo. size: (width, height) of the upright photo in pixels; so are all boxes.
    boxes: the first is outermost. movable: the box that can be dragged, and moves with the focal point; the first of
    `boxes` equal to it moves along. focal: (x, y) in 0..1, marked by a cross. alt: what the photo shows.
    max_height: CSS pixels; three fifths of the window where that is less. on_choose: called before that run, where
    `read_choice(key)` tells what was chosen.

    A click chooses that point, a dragged box its centre, an arrow key 1 % (with Shift 5 %) further; Escape, Delete and
    Backspace choose RESET. How strong the heatmap is stays in the browser.
    """
    placed = [crop.box for crop in boxes]
    _editor(
        key=key,
        data={
            "picture": data_url(picture),
            "heat": data_url(heat, "image/png"),
            "size": {"width": size[0], "height": size[1]},
            "boxes": [{**_as_data(c.box), "label": c.label, "color": c.color, "line": c.line} for c in boxes],
            "movable": _as_data(movable) if movable else None,
            "moves": placed.index(movable) if movable in placed else None,
            "focal": {"x": focal[0], "y": focal[1]} if focal else None,
            "faces": [_as_data(face) for face in faces],
            "alt": alt,
            "maxHeight": max_height,
        },
        on_chosen_change=on_choose or _nothing,
    )
    return read_choice(key)


def read_choice(key: str) -> Choice | None:
    """What was chosen on the editor with this key just before this run; None where nothing was.

    The browser is not trusted: what is neither a point in the photo nor a reset counts as nothing.
    """
    state = st.session_state.get(key)
    match state.get("chosen") if state else None:
        case {"reset": True}:
            return RESET
        case {"x": int() | float() as x, "y": int() | float() as y} if 0 <= x <= 1 and 0 <= y <= 1:
            return float(x), float(y)
        case _:
            return None


def _as_data(box: Box) -> dict[str, int]:
    return {"left": box.left, "top": box.top, "width": box.width, "height": box.height}


def _nothing() -> None:
    """Without a callback Streamlit would not know the trigger."""
