"""Small parts that several pages show: headings, pictures, problems, numbers in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import streamlit as st

from pages.shared.escaping import plain
from pages.shared.limits import why_not
from pages.shared.photo_cache import get_model, get_samples
from pages.shared.phrases import no_network
from pages.shared.pictures import data_url
from saliency.export import encode
from saliency.models.weights import WeightsError
from saliency.types import RgbImage

FIRST_METHODS = ("gaze", "face", "center")
QUALITY = 82  # of the JPEGs that are shown
FIRST_SAMPLE = "dog_in_a_field.jpg"


def require_model() -> None:
    """Load the network; without its weights say so, and end the page here."""
    try:
        get_model()
    except WeightsError as error:
        st.error(no_network(error), icon=":material/error:")
        st.stop()


def show_unopened(files: Sequence[tuple[str, Exception]]) -> None:
    """Which files are not among the results, why, and what to do, in one box. files: (name, error) of each."""
    if not files:
        return
    reasons = [f"**{plain(name)}** could not be opened: {plain(why_not(error))}." for name, error in files]
    them, others = ("it", "another file") if len(files) == 1 else ("them", "other files")
    way = f"Remove {them} from the list above or choose {others}; the other photos are not affected."
    text = f"{reasons[0]} {way}" if len(files) == 1 else "\n".join(f"- {reason}" for reason in reasons) + f"\n\n{way}"
    st.error(text, icon=":material/broken_image:")


def show_credits() -> None:
    """Whom to thank for the samples."""
    with st.expander("Credits of the sample photos", type="compact"):
        lines = (f"- {plain(s.title)}: {plain(s.credit)}" for s in get_samples().values())
        st.markdown("\n".join(lines))


def show_image(image: RgbImage, space: tuple[int, int], alt: str) -> None:
    """As wide as its column, unless that would make it taller than `space` = (column's width, most height).

    The picture travels with the page: fetched by an address of its own it may be gone again, since the server drops
    what one run showed as soon as any visitor's next run ends.
    """
    ratio = image.shape[1] / image.shape[0]
    width: Literal["stretch"] | int = "stretch" if space[0] / ratio <= space[1] else max(1, round(space[1] * ratio))
    st.image(data_url(encode(image, quality=QUALITY)), alt=alt, width=width)
