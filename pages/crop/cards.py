"""What a format's card shows: what is kept, the picture, and its file to download."""

from __future__ import annotations

import streamlit as st

from pages.crop.downloads import CropFile, crop_file
from pages.crop.padded import title_of
from pages.crop.shot import YOU, Shot
from pages.crop.words import cut_things, gain_points, kept_things, pays_for_things
from pages.shared.palette import method_look
from pages.shared.phrases import percent
from pages.shared.widgets import show_image
from saliency.formats import Format
from saliency.types import Crop, RgbImage

CROP_SPACE = (184, 260)  # CSS pixels: the width of a card on a desktop, and the most height a crop takes


def show_card(shot: Shot, name: str, target: Format, crop: Crop, picture: RgbImage) -> None:
    """The crop of one method. picture: what it looks like."""
    label, points = method_look(name).label, gain_points(crop)
    plain_difference = points == 0 or name == "center" or pays_for_things(shot, target, crop)
    st.metric(
        f"{label} keeps",
        percent(crop.kept),
        _versus_centre(name, points),
        delta_color="off",
        delta_arrow="off" if plain_difference else "auto",
    )
    if about := kept_things(shot, crop):
        st.caption(f":material/{'content_cut' if cut_things(shot, crop) else 'check'}: {about}")
    alt = f"{shot.photo.title} cropped to {target.label} by {label}, keeps {percent(crop.kept)}"
    show_image(picture, CROP_SPACE, alt)
    _download(crop_file(shot, name, target, crop), target)
    if crop.note and name not in (shot.model, YOU):
        st.caption(crop.note)


def show_whole_card(shot: Shot, target: Format, picture: RgbImage) -> None:
    """The whole photo with a border. picture: what it looks like."""
    st.metric(f"{title_of(shot)} keeps", percent(shot.part_keeps))
    show_image(picture, CROP_SPACE, f"{shot.photo.title}, whole, with a border to {target.label}")
    _download(crop_file(shot, shot.chosen, target, shot.crop_of(shot.chosen, target)), target)


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
