"""The Feed view: the photo as a post in a timeline, cropped by saliency, by face and in the centre."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from statistics import fmean

import streamlit as st

from pages.crop.feed_html import DEVICES, POSTS, THEMES, Post, cut_tile, feed_html, whole_tile
from pages.crop.settings import Settings
from pages.crop.shot import YOU, Shot
from pages.shared.palette import method_look
from pages.shared.photo_cache import MAIN, analyse, get_samples
from pages.shared.photos import Photo, sample_photo
from pages.shared.phrases import listed, percent
from pages.shared.pictures import open_preview
from pages.shared.widgets import plain
from saliency.formats import FORMATS
from saliency.types import RgbImage

COMPARED = (MAIN, "face", "center")  # MAIN stands for the model whose map is on screen


def show_feed(shot: Shot, others: Sequence[Shot], settings: Settings) -> None:
    """The photo alone, or with others beside it: those of the batch first, then samples."""
    device, photos, theme = _choose_look()
    own = [shot, *others][:photos]
    fillers = _fillers([other.photo for other in own], photos - len(own), settings, shot.model)
    shots = [*own, *fillers]
    previews = [open_preview(each.analysis.sight.preview) for each in shots]
    steered = any(each.choice for each in shots)
    posts = [_post(shots, previews, method) for method in ((YOU, *COMPARED) if steered else COMPARED)]
    st.html(feed_html(posts, device, theme))
    st.caption(_note(photos, [filler.photo for filler in fillers]))


def _choose_look() -> tuple[str, int, str]:
    """One of DEVICES, how many photos the post has, one of THEMES."""
    with st.container(horizontal=True, gap="medium", key="crop-feed-look"):
        device = st.segmented_control(
            "Device",
            DEVICES,
            default=DEVICES[0],
            required=True,
            key="crop-feed-device",
            persist_state="session",
        )
        photos = st.segmented_control(
            "Photos in the post", list(POSTS), default=1, required=True, key="crop-feed-photos", persist_state="session"
        )
        page = st.context.theme.type or THEMES[0]
        theme = st.segmented_control(
            "Theme",
            THEMES,
            default=page,
            format_func=str.capitalize,
            required=True,
            key=f"crop-feed-theme-{page}",  # chosen beside this theme of the page: a change of the page's is followed
            persist_state="session",
        )
    assert device is not None
    assert photos is not None
    assert theme is not None
    return device, photos, theme


def _fillers(taken: Sequence[Photo], count: int, settings: Settings, model: str) -> list[Shot]:
    """So many samples that are not taken yet, seen by the same model and framed as all photos are."""
    digests = {photo.digest for photo in taken}
    free = (photo for photo in map(sample_photo, get_samples().values()) if photo.digest not in digests)
    return [_sample_shot(photo, settings, model) for photo in islice(free, count)]


def _sample_shot(photo: Photo, settings: Settings, model: str) -> Shot:
    analysis = analyse(photo, settings.methods, (), model)
    return Shot(photo, Path(photo.name).stem, analysis, settings.framing(analysis.sight), pads=settings.pads)


def _post(shots: Sequence[Shot], previews: Sequence[RgbImage], method: str) -> Post:
    """The post as YOU or one of COMPARED crops it; photos that nobody chose a point for are cropped by saliency. Where
    the result is the whole photo, the others are what a crop would be."""
    tiles, kept = [], []
    for shot, preview, name in zip(shots, previews, POSTS[len(shots)], strict=True):
        by = {YOU: shot.chosen, MAIN: shot.model}.get(method, method)
        if by == shot.chosen and shot.pads.has(FORMATS[name]):
            aspect = FORMATS[name].aspect
            alt = f"{shot.photo.title}, whole, with a border to {aspect}"
            tiles.append(whole_tile(shot.part_of(shot.clear_preview), aspect, shot.pads.border, len(shots), alt))
            kept.append(shot.part_keeps)
            continue
        crop = shot.crop_of(by, FORMATS[name])
        who = "you" if by == YOU else method_look(by).label
        alt = f"{shot.photo.title} cropped to {crop.aspect} by {who}"
        tiles.append(cut_tile(preview, crop, shot.size, len(shots), alt))
        kept.append(crop.kept)
    look = shots[0].model if method == MAIN else method
    note = f"keeps {percent(fmean(kept))}" + (" on average" if len(shots) > 1 else "")
    return Post(method_look(look), note, tuple(tiles))


def _note(photos: int, fillers: Sequence[Photo]) -> str:
    """What is drawn, as Markdown: the shapes, and the photos that are none of the visitor's."""
    shapes = listed(list(dict.fromkeys(str(FORMATS[name].aspect) for name in POSTS[photos])))
    note = f"A drawing of no feed in particular: {'a photo' if photos == 1 else f'{photos} photos'} cut to {shapes}."
    if not fillers:
        return plain(note)
    names = ", ".join(photo.title for photo in fillers)
    return plain(f"{note} Filled up with samples: {names}.")
