"""The visitor's own photos: they stay for the session, on every page that can use them.

An uploader of Streamlit's forgets its files when the visitor goes to another page. So what it holds is written down
here in each run; once the uploader is gone, its photos are kept ones, and it begins anew beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from pages.shared.keys import page_key
from pages.shared.limits import PHOTO_MEGABYTES, upload_help
from pages.shared.photos import Photo, upload_photo
from pages.shared.phrases import counted
from pages.shared.widgets import plain

KEPT = "shared-kept"  # of the session: photos whose uploader is gone
HELD = "shared-held"  # of the session: key of an uploader -> the photos in it
BROUGHT = "shared-brought"  # of the session: whether another page has just sent the visitor here with photos


def own_photos() -> list[Photo]:
    """Those kept from before, then those that uploaders hold."""
    _settle()
    held = [photo for photos in _held().values() for photo in photos]
    digests = {photo.digest for photo in held}
    return [*(photo for photo in kept_photos() if photo.digest not in digests), *held]


def kept_photos() -> list[Photo]:
    """Those whose uploader is gone, so that only a button can remove them."""
    return list(st.session_state.get(KEPT, ()))


def upload_here(label: str, key: str) -> None:
    """An uploader of photos, and the way to remove those that are kept from before."""
    _settle()
    uploads = st.file_uploader(
        label, accept_multiple_files=True, key=key, max_upload_size=PHOTO_MEGABYTES, help=upload_help()
    )
    hold(key, uploads)
    _show_kept()


def hold(key: str, uploads: Sequence[UploadedFile], name: str = "") -> None:
    """Write down what this uploader or camera holds now. name: what to call it, where that is not the file's name."""
    known = {photo.key: photo for photo in _held().get(key, ())}
    photos = [known.get(one.file_id) or upload_photo(one.file_id, name or one.name, one.getvalue()) for one in uploads]
    st.session_state[HELD] = {**_held(), key: photos}


def bring(photos: Iterable[Photo]) -> None:
    """Keep these photos too, for the page to which the visitor goes next."""
    _keep(photos)
    st.session_state[BROUGHT] = True


def were_brought() -> bool:
    """Whether the visitor comes with photos from another page; told once."""
    return bool(st.session_state.pop(BROUGHT, False))


def remove(photos: Sequence[Photo]) -> None:
    """Keep these no longer, and give their memory back."""
    keys = {photo.key for photo in photos}
    st.session_state[KEPT] = [photo for photo in kept_photos() if photo.key not in keys]
    release(keys)


def release(file_ids: Iterable[str]) -> None:
    """Give back the memory of uploads; Streamlit would hold it as long as the session lives."""
    context = get_script_run_ctx()
    if context is not None and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        for file_id in file_ids:
            context.uploaded_file_mgr.remove_file(context.session_id, file_id)


def _held() -> dict[str, list[Photo]]:
    held: dict[str, list[Photo]] = st.session_state.get(HELD, {})
    return held


def _settle() -> None:
    """The photos of uploaders that are gone are kept ones from now on."""
    gone = [key for key in _held() if key not in st.session_state]
    for key in gone:
        _keep(_held()[key])
    if gone:
        st.session_state[HELD] = {key: photos for key, photos in _held().items() if key not in gone}


def _keep(photos: Iterable[Photo]) -> None:
    digests = {photo.digest for photo in kept_photos()}
    st.session_state[KEPT] = [*kept_photos(), *(photo for photo in photos if photo.digest not in digests)]


def _show_kept() -> None:
    kept = kept_photos()
    if not kept:
        return
    with st.popover(f"{counted(len(kept), 'photo')} from before", icon=":material/photo_library:", type="tertiary"):
        st.button("Remove all", key=page_key("remove-all"), icon=":material/delete:", on_click=remove, args=[kept])
        for photo in kept:
            st.button(
                plain(photo.name),
                key=page_key(f"remove-{photo.key}"),
                icon=":material/close:",
                help="Remove this photo",
                type="tertiary",
                on_click=remove,
                args=[[photo]],
            )
