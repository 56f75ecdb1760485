"""Take it home: files, focal points, code and links that reproduce what is on screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import streamlit as st

from pages._shared.crop.code import python_lines
from pages._shared.crop.settings import Settings
from pages._shared.crop.shot import Shot
from pages._shared.downloads import CropFile, Output, crop_files, focal_points, zip_files
from pages._shared.palette import method_look
from pages._shared.widgets import plain
from saliency.export import FILE_FORMATS
from saliency.links import FOCAL_LINKS, LINKS, object_position

AS_ORIGINAL = "As the original"
KIND, QUALITY, RESIZE, ALL = "take-kind", "take-quality", "take-resize", "take-all"
FIRST = {KIND: AS_ORIGINAL, QUALITY: 92, RESIZE: False, ALL: False}


@dataclass(frozen=True, slots=True)
class Plan:
    """What is downloaded: how it is written, and whether by every way to crop."""

    output: Output
    all_methods: bool


def read_plan() -> Plan:
    """What was chosen in this session, on whatever view."""
    state = {key: st.session_state.setdefault(key, first) for key, first in FIRST.items()}
    kind = None if state[KIND] == AS_ORIGINAL else state[KIND]
    return Plan(Output(kind, None if kind == "PNG" else state[QUALITY], state[RESIZE]), state[ALL])


def show_zip(shots: Sequence[Shot], settings: Settings, key: str) -> None:
    """The button for the crops of all photos."""
    plan = read_plan()
    files: list[CropFile] = []
    for shot in shots:
        methods = shot.methods(settings.methods) if plan.all_methods else [shot.chosen]
        files += crop_files(shot, methods, settings.formats, plan.output)
    st.download_button(
        f"Download {'1 crop' if len(files) == 1 else f'{len(files)} crops'}",
        lambda: zip_files(files, focal_points(shots, settings.formats)),
        "gazecrop.zip",
        "application/zip",
        key=key,
        on_click="ignore",
        type="primary",
        icon=":material/folder_zip:",
        help="One zip with the pictures and the focal points as JSON",
    )


def show_take(shot: Shot, shots: Sequence[Shot], settings: Settings) -> None:
    """Files of all photos on the left, words for other software on the right."""
    left, right = st.columns([2, 3], gap="large")
    with left:
        _show_files(shot, shots, settings)
    with right:
        _show_code(shot, settings)


def _show_files(shot: Shot, shots: Sequence[Shot], settings: Settings) -> None:
    st.markdown("#### Pictures")
    read_plan()
    st.segmented_control("File format", [AS_ORIGINAL, *FILE_FORMATS], key=KIND, required=True, persist_state="session")
    st.slider(
        "Quality of JPEG and WebP",
        40,
        100,
        key=QUALITY,
        persist_state="session",
        disabled=st.session_state[KIND] == "PNG",
    )
    st.toggle(
        "Resize to the usual sizes",
        key=RESIZE,
        persist_state="session",
        help="Brings each crop to the pixels in brackets below. A size you wrote yourself is always kept.",
    )
    sizes = [f"{f.label} ({f.pixels[0]} × {f.pixels[1]})" if f.pixels else f.label for f in settings.formats]
    st.caption(plain(", ".join(sizes)))
    label = method_look(shot.chosen).label
    st.toggle(
        "All ways to crop", key=ALL, persist_state="session", help=f"Otherwise only the result: {label} for this photo."
    )
    show_zip(shots, settings, "zip-home")
    st.download_button(
        "Focal points (JSON)",
        lambda: focal_points(shots, settings.formats),
        "focal_points.json",
        "application/json",
        key="focal-points",
        on_click="ignore",
        icon=":material/center_focus_strong:",
    )


def _show_code(shot: Shot, settings: Settings) -> None:
    x, y = shot.focal_point
    st.markdown("#### For your software")
    st.markdown(f"Focal point of **{plain(shot.photo.title)}**: {x:.1%} from the left, {y:.1%} from the top.")
    labels = [format.label for format in settings.formats]
    label = st.segmented_control(
        "Format", labels, default=labels[0], key="take-format", required=True, wrap=False, persist_state="page"
    )
    format = settings.formats[labels.index(str(label)) if label in labels else 0]
    crop = shot.crop_of(shot.chosen, format)
    pixels = read_plan().output.pixels(format)
    css = f"object-fit: cover;\naspect-ratio: {format.aspect.width:g} / {format.aspect.height:g};\n"
    css += f"object-position: {object_position(crop, shot.size)};"
    tabs = st.tabs(["Python", "CSS", *LINKS])
    with tabs[0]:
        st.code(python_lines(shot, settings), "python")
    with tabs[1]:
        st.code(css, "css")
        if shot.framing.keep is not None:
            st.caption("CSS cannot zoom: it shows the widest crop around the same place.")
    for name, tab in zip(LINKS, tabs[2:], strict=True):
        with tab:
            st.code(LINKS[name](crop, shot.size, pixels), None)
            st.caption(f"This very window, as part of the photo's address at {plain(name)}.")
            if name in FOCAL_LINKS:
                st.code(FOCAL_LINKS[name](crop, shot.size, pixels), None)
                st.caption("Or any size around the focal point of this crop.")
    st.markdown("#### This page again")
    st.code(_link(), None)
    st.caption("Restores the settings; your photos are not in the link, and stay in this session.")


def _link() -> str:
    """The address of this page with everything that was chosen."""
    query = urlencode(st.query_params.to_dict())
    return str(st.context.url or "").split("?")[0] + (f"?{query}" if query else "")
