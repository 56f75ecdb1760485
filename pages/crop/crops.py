"""The crops of one photo: on the left the photo with heatmap and boxes, to steer; on the right what they cut out."""

from __future__ import annotations

from functools import partial

import streamlit as st

from pages.crop.choice import choose
from pages.crop.downloads import CropFile, crop_file
from pages.crop.settings import Settings
from pages.crop.shot import YOU, Shot
from pages.crop.words import cut_things, explain, gain_points
from pages.shared.components.editor import RESET, EditorBox, photo_editor, read_choice
from pages.shared.palette import method_look
from pages.shared.phrases import percent
from pages.shared.pictures import crop_preview, heat_layer
from pages.shared.widgets import plain, show_image
from saliency import open_image
from saliency.formats import Format
from saliency.types import Crop, RgbImage

CARDS_IN_A_ROW, MOST_CARDS_IN_A_ROW = 3, 4  # four, with the visitor's own, rather than one alone below
CROP_SPACE = (184, 260)  # CSS pixels: the width of a card on a desktop, and the most height a crop takes
PHOTO_HEIGHT = 560
SHOWN = "crop-shown"


def show_crops(shot: Shot, settings: Settings) -> None:
    """The photo on the left, the crops of every format on the right."""
    left, right = st.columns([5, 6], gap="medium")
    with left, st.container(key="crop-beside", gap="small"):
        place = st.container()
        target = _choose_shown(settings)
        with place:
            _show_photo(shot, settings, target)
        _show_choice(shot)
    with right:
        _show_who_decides(shot)
        preview = open_image(shot.analysis.sight.preview)
        for target in settings.formats:
            st.markdown(f"#### {plain(target.label)}")
            _show_words(shot, target)
            crops = {name: shot.crop_of(name, target) for name in shot.methods(settings.methods)}
            names = list(crops)
            row = MOST_CARDS_IN_A_ROW if len(names) == MOST_CARDS_IN_A_ROW else CARDS_IN_A_ROW
            for start in range(0, len(names), row):
                with st.container(key=f"crop-cards-{shot.photo.key}-{target.label}-{start}"):
                    columns = st.columns(row, wrap=False, gap="small")
                for name, column in zip(names[start : start + row], columns, strict=False):
                    with column, st.container(key=f"crop-card-{name}--{shot.photo.key}-{target.label}", gap="xsmall"):
                        picture = crop_preview(preview, crops[name].box, shot.size)
                        _show_card(shot, name, target, crops[name], picture)
        st.caption(
            "**Keeps**: the expected share of human gaze inside the crop, as predicted by the model for every "
            "method. It is not a measurement."
        )


def _show_who_decides(shot: Shot) -> None:
    """Where a person does, that it holds for all formats, and the way back."""
    if shot.choice:
        with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="crop-decided"):
            st.markdown("**You decide** where this photo is looked at, in every format.")
            st.button(
                "Back to automatic",
                key=f"crop-reset-{shot.photo.key}",
                icon=":material/undo:",
                on_click=choose,
                args=(shot.photo.digest, None),
            )


def _show_words(shot: Shot, target: Format) -> None:
    """What the crop does, and what a visitor may not like about it, with the remedy beside it."""
    st.markdown(plain(explain(shot, target)))
    if cut_things(shot, shot.crop_of(shot.chosen, target)) and not (shot.choice or shot.at_any_cost):
        st.button(
            "Keep heads whole",
            key=f"crop-whole-{shot.photo.key}-{target.label}",
            icon=":material/face:",
            type="tertiary",
            on_click=_keep_heads_whole,
        )


def _keep_heads_whole() -> None:
    st.session_state["crop-faces"] = "always"


def _choose_shown(settings: Settings) -> Format:
    """The format whose boxes are on the photo."""
    labels = [target.label for target in settings.formats]
    if st.session_state.get(SHOWN) not in labels:
        st.session_state[SHOWN] = labels[0]
    if len(labels) > 1:
        st.segmented_control("Boxes on the photo", labels, key=SHOWN, required=True, wrap=False, width="stretch")
    return settings.formats[labels.index(st.session_state[SHOWN])]


def _show_photo(shot: Shot, settings: Settings, target: Format) -> None:
    names = shot.methods(settings.methods)
    crops = {name: shot.crop_of(name, target) for name in names}
    looks = {name: method_look(name) for name in names}
    labels = ", ".join(look.label for look in looks.values())
    key = f"crop-editor-{shot.photo.key}"
    photo_editor(
        key=key,
        picture=shot.analysis.sight.preview,
        heat=heat_layer(shot.analysis.sight.map),
        size=shot.size,
        boxes=[EditorBox(crops[n].box, looks[n].label, looks[n].color, looks[n].line) for n in names],
        movable=shot.crop_of(shot.chosen, target).box,
        focal=shot.choice,
        faces=[face.box for name in settings.methods for face in shot.analysis.faces.get(name, [])],
        alt=f"{shot.photo.title} under a heatmap of expected gaze, with the boxes of its {target.label} crops: "
        f"{labels}",
        max_height=PHOTO_HEIGHT,
        on_choose=partial(_take_choice, key, shot.photo.digest),
    )


def _take_choice(key: str, digest: str) -> None:
    """What the visitor just did on the photo, kept."""
    chosen = read_choice(key)
    if chosen is not None:
        choose(digest, None if chosen is RESET else chosen)


def _show_choice(shot: Shot) -> None:
    """The focal point by numbers."""
    key, digest = shot.photo.key, shot.photo.digest
    with st.popover("Focal point", icon=":material/center_focus_strong:"):
        x, y = (round(100 * value, 1) for value in shot.focal_point)
        # a new point makes new fields, which would otherwise go on showing what was typed
        fields = f"crop-x-{key}-{x}-{y}", f"crop-y-{key}-{x}-{y}"
        st.number_input("From the left, %", 0.0, 100.0, x, 1.0, "%.1f", fields[0])
        st.number_input("From the top, %", 0.0, 100.0, y, 1.0, "%.1f", fields[1])
        st.button("Look here", key=f"crop-look-{key}", type="primary", on_click=_look_here, args=(digest, *fields))


def _look_here(digest: str, across: str, down: str) -> None:
    """What is in the two fields now: a click right after typing comes before a run that would know of it."""
    choose(digest, (st.session_state[across] / 100, st.session_state[down] / 100))


def _show_card(shot: Shot, name: str, target: Format, crop: Crop, picture: RgbImage) -> None:
    label, points = method_look(name).label, gain_points(crop)
    st.metric(
        f"{label} keeps",
        percent(crop.kept),
        _versus_centre(name, points),
        delta_color="off",
        delta_arrow="off" if points == 0 or name == "center" else "auto",
    )
    alt = f"{shot.photo.title} cropped to {target.label} by {label}, keeps {percent(crop.kept)}"
    show_image(picture, CROP_SPACE, alt)
    _download(crop_file(shot, name, target, crop), target)
    if crop.note and name not in (shot.model, YOU):
        st.caption(crop.note)


def _versus_centre(method: str, points: int) -> str:
    if method == "center":
        return "the usual crop"
    return f"{points:+d} vs centre" if points else "same as centre"


def _download(file: CropFile, target: Format) -> None:
    width, height = file.size
    st.download_button(
        f"{width} × {height}",
        file.read,
        file.name,
        file.mime,
        key=f"crop-download-{file.shot.photo.key}-{target.label}-{file.name}",
        help=f"Download {file.name}",
        on_click="ignore",
        type="tertiary",
        icon=":material/download:",
    )


def show_facts(shot: Shot) -> None:
    """Size, time taken, faces found, and whom to thank."""
    width, height = shot.size
    took = _duration(shot.analysis.seconds)
    facts = [f"{width} × {height} pixels", f"analysed in {took}", f"map by {shot.model}"]
    facts += [f"{method_look(name).label}: {_count(len(faces))}" for name, faces in shot.analysis.faces.items()]
    st.caption(" · ".join([*facts, plain(shot.photo.credit)] if shot.photo.credit else facts))


def _duration(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def _count(faces: int) -> str:
    return {0: "none found", 1: "1 found"}.get(faces, f"{faces} found")
