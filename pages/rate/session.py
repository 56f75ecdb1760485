"""What a visitor's session keeps while rating: who votes, and the round; and what the buttons do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import uuid4

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError
from streamlit.connections import SQLConnection

from pages.rate.connection import explain
from pages.rate.plan import ASPECTS, Comparison, Round, Setup, Vote, draw, same_crop
from pages.rate.sources import Candidate
from pages.rate.store import add_votes, undo_vote
from pages.shared.photo_cache import Analysis, analyse
from pages.shared.photos import Photo
from saliency import ImageError
from saliency.types import Crop

RATER, ROUND, ASKED, FAILURE = "rate-rater", "rate-round", "rate-asked", "rate-failure"


@dataclass(frozen=True, slots=True)
class Pair:
    """What is on screen. vote: all of it but the choice."""

    photo: Photo
    analysis: Analysis
    left: Crop
    right: Crop
    vote: Vote


def rater() -> str:
    """A random name for this session: nothing of the visitor is in it."""
    return str(st.session_state.setdefault(RATER, uuid4().hex))


def current_round(connection: SQLConnection, setup: Setup) -> Round:
    """The visitor's round; a new one when something else is to be compared."""
    if ROUND not in st.session_state or st.session_state[ROUND].setup != setup:
        start_round(connection, setup)
    found = st.session_state[ROUND]
    assert isinstance(found, Round)
    return found


def start_round(connection: SQLConnection, setup: Setup) -> None:
    """A round in place of the one before, which is written down, without what was asked in this session already."""
    asked = st.session_state.setdefault(ASKED, set())
    if ROUND in st.session_state:
        _write_pending(connection, st.session_state[ROUND])
        asked |= st.session_state[ROUND].questions()
    st.session_state[ROUND] = draw(setup, f"{rater()} {len(asked)}", asked)


def next_pair(connection: SQLConnection, current: Round, candidates: Mapping[str, Candidate]) -> Pair | None:
    """The comparison to show; those of one crop, and photos that cannot be opened, are passed over.

    None at the end; then those of one crop that no vote came after are written down.
    """
    while not current.finished:
        comparison = current.comparison
        if comparison.photo in current.broken:
            current.pass_over()
            continue
        candidate = candidates[comparison.photo]
        photo = candidate.read()
        try:
            analysis = analyse(photo, current.setup.methods, ASPECTS)
        except ImageError as error:
            current.broken[comparison.photo] = error
            continue
        left, right = (_crop(analysis, name, comparison) for name in (comparison.left, comparison.right))
        vote = Vote(
            shown=current.shown,
            rater=rater(),
            source=candidate.source,
            photo=candidate.public_name(photo),
            aspect=str(comparison.aspect),
            left_method=comparison.left,
            right_method=comparison.right,
            left_box=left.box,
            right_box=right.box,
            choice="same",
        )
        if not same_crop(left.box, right.box):
            return Pair(photo, analysis, left, right, vote)
        current.pass_over(vote)
    _write_pending(connection, current)
    return None


def _write_pending(connection: SQLConnection, current: Round) -> None:
    """Write down what was passed over since the last vote. A failure is told, and leaves it pending."""
    if not current.pending:
        return
    try:
        with connection.session as session:
            add_votes(session, current.pending)
    except SQLAlchemyError as error:
        st.session_state[FAILURE] = f"The skipped pairs were not stored: {explain(error)}."
        return
    current.pending = []


def _crop(analysis: Analysis, method: str, comparison: Comparison) -> Crop:
    return next(crop for crop in analysis.crops[method] if crop.aspect == comparison.aspect)


def cast(connection: SQLConnection, current: Round, vote: Vote, choice: str) -> None:
    """Write the vote down and go on. A second click on the same pair does nothing; a failure leaves the pair there."""
    if vote.shown != current.shown:
        return
    try:
        with connection.session as session:
            add_votes(session, [*current.pending, replace(vote, choice=choice)])
    except SQLAlchemyError as error:
        st.session_state[FAILURE] = f"Your vote was not stored: {explain(error)}. Please vote again."
        return
    current.vote()


def undo(connection: SQLConnection, current: Round, shown: str) -> None:
    """Take the last vote back and show its pair again; a second click does nothing. shown: what was on screen."""
    if shown != current.shown or not current.cast:
        return
    try:
        with connection.session as session:
            undo_vote(session, rater(), current.cast[-1][1])
    except SQLAlchemyError as error:
        st.session_state[FAILURE] = f"Your vote was not taken back: {explain(error)}. Please try again."
        return
    current.undo()


def failure() -> str:
    """What went wrong with the last click; told once."""
    return str(st.session_state.pop(FAILURE, ""))
