"""What a page keeps in its address: a parameter is there only while it is not as usual.

On Quality, Explore and Rate the address is the truth: a widget is set from it before it is drawn (`show`), and writes
to it when it changes (`keep`). So a copied address, the browser's Back button and a click all lead to the same. Who
comes back to a page by the navigation finds its last address again (`come_back`). On Crop the session is the truth:
what it does not know yet is taken from the address (`take_up`), and the address follows (`publish`).

Streamlit's own `bind` drops parameters that two pages have in common on the way from one to the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import streamlit as st

from pages.shared.keys import page_key

Value = TypeVar("Value")
QUERIES = "shared-queries"  # of the session: room -> the parameters that its address had last


@dataclass(frozen=True, slots=True)
class Parameter(Generic[Value]):
    """One thing in the address, under its name. usual: what holds where the address does not say.

    read: its text -> the value, ValueError where it means none. write: the value -> its text.
    """

    name: str
    usual: Value
    read: Callable[[str], Value]
    write: Callable[[Value], str] = str

    @property
    def key(self) -> str:
        """The key of its widget, and of the session, on this page: "quality-metric"."""
        return page_key(self.name)

    def find(self, query: Mapping[str, str]) -> Value:
        """Its value in the parameters of an address. Raises ValueError where the text means none."""
        return self.read(query[self.name]) if self.name in query else self.usual

    def text(self, value: Value) -> str:
        """The value as it stands in the address; "" as usual."""
        return "" if value == self.usual else self.write(value)


def one_of(name: str, options: Sequence[str]) -> Parameter[str]:
    """A parameter that is one of the options, usually the first."""

    def read(text: str) -> str:
        if text not in options:
            raise ValueError(f"unknown {name} {text!r}; available: {', '.join(options)}")
        return text

    return Parameter(name, options[0], read)


def in_address(parameter: Parameter[Value]) -> Value:
    """What the address says; what cannot be read is as usual."""
    try:
        return parameter.find(st.query_params)
    except ValueError:
        return parameter.usual


def set_address(texts: Mapping[str, str]) -> None:
    """Change parameters of the address by name, in one step for the Back button; an empty text drops one."""
    before = st.query_params.to_dict()
    query = {name: text for name, text in {**before, **texts}.items() if text or name not in texts}
    if query != before:
        st.query_params.from_dict(query)


def drop(*names: str) -> None:
    """Leave these parameters out of the address, so that all of them are as usual."""
    set_address(dict.fromkeys(names, ""))


def show(parameter: Parameter[Value], value: Value) -> str:
    """Set the parameter's widget, which is to be drawn next. Returns its key."""
    st.session_state[parameter.key] = value
    return parameter.key


def keep(parameter: Parameter[Any], *dropped: str) -> None:
    """Write what the parameter's widget says into the address, for its on_change. dropped: what no longer holds then,
    by name."""
    set_address({parameter.name: parameter.text(st.session_state[parameter.key]), **dict.fromkeys(dropped, "")})


def come_back(room: str, *, new: bool) -> None:
    """Have the address of a page say what it said when the visitor left it, unless a link says what it is to show.

    To be called once a run, before the page. new: whether the visitor was on another page until now.
    """
    queries = st.session_state.setdefault(QUERIES, {})
    if new and not st.query_params and queries.get(room):
        st.query_params.from_dict(queries[room])
    st.session_state[QUERIES] = {**queries, room: st.query_params.to_dict()}


def take_up(parameters: Iterable[Parameter[Any]]) -> None:
    """What the session does not know yet is taken from the address, and where that says nothing, as usual."""
    for parameter in parameters:
        if parameter.key not in st.session_state:
            st.session_state[parameter.key] = in_address(parameter)


def publish(parameters: Iterable[Parameter[Any]]) -> None:
    """Have the address say what the session does."""
    set_address({parameter.name: parameter.text(st.session_state[parameter.key]) for parameter in parameters})
