"""A page with one component alone, named by `?part=`, and what it reported. For test_components.py."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import streamlit as st
from PIL import Image

from pages.shared.components.editor import RESET, EditorBox, photo_editor, read_choice
from pages.shared.components.paste import paste_zone
from pages.shared.components.wipe import wipe
from pages.shared.palette import method_look
from pages.shared.pictures import reduce
from saliency import open_image
from saliency.crop import window_at
from saliency.export import encode
from saliency.types import Aspect, Box

ROOT = Path(__file__).parents[2]
SIZE = (852, 1280)
ASPECT = Aspect(16, 9)
FACES = [Box(280, 470, 90, 110), Box(470, 450, 90, 120)]


def heat() -> bytes:
    """A yellow spot on purple, transparent at the borders."""
    y, x = np.mgrid[-1:1:90j, -1:1:60j]
    level = np.exp(-3 * (x**2 + (y + 0.2) ** 2))[..., None]
    colours = (1 - level) * (60, 10, 110) + level * (250, 220, 60)
    buffer = io.BytesIO()
    Image.fromarray(np.dstack([colours, 255 * (0.35 + 0.65 * level)]).astype(np.uint8)).save(buffer, "PNG")
    return buffer.getvalue()


def show_editor() -> None:
    log = st.session_state.setdefault("log", [])

    def remember() -> None:
        choice = read_choice("editor")
        log.append(choice)
        st.session_state["focal"] = None if choice is RESET else choice

    focal = st.session_state.get("focal")
    point = (focal[0] * SIZE[0], focal[1] * SIZE[1]) if focal else (430, 560)
    box = window_at(point, SIZE, ASPECT)
    looks = {"gaze": box, "face": window_at((500, 500), SIZE, ASPECT), "center": Box(0, 400, 852, 479)}
    boxes = [
        EditorBox(place, method_look(name).label, method_look(name).color, method_look(name).line)
        for name, place in looks.items()
    ]
    choice = photo_editor(
        key="editor",
        picture=encode(reduce(open_image(ROOT / "samples" / "friends.jpg"))),
        heat=heat(),
        size=SIZE,
        boxes=boxes,
        movable=box,
        focal=focal,
        faces=FACES,
        alt="Friends in a field",
        max_height=560,
        on_choose=remember,
    )
    st.text(f"returned {choice}")
    st.text(f"chosen {len(log)} times: {log[-1] if log else 'nothing'}")
    st.text(f"box {box.as_list()}")
    st.button("Run again")
    for _ in range(30):
        st.text("a long page")


def show_wipe() -> None:
    photo = reduce(open_image(ROOT / "samples" / "coffee.jpg"))
    wipe(
        key="wipe",
        left=encode(photo),
        right=encode(photo[..., ::-1].copy()),
        size=(photo.shape[1], photo.shape[0]),
        left_label="Saliency",
        right_label="Red & blue swapped",
        left_color=method_look("gaze").color,
        right_color=method_look("face").color,
        alt="Coffee, twice",
    )


def show_paste() -> None:
    uploads = st.file_uploader("Drop photos here", type=["png", "jpg"], accept_multiple_files=True, key="crop-uploads")
    paste_zone("paste")
    st.text_input("A text field")
    for upload in uploads:
        image = open_image(upload.getvalue())
        st.text(f"got {upload.name}: {image.shape[1]} x {image.shape[0]}")


PARTS = {"editor": show_editor, "wipe": show_wipe, "paste": show_paste}

st.set_page_config(layout="wide")
PARTS[st.query_params.get("part", "editor")]()
