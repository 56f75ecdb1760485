"""One photo: what each crop shows, where people looked, where models expect them to look, and all the numbers."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from eval.report import MAP_METRICS
from eval.runs import Run
from eval.types import SLICES
from pages.explore import cache
from pages.explore.address import (
    Address,
    choose_also,
    choose_format,
    choose_layer,
    close_photo,
    open_photo,
)
from pages.explore.differences import by_aspect
from pages.explore.drawing import DARK, HOLLOW, LIGHT
from pages.explore.gallery import CARDS
from pages.explore.getting import show_missing
from pages.explore.markup import Panel, dot_html, key_html, panels_html, swatch_html, whole_html
from pages.explore.numbers import show_methods, show_tables, values_by_format
from pages.explore.photos import (
    DENSITY,
    FIXATIONS,
    LABELLED,
    PICTURE,
    RunPhoto,
    draw,
    find_photo,
    labelled,
    layer,
)
from pages.shared.figures.units import amount
from pages.shared.filters import Selection
from pages.shared.palette import method_look
from pages.shared.pictures import crop_preview, data_url, open_preview
from pages.shared.widgets import plain
from saliency import ImageError

USUAL = ("human",)  # what is shown beside the two methods
FULL_DOT = dot_html("●", LIGHT, DARK)
RING = dot_html("○", HOLLOW)


def rows_of(run: Run, photo: str) -> pd.DataFrame:
    """The run's rows of one photo, "dataset/name"; empty where it has none."""
    dataset, _, name = photo.partition("/")
    return run.table[(run.table["dataset"] == dataset) & (run.table["image"] == name)]


def show_photo(selection: Selection, rows: pd.DataFrame, ordered: pd.DataFrame, address: Address) -> None:
    """rows: `rows_of` the photo. ordered: the gallery from which it was opened."""
    dataset, _, name = address.photo.partition("/")
    samples, missing = cache.find_photos(selection.file, dataset)
    photo = find_photo(selection.run.boxes, dataset, name, samples)
    _show_header(photo, rows, ordered)
    if missing:
        show_missing({dataset: missing})
    elif photo.sample is None or not layer(photo, PICTURE, large=True):
        st.warning(
            "This photo cannot be opened; its numbers and boxes are from the run.", icon=":material/broken_image:"
        )
    values = values_by_format(rows, selection.metric)
    if values.empty:
        st.info(f"The run has no {selection.metric} of this photo.", icon=":material/info:")
        return
    aspects = by_aspect([aspect for aspect in values.index if aspect])
    aspect = _aspect(address, values, ordered, photo, selection)
    methods = [selection.method, selection.reference]
    others = [str(method) for method in values if method not in methods and photo.box(str(method), aspect)]
    also = [method for method in (USUAL if address.also is None else address.also) if method in others]
    if address.aspect and address.aspect not in aspects:
        st.warning(
            f"This photo has no format {plain(address.aspect)} here: {plain(aspect or 'the whole photo')} is shown."
        )
    left, right = st.columns([3, 2], gap="large")
    with left:
        _show_whole(selection, photo, [*methods, *also], aspect, address)
    with right:
        if aspects:
            choose_format(aspect, aspects)
        show_methods(selection, photo.id, values.loc[aspect], aspect)
    if others:
        choose_also(also, others, [method for method in USUAL if method in others])
    _show_crops(selection, photo, [*methods, *also], aspect, values.loc[aspect])
    _show_looks(selection, photo, rows)
    show_tables(selection, rows, values)


def _aspect(
    address: Address, values: pd.DataFrame, ordered: pd.DataFrame, photo: RunPhoto, selection: Selection
) -> str:
    """The format to show: the one asked for, else the gallery's, else the one in which the two differ most."""
    if address.aspect in values.index:
        return address.aspect
    shown = ordered.loc[(ordered["dataset"] == photo.dataset) & (ordered["image"] == photo.name), "aspect"]
    if len(shown):
        return str(shown.iloc[0])
    if selection.method in values and selection.reference in values:
        apart = (values[selection.method] - values[selection.reference]).abs().dropna()
        if len(apart):
            return str(apart.idxmax())
    return str(values.index[0])


def _show_header(photo: RunPhoto, rows: pd.DataFrame, ordered: pd.DataFrame) -> None:
    """The way back, the neighbours in the gallery's order, and what kind of photo it is."""
    ids = (ordered["dataset"] + "/" + ordered["image"]).tolist()
    place = ids.index(photo.id) if photo.id in ids else None
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="explore-neighbours"):
        page = (place or 0) // CARDS + 1
        st.button(
            "All photos",
            icon=":material/grid_view:",
            key="explore-close",
            shortcut="Escape",
            on_click=close_photo,
            args=(page, photo.id),
        )
        st.header(plain(photo.id), anchor=False, width="stretch")
        if place is None:
            st.caption("Not among the photos that are chosen above", width="content")
        else:
            before, after = ids[max(0, place - 1)], ids[min(len(ids) - 1, place + 1)]
            _step("Previous", "Left", before, disabled=place == 0)
            st.caption(f"{place + 1:,} of {len(ids):,}", width="content")
            _step("Next", "Right", after, disabled=place == len(ids) - 1)
    facts = [f"{photo.size[0]} × {photo.size[1]} pixels"] if len(photo.boxes) or photo.sample else []
    facts += [f"{name}: {rows[name].iloc[0]}" for name in SLICES]
    st.caption(plain(" · ".join(facts)))


def _step(label: str, shortcut: str, photo: str, *, disabled: bool) -> None:
    icon = f":material/chevron_{shortcut.lower()}:"
    st.button(
        label,
        icon=icon,
        key=f"explore-step-{label}",
        shortcut=shortcut,
        disabled=disabled,
        on_click=open_photo,
        args=(photo,),
    )


def _show_whole(selection: Selection, photo: RunPhoto, methods: Sequence[str], aspect: str, address: Address) -> None:
    """The photo as large as its column, with the boxes, and what lies under them."""
    layers = _layers(selection, photo)
    usual = selection.method if selection.metric in MAP_METRICS else PICTURE
    shown = next((name for name in (address.layer, usual) if name in layers), PICTURE)
    if len(layers) > 1:
        choose_layer(shown, layers)
    boxed = [method for method in methods if photo.box(method, aspect)]
    names = ", ".join(method_look(method).label for method in boxed)
    alt = f"{photo.id}, {layers[shown].lower()}" + (f", with the {aspect} crops of {names}" if boxed else "")
    st.html(whole_html(draw(photo, shown, selection.metric, methods, aspect, large=True), alt))
    looks = [method_look(method) for method in dict.fromkeys(boxed)]
    entries: list[tuple[str, str]] = [(swatch_html(look), look.label) for look in looks]
    if shown == FIXATIONS:
        entries += _dots_key()
    elif FIXATIONS in layers and selection.metric in MAP_METRICS:
        entries.append((FULL_DOT, "where somebody looked"))
    if labelled(photo, selection.metric):
        entries.append(("", f"thin and white: {LABELLED[selection.metric]}"))
    if entries:
        st.html(key_html(entries))


def _layers(selection: Selection, photo: RunPhoto) -> dict[str, str]:
    """What can lie under the boxes, with its label."""
    layers = {PICTURE: "Photo"}
    if photo.sample is None:
        return layers
    if len(photo.sample.fixations):
        layers |= {FIXATIONS: "Fixations", DENSITY: "Human density"}
    found = {name: f"{method_look(name).label} map" for name in cache.maps_of(selection.run)}
    return layers | {name: label for name, label in found.items() if layer(photo, name)}


def _dots_key() -> list[tuple[str, str]]:
    return [(FULL_DOT, "every other person: these judge the crops"), (RING, "the rest: these make the Human crop")]


def _show_crops(selection: Selection, photo: RunPhoto, methods: Sequence[str], aspect: str, values: pd.Series) -> None:
    """What is left of the photo by each method."""
    if photo.sample is None or not photo.looks(methods, aspect):
        return
    try:
        preview = open_preview(cache.preview(str(photo.sample.path), cache.stamp_of(photo.sample)))
    except (ImageError, OSError):
        return
    panels = []
    for method in dict.fromkeys(methods):
        if box := photo.box(method, aspect):
            look = method_look(method)
            note = f"{amount(selection.metric, values[method])} {selection.metric}" if method in values else ""
            picture = data_url(cache.small_jpeg(crop_preview(preview, box, photo.size)))
            panels.append(Panel(picture, f"{photo.id} cropped to {aspect} by {look.label}", look.label, note, look))
    st.markdown(f"### What each {plain(aspect)} crop shows")
    st.html(panels_html(panels))


def _show_looks(selection: Selection, photo: RunPhoto, rows: pd.DataFrame) -> None:
    """Where people looked, and where the models expect them to look."""
    layers = _layers(selection, photo)
    if len(layers) == 1 or photo.sample is None:
        return
    scores = values_by_format(rows, "NSS")
    panels = []
    for name, label in layers.items():
        if name == PICTURE:
            continue
        picture = draw(photo, FIXATIONS, "", (), "") if name == FIXATIONS else layer(photo, name)
        note = _about_layer(photo, name)
        if name in scores:
            note = f"NSS {amount('NSS', scores[name].iloc[0])}"
        look = method_look(name) if name not in (FIXATIONS, DENSITY) else None
        panels.append(Panel(picture, f"{photo.id}, {label.lower()}", label, note, look))
    seen = FIXATIONS in layers
    st.markdown(f"### {'Where people look' if seen else 'Where models expect people to look'}")
    st.html(panels_html(panels))
    if seen:
        st.html(key_html(_dots_key()))
    if "gaze" in layers and cache.other_weights(selection.run):
        st.caption(
            "The saliency network on this computer has other weights than the one that this run judged: "
            "its map may differ from its boxes and numbers."
        )


def _about_layer(photo: RunPhoto, name: str) -> str:
    assert photo.sample is not None
    people = len(set(photo.sample.observers.tolist()))
    if name == FIXATIONS:
        return f"{len(photo.sample.fixations)} by {people} people"
    return "all of them, blurred" if name == DENSITY else ""
