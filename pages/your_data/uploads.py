"""Where photos and annotations come in, and what is kept of them: one PhotoSet a visitor."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from pages.shared.limits import PHOTO_MEGABYTES, upload_help
from pages.shared.own_photos import bring, own_photos, release
from pages.shared.photos import read_samples, upload_photo
from pages.shared.phrases import counted
from pages.shared.widgets import plain
from pages.your_data.keeper import keep
from pages.your_data.photo_set import UNNAMED, PhotoSet, set_name
from pages.your_data.unpack import MAX_PHOTOS, MAX_TABLE, MAX_UNPACKED, TABLES, UnpackError, Upload
from saliency.image import MAX_BYTES, SUFFIXES

SET = "your-data-set"  # in the session: the visitor's PhotoSet
MAX_UPLOAD = 500  # MB of a zip; server.maxUploadSize must allow as much
MOST_TAKEN = 24  # photos of a set that go to other pages: those hold them in memory
LOOSE, FOLDER = "Photos or a zip", "A folder"
HOW_TO = """
Put any of these files beside the photos. They are plain CSV, with commas, semicolons or tabs between the columns;
coordinates are pixels of the upright photo, from its top left corner.

- `fixations.csv` with the columns `image,subject,x,y`: where people looked, a line a fixation, two people or more. It
  gives **gaze kept**.
- `boxes.csv` with `image,left,top,width,height`: regions that must stay in view. It gives **regions whole**.
- `crops.csv` with `image,left,top,width,height`: crops that people chose. It gives the overlap with them.

`image` is the photo's path as it lies in the folder or the zip, such as `beach.jpg` or `album/beach.jpg`. So
fixations.csv begins like this:

```text
image,subject,x,y
beach.jpg,anna,412,233
beach.jpg,ben,530,190.5
```
"""


def current_set() -> PhotoSet | None:
    """The visitor's photos; None before there are any, and when the server has removed them."""
    photos = st.session_state.get(SET)
    if photos is not None and not photos.alive:
        del st.session_state[SET]
        st.warning("Your photos were removed from the server in the meantime. Choose them again.")
        return None
    return photos


def choose_photos() -> None:
    """The uploader. With photos that can be used the page starts again; with others it says what is wrong with them."""
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        kind = st.segmented_control(
            "What to upload",
            [LOOSE, FOLDER],
            default=LOOSE,
            key="your-data-kind",
            required=True,
            persist_state="session",
        )
        samples = st.button("Try it with the sample photos", type="tertiary", icon=":material/photo_library:")
        own = own_photos()
        mine = own and st.button(
            f"Use your {counted(len(own), 'photo')} from Crop and Rate",
            key="your-data-own",
            type="tertiary",
            icon=":material/person:",
        )
    uploads = _upload_folder() if kind == FOLDER else _upload_files()
    st.caption(
        f"Up to {MAX_PHOTOS} photos of {MAX_BYTES / 1e6:g} MB each, together {MAX_UNPACKED / 1e9:g} GB. "
        "Only you see them. They are removed from the server some minutes after you leave or reload this page. Small "
        "pictures of those that you look at in Explore stay in its memory for up to two hours."
    )
    if samples:
        _adopt([Upload(sample.file, sample.path.read_bytes()) for sample in read_samples().values()], "samples")
    elif mine:
        _adopt([Upload(photo.name, photo.data) for photo in own], UNNAMED)
    elif uploads:
        files = [Upload(upload.name, upload.getvalue()) for upload in uploads]
        _adopt(files, set_name(files), uploads)
    with st.expander("How to add what people looked at, marked or cropped"):
        st.markdown(HOW_TO)


def _upload_files() -> list[UploadedFile]:
    return st.file_uploader(
        "Drop photos here, or one zip; with them any of " + ", ".join(TABLES),
        type=[*SUFFIXES, "zip", "csv"],
        accept_multiple_files=True,
        max_upload_size=MAX_UPLOAD,
        key="your-data-upload-files",
    )


def _upload_folder() -> list[UploadedFile]:
    return st.file_uploader(
        "Choose a folder of photos, with any of " + ", ".join(TABLES),
        type=[*SUFFIXES, "csv"],
        accept_multiple_files="directory",
        max_upload_size=PHOTO_MEGABYTES,
        help=upload_help(),
        key="your-data-upload-folder",
    )


def _adopt(files: Sequence[Upload], name: str, uploads: Sequence[UploadedFile] = ()) -> None:
    try:
        with st.spinner("Unpacking your photos …"):
            photos = PhotoSet(files, name)
    except UnpackError as error:
        st.error(f"**{plain(name)}** cannot be used: {plain(str(error))}.", icon=":material/folder_off:")
        return
    keep(photos)
    st.session_state[SET] = photos
    release(upload.file_id for upload in uploads)  # they are on disk now
    st.rerun()


def drop(photos: PhotoSet) -> None:
    """Remove the photos, and what was made of them."""
    photos.close()
    st.session_state.pop(SET, None)


def take_along(photos: PhotoSet) -> None:
    """Have the first photos of the set among the visitor's own, on the page that comes next."""
    paths = [photos.photos / name for name in photos.unpacked.photos[:MOST_TAKEN]]
    bring(upload_photo(f"set-{path.name}-{number}", path.name, path.read_bytes()) for number, path in enumerate(paths))


def add_annotations(photos: PhotoSet) -> None:
    """Put CSVs beside photos that are already here, or corrected ones."""
    with st.expander("Add or replace annotations", expanded=photos.facts is None, type="compact"):
        st.markdown(HOW_TO)
        names = [f"`{name}`" for name in photos.unpacked.photos[:3] if "`" not in name]
        if names:
            st.markdown(f"Your photos are called {', '.join(names)}{', …' if len(photos.unpacked.photos) > 3 else ''}")
        uploads = st.file_uploader(
            "CSV files",
            type="csv",
            accept_multiple_files=True,
            max_upload_size=int(MAX_TABLE / 1e6),
            key="your-data-upload-csv",
        )
        if uploads and st.button("Use them", type="primary", key="your-data-annotate"):
            try:
                photos.annotate([Upload(upload.name, upload.getvalue()) for upload in uploads])
            except UnpackError as error:
                st.error(f"The annotations cannot be used: {plain(str(error))}.", icon=":material/folder_off:")
                return
            release(upload.file_id for upload in uploads)
            st.rerun()
