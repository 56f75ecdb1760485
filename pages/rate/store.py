"""Votes in an SQL database: one row a vote, written once; undoing marks a row and removes nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime

import pandas as pd
from sqlalchemy import Column, Engine, Integer, MetaData, String, Table, Text, insert, inspect, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateTable

from pages.rate.plan import Vote
from saliency.types import Box

VOTES = Table(
    "votes",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("shown", String(32), nullable=False, unique=True),
    Column("at", String(32), nullable=False),
    Column("rater", String(32), nullable=False),
    Column("source", String(32), nullable=False),
    Column("photo", Text, nullable=False),
    Column("aspect", String(48), nullable=False),
    Column("left_method", String(64), nullable=False),
    Column("right_method", String(64), nullable=False),
    Column("left_box", String(64), nullable=False),
    Column("right_box", String(64), nullable=False),
    Column("choice", String(8), nullable=False),
    Column("undone_at", String(32)),
)
INTERNAL = ("id", "shown", "undone_at")


def prepare(engine: Engine) -> None:
    """Make the table where there is none. Raises SQLAlchemyError when the database does not answer."""
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA journal_mode=WAL")  # who reads does not hold up who writes
            connection.execute(CreateTable(VOTES, if_not_exists=True))
    except DBAPIError:  # somebody else may have made it in the same instant
        if not inspect(engine).has_table(VOTES.name):
            raise


def add_votes(session: Session, votes: Sequence[Vote]) -> None:
    """Write the votes, all or none; on return they are in the database. Votes that are there already stay as they are.

    Raises SQLAlchemyError when the database does not take them.
    """
    at = _now()
    rows = [
        {**asdict(vote), "at": at, "left_box": _text(vote.left_box), "right_box": _text(vote.right_box)}
        for vote in votes
    ]
    try:
        session.execute(insert(VOTES), rows)
        session.commit()
    except IntegrityError:
        session.rollback()
        known = select(VOTES.c.shown).where(VOTES.c.shown.in_([vote.shown for vote in votes]))
        if len(session.scalars(known).all()) < len(votes):
            raise


def undo_vote(session: Session, rater: str, shown: str) -> None:
    """Mark one vote as taken back, if this rater gave it. Raises SQLAlchemyError when the database does not answer."""
    mine = (VOTES.c.rater == rater) & (VOTES.c.shown == shown) & VOTES.c.undone_at.is_(None)
    session.execute(update(VOTES).where(mine).values(undone_at=_now()))
    session.commit()


def read_votes(session: Session) -> pd.DataFrame:
    """Every vote that was not taken back, oldest first, as it is in the database now: all columns but INTERNAL.

    Raises SQLAlchemyError when the database does not answer.
    """
    columns = [column for column in VOTES.columns if column.name not in INTERNAL]
    found = select(*columns).where(VOTES.c.undone_at.is_(None)).order_by(VOTES.c.id)
    return pd.read_sql(found, session.connection())


def _text(box: Box) -> str:
    return json.dumps(box.as_list())


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
