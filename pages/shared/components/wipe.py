"""Two versions of a picture over each other, with a divider to drag between them."""

from __future__ import annotations

import streamlit as st

from pages.shared.components.assets import asset
from pages.shared.pictures import data_url

_wipe = st.components.v2.component(
    "gazecrop_wipe",
    html=asset("wipe.html"),
    css=asset("frame.css") + asset("slider.css") + asset("wipe.css"),
    js=asset("wipe.js"),
)


def wipe(
    *,
    key: str,
    left: bytes,
    right: bytes,
    size: tuple[int, int],
    left_label: str,
    right_label: str,
    left_color: str,
    right_color: str,
    alt: str,
    max_height: int = 560,
) -> None:
    """Show `left` to the left of the divider and `right` to its right; where it is stays in the browser.

    key: unique on the page. left, right: JPEGs of one shape. size: (width, height) of that shape, in any unit.
    labels: plain text. colors: "#rrggbb", beside the labels. alt: what both show. max_height: CSS pixels.
    """
    _wipe(
        key=key,
        data={
            "pictures": [data_url(left), data_url(right)],
            "size": {"width": size[0], "height": size[1]},
            "labels": [left_label, right_label],
            "colors": [left_color, right_color],
            "alt": alt,
            "maxHeight": max_height,
        },
    )
