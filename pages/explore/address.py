"""What of Explore is in the URL beside the pickers: the order, the page, a range of differences, and an opened photo.

The URL is the truth: widgets are set from it before they are drawn, and write to it when they change. So a copied
address, the browser's Back button and a click all lead to the same view.
"""

from __future__ import annotations

import math
import random
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from eval.report import ALL
from eval.types import SLICES
from pages.explore.differences import SORTS
from pages.shared.filters import View
from pages.shared.palette import method_look
from pages.shared.widgets import plain

MOST_SEEDS = 10_000
SORT, PAGE, SEED, LOW, HIGH = "sort", "page", "seed", "low", "high"
PHOTO, FORMAT, LAYER, ALSO = "image", "crop", "layer", "also"
NOBODY = "none"  # of the methods that are shown too
SEEN = "explore-seen"  # in the session: the choice, page and format that were shown last


@dataclass(frozen=True, slots=True)
class Address:
    """sort: one of SORTS. page: from 1. low, high: of the difference, low included. photo: "dataset/name" or "".
    aspect, layer: the format and the layer in which the photo is opened, "" for the usual ones. also: the methods shown
    beside the two that are compared; None for the usual ones. problems: what cannot be read, a sentence each."""

    sort: str = "worst"
    page: int = 1
    seed: int = 0
    low: float = -math.inf
    high: float = math.inf
    photo: str = ""
    aspect: str = ""
    layer: str = ""
    also: tuple[str, ...] | None = None
    problems: tuple[str, ...] = ()

    @property
    def ranged(self) -> bool:
        """Whether only some differences are wanted."""
        return math.isfinite(self.low) or math.isfinite(self.high)


def read_address(query: Mapping[str, str]) -> Address:
    """The address in these query parameters; what cannot be read is left out, and said."""
    problems: list[str] = []
    sort = query.get(SORT, "worst")
    if sort not in SORTS:
        problems.append(f"There is no order {sort!r}; choose {', '.join(SORTS)}.")
        sort = "worst"
    page, seed = (_number(query, name, default, problems) for name, default in ((PAGE, 1), (SEED, 0)))
    low, high = _number(query, LOW, -math.inf, problems), _number(query, HIGH, math.inf, problems)
    return Address(
        sort,
        max(1, int(page)),
        abs(int(seed)),
        low,
        high,
        query.get(PHOTO, ""),
        query.get(FORMAT, ""),
        query.get(LAYER, ""),
        None if ALSO not in query else tuple(query[ALSO].split(",")),
        tuple(problems),
    )


def _number(query: Mapping[str, str], name: str, default: float, problems: list[str]) -> float:
    text = query.get(name)
    if text is None:
        return default
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        problems.append(f"{name} = {text!r} is not a number: it is left out.")
        return default
    return value


def write(**changes: str) -> None:
    """Change the URL, in one step for the Back button; an empty value drops a parameter."""
    query = {**st.query_params.to_dict(), **changes}
    st.query_params.from_dict({name: value for name, value in query.items() if value})


def follow(address: Address, choice: Hashable) -> Address:
    """The address once another choice of photos was made: its first page, and no format of the choice before.

    choice: what decides which photos there are. Where the URL brought another page along, as with the Back button, that
    stands.
    """
    now = (choice, address.page, address.aspect)
    before = st.session_state.get(SEEN, now)
    st.session_state[SEEN] = now
    if before[0] == choice or before[1:] != now[1:] or now[1:] == (1, ""):
        return address
    write(**{PAGE: "", FORMAT: ""})
    return replace(address, page=1, aspect="")


def arrive() -> dict[str, str]:
    """What the URL asked for when the visitor came; nothing once there are pickers, which go by themselves then.

    To be called before the pickers: they drop what they cannot show without a word.
    """
    return {} if _key("metric") in st.session_state else st.query_params.to_dict()


def unmet(asked: Mapping[str, str], view: View) -> list[str]:
    """What the URL asked for and is not shown, a sentence each."""
    shown = {"run": [view.file.label], "metric": [view.metric]}
    shown |= {"method": _names(view.method), "reference": _names(view.reference)}
    shown |= {name: [view.where.get(name, ALL)] for name in ("dataset", *SLICES)}
    shown["format"] = [view.where.get("aspect", ALL)]
    sentences = [
        f"There is no {name} {asked[name]!r} to show: {names[0]} is shown."
        for name, names in shown.items()
        if name in asked and asked[name] not in names
    ]
    if sentences and asked.get("run", view.file.label) != view.file.label:
        sentences.append("A run of somebody's own photos is known to that visitor only.")
    return sentences


def _names(method: str) -> list[str]:
    return [method_look(method).label, method]


def show_problems(problems: Sequence[str]) -> None:
    """What the URL asks for and cannot be had."""
    if problems:
        st.warning("\n\n".join(plain(problem) for problem in problems), icon=":material/link_off:")


def open_photo(photo: str, aspect: str = "") -> None:
    """Show one photo. photo: "dataset/name"."""
    write(**{PHOTO: photo, FORMAT: aspect})


def close_photo(page: int) -> None:
    """Back to the gallery, to the page on which the photo is."""
    write(**{PHOTO: "", FORMAT: "", LAYER: "", PAGE: _unless(str(page), "1")})


def clear_range() -> None:
    """Photos with any difference again."""
    write(**{LOW: "", HIGH: "", PAGE: ""})


def shuffle() -> None:
    """Another random order."""
    write(**{SEED: str(random.randrange(1, MOST_SEEDS)), PAGE: ""})


def choose_sort(address: Address) -> None:
    """The order of the gallery."""
    st.session_state[_key(SORT)] = address.sort
    st.segmented_control(
        "Order",
        list(SORTS),
        format_func=lambda name: SORTS[name],
        key=_key(SORT),
        required=True,
        on_change=lambda: write(**{SORT: _unless(st.session_state[_key(SORT)], "worst"), PAGE: ""}),
    )


def choose_page(page: int, pages: int) -> None:
    """The pages of the gallery, above it: any of them, or with the arrow keys the one before or after."""
    st.session_state[_key(PAGE)] = page
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="explore-pages", width="content"):
        _turn("Previous", page, pages, "Left")
        st.selectbox(
            "Page",
            range(1, pages + 1),
            format_func=lambda number: f"{number} of {pages}",
            key=_key(PAGE),
            label_visibility="collapsed",
            width=104,
            on_change=lambda: _go_to(st.session_state[_key(PAGE)]),
        )
        _turn("Next", page, pages, "Right")


def turn_page(page: int, pages: int) -> None:
    """The page before and the page after, below the gallery."""
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        _turn("Previous page", page, pages)
        _turn("Next page", page, pages)


def _turn(label: str, page: int, pages: int, shortcut: str | None = None) -> None:
    """A button to the page before or after, by the first word of its label."""
    back = label.startswith("Previous")
    st.button(
        label,
        icon=f":material/chevron_{'left' if back else 'right'}:",
        icon_position="left" if back else "right",
        key=f"explore-turn-{label}",
        shortcut=shortcut,
        disabled=page == (1 if back else pages),
        on_click=_go_to,
        args=(page - 1 if back else page + 1,),
    )


def _go_to(page: int) -> None:
    write(**{PAGE: _unless(str(page), "1")})


def choose_format(aspect: str, aspects: Sequence[str]) -> None:
    """The format in which a photo is shown."""
    st.session_state[_key(FORMAT)] = aspect
    st.segmented_control(
        "Format",
        list(aspects),
        key=_key(FORMAT),
        required=True,
        on_change=lambda: write(**{FORMAT: st.session_state[_key(FORMAT)]}),
    )


def choose_layer(layer: str, labels: Mapping[str, str]) -> None:
    """What lies under the boxes. labels: of the layers there are."""
    st.session_state[_key(LAYER)] = layer
    st.segmented_control(
        "Show",
        list(labels),
        format_func=lambda name: labels[name],
        key=_key(LAYER),
        required=True,
        on_change=lambda: write(**{LAYER: st.session_state[_key(LAYER)]}),
    )


def choose_also(also: Sequence[str], methods: Sequence[str], usual: Sequence[str]) -> None:
    """The methods shown beside the two that are compared."""
    st.session_state[_key(ALSO)] = list(also)
    st.pills(
        "Also show",
        list(methods),
        selection_mode="multi",
        format_func=lambda name: method_look(name).label,
        key=_key(ALSO),
        on_change=lambda: write(**{ALSO: _unless(",".join(st.session_state[_key(ALSO)]) or NOBODY, ",".join(usual))}),
    )


def _key(name: str) -> str:
    """The key of the widget that shows this parameter of the address."""
    return f"explore-{name}"


def _unless(value: str, default: str) -> str:
    return "" if value == default else value
