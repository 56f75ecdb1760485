"""What a visitor's session keeps while rating: who votes, and the round; and what the buttons do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import uuid4

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError
from streamlit.connections import SQLConnection

from eval.pairs import Methods
from pages.rate.connection import explain
from pages.rate.looking import boxes_of, look_for_next, vote_on
from pages.rate.plan import PLANS, Round, Setup, Vote, begin
from pages.rate.sources import Candidate
from pages.rate.store import add_votes, count_pairs, undo_vote
from pages.shared.photo_cache import Sight
from pages.shared.photos import Photo

RATER, ROUND, ASKED, FAILURE = "rate-rater", "rate-round", "rate-asked", "rate-failure"


@dataclass(frozen=True, slots=True)
class Pair:
    """What is on screen. vote: all of it but the choice."""

    photo: Photo
    sight: Sight
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
    st.session_state[ROUND] = begin(setup, f"{rater()} {len(asked)}", asked, votes_of_plan(connection, setup.plan))


def votes_of_plan(connection: SQLConnection, plan: str) -> Counter[Methods]:
    """How often everybody together voted on any two methods, where the plan wants a number of votes; else nothing."""
    if not PLANS[plan].wanted:
        return Counter()
    try:
        with connection.session as session:
            return count_pairs(session, plan)
    except SQLAlchemyError as error:
        explain(error)  # into the log: a plan goes on without the balance
        return Counter()


def next_pair(connection: SQLConnection, current: Round, candidates: Mapping[str, Candidate]) -> Pair | None:
    """The comparison to show; None at the end, and then those of one crop that no vote came after are written down."""
    look_for_next(current, candidates, rater())
    if current.finished:
        _write_pending(connection, current)
        return None
    comparison = current.comparison
    candidate = candidates[comparison.photo]
    photo = candidate.read()
    sight, boxes = boxes_of(photo, current.setup.methods)
    return Pair(photo, sight, vote_on(comparison, boxes, candidate, photo, rater(), current.setup.plan, current.shown))


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
            undo_vote(session, rater(), current.cast[-1])
    except SQLAlchemyError as error:
        st.session_state[FAILURE] = f"Your vote was not taken back: {explain(error)}. Please try again."
        return
    current.undo()


def failure() -> str:
    """What went wrong with the last click; told once."""
    return str(st.session_state.pop(FAILURE, ""))
