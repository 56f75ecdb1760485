"""What the visitor asks for: formats, zoom, faces, methods.

Kept for the session, and in the address, so that a link brings it back.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from pages.crop.delivery import ALL, KIND, QUALITY, RESIZE
from pages.crop.pads import PADS, Pads, read_pads
from pages.crop.wishes import among, listed, one_of, within
from pages.shared.address import Parameter, publish, take_up
from pages.shared.palette import method_look
from pages.shared.photo_cache import FAST, MAIN, Sight
from pages.shared.widgets import FIRST_METHODS, plain
from saliency import METHODS, MODELS
from saliency.borders import TRIM
from saliency.formats import FORMATS, Format, parse_format
from saliency.framing import Framing
from saliency.things import WHOLE

FIRST_FORMATS = ("portrait", "story", "banner")
FAST_FIRST = "auto"
WHOLE_LABELS = {"usual": "Where it costs little", "always": "At any cost", "never": "Not at all"}
WHOLE_WORDS = {"usual": "", "always": "whole", "never": "off"}  # in the address
TRIM_LABELS = {"auto": "Where they surely are such", "always": "Also where it is likely", "never": "Not at all"}
WIDE, TIGHT = "As wide as possible", "Zoom in, but keep"
KEEP = {"min": 50, "max": 95, "first": 90}  # percent
MOST_MARGIN = 30  # percent
VIEWS = ("Crops", "Why", "Feed", "Compare", "Take home")
MOST_CUSTOM = 6  # formats of one's own


@dataclass(frozen=True, slots=True)
class Settings:
    """formats: at least one where there is a result. model: of MODELS, or FAST_FIRST. keep: 0..1, None for the
    widest crop. margin: 0..1. whole: of WHOLE, how heads and lone objects are kept whole. pads: formats that show
    all of a photo. trim: of TRIM, how plain bars are left out."""

    formats: tuple[Format, ...]
    methods: tuple[str, ...]
    model: str
    keep: float | None
    margin: float
    whole: str
    pads: Pads = Pads()  # noqa: RUF009  frozen, so it can be shared
    trim: str = "auto"

    @property
    def has_margin(self) -> bool:
        """Whether there is something that wants room around: a tight crop, or what is whole at any cost."""
        return self.margin > 0 and (self.keep is not None or self.whole == "always")

    def framing(self, sight: Sight) -> Framing:
        """How windows are chosen in a photo that shows this."""
        margin, whole = self.margin if self.has_margin else 0.0, WHOLE[self.whole](sight.things)
        return Framing(self.keep, margin, whole, within=TRIM[self.trim](sight.borders))


def _read_whole(text: str) -> str:
    return {word: wish for wish, word in WHOLE_WORDS.items() if word}.get(text, "usual")


# in the order in which they come into the address
WISHES: dict[str, Parameter[Any]] = {
    wish.name: wish
    for wish in (
        Parameter("formats", list(FIRST_FORMATS), among(list(FORMATS)), listed),
        Parameter("custom", "", str),
        Parameter("methods", list(FIRST_METHODS), among(list(METHODS)), listed),
        Parameter("model", FAST_FIRST, one_of([FAST_FIRST, *MODELS])),
        Parameter(
            "zoom", WIDE, lambda text: TIGHT if text == "tight" else WIDE, lambda zoom: "tight" if zoom == TIGHT else ""
        ),
        Parameter("keep", KEEP["first"], within(KEEP["min"], KEEP["max"])),
        Parameter("faces", "usual", _read_whole, WHOLE_WORDS.__getitem__),
        Parameter("margin", 0, within(0, MOST_MARGIN)),
        Parameter("trim", "auto", one_of(list(TRIM))),
        *PADS,
        KIND,
        QUALITY,
        RESIZE,
        ALL,
        Parameter("view", VIEWS[0], one_of(VIEWS), str.lower),
    )
}


def read_address() -> None:
    """What was wished for: kept from before, else by the address, else as usual."""
    take_up(WISHES.values())


def write_address() -> None:
    """Everything that is not as usual is in the address."""
    publish(WISHES.values())


def choose_settings() -> Settings:
    """The pickers. A format that cannot be read is explained, and left out."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="crop-wishes"):
        formats = st.pills(
            "Formats",
            list(FORMATS),
            selection_mode="multi",
            format_func=lambda name: FORMATS[name].label,
            help="Single, Pair and Quad are the photos of a timeline post with one, two and four of them; a post with "
            "three has one Pair and two Quads.",
            key="crop-formats",
            persist_state="session",
            wrap=False,
            width="stretch",
        )
        with st.container(horizontal=True, gap="small", width="content", wrap=False, key="crop-more-wishes"):
            with st.popover(plain(st.session_state["crop-custom"]) or "Your own", icon=":material/aspect_ratio:"):
                custom = st.text_input(
                    "Formats of your own",
                    placeholder="5:7, 1200x630",
                    help="Shapes such as 5:7, or sizes in pixels such as 1200x630; several with commas between them.",
                    key="crop-custom",
                    persist_state="session",
                    max_chars=80,
                )
            with st.popover(_framing_label(), icon=":material/fit_screen:", help="Zoom, whole heads, margin, bars"):
                _choose_framing()
            with st.popover("Methods", icon=":material/layers:"):
                methods = st.pills(
                    "Compared side by side",
                    list(METHODS),
                    selection_mode="multi",
                    format_func=lambda name: method_look(name).label,
                    key="crop-methods",
                    persist_state="session",
                )
                model = st.radio(
                    "Saliency map by",
                    [FAST_FIRST, *MODELS],
                    format_func=_model_label,
                    key="crop-model",
                    persist_state="session",
                )
    chosen = [FORMATS[name] for name in FORMATS if name in formats]
    state = st.session_state
    return Settings(
        tuple(chosen + _own_formats(custom, chosen)),
        tuple(name for name in METHODS if name in methods),
        str(model),
        state["crop-keep"] / 100 if state["crop-zoom"] == TIGHT else None,
        state["crop-margin"] / 100,
        str(state["crop-faces"]),
        read_pads(),
        str(state["crop-trim"]),
    )


def _model_label(name: str) -> str:
    if name == FAST_FIRST:
        return f"{method_look(FAST).label} first, {method_look(MAIN).label} when it is ready"
    return method_look(name).label


def _framing_label() -> str:
    """What is chosen behind the button, in a word or two."""
    state = st.session_state
    chosen = [f"keep {state['crop-keep']} %"] if state["crop-zoom"] == TIGHT else []
    chosen += {"usual": [], "always": ["whole heads"], "never": ["gaze only"]}[state["crop-faces"]]
    chosen += {"auto": [], "always": ["no bars"], "never": ["with bars"]}[state["crop-trim"]]
    return ", ".join(chosen).capitalize() or "Zoom and heads"


def _choose_framing() -> None:
    st.segmented_control("Zoom", (WIDE, TIGHT), key="crop-zoom", required=True, persist_state="session")
    st.slider(
        "Share of expected gaze to keep",
        KEEP["min"],
        KEEP["max"],
        step=1,
        format="%d %%",
        key="crop-keep",
        persist_state="session",
        disabled=st.session_state["crop-zoom"] == WIDE,
    )
    st.segmented_control(
        "Keep heads and lone objects whole",
        list(WHOLE_LABELS),
        format_func=WHOLE_LABELS.__getitem__,
        key="crop-faces",
        required=True,
        persist_state="session",
    )
    st.slider(
        "Margin",
        0,
        MOST_MARGIN,
        step=1,
        format="%d %%",
        key="crop-margin",
        persist_state="session",
        help="Room around what must stay in: the tight crop, and each head that is kept whole at any cost.",
        disabled=st.session_state["crop-zoom"] == WIDE and st.session_state["crop-faces"] != "always",
    )
    st.segmented_control(
        "Leave plain bars and frames out",
        list(TRIM_LABELS),
        format_func=TRIM_LABELS.__getitem__,
        key="crop-trim",
        required=True,
        persist_state="session",
    )


def _own_formats(text: str, chosen: Sequence[Format]) -> list[Format]:
    """The formats written in `text` that are not among the chosen ones; what cannot be read is explained."""
    found: list[Format] = []
    words = [word.strip() for word in text.split(",") if word.strip()]
    if len(words) > MOST_CUSTOM:
        st.error(f"Only the first {MOST_CUSTOM} of your {len(words)} formats are used.", icon=":material/aspect_ratio:")
    for word in words[:MOST_CUSTOM]:
        try:
            target = parse_format(word)
        except ValueError as error:
            st.error(f"{plain(str(error))}.", icon=":material/aspect_ratio:")
            continue
        if not any(_alike(target, other) for other in (*chosen, *found)):
            found.append(target)
    return [one for rank, one in enumerate(found) if not any(_alike(one, other) for other in found[rank + 1 :])]


def _alike(one: Format, other: Format) -> bool:
    """Whether one says nothing that the other does not: a shape without a size is any format of that shape. A size is
    only itself: those of FORMATS are usual, one that is written is meant."""
    if one.pixels is None:
        return math.isclose(one.aspect.ratio, other.aspect.ratio)
    return one == other
