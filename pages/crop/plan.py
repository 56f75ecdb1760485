"""How crops are taken home: chosen on one view, kept for the session and in the address."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from pages.crop.downloads import Output

AS_ORIGINAL = "As the original"
KIND, QUALITY, RESIZE, ALL = "crop-take-kind", "crop-take-quality", "crop-take-resize", "crop-take-all"
LEAST_QUALITY, USUAL_QUALITY = 40, 92


@dataclass(frozen=True, slots=True)
class Plan:
    """What is downloaded: how it is written, and whether by every way to crop."""

    output: Output
    all_methods: bool


def read_plan() -> Plan:
    """What was chosen in this session, on whatever view."""
    kind, quality, resize, every = (st.session_state[key] for key in (KIND, QUALITY, RESIZE, ALL))
    kind = None if kind == AS_ORIGINAL else kind
    return Plan(Output(kind, None if kind == "PNG" else quality, resize), every)
