"""Votes in an SQL database: one row a vote, written once; undoing marks a row and removes nothing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import pandas as pd
from sqlalchemy import (
    Column,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    func,
    insert,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.engine import Inspector
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateColumn, CreateTable

from eval.pairs import Methods
from pages.rate.plan import BY_CHANCE, Vote
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
    Column("drawn", String(16)),  # empty in votes from before it was written down: by chance
)
INTERNAL = ("id", "shown", "undone_at")


def prepare(engine: Engine) -> None:
    """Make the table where there is none, and the columns that an older one lacks.

    Raises SQLAlchemyError when the database does not answer.
    """
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA journal_mode=WAL")  # who reads does not hold up who writes
            connection.execute(CreateTable(VOTES, if_not_exists=True))
            for column in _missing(inspect(connection)):
                connection.execute(text(f"ALTER TABLE {VOTES.name} ADD COLUMN {CreateColumn(column)}"))
    except DBAPIError:  # somebody else may have made it in the same instant
        found = inspect(engine)
        if not found.has_table(VOTES.name) or _missing(found):
            raise


def _missing(found: Inspector) -> list[Column[Any]]:
    """What the table lacks of VOTES; such columns may be empty."""
    names = {column["name"] for column in found.get_columns(VOTES.name)}
    return [column for column in VOTES.columns if column.name not in names]


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
    return pd.read_sql(found, session.connection()).fillna({"drawn": BY_CHANCE})


def count_pairs(session: Session, drawn: str) -> Counter[Methods]:
    """How many votes any two methods have of the pairs that were drawn so; not those taken back, nor of one crop.

    Raises SQLAlchemyError when the database does not answer.
    """
    sides = VOTES.c.left_method, VOTES.c.right_method
    cast = VOTES.c.undone_at.is_(None) & (VOTES.c.drawn == drawn) & (VOTES.c.choice != "same")
    counts: Counter[Methods] = Counter()
    for left, right, number in session.execute(select(*sides, func.count()).where(cast).group_by(*sides)):
        counts[frozenset((left, right))] += number
    return counts


def _text(box: Box) -> str:
    return json.dumps(box.as_list())


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
