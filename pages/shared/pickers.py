"""Pickers, tabs and expanders whose choice is in the address."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.elements.lib.mutable_expander_container import ExpanderContainer
from streamlit.elements.lib.mutable_tab_container import TabContainer

from pages.shared.address import Parameter, in_address, keep, one_of, show
from pages.shared.palette import method_look

PICKER_WIDTH = 164  # CSS pixels: two beside each other on a phone


def picker_row() -> DeltaGenerator:
    """Where pickers stand beside each other, and below each other where there is no room."""
    return st.container(horizontal=True, vertical_alignment="bottom", gap="small")


def pick(label: str, options: Sequence[str], name: str, *, methods: bool = False, about: str = "") -> str:
    """One of the options: what the address says, else the first.

    name: of the parameter in the address. methods: show their labels. about: what a sign beside the label tells.
    """
    parameter = one_of(name, options)
    st.selectbox(
        label,
        options,
        key=show(parameter, in_address(parameter)),
        format_func=(lambda name: method_look(name).label) if methods else str,
        width=PICKER_WIDTH,
        help=about or None,
        on_change=keep,
        args=(parameter,),
    )
    return str(st.session_state[parameter.key])


def tabs(names: Sequence[str], name: str) -> Sequence[TabContainer]:
    """Tabs, the one that the address says open, else the first. name: of the parameter in the address."""
    parameter = one_of(name, names)
    return st.tabs(names, key=show(parameter, in_address(parameter)), on_change=keep, args=(parameter,))


def opened(names: Sequence[str], name: str) -> str:
    """Which of the tabs the address opens, before they are drawn: see `tabs`."""
    return in_address(one_of(name, names))


def expander(label: str, icon: str, name: str) -> ExpanderContainer:
    """An expander, open where the address says so. name: of the parameter in the address."""
    parameter = Parameter(name, False, lambda text: text == "true", lambda _: "true")
    return st.expander(label, icon=icon, key=show(parameter, in_address(parameter)), on_change=keep, args=(parameter,))
