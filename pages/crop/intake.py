"""Where photos come from: a drop, the clipboard, the camera, or the samples."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.shared.address import Parameter, set_address, take_up
from pages.shared.components.paste import paste_zone
from pages.shared.own_photos import hold, own_photos, upload_here, were_brought
from pages.shared.photo_cache import get_samples, thumbnail
from pages.shared.photos import Photo, sample_photo
from pages.shared.widgets import FIRST_SAMPLE

UPLOADS, CAMERA, CAMERA_OPEN = "crop-uploads", "crop-camera", "crop-camera-open"
MET = "crop-met"  # of the session: digests of the own photos that were there in the last run
EMPTY = "none"  # in the address: no sample


def _read(text: str) -> str | None:
    if text != EMPTY and text not in get_samples():
        raise ValueError(f"unknown sample {text!r}; available: {', '.join(get_samples())}")
    return None if text == EMPTY else text


SAMPLE: Parameter[str | None] = Parameter("sample", FIRST_SAMPLE, _read, lambda file: file or EMPTY)


def choose_photos() -> list[Photo]:
    """The sample that is selected, then the visitor's own: nothing is opened yet."""
    take_up([SAMPLE])
    left, right = st.columns([5, 4], gap="medium")
    below = st.container()
    with left, st.container(horizontal=True, gap="small", vertical_alignment="center", key="crop-intake"):
        upload_here("Drop photos here", UPLOADS)
        with st.container(horizontal=True, gap="small", vertical_alignment="center", key="crop-other-ways"):
            paste_zone("crop-paste")
            st.toggle("Camera", key=CAMERA_OPEN)
    if st.session_state[CAMERA_OPEN]:
        with below:
            _use_camera()
    own = own_photos()
    _follow(own)
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
    set_address({SAMPLE.name: "" if own and not file else SAMPLE.text(file)})
    return [sample_photo(get_samples()[file]), *own] if file else own


def _use_camera() -> None:
    shot = st.camera_input("Take a photo", key=CAMERA, resolution="1080p", width=420)
    hold(CAMERA, [shot] if shot else [], "camera.jpg")


def _follow(own: Sequence[Photo]) -> None:
    """New photos of one's own replace the sample; when the last is gone, the sample is back."""
    now, before = {photo.digest for photo in own}, st.session_state.get(MET, set())
    st.session_state[MET] = now
    if were_brought() or now - before:
        st.session_state[SAMPLE.key] = None
    elif before and not now:
        st.session_state[SAMPLE.key] = FIRST_SAMPLE


def _sample_label(file: str) -> str:
    return f"![{get_samples()[file].title}]({thumbnail(file)})"
