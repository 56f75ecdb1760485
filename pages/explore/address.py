"""What of Explore is in the address beside the pickers: order, page, range of differences, and an opened photo."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import streamlit as st

from eval.report import ALL
from eval.types import SLICES
from pages.explore.differences import SORTS
from pages.shared.address import Parameter, Value, drop, keep, set_address, show
from pages.shared.filters import Selection
from pages.shared.keys import page_key
from pages.shared.palette import method_look
from pages.shared.widgets import plain

MOST_SEEDS = 10_000
NOBODY = "none"  # of the methods that are shown too
LEFT = "explore-left"  # in the session: the photo whose view was just left, until its card is there
SEEN = "explore-seen"  # in the session: the choice, page and format that were shown last


def _sort(text: str) -> str:
    if text not in SORTS:
        raise ValueError(f"There is no order {text!r}; choose {', '.join(SORTS)}.")
    return text


def _number(name: str) -> Callable[[str], float]:
    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise ValueError(f"{name} = {text!r} is not a number: it is left out.")
        return value

    return read


def _whole(name: str, turned: Callable[[int], int]) -> Callable[[str], int]:
    read = _number(name)
    return lambda text: turned(int(read(text)))


SORT = Parameter("sort", "worst", _sort)
PAGE = Parameter("page", 1, _whole("page", partial(max, 1)))
SEED = Parameter("seed", 0, _whole("seed", abs))
LOW, HIGH = Parameter("low", -math.inf, _number("low")), Parameter("high", math.inf, _number("high"))
PHOTO, FORMAT, LAYER = Parameter("image", "", str), Parameter("crop", "", str), Parameter("layer", "", str)


def _also(usual: list[str] | None) -> Parameter[list[str] | None]:
    """The methods shown beside the two that are compared. usual: None where none is, or it is not known yet."""
    return Parameter("also", usual, lambda text: text.split(","), lambda names: ",".join(names or ()) or NOBODY)


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
    also: Sequence[str] | None = None
    problems: tuple[str, ...] = ()

    @property
    def ranged(self) -> bool:
        """Whether only some differences are wanted."""
        return math.isfinite(self.low) or math.isfinite(self.high)


def read_address(query: Mapping[str, str]) -> Address:
    """The address in these query parameters; what cannot be read is left out, and said."""
    problems: list[str] = []

    def find(parameter: Parameter[Value]) -> Value:
        try:
            return parameter.find(query)
        except ValueError as error:
            problems.append(str(error))
            return parameter.usual

    return Address(
        find(SORT),
        find(PAGE),
        find(SEED),
        find(LOW),
        find(HIGH),
        find(PHOTO),
        find(FORMAT),
        find(LAYER),
        find(_also(None)),
        tuple(problems),
    )


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
    drop(PAGE.name, FORMAT.name)
    return replace(address, page=1, aspect="")


def arrive() -> dict[str, str]:
    """What the URL asked for when the visitor came; nothing once there are pickers, which go by themselves then.

    To be called before the pickers: they drop what they cannot show without a word.
    """
    return {} if page_key("metric") in st.session_state else st.query_params.to_dict()


def unmet(asked: Mapping[str, str], selection: Selection) -> list[str]:
    """What the URL asked for and is not shown, a sentence each."""
    shown = {"run": [selection.file.label], "metric": [selection.metric]}
    shown |= {"method": _names(selection.method), "reference": _names(selection.reference)}
    shown |= {name: [selection.where.get(name, ALL)] for name in ("dataset", *SLICES)}
    shown["format"] = [selection.where.get("aspect", ALL)]
    sentences = [
        f"There is no {name} {asked[name]!r} to show: {names[0]} is shown."
        for name, names in shown.items()
        if name in asked and asked[name] not in names
    ]
    if sentences and asked.get("run", selection.file.label) != selection.file.label:
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
    set_address({PHOTO.name: photo, FORMAT.name: aspect})


def close_photo(page: int, photo: str) -> None:
    """Back to the gallery, to the page on which the photo is, and there to its card."""
    st.session_state[LEFT] = photo
    set_address({PHOTO.name: "", FORMAT.name: "", LAYER.name: "", PAGE.name: PAGE.text(page)})


def clear_range() -> None:
    """Photos with any difference again."""
    drop(LOW.name, HIGH.name, PAGE.name)


def shuffle() -> None:
    """Another random order."""
    set_address({SEED.name: SEED.text(random.randrange(1, MOST_SEEDS)), PAGE.name: ""})


def choose_sort(address: Address) -> None:
    """The order of the gallery."""
    st.segmented_control(
        "Order",
        list(SORTS),
        format_func=lambda name: SORTS[name],
        key=show(SORT, address.sort),
        required=True,
        on_change=keep,
        args=(SORT, PAGE.name),
    )


def choose_page(page: int, pages: int) -> None:
    """The pages of the gallery, above it: any of them, or with the arrow keys the one before or after."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="explore-pages", width="content"):
        _turn("Previous", page, pages, "Left")
        st.selectbox(
            "Page",
            range(1, pages + 1),
            format_func=lambda number: f"{number} of {pages}",
            key=show(PAGE, page),
            label_visibility="collapsed",
            width=104,
            on_change=keep,
            args=(PAGE,),
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
    set_address({PAGE.name: PAGE.text(page)})


def choose_format(aspect: str, aspects: Sequence[str]) -> None:
    """The format in which a photo is shown."""
    st.segmented_control(
        "Format",
        list(aspects),
        key=show(FORMAT, aspect),
        required=True,
        on_change=keep,
        args=(FORMAT,),
    )


def choose_layer(layer: str, labels: Mapping[str, str]) -> None:
    """What lies under the boxes. labels: of the layers there are."""
    st.segmented_control(
        "Show",
        list(labels),
        format_func=lambda name: labels[name],
        key=show(LAYER, layer),
        required=True,
        on_change=keep,
        args=(LAYER,),
    )


def choose_also(also: Sequence[str], methods: Sequence[str], usual: Sequence[str]) -> None:
    """The methods shown beside the two that are compared."""
    parameter = _also(list(usual) or None)
    st.pills(
        "Also show",
        list(methods),
        selection_mode="multi",
        format_func=lambda name: method_look(name).label,
        key=show(parameter, list(also)),
        on_change=keep,
        args=(parameter,),
    )
