"""Take it home: files, focal points, code and links that reproduce what is on screen."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.crop.code import python_lines
from pages.crop.delivery import ALL, AS_ORIGINAL, HAS_QUALITY, KIND, LEAST_QUALITY, QUALITY, RESIZE, read_delivery
from pages.crop.downloads import CropFile, crop_file, crop_files, focal_points, zip_files
from pages.crop.padded_links import show_whole_links
from pages.crop.settings import Settings
from pages.crop.shot import Shot
from pages.shared.palette import method_look
from pages.shared.widgets import plain
from saliency.export import FILE_FORMATS
from saliency.focal_fields import FIELDS
from saliency.formats import Format
from saliency.links import FOCAL_LINKS, LINKS, object_position

CMS = "CMS"  # the tab of content systems
ZIP_WIDTH = 188  # CSS pixels of the button's place, so that what is beside it stays where it is while the page runs


def show_zip(shots: Sequence[Shot], settings: Settings, key: str) -> None:
    """The button for the crops of all photos."""
    delivery = read_delivery()
    files: list[CropFile] = []
    for shot in shots:
        methods = shot.methods(settings.methods) if delivery.all_methods else [shot.chosen]
        files += crop_files(shot, methods, settings.formats, delivery.output)
    noun = "picture" if any(file.canvas for file in files) else "crop"
    st.download_button(
        f"Download {len(files)} {noun}{'' if len(files) == 1 else 's'}",
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
    st.markdown("### Pictures")
    st.segmented_control(
        "File format", [AS_ORIGINAL, *FILE_FORMATS], key=KIND.key, required=True, persist_state="session"
    )
    st.slider(
        "Quality of JPEG, WebP and AVIF",
        LEAST_QUALITY,
        100,
        key=QUALITY.key,
        persist_state="session",
        disabled=st.session_state[KIND.key] not in HAS_QUALITY,
        help="As the original: a JPEG as fine as it is, and what changes nothing is the original's own file.",
    )
    st.toggle(
        "Resize to the usual sizes",
        key=RESIZE.key,
        persist_state="session",
        help="Brings each crop to the size that is usual for its format. A size you wrote yourself is always kept.",
    )
    st.caption("  \n".join(plain(_size(shot, target)) for target in settings.formats))
    output, label = read_delivery().output, method_look(shot.chosen).label
    st.toggle(
        "All methods",
        key=ALL.key,
        persist_state="session",
        help=f"Otherwise only the result: {label} for this photo.",
    )
    file = crop_file(shot, shot.chosen, settings.formats[0], shot.crop_of(shot.chosen, settings.formats[0]), output)
    if file.lost:
        st.caption(plain(f"{file.name}: {file.lost}."))
    show_zip(shots, settings, "crop-zip-home")
    st.caption(
        "The files say whose the photo is, where the original does, and what their colours are: sRGB, or as the "
        "original has it where it is copied whole, or is a PNG of 16 bits, of a palette or grey. Place, camera and "
        "all else of the original are not in them; a GIF says nothing."
    )
    st.download_button(
        "Focal points (JSON)",
        lambda: focal_points(shots, settings.formats),
        "focal_points.json",
        "application/json",
        key="crop-focal-points",
        on_click="ignore",
        icon=":material/center_focus_strong:",
    )


def _size(shot: Shot, target: Format) -> str:
    """How large the result for one format will be, and whether it has fewer pixels of its own."""
    pixels = read_delivery().output.pixels(target)
    if canvas := shot.canvas(target, pixels):
        width, height = canvas.size
        scale, whole = canvas.photo.width / shot.part.width, ", the whole photo"
    else:
        box = shot.crop_of(shot.chosen, target).box
        width, height = pixels or (box.width, box.height)
        scale, whole = max(width / box.width, height / box.height), ""
    enlarged = f", enlarged {scale:.1f} times" if scale >= 1.05 else ""
    return f"{target.label}: {width} × {height}{whole}{enlarged}"


def _show_code(shot: Shot, settings: Settings) -> None:
    x, y = shot.focal_point
    st.markdown("### For your software")
    place = f"{100 * x:.1f}\u00a0% from the left, {100 * y:.1f}\u00a0% from the top"
    st.markdown(f"Focal point of **{plain(shot.photo.title)}**: {place}.")
    labels = [target.label for target in settings.formats]
    chosen = st.session_state.get("crop-take-format")
    st.session_state["crop-take-format"] = chosen if chosen in labels else labels[0]
    label = st.segmented_control(
        "Format", labels, key="crop-take-format", required=True, wrap=False, persist_state="session"
    )
    target = settings.formats[labels.index(str(label))]
    pixels = read_delivery().output.pixels(target)
    names = ["Python", "CSS", *LINKS, CMS]
    tabs = dict(zip(names, st.tabs(names), strict=True))
    with tabs.pop("Python"):
        st.code(python_lines(shot, settings), "python")
    if canvas := shot.canvas(target, pixels):
        show_whole_links(shot, target, canvas, tabs)
        tabs[CMS].caption("A focal point says nothing of a photo that is shown whole.")
    else:
        _show_links(shot, target, pixels, tabs)
    st.markdown("### This page again")
    st.code(_link(), None)
    st.caption("Restores the settings, and a sample with its focal point. Your own photos are not in the link.")


def _show_links(shot: Shot, target: Format, pixels: tuple[int, int] | None, tabs: Mapping[str, DeltaGenerator]) -> None:
    """The crop of one format, in a tab each."""
    crop = shot.crop_of(shot.chosen, target)
    with tabs["CSS"]:
        css = f"object-fit: cover;\naspect-ratio: {target.aspect.width:g} / {target.aspect.height:g};\n"
        st.code(f"{css}object-position: {object_position(crop, shot.size)};", "css")
        if shot.is_smaller:
            st.caption("CSS cannot zoom: it shows the widest crop around the same place.")
    for name, link in LINKS.items():
        with tabs[name]:
            st.code(link(crop, shot.size, pixels), None)
            st.caption(f"This very window, as part of the photo's address at {plain(name)}.")
            if name in FOCAL_LINKS:
                st.code(FOCAL_LINKS[name](crop, shot.size, pixels), None)
                st.caption("Or any size around the focal point of this crop.")
    with tabs[CMS]:
        for name, fields in FIELDS.items():
            st.caption(f"{plain(name)} keeps beside the photo:")
            st.code(json.dumps(fields(crop, shot.size), indent=2), "json")


def _link() -> str:
    """The address of this page with everything that was chosen."""
    query = urlencode(st.query_params.to_dict())
    return str(st.context.url or "").split("?")[0] + (f"?{query}" if query else "")
