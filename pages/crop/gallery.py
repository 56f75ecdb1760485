"""The batch as a strip of small crops: the first is there at once, the others follow, a click opens one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.crop.settings import Settings
from pages.crop.shot import Shot
from pages.shared.photos import Photo
from pages.shared.phrases import percent
from pages.shared.pictures import crop_preview, data_url, open_preview, reduce
from pages.shared.turns import busy_words, told_by
from pages.shared.widgets import plain, show_unopened
from saliency import ImageError
from saliency.export import encode

OPEN = "crop-open"  # of the session: the key of the photo that is shown
BAR_HEIGHT = 40  # CSS pixels: a progress bar with its text
CELL = 168  # pixels of a crop's longer side, more than is shown: for sharp screens
NAME = 15  # characters of a name under a crop


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that is not among the results, and why."""

    photo: Photo
    error: ImageError


def in_order(photos: Sequence[Photo]) -> list[int]:
    """The ranks of the photos, the open one first: it is what the visitor waits for."""
    keys = [photo.key for photo in photos]
    open_one = st.session_state.get(OPEN)
    first = keys.index(open_one) if open_one in keys else 0
    return [first, *(rank for rank in range(len(keys)) if rank != first)]


class Strip:
    """The strip of a batch, filled as results come; nothing for a photo alone."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.done = 0
        self.shown = ""
        self.failures: list[Failure] = []
        # also around nothing: what follows keeps its place, so that a new photo replaces the one before at once
        with st.container():
            if count > 1:
                self.bar = st.container(height=BAR_HEIGHT, border=False, key="crop-strip-bar").empty()
                row = st.container(horizontal=True, wrap=False, gap="small", key="crop-strip")
                self.cells = [row.empty() for _ in range(count)]
            self.problems = st.container().empty()

    def progress(self, before: int = 0) -> None:
        """How far the batch is. before: photos of other visitors that are looked at first."""
        if self.count > 1:
            share, busy = self.done / self.count, f" · {busy_words(before)}" if before else ""
            self.bar.progress(share, f"Photo {min(self.done + 1, self.count)} of {self.count}{busy}")

    @contextmanager
    def looking(self, beside: DeltaGenerator) -> Iterator[None]:
        """Where one is told that a photo is being looked at, or waits for its turn: in the bar, of a photo alone in
        the place `beside`."""
        with told_by(self.progress) if self.count > 1 else beside:
            yield

    def add(self, rank: int, shot: Shot, settings: Settings, *, opened: bool) -> None:
        """The crop of one photo, at its place."""
        self.done += 1
        self.shown = settings.formats[0].label
        if self.count > 1:
            self.cells[rank].button(
                _label(shot, settings),
                key=f"crop-open-{shot.photo.key}",
                help=plain(shot.photo.title),
                type="secondary" if opened else "tertiary",
                on_click=_open,
                args=(shot.photo.key,),
            )

    def fail(self, rank: int, failure: Failure) -> None:
        """A file that could not be opened: said at once, and marked at its place."""
        self.done += 1
        self.failures.append(failure)
        with self.problems:
            show_unopened([(one.photo.name, one.error) for one in self.failures])
        if self.count > 1:
            name = plain(_short(failure.photo.name))
            self.cells[rank].button(
                f":material/broken_image: {name}", key=f"crop-open-{failure.photo.key}", disabled=True, type="tertiary"
            )

    def finish(self) -> None:
        """All are there: the bar makes room for the count, in the same height."""
        if self.count > 1:
            lost = f", {len(self.failures)} could not be opened" if self.failures else ""
            shown = f", each as {plain(self.shown)}" if self.shown else ""
            self.bar.markdown(f"**{self.count} photos**{lost}{shown}")


def _open(key: str) -> None:
    st.session_state[OPEN] = key


def _label(shot: Shot, settings: Settings) -> str:
    target, preview = settings.formats[0], open_preview(shot.analysis.sight.preview)
    if shot.pads.has(target):
        picture, kept = shot.pads.preview(shot.part_of(shot.clear_preview), target, CELL), shot.part_keeps
    else:
        crop = shot.crop_of(shot.chosen, target)
        picture, kept = crop_preview(preview, crop.box, shot.size), crop.kept
    address = data_url(encode(reduce(picture, CELL), quality=80))
    name = plain(_short(shot.photo.title))
    return f"![{plain(shot.photo.title)}]({address}) {name} · {percent(kept)}"


def _short(name: str) -> str:
    return name if len(name) <= NAME else name[: NAME - 1] + "…"


def ranks(photos: Sequence[Photo]) -> Iterator[tuple[int, Photo]]:
    """(rank, photo), the open one first."""
    return ((rank, photos[rank]) for rank in in_order(photos))
