"""How crops are taken home: chosen on one view, kept for the session and in the address."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from pages.crop.downloads import Output
from pages.crop.wishes import flag, one_of, within
from pages.shared.address import Parameter
from saliency.export import FILE_FORMATS

AS_ORIGINAL = "As the original"
HAS_QUALITY = ("JPEG", "WebP", "AVIF")  # of kinds that are asked for: the original's has its own
LEAST_QUALITY = 40
KIND = Parameter("take-kind", AS_ORIGINAL, one_of([AS_ORIGINAL, *FILE_FORMATS]))
QUALITY = Parameter("take-quality", 92, within(LEAST_QUALITY, 100))
RESIZE = flag("take-resize", "usual")
ALL = flag("take-all", "ways")


@dataclass(frozen=True, slots=True)
class Delivery:
    """What is downloaded: how it is written, and whether by every method."""

    output: Output
    all_methods: bool


def read_delivery() -> Delivery:
    """What was chosen in this session, on whatever view."""
    kind, quality, resize, every = (st.session_state[p.key] for p in (KIND, QUALITY, RESIZE, ALL))
    kind = None if kind == AS_ORIGINAL else kind
    return Delivery(Output(kind, quality if kind in HAS_QUALITY else None, resize), every)
