"""The parts of the crop page: choosing photos, choosing crops, and the result for one photo."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages._shared.downloads import CropFile, zip_files
from pages._shared.loaders import Analysis, get_model, get_samples, thumbnail
from pages._shared.palette import method_look
from pages._shared.photos import Photo, sample_photo, upload_photo
from pages._shared.pictures import crop_preview, draw_boxes, draw_faces, enlarge
from saliency import METHODS, open_image
from saliency.heatmap import overlay
from saliency.image import MAX_BYTES
from saliency.types import Aspect, Crop, RgbImage

PRESETS = tuple(Aspect.parse(text) for text in ("16:9", "1:1", "4:5", "9:16", "2:1", "3:1"))
FIRST_FORMATS = ("16:9", "1:1", "4:5")
FIRST_METHODS = ("gaze", "face", "center")
FIRST_SAMPLE = "friends.jpg"
CARDS_IN_A_ROW = 3
PHOTO_SPACE = (584, 430)  # CSS pixels: the width of its column on a desktop, and the most height a photo takes
CROP_SPACE = (184, 260)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the visitor wants to see. custom: the aspects that are no preset."""

    aspects: tuple[Aspect, ...]
    custom: tuple[Aspect, ...]
    methods: tuple[str, ...]


def show_header() -> None:
    """What this is, in one breath."""
    st.title("Crop photos to what people look at")
    st.markdown(
        "A neural network predicts where eyes will land, and the crop keeps that part. "
        "Beside it: what a face detector and a plain centre crop would keep."
    )


def require_model() -> None:
    """Load the network; without its weights say so, and end the page here."""
    from saliency.models.weights import WeightsError  # brings torch in: the header above it is on screen by now

    try:
        get_model()
    except WeightsError as error:
        st.error(plain(str(error)), icon=":material/error:")
        st.stop()


def choose_photos() -> list[Photo]:
    """The sample that is selected, then the uploads: nothing is opened yet."""
    st.session_state.setdefault("sample", FIRST_SAMPLE)
    left, right = st.columns([2, 3], gap="medium")
    with left:
        uploads = st.file_uploader(
            "Drop photos here",
            accept_multiple_files=True,
            key="uploads",
            on_change=_switch_between_uploads_and_sample,
            max_upload_size=MAX_BYTES // 10**6,
        )
    with right:
        file = st.pills(
            "Or try a sample", list(get_samples()), format_func=_sample_label, key="sample", wrap=False, width="stretch"
        )
    photos = [upload_photo(upload.file_id, upload.name, upload.getvalue()) for upload in uploads]
    if file is None:
        return photos
    return [sample_photo(get_samples()[file]), *photos]


def _switch_between_uploads_and_sample() -> None:
    """One's own photos replace the sample; without any, the sample is back."""
    st.session_state["sample"] = None if st.session_state["uploads"] else FIRST_SAMPLE


def _sample_label(file: str) -> str:
    return f"![{get_samples()[file].title}]({thumbnail(file)})"


def choose_settings() -> Settings:
    """Formats and methods. A format that cannot be read is explained, and left out."""
    with st.container(horizontal=True, vertical_alignment="top", gap="medium", wrap=False):
        formats = st.pills(
            "Formats", [str(a) for a in PRESETS], selection_mode="multi", default=FIRST_FORMATS, key="formats"
        )
        custom = st.text_input("Another format", placeholder="width:height", key="custom", max_chars=20, width=120)
        methods = st.pills(
            "Ways to crop",
            list(METHODS),
            selection_mode="multi",
            default=FIRST_METHODS,
            format_func=lambda name: method_look(name).label,
            key="methods",
        )
    chosen = tuple(aspect for aspect in PRESETS if str(aspect) in formats)
    extra = _custom_aspect(custom, chosen) if custom.strip() else ()
    return Settings((*chosen, *extra), extra, tuple(name for name in METHODS if name in methods))


def _custom_aspect(text: str, chosen: Sequence[Aspect]) -> tuple[Aspect, ...]:
    """The aspect written in `text`; none where it cannot be read, which is explained, or is among the chosen ones."""
    try:
        aspect = Aspect.parse(text)
    except ValueError as error:
        st.error(f"{plain(str(error))}.", icon=":material/aspect_ratio:")
        return ()
    return () if any(aspect.ratio == other.ratio for other in chosen) else (aspect,)


def show_summary(photos: int, problems: int) -> None:
    """How many photos there are, where there are many."""
    st.subheader(f"{photos} photos", anchor=False)
    if problems:
        st.caption(f"{problems} could not be opened")


def show_title(photo: Photo, analysis: Analysis) -> None:
    """What the photo is called, and the facts of its analysis."""
    st.subheader(plain(photo.title), anchor=False)
    show_facts(photo, analysis)


def show_problem(photo: Photo, error: Exception) -> None:
    """Why a file is not among the results, and what to do."""
    st.error(
        f"**{plain(photo.name)}** could not be opened: {plain(str(error))}. "
        "Remove it from the list above or choose another file; the other photos are not affected.",
        icon=":material/broken_image:",
    )


def show_credits() -> None:
    """Whom to thank for the samples."""
    with st.expander("Credits of the sample photos", type="compact"):
        lines = (f"- {plain(s.title)}: {plain(s.credit)}" for s in get_samples().values())
        st.markdown("\n".join(lines))


def photo_frame(photo: Photo, analysis: Analysis, settings: Settings, *, first: bool) -> DeltaGenerator | None:
    """Where the result of one photo among many goes: an expander; None while it is closed."""
    method, aspect = settings.methods[0], settings.aspects[0]
    kept = percent(_of_aspect(analysis.crops[method], aspect).kept)
    summary = f"**{plain(photo.title)}** · {plain(str(aspect))} by {method_look(method).label} keeps {kept}"
    expander = st.expander(summary, expanded=first, key=f"photo-{photo.key}", on_change="rerun")
    return expander if expander.open else None


def show_photo(photo: Photo, analysis: Analysis, settings: Settings, files: dict[tuple[str, str], CropFile]) -> None:
    """One photo: for each format the photo with heatmap and boxes, beside it the crops.

    files: the downloads by (method, aspect as text).
    """
    preview = open_image(analysis.view.preview)
    heat = preview
    for aspect in settings.aspects:
        crops = {name: _of_aspect(analysis.crops[name], aspect) for name in settings.methods}
        st.markdown(f"#### {aspect}")
        left, right = st.columns(2, gap="medium")
        with left:
            place = st.container()
            if aspect == settings.aspects[0]:
                opacity = st.slider("Heatmap", 0, 100, 55, 5, format="%d %%", key=f"opacity-{photo.key}", width=240)
                heat = _heat(preview, analysis, opacity / 100)
            with place:
                _show_boxes(photo, heat, analysis.view.size, crops)
        with right:
            _show_cards(photo, crops, preview, analysis.view.size, files)
    st.caption(
        "**Keeps**: the expected share of human gaze inside the crop, as predicted by the model for every way to crop. "
        "It is not a measurement."
    )


def _heat(preview: RgbImage, analysis: Analysis, opacity: float) -> RgbImage:
    """The preview under its heatmap, with the faces found."""
    heat = overlay(enlarge(preview), analysis.view.map, opacity)
    for name, faces in analysis.faces.items():
        heat = draw_faces(heat, [face.box for face in faces], method_look(name), analysis.view.size)
    return heat


def _show_boxes(photo: Photo, heat: RgbImage, size: tuple[int, int], crops: dict[str, Crop]) -> None:
    boxes = [(crop.box, method_look(name)) for name, crop in crops.items()]
    labels = ", ".join(method_look(name).label for name in crops)
    aspect = next(iter(crops.values())).aspect
    alt = f"{photo.title} under a heatmap of expected gaze, with the boxes of its {aspect} crops: {labels}"
    show_image(draw_boxes(heat, boxes, size), PHOTO_SPACE, alt)


def show_facts(photo: Photo, analysis: Analysis) -> None:
    """Size, time taken, faces found, and whom to thank."""
    width, height = analysis.view.size
    facts = [f"{width} × {height} pixels", f"analysed in {_duration(analysis.seconds)}"]
    facts += [f"{method_look(name).label}: {_count(len(faces))}" for name, faces in analysis.faces.items()]
    st.caption(" · ".join([*facts, plain(photo.credit)] if photo.credit else facts))


def _duration(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def _count(faces: int) -> str:
    return {0: "none found", 1: "1 found"}.get(faces, f"{faces} found")


def _of_aspect(crops: Sequence[Crop], aspect: Aspect) -> Crop:
    return next(crop for crop in crops if crop.aspect == aspect)


def _show_cards(
    photo: Photo,
    crops: dict[str, Crop],
    preview: RgbImage,
    size: tuple[int, int],
    files: dict[tuple[str, str], CropFile],
) -> None:
    names = list(crops)
    for start in range(0, len(names), CARDS_IN_A_ROW):
        with st.container(key=f"cards-{photo.key}-{crops[names[0]].aspect}-{start}"):
            columns = st.columns(CARDS_IN_A_ROW, wrap=False, gap="small")
        for name, column in zip(names[start : start + CARDS_IN_A_ROW], columns, strict=False):
            crop = crops[name]
            with column, st.container(key=f"card-{name}--{photo.key}-{crop.aspect}", gap="xsmall"):
                _show_card(photo, name, crop, crop_preview(preview, crop.box, size))
                _download(files[name, str(crop.aspect)])
                if crop.note:
                    st.caption(crop.note)


def _show_card(photo: Photo, name: str, crop: Crop, picture: RgbImage) -> None:
    label = method_look(name).label
    points = gain_points(crop)
    st.metric(
        f"{label} keeps",
        percent(crop.kept),
        _versus_centre(name, points),
        delta_color="off",
        delta_arrow="off" if points == 0 else "auto",
    )
    show_image(picture, CROP_SPACE, f"{photo.title} cropped to {crop.aspect} by {label}, keeps {percent(crop.kept)}")


def _versus_centre(method: str, points: int) -> str:
    if method == "center":
        return "the usual crop"
    return f"{points:+d} vs centre" if points else "same as centre"


def _download(file: CropFile) -> None:
    width, height = file.crop.box.width, file.crop.box.height
    st.download_button(
        f"{width} × {height}",
        file.read,
        file.name,
        file.mime,
        key=f"download-{file.photo.key}-{file.name}",
        help=f"Download {file.name}",
        on_click="ignore",
        type="tertiary",
        icon=":material/download:",
    )


def show_zip(files: Sequence[CropFile]) -> None:
    """The button for the saliency crops of all photos, or for everything on the page."""
    gaze = [file for file in files if file.method == "gaze"]
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center", gap="small"):
        everything = 0 < len(gaze) < len(files) and st.toggle("All ways to crop", key="zip-all")
        chosen = list(files) if everything or not gaze else gaze
        st.download_button(
            f"Download {_crops(len(chosen))}",
            lambda: zip_files(chosen),
            "gazecrop.zip",
            "application/zip",
            key="zip",
            on_click="ignore",
            type="primary",
            icon=":material/folder_zip:",
        )


def _crops(count: int) -> str:
    return "1 crop" if count == 1 else f"{count} crops"


def show_image(image: RgbImage, space: tuple[int, int], alt: str) -> None:
    """As wide as its column, unless that would make it taller than `space` = (column's width, most height)."""
    ratio = image.shape[1] / image.shape[0]
    width: Literal["stretch"] | int = "stretch" if space[0] / ratio <= space[1] else max(1, round(space[1] * ratio))
    st.image(image, alt=alt, width=width, output_format="JPEG")


def percent(share: float) -> str:
    """0.874 -> "87 %", which never breaks across lines."""
    return f"{share * 100:.0f}\u00a0%"


def gain_points(crop: Crop) -> int:
    """Percentage points over the centre crop: the difference of the two numbers as they are shown."""
    return round(crop.kept * 100) - round((crop.kept - crop.gain) * 100)


def plain(text: str) -> str:
    """Text from outside, with the characters that Markdown would act on escaped."""
    return re.sub(r"([\\`*_{}\[\]()<>#+\-!|~$:])", r"\\\1", text)
