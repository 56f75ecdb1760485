"""The crops of one photo: on the left the photo with heatmap and boxes, to steer; on the right what they cut out."""

from __future__ import annotations

from functools import partial

import streamlit as st

from pages.crop import padded
from pages.crop.bars import show_bars
from pages.crop.cards import show_card, show_whole_card
from pages.crop.choice import choose, follow_file
from pages.crop.judgement import cut_things
from pages.crop.settings import Settings
from pages.crop.shot import Shot
from pages.crop.words import explain, gaze_alone, spread
from pages.shared.components.editor import RESET, EditorBox, photo_editor, read_choice
from pages.shared.palette import method_look
from pages.shared.pictures import crop_preview, heat_layer, open_preview
from pages.shared.widgets import plain
from saliency.formats import Format
from saliency.notes import worth_a_word
from saliency.pad import Canvas
from saliency.types import Box, RgbImage

CARDS_IN_A_ROW, MOST_CARDS_IN_A_ROW = 3, 4  # four, with the visitor's own, rather than one alone below
PHOTO_HEIGHT = 560
SHOWN = "crop-shown"


def show_crops(shot: Shot, settings: Settings) -> None:
    """The photo on the left, the crops of every format on the right, a row each."""
    left, right = st.columns([5, 6], gap="medium")
    with left, st.container(key="crop-beside", gap="small"):
        place = st.container()
        target = _choose_shown(settings)
        with place:
            _show_photo(shot, settings, target)
        _show_who_decides(shot)
    with right:
        show_bars(shot)
        preview = open_preview(shot.analysis.sight.preview)
        for rank, target in enumerate(settings.formats):
            with st.container(key=f"crop-row-{rank}", gap="small"):
                st.markdown(f"### {plain(target.label)}")
                if canvas := shot.canvas(target):
                    _show_whole(shot, target, canvas)
                else:
                    padded.warn_of_loss(shot, target)
                    _show_cards(shot, settings, target, preview)
                    _show_words(shot, target)
        st.caption(
            "**Keeps**: the expected share of human gaze inside the crop, as predicted by the model for every "
            "method. It is not a measurement."
        )


def _show_cards(shot: Shot, settings: Settings, target: Format, preview: RgbImage) -> None:
    """The crops of every method, as many in a row as fit."""
    crops = {name: shot.crop_of(name, target) for name in shot.methods(settings.methods)}
    names = list(crops)
    row = MOST_CARDS_IN_A_ROW if len(names) == MOST_CARDS_IN_A_ROW else CARDS_IN_A_ROW
    for start in range(0, len(names), row):
        with st.container(key=f"crop-cards-{shot.photo.key}-{target.label}-{start}"):
            columns = st.columns(row, wrap=False, gap="small")
        for name, column in zip(names[start : start + row], columns, strict=False):
            with column, st.container(key=f"crop-card-{name}--{shot.photo.key}-{target.label}", gap="xsmall"):
                picture = crop_preview(preview, crops[name].box, shot.size)
                show_card(shot, name, target, crops[name], picture)


def _show_whole(shot: Shot, target: Format, canvas: Canvas) -> None:
    """The whole photo with a border in place of the crops, and what it can be."""
    padded.show_words(shot, target, canvas)
    left, right = st.columns([1, CARDS_IN_A_ROW - 1], gap="small")
    with left, st.container(key=f"crop-card-whole--{shot.photo.key}-{target.label}", gap="xsmall"):
        show_whole_card(shot, target, shot.pads.preview(shot.part_of(shot.clear_preview), target))
    with right:
        padded.choose_border(target)


def _show_who_decides(shot: Shot) -> None:
    """The focal point by numbers, and where a person chose it, that it holds for all formats, and the way back."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="crop-decided"):
        _show_choice(shot)
        if shot.choice:
            st.button(
                "Back to automatic",
                key=f"crop-reset-{shot.photo.key}",
                icon=":material/undo:",
                on_click=choose,
                args=(shot.photo.digest, None),
            )
            marked = shot.analysis.sight.marked
            who = f"**The file says**, by {plain(marked.by)}," if shot.by_file and marked else "**You decide**"
            st.markdown(f"{who} where this photo is looked at, in every format.")
        elif shot.analysis.sight.marked:
            st.button(
                "Look where the file says",
                key=f"crop-file-{shot.photo.key}",
                icon=":material/description:",
                on_click=follow_file,
                args=(shot.photo.digest,),
            )


def _show_words(shot: Shot, target: Format) -> None:
    """What the crop does, and what a visitor may not like about it, with the remedy beside it."""
    st.markdown(plain(explain(shot, target)))
    cut = cut_things(shot, shot.crop_of(shot.chosen, target))
    alone = gaze_alone(shot, target)
    if not (cut or alone):
        return
    with st.container(horizontal=True, gap="medium", key=f"crop-remedies-{shot.photo.key}-{target.label}"):
        if cut and not (shot.choice or shot.at_any_cost):
            st.button(
                f"Keep {_kinds(shot)} whole",
                key=f"crop-whole-{shot.photo.key}-{target.label}",
                icon=":material/face:",
                type="tertiary",
                on_click=_wish,
                args=("always",),
            )
        if alone:
            st.button(
                "Keep the most gaze instead",
                key=f"crop-gaze-{shot.photo.key}-{target.label}",
                icon=":material/visibility:",
                type="tertiary",
                on_click=_wish,
                args=("never",),
            )
        if not spread(shot, target):  # else it is offered before the cards
            padded.offer_whole(shot, target)


def _kinds(shot: Shot) -> str:
    """What would be kept whole, in a word."""
    kinds = {thing.kind for thing in worth_a_word(shot.analysis.sight.things)}
    return "objects" if kinds == {"object"} else "heads"


def _wish(whole: str) -> None:
    """Have things kept whole this way, in every format."""
    st.session_state["crop-faces"] = whole


def _choose_shown(settings: Settings) -> Format:
    """The format whose boxes are on the photo."""
    labels = [target.label for target in settings.formats]
    if st.session_state.get(SHOWN) not in labels:
        st.session_state[SHOWN] = labels[0]
    if len(labels) > 1:
        st.segmented_control(
            "Boxes on the photo",
            labels,
            key=SHOWN,
            required=True,
            wrap=False,
            width="stretch",
            persist_state="session",
        )
    return settings.formats[labels.index(st.session_state[SHOWN])]


def _show_photo(shot: Shot, settings: Settings, target: Format) -> None:
    boxes, movable = _boxes(shot, settings, target)
    labels = ", ".join(box.label for box in boxes)
    key = f"crop-editor-{shot.photo.key}"
    photo_editor(
        key=key,
        picture=shot.analysis.sight.preview,
        heat=heat_layer(shot.analysis.sight.map),
        size=shot.size,
        boxes=boxes,
        movable=movable,
        focal=shot.choice,
        faces=[face.box for name in settings.methods for face in shot.analysis.faces.get(name, [])],
        alt=f"{shot.photo.title} under a heatmap of expected gaze, with the boxes of its {target.label} crops: "
        f"{labels}",
        max_height=PHOTO_HEIGHT,
        on_choose=partial(_take_choice, key, shot.photo.digest),
    )


def _boxes(shot: Shot, settings: Settings, target: Format) -> tuple[list[EditorBox], Box]:
    """What is drawn on the photo, and which box of it moves: of a whole photo there is only its border."""
    if shot.pads.has(target):
        look = method_look(shot.chosen)
        return [EditorBox(shot.part, padded.title_of(shot), look.color, look.line)], shot.part
    names = shot.methods(settings.methods)
    looks, crops = [method_look(name) for name in names], [shot.crop_of(name, target) for name in names]
    boxes = [EditorBox(crop.box, look.label, look.color, look.line) for crop, look in zip(crops, looks, strict=True)]
    return boxes, shot.crop_of(shot.chosen, target).box


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


def show_facts(shot: Shot) -> None:
    """Size, time taken, faces found, and whom to thank."""
    width, height = shot.size
    took = _duration(shot.analysis.seconds)
    sight = shot.analysis.sight
    facts = [f"{width} × {height} pixels"]
    facts += [f"{sight.frames} frames, all cropped alike"] if sight.frames > 1 else []
    facts += [f"only the first of its frames, as {sight.still}"] if sight.still else []
    facts += [f"analysed in {took}", f"map by {method_look(shot.model).label}"]
    facts += [f"{method_look(name).label}: {_count(len(faces))}" for name, faces in shot.analysis.faces.items()]
    st.caption(" · ".join([*facts, plain(shot.photo.credit)] if shot.photo.credit else facts))


def _duration(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def _count(faces: int) -> str:
    return {0: "none found", 1: "1 found"}.get(faces, f"{faces} found")
