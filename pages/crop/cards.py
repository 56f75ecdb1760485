"""What a format's card shows: what is kept, the picture, and its file to download."""

from __future__ import annotations

import streamlit as st

from pages.crop.downloads import CropFile, crop_file
from pages.crop.judgement import cut_things, gaze_beside_centre, rest_of_note, things_beside_centre
from pages.crop.padded import title_of
from pages.crop.shot import YOU, Shot
from pages.shared.palette import method_look
from pages.shared.phrases import percent
from pages.shared.widgets import show_image
from saliency.formats import Format
from saliency.types import Crop, RgbImage

CROP_SPACE = (184, 260)  # CSS pixels: the width of a card on a desktop, and the most height a crop takes


def show_card(shot: Shot, name: str, target: Format, crop: Crop, picture: RgbImage) -> None:
    """The crop of one method. picture: what it looks like."""
    label = method_look(name).label
    alt = f"{shot.photo.title} cropped to {target.label} by {label}, keeps {percent(crop.kept)}"
    show_image(picture, CROP_SPACE, alt)
    against, decides = gaze_beside_centre(shot, name, target, crop)
    st.metric(
        f"{label} keeps",
        percent(crop.kept),
        against,
        delta_color="off",
        delta_arrow="auto" if decides else "off",
    )
    if about := things_beside_centre(shot, target, crop):
        st.caption(f":material/{'content_cut' if cut_things(shot, crop) else 'check'}: {about}")
    if name not in (shot.model, YOU) and (note := rest_of_note(shot, crop)):
        st.caption(note)
    _download(crop_file(shot, name, target, crop), target)


def show_whole_card(shot: Shot, target: Format, picture: RgbImage) -> None:
    """The whole photo with a border. picture: what it looks like."""
    show_image(picture, CROP_SPACE, f"{shot.photo.title}, whole, with a border to {target.label}")
    st.metric(f"{title_of(shot)} keeps", percent(shot.part_keeps))
    _download(crop_file(shot, shot.chosen, target, shot.crop_of(shot.chosen, target)), target)


def _download(file: CropFile, target: Format) -> None:
    width, height = file.size
    frames = f", {file.frames} frames" if file.frames > 1 else ""  # which stand still on the card
    st.download_button(
        f"{width} × {height}{frames}",
        file.read,
        file.name,
        file.mime,
        key=f"crop-download-{file.shot.photo.key}-{target.label}-{file.name}",
        help=f"Download {file.name}" + (f": {file.lost}" if file.lost else ""),
        on_click="ignore",
        type="tertiary",
        icon=":material/download:",
    )
