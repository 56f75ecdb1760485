"""The parts of rating on the page. Nothing here tells which method made which crop: no word, name, colour or order."""

from __future__ import annotations

from itertools import combinations

import streamlit as st
from streamlit.connections import SQLConnection

from pages.rate.connection import RatingsError, open_ratings
from pages.rate.looking import missing_peers
from pages.rate.plan import ASPECTS, FIRST_ASPECTS, FREE, PLANS, Round, Setup
from pages.rate.session import Pair, cast, failure, start_round, undo, votes_of_plan
from pages.rate.sources import (
    SAMPLES,
    UPLOAD,
    Candidate,
    dataset_candidates,
    datasets_on_disk,
    own_candidates,
    sample_candidates,
)
from pages.shared.own_photos import own_photos, upload_here, were_brought
from pages.shared.palette import method_look
from pages.shared.phrases import counted, listed
from pages.shared.pictures import data_url, open_preview, reduce, scale_box
from pages.shared.widgets import FIRST_METHODS, QUALITY, plain, show_image, show_unopened
from saliency import METHODS
from saliency.export import cut, encode
from saliency.types import Aspect, RgbImage

SOURCE_LABELS = {SAMPLES: "Samples", UPLOAD: "Your photos"}
SPACE = (584, 340)  # CSS pixels: the width of a column on a desktop, and the most height of a crop
WHOLE = 132  # the longer side of the whole photo
WIDE = 1.2  # on a phone, crops wider than this lie one above the other


def show_header() -> None:
    """What this is, in one breath."""
    st.title("Rate crops blind")
    st.markdown("Two methods cropped the same photo. You are not told which is which: just say which you prefer.")


def require_ratings() -> SQLConnection:
    """The store of votes; without it say why, and end the page here."""
    try:
        return open_ratings()
    except RatingsError as error:
        st.error(f"Ratings cannot be kept: {plain(str(error))}.", icon=":material/database_off:")
        st.stop()


def choose() -> tuple[Setup, dict[str, Candidate]]:
    """Photos, methods and formats, behind one closed line; the samples are ready to be rated."""
    with st.expander("Photos, methods and formats", type="compact", icon=":material/tune:"):
        candidates = _choose_photos()
        plan = st.segmented_control(
            "Plan",
            list(PLANS),
            default=FREE,
            required=True,
            format_func=lambda name: PLANS[name].label,
            key="rate-plan",
            persist_state="session",
        )
        pairs = _choose_methods() if plan == FREE else _planned(plan)
        formats = st.pills(
            "Formats",
            [str(a) for a in ASPECTS],
            selection_mode="multi",
            default=FIRST_ASPECTS,
            key="rate-formats",
            persist_state="session",
        )
        st.toggle("Show the whole photo too", value=True, key="rate-whole", persist_state="session")
    by_key = {candidate.key: candidate for candidate in candidates}
    aspects = tuple(aspect for aspect in ASPECTS if str(aspect) in formats)
    return Setup(tuple(by_key), aspects, pairs, plan), by_key


def _choose_methods() -> tuple[tuple[str, str], ...]:
    """Every two of the methods that the visitor chose."""
    chosen = st.pills(
        "Methods, two or more",
        list(METHODS),
        selection_mode="multi",
        default=FIRST_METHODS,
        format_func=lambda name: method_look(name).label,
        key="rate-methods",
        persist_state="session",
    )
    return tuple(combinations([name for name in METHODS if name in chosen], 2))


def _planned(name: str) -> tuple[tuple[str, str], ...]:
    """The pairs of a plan, without those of a method that this machine cannot run, which is said."""
    plan = PLANS[name]
    missing = missing_peers(plan.pairs)
    pairs = tuple(pair for pair in plan.pairs if not missing.keys() & {*pair})
    others = listed([method_look(other).label for _, other in pairs])
    st.caption(
        f"{method_look(pairs[0][0]).label} against {others}: {plan.wanted} votes of everybody together, as many for "
        "each, drawn by chance among the pairs that differ. A developer of WordPress compared libvips attention with "
        "the centre so, on 330 square crops: 110 better, 87 worse, 133 no difference (Gutenberg pull request 81766)."
    )
    for reason in missing.values():
        st.caption(f":material/extension_off: Left out: {plain(reason)}.")
    return pairs


def _choose_photos() -> list[Candidate]:
    if were_brought():
        st.session_state["rate-source"] = UPLOAD
    source = st.segmented_control(
        "Photos",
        [SAMPLES, UPLOAD, *datasets_on_disk()],
        default=SAMPLES,
        required=True,
        format_func=lambda name: SOURCE_LABELS.get(name, name),
        key="rate-source",
        persist_state="session",
        help="Datasets of eye tracking appear here, with their test photos, where this machine has them.",
    )
    if source == SAMPLES:
        return sample_candidates()
    if source != UPLOAD:
        return dataset_candidates(source)
    upload_here("Drop photos here", "rate-uploads")
    st.caption(
        "Nobody else sees your photos. Small previews stay in the server's memory for up to two hours. A vote keeps "
        "which crop was better and a fingerprint of the photo (SHA-256), neither its picture nor its name."
    )
    return own_candidates(own_photos())


def show_pair(connection: SQLConnection, current: Round, pair: Pair) -> None:
    """Progress and question, the two crops, and the buttons."""
    preview = open_preview(pair.sight.preview)
    with st.container(key="rate-question", horizontal=True, wrap=False, vertical_alignment="center", gap="medium"):
        if st.session_state["rate-whole"]:
            _show_whole(preview)
        with st.container(gap="xsmall"):
            st.header("Which crop shows this photo better?", anchor=False)
            done, total = len(current.cast), current.total
            st.progress(done / total, f"{done + 1} of {total}{of_plan(connection, current)}")
    _show_crops(pair, preview)
    _show_buttons(connection, current, pair)
    with st.container(
        key="rate-after", horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        show_undo(connection, current)
        st.caption(plain(pair.photo.credit), width="content")


def _show_whole(preview: RgbImage) -> None:
    """The photo that the crops are of, small."""
    small = reduce(preview, 2 * WHOLE)  # for screens with two pixels where CSS has one
    width = max(1, round(WHOLE * preview.shape[1] / max(preview.shape)))
    st.image(data_url(encode(small, quality=QUALITY)), alt="The whole photo", width=width)


def of_plan(connection: SQLConnection, current: Round) -> str:
    """How far everybody together is, where the plan wants a number of votes."""
    wanted = PLANS[current.setup.plan].wanted
    if not wanted:
        return ""
    return f" · the plan has {votes_of_plan(connection, current.setup.plan).total()} of {wanted} votes"


def _show_crops(pair: Pair, preview: RgbImage) -> None:
    wide = Aspect.parse(pair.vote.aspect).ratio > WIDE
    with st.container(key="rate-pair-wide" if wide else "rate-pair-tall"):
        columns = st.columns(2, wrap=wide, gap="small")
    boxes = (pair.vote.left_box, pair.vote.right_box)
    pictures = [cut(preview, scale_box(box, pair.sight.size, preview)) for box in boxes]
    height, width = (min(picture.shape[axis] for picture in pictures) for axis in (0, 1))
    for column, name, picture in zip(columns, "AB", pictures, strict=True):
        with column, st.container(horizontal_alignment="center", gap="xsmall"):
            st.markdown(f"**{name}**", width="content")
            show_image(picture[:height, :width], SPACE, f"Crop {name}")  # no row more or less on one of the sides


def _show_buttons(connection: SQLConnection, current: Round, pair: Pair) -> None:
    """Their keys change with every pair, so that no click is taken for a pair that came on screen after it."""
    with st.container(key="rate-verdict"):
        columns = st.columns(3, wrap=False, gap="small")
    buttons = (("A is better", "left", "Left"), ("No difference", "none", "Down"), ("B is better", "right", "Right"))
    for column, (label, choice, shortcut) in zip(columns, buttons, strict=True):
        column.button(
            label,
            key=f"rate-{choice}-{current.shown}",
            shortcut=shortcut,
            on_click=cast,
            args=(connection, current, pair.vote, choice),
            width="stretch",
            wrap=True,
        )


def show_undo(connection: SQLConnection, current: Round) -> None:
    """The way back, one vote at a time."""
    st.button(
        "Undo",
        key=f"rate-undo-{current.shown}",
        shortcut="Backspace",
        on_click=undo,
        args=(connection, current, current.shown),
        type="tertiary",
        icon=":material/undo:",
        disabled=not current.cast,
    )


def show_end(connection: SQLConnection, current: Round, setup: Setup) -> None:
    """Thanks, and what to do next."""
    if current.cast:
        votes = counted(len(current.cast), "vote")
        st.success(f"Done: {votes}. Thank you. The results are below.", icon=":material/check:")
        with st.container(horizontal=True):
            if current.ready or current.unseen:
                st.button(
                    "Rate more",
                    on_click=start_round,
                    args=(connection, setup),
                    key="rate-more",
                    icon=":material/refresh:",
                )
            show_undo(connection, current)
    elif current.same:
        st.info(
            f"These methods give the same crops here ({len(current.same)} compared). Choose others, or other photos."
        )
    else:
        st.info("There is nothing left to rate here. Choose other photos, formats or methods above.")


def show_problems(current: Round, candidates: dict[str, Candidate]) -> None:
    """A click that failed, and the photos that could not be opened."""
    if message := failure():
        st.error(plain(message), icon=":material/error:")
    show_unopened([(candidates[key].read().name, error) for key, error in current.broken.items()])
