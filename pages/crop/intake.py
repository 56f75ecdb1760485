"""Where photos come from: a drop, the clipboard, the camera, or the samples."""

from __future__ import annotations

import streamlit as st

from pages.shared.address import Parameter, set_address, take_up
from pages.shared.components.paste import paste_zone
from pages.shared.photo_cache import get_samples, thumbnail
from pages.shared.photos import Photo, sample_photo, upload_photo
from pages.shared.widgets import FIRST_SAMPLE
from saliency.image import MAX_BYTES

UPLOADS, CAMERA, CAMERA_OPEN = "crop-uploads", "crop-camera", "crop-camera-open"
EMPTY = "none"  # in the address: no sample


def _read(text: str) -> str | None:
    if text != EMPTY and text not in get_samples():
        raise ValueError(f"unknown sample {text!r}; available: {', '.join(get_samples())}")
    return None if text == EMPTY else text


SAMPLE: Parameter[str | None] = Parameter("sample", FIRST_SAMPLE, _read, lambda file: file or EMPTY)


def choose_photos() -> list[Photo]:
    """The sample that is selected, then the visitor's own: nothing is opened yet."""
    take_up([SAMPLE])
    left, right = st.columns([2, 3], gap="medium")
    with left:
        uploads = st.file_uploader(
            "Drop photos here",
            accept_multiple_files=True,
            key=UPLOADS,
            on_change=_switch_to_own_photos,
            max_upload_size=MAX_BYTES // 10**6,
        )
        with st.container(horizontal=True, gap="small", vertical_alignment="center", key="crop-other-ways"):
            paste_zone("crop-paste")
            st.toggle("Camera", key=CAMERA_OPEN)
    with right:
        file = st.pills(
            "Or try a sample",
            list(get_samples()),
            format_func=_sample_label,
            key=SAMPLE.key,
            persist_state="session",
            wrap=False,
            width="stretch",
        )
    shot = None
    if st.session_state[CAMERA_OPEN]:
        shot = st.camera_input(
            "Take a photo", key=CAMERA, on_change=_switch_to_own_photos, resolution="1080p", width=420
        )
    own_only = not file and (uploads or shot)
    set_address({SAMPLE.name: "" if own_only else SAMPLE.text(file)})
    own = [upload_photo(upload.file_id, upload.name, upload.getvalue()) for upload in uploads]
    if shot:
        own.append(upload_photo(shot.file_id, "camera.jpg", shot.getvalue()))
    return [sample_photo(get_samples()[file]), *own] if file else own


def _switch_to_own_photos() -> None:
    """One's own photos replace the sample; without any, the sample is back."""
    own = st.session_state.get(UPLOADS) or st.session_state.get(CAMERA)
    st.session_state[SAMPLE.key] = None if own else FIRST_SAMPLE


def _sample_label(file: str) -> str:
    return f"![{get_samples()[file].title}]({thumbnail(file)})"
