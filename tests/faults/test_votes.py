"""Bad days of the votes: what the database cannot take is told, and no vote is lost or counted twice."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.orm import Session
from streamlit.testing.v1 import AppTest

from pages.rate import connection, store
from pages.rate.connection import VARIABLE
from tests.faults.program import ROOT
from tests.pages.app import open_page
from tests.pages.test_rate import A, B, press, rows

VOTER = """
import sys
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from pages.rate.plan import BY_CHANCE, Vote
from pages.rate.store import add_votes, prepare
from saliency.types import Box

engine = create_engine(sys.argv[1])
prepare(engine)
for number in range(100_000):
    boxes = Box(0, 0, 9, 9), Box(1, 0, 9, 9)
    vote = Vote(f"pair {number}", "me", "samples", "a.jpg", "1:1", "gaze", "center", *boxes, BY_CHANCE, "left")
    with Session(engine) as session:
        add_votes(session, [vote])
    print(number, flush=True)
"""


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    path = tmp_path / "votes.sqlite"
    monkeypatch.setenv(VARIABLE, f"sqlite:///{path}")
    return path


def vote_in_vain(page: AppTest) -> None:
    """A vote that is not stored is told, and its pair stays on screen."""
    shown = page.session_state["rate-round"].shown
    press(page, A)
    assert "Your vote was not stored" in page.error[0].value
    assert "Please vote again" in page.error[0].value
    assert page.session_state["rate-round"].shown == shown


def test_locked(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While somebody else has the database of votes locked, a vote waits a bounded time, then its visitor is told."""
    assert connection.BUSY_SECONDS <= 10
    monkeypatch.setattr(connection, "BUSY_SECONDS", 0.2)
    page = open_page("rate")
    other = sqlite3.connect(database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    vote_in_vain(page)
    other.execute("ROLLBACK")
    other.close()
    press(page, B)
    assert not page.error
    assert [row["choice"] for row in rows(database)] == ["right"]


def test_full(database: Path) -> None:
    """A full disk takes no vote and says so; with room again the same pair is voted on, and counted once."""
    event.listen(Engine, "connect", _make_small_pages)
    try:
        page = open_page("rate")
    finally:
        event.remove(Engine, "connect", _make_small_pages)
    event.listen(Engine, "connect", _allow_no_page_more)
    try:
        vote_in_vain(page)
    finally:
        event.remove(Engine, "connect", _allow_no_page_more)
    press(page, B)
    assert not page.error
    assert [row["choice"] for row in rows(database)] == ["right"]


def _make_small_pages(connection: sqlite3.Connection, _: object) -> None:
    connection.execute("PRAGMA page_size = 512")  # bytes: no vote fits into what is left of one


def _allow_no_page_more(connection: sqlite3.Connection, _: object) -> None:
    connection.execute("PRAGMA max_page_count = 1")  # SQLite takes the pages that there are, as on a full disk


def test_read_only(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that may only be read takes no vote and says so, and its results are still shown."""
    page = open_page("rate")
    press(page, A)
    monkeypatch.setenv(VARIABLE, f"sqlite:///file:{database}?mode=ro&uri=true")
    page = open_page("rate", results="true")
    assert not page.error
    vote_in_vain(page)
    assert page.metric[0].label == "Votes"
    assert page.metric[0].value == "1"


def _remove(database: Path) -> None:
    for path in database.parent.glob(f"{database.name}*"):
        path.unlink()


def _spoil(database: Path) -> None:
    _remove(database)
    database.write_bytes(b"no database " * 1000)


@pytest.mark.parametrize("lose", [_remove, _spoil])
def test_gone_in_the_middle(database: Path, lose: Callable[[Path], None]) -> None:
    """A database that is removed or overwritten in a round is told; once it can be had again, voting goes on."""
    page = open_page("rate")
    press(page, A)
    lose(database)
    press(page, A)
    assert page.error
    assert "log of the app" in page.error[0].value
    _remove(database)
    page.run()
    press(page, B)
    assert not page.error
    assert [row["choice"] for row in rows(database)] == ["right"]


def test_killed(tmp_path: Path) -> None:
    """After the app is killed in the middle of votes, each that was acknowledged is there, once, and no half one."""
    database = tmp_path / "votes.sqlite"
    command = [sys.executable, "-c", VOTER, f"sqlite:///{database}"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as voter:
        assert voter.stdout
        for _ in range(20):
            voter.stdout.readline()
        voter.kill()
        acknowledged = 20 + len(voter.stdout.read().splitlines())
    assert voter.returncode == -signal.SIGKILL
    with Session(create_engine(f"sqlite:///{database}")) as session:
        votes = store.read_votes(session)
    assert len(votes) in (acknowledged, acknowledged + 1), "one may have been killed before it could tell"
    with sqlite3.connect(database) as file:
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert file.execute("SELECT COUNT(DISTINCT shown) FROM votes").fetchone() == (len(votes),)


def test_clock_set_back(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the clock set back, votes stay in the order in which they were given, and can be taken back."""
    hours = iter(range(100, 0, -1))
    now = datetime.now(UTC)
    monkeypatch.setattr(store, "_now", lambda: (now + timedelta(hours=next(hours))).isoformat(timespec="seconds"))
    page = open_page("rate")
    for label in (A, B, A):
        press(page, label)
    with Session(create_engine(f"sqlite:///{database}")) as session:
        votes = store.read_votes(session)
    assert votes[votes["choice"] != "same"]["choice"].tolist() == ["left", "right", "left"]
    assert votes["at"].is_monotonic_decreasing
    press(page, "Undo")
    assert [row["choice"] for row in rows(database)] == ["left", "right"]
