"""Votes on crops: statistics against published numbers and other programs, storage under pressure, the order of pairs.

GAZECROP_TEST_POSTGRES=postgresql+psycopg://… runs the storage tests on that server too, in schemas of their own.
"""

from __future__ import annotations

import itertools
import os
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from statistics import NormalDist
from uuid import uuid4

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.stats import binomtest
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from eval.pairs import SAME, Comparison
from eval.ratings import FEWEST, compare_pairs, expected_wins, fit, rank, wilson
from pages.rate import connection
from pages.rate.figures import pairs_figure, ranking_figure, verdict
from pages.rate.plan import BY_CHANCE, WANTED, WORDPRESS, Round, Setup, Vote, begin
from pages.rate.store import VOTES, add_votes, count_pairs, prepare, read_votes, undo_vote
from saliency.types import Aspect, Box

POSTGRES = os.environ.get("GAZECROP_TEST_POSTGRES", "")
WRITERS, VOTES_EACH = 4, 100
PROGRAMS = get_context("forkserver")
PROGRAMS.set_forkserver_preload([__name__])
METHODS = ("gaze", "face", "center")


# --- statistics


@given(of=st.integers(1, 500), data=st.data(), level=st.sampled_from([0.8, 0.95, 0.99]))
def test_wilson_is_where_the_share_seen_is_just_too_far(of: int, data: st.DataObject, level: float) -> None:
    """Its definition: from either end, the share seen is as many standard deviations away as the level allows."""
    count = data.draw(st.integers(0, of))
    low, high = wilson(count, of, level)
    assert 0 <= low <= count / of <= high <= 1
    assert low > 0 or count == 0
    assert high < 1 or count == of
    reach = NormalDist().inv_cdf((1 + level) / 2)
    for end in (low, high):
        assert abs(count / of - end) == pytest.approx(reach * (end * (1 - end) / of) ** 0.5, abs=1e-9)


def test_wilson_of_nothing_is_everything() -> None:
    assert wilson(0, 0) == (0, 1)


@pytest.mark.parametrize(("count", "of"), [(-1, 3), (4, 3), (0, -1)])
def test_wilson_refuses_impossible_counts(count: int, of: int) -> None:
    with pytest.raises(ValueError, match=f"got {count} of {of}"):
        wilson(count, of)


def votes_of(*rows: tuple[str, str, str, int]) -> pd.DataFrame:
    """(left, right, choice, times) -> a table of votes; every vote by another rater on another photo."""
    flat = [row[:3] for row in rows for _ in range(row[3])]
    table = pd.DataFrame(flat, columns=["left_method", "right_method", "choice"])
    names = range(len(flat))
    return table.assign(rater=[f"r{n}" for n in names], source="samples", photo=[f"p{n}" for n in names])


def test_pairs_counted_by_hand() -> None:
    votes = votes_of(
        ("gaze", "center", "left", 20), ("center", "gaze", "right", 8), ("gaze", "center", "right", 5),
        ("center", "gaze", "left", 3), ("gaze", "center", "none", 9), ("center", "gaze", "same", 4),
        ("face", "gaze", "left", 1), ("face", "center", "same", 2),
    )  # fmt: skip
    first, second, third = compare_pairs(votes).to_dict("records")
    assert first | {"share": 0, "low": 0, "high": 0} == {
        "first": "gaze", "second": "center", "votes": 45, "better": 28, "none": 9, "worse": 8, "same": 4,
        "share": 0, "low": 0, "high": 0, "decided": True, "more": 0,  # 2^36 28! 8! / 37! is 61
    }  # fmt: skip
    # 28 of 45 by hand: (0.6222 + 0.0427 -+ 1.96 sqrt(0.6222 * 0.3778 / 45 + 0.000474)) / 1.0854
    assert (first["share"], first["low"], first["high"]) == pytest.approx((0.6222, 0.4763, 0.7489), abs=5e-4)
    assert (second["first"], second["votes"], second["share"]) == ("face", 1, 1.0)
    assert (third["votes"], third["same"]) == (0, 2)
    assert np.isnan([third["share"], third["low"], third["high"], third["more"]]).all()


def test_sides_do_not_matter() -> None:
    votes = simulated(300, {"gaze": 0.8, "face": -0.3, "center": 0.0}, 1.0)
    swapped = votes.rename(columns={"left_method": "right_method", "right_method": "left_method"})
    swapped["choice"] = votes["choice"].replace({"left": "right", "right": "left"})
    pd.testing.assert_frame_equal(compare_pairs(votes), compare_pairs(swapped))
    pd.testing.assert_frame_equal(rank(votes), rank(swapped))


def test_tables_that_are_not_votes_are_refused() -> None:
    votes = votes_of(("gaze", "face", "left", 1))
    for function in (compare_pairs, rank):
        with pytest.raises(ValueError, match="missing: choice"):
            function(votes.drop(columns="choice"))
        with pytest.raises(ValueError, match="missing: source"):
            function(votes.drop(columns="source"))
        with pytest.raises(ValueError, match="unknown choice 'up'; available: left"):
            function(votes.assign(choice="up"))


def test_no_votes_give_empty_tables() -> None:
    for votes in (votes_of(), votes_of(("gaze", "face", "same", 3))):
        assert rank(votes).empty
        assert (compare_pairs(votes)["votes"] == 0).all()


def test_fit_gives_the_published_abilities_of_the_american_league() -> None:
    """Seven baseball teams in 1987, 13 games a pair: Agresti, "Categorical data analysis", 1990, section 10.6."""
    won = np.array(
        [
            [0, 7, 9, 7, 7, 9, 11],  # Milwaukee
            [6, 0, 7, 5, 11, 9, 9],  # Detroit
            [4, 6, 0, 7, 7, 8, 12],  # Toronto
            [6, 8, 6, 0, 6, 7, 10],  # New York
            [6, 2, 6, 7, 0, 7, 12],  # Boston
            [4, 4, 5, 6, 6, 0, 6],  # Cleveland
            [2, 4, 1, 3, 1, 7, 0],  # Baltimore
        ],
        float,
    )
    assert (won + won.T == 13 * (1 - np.eye(7))).all()
    strength, tie = fit(won, np.zeros_like(won), prior=0)
    assert strength - strength[-1] == pytest.approx([1.58, 1.44, 1.29, 1.25, 1.11, 0.68, 0.0], abs=0.005)
    assert tie == 0


def test_fit_of_two_methods_has_a_closed_form() -> None:
    """One pair and three free probabilities: p_1 / p_2 = wins / losses, v = ties / sqrt(wins * losses)."""
    strength, tie = fit(np.array([[0.0, 12], [5, 0]]), np.array([[0.0, 7], [7, 0]]), prior=0)
    assert strength[0] - strength[1] == pytest.approx(np.log(12 / 5))
    assert tie == pytest.approx(7 / np.sqrt(60))


def log_posterior(parameters: np.ndarray, won: np.ndarray, tied: np.ndarray, prior: float) -> float:
    """Davidson's likelihood written out pair by pair, and the imagined votes."""
    *strengths, log_tie = parameters
    p, tie = np.exp(strengths), np.exp(log_tie)
    more = prior / (len(p) - 1)
    total = 0.0
    for i in range(len(p)):
        for j in range(i):
            root = tie * np.sqrt(p[i] * p[j])
            whole = p[i] + p[j] + root
            total += (won[i, j] + more) * np.log(p[i] / whole) + (won[j, i] + more) * np.log(p[j] / whole)
            total += (tied[i, j] + more) * np.log(root / whole)
    return float(total)


@pytest.mark.parametrize("seed", range(6))
def test_fit_finds_the_maximum_that_a_general_optimiser_finds(seed: int) -> None:
    rng = np.random.default_rng(seed)
    k, prior = int(rng.integers(2, 6)), float(rng.choice([0.5, 1, 3]))
    won = rng.poisson(rng.uniform(0, 9), (k, k)) * (1.0 - np.eye(k))
    tied = np.triu(rng.poisson(3, (k, k)), 1).astype(float)
    tied += tied.T
    strength, tie = fit(won, tied, prior)
    best = minimize(
        lambda x: -log_posterior(x, won, tied, prior), np.zeros(k + 1), method="BFGS", options={"gtol": 1e-7}
    )
    assert strength == pytest.approx(best.x[:k] - best.x[:k].mean(), abs=2e-5)
    assert np.log(tie) == pytest.approx(best.x[k], abs=2e-5)


def test_fits_of_many_tables_at_once_are_those_of_each() -> None:
    rng = np.random.default_rng(3)
    won = rng.poisson(4, (5, 3, 3)) * (1.0 - np.eye(3))
    tied = np.zeros((5, 3, 3))
    strengths, ties = fit(won, tied)
    for n in range(5):
        strength, tie = fit(won[n], tied[n])
        assert strengths[n] == pytest.approx(strength, abs=1e-6)
        assert ties[n] == pytest.approx(tie, abs=1e-6)


def test_few_votes_stay_finite_and_strangers_can_be_ranked() -> None:
    ranking = rank(votes_of(("gaze", "face", "left", 3), ("center", "gaze-argmax", "right", 1)))
    assert np.isfinite(ranking[["strength", "wins"]]).all(axis=None)
    assert list(ranking["method"]) == ["gaze", "gaze-argmax", "center", "face"]
    assert ranking["strength"].sum() == pytest.approx(0)


def test_expected_wins_are_the_mean_chance_against_the_others() -> None:
    p = np.array([3.0, 1.0, 0.5])
    assert expected_wins(np.log(p)) == pytest.approx(
        [(3 / 4 + 3 / 3.5) / 2, (1 / 4 + 1 / 1.5) / 2, (1 / 7 + 1 / 3) / 2]
    )


def simulated(count: int, strengths: dict[str, float], tie: float, seed: int = 0) -> pd.DataFrame:
    """Votes drawn from Davidson's model, by 12 raters on 20 photos."""
    rng = np.random.default_rng(seed)
    rows = []
    for _ in range(count):
        left, right = rng.permutation(list(strengths))[:2]
        p, q = np.exp(strengths[left]), np.exp(strengths[right])
        odds = np.array([p, q, tie * np.sqrt(p * q)])
        choice = rng.choice(["left", "right", "none"], p=odds / odds.sum())
        rows.append((left, right, choice, f"r{rng.integers(12)}", "samples", f"p{rng.integers(20)}"))
    return pd.DataFrame(rows, columns=["left_method", "right_method", "choice", "rater", "source", "photo"])


def test_ranking_recovers_what_votes_were_drawn_from() -> None:
    truth = {"gaze": 0.9, "face": -0.1, "center": 0.0, "face-haar": -0.8}
    ranking = rank(simulated(6000, truth, 0.8)).set_index("method")
    assert list(ranking.index) == ["gaze", "center", "face", "face-haar"]
    expected = pd.Series(expected_wins(np.array(list(truth.values()))), list(truth))[ranking.index]
    assert (ranking["wins"] - expected).abs().max() < 0.02
    assert (ranking["low"] < expected).all()
    assert (expected < ranking["high"]).all()
    assert ranking["votes"].sum() == 2 * 6000


def test_intervals_are_those_of_drawing_raters_and_photos_row_by_row() -> None:
    """Owen's pigeonhole bootstrap, literally: a vote enters once for every draw of its rater times its photo."""
    votes = simulated(150, {"gaze": 0.5, "face": 0.0, "center": -0.2}, 0.5, seed=1)
    ranking = rank(votes).set_index("method")
    rng = np.random.default_rng(99)
    drawn = []
    for _ in range(200):
        raters = Counter(rng.choice(votes["rater"].unique(), votes["rater"].nunique()))
        photos = Counter(rng.choice(votes["photo"].unique(), votes["photo"].nunique()))
        times = [raters[row.rater] * photos[row.photo] for row in votes.itertuples()]
        again = votes.loc[votes.index.repeat(times)].assign(rater="one", photo="one")
        drawn.append(rank(again).set_index("method")["wins"])
    bounds = pd.DataFrame(drawn).quantile([0.025, 0.975])
    for method in METHODS:
        assert ranking.loc[method, ["low", "high"]].to_numpy(float) == pytest.approx(
            bounds[method].to_numpy(), abs=0.04
        )


def test_intervals_are_not_made_up_from_too_few() -> None:
    votes = simulated(80, {"gaze": 0.5, "center": 0.0}, 0.5)
    few = votes.assign(rater="me", photo=[f"p{n % (FEWEST - 1)}" for n in range(80)])
    assert rank(few)[["low", "high"]].isna().all(axis=None)
    enough = votes.assign(rater="me", photo=[f"p{n % FEWEST}" for n in range(80)])
    assert rank(enough)[["low", "high"]].notna().all(axis=None)
    assert rank(enough).equals(rank(enough)), "the same votes give the same intervals"


def test_photos_of_two_sources_with_one_name_are_two_photos() -> None:
    votes = simulated(150, {"gaze": 0.5, "face": 0.0, "center": -0.2}, 0.5)
    names = votes["photo"].str[1:].astype(int)
    split = votes.assign(source=np.where(names < 10, "scene", "crowd"), photo="p" + (names % 10).astype(str))
    pd.testing.assert_frame_equal(rank(split), rank(votes))


@pytest.mark.parametrize(
    ("better", "worse", "none", "words"),
    [
        (110, 87, 133, "About 2,000 more votes to decide"),
        (3, 1, 0, "Too early to say how many more decide"),
        (15_000, 15_000, 0, "More than 10,000 more votes to decide"),
    ],
)
def test_how_many_more_votes_is_said_as_roughly_as_it_is_known(better: int, worse: int, none: int, words: str) -> None:
    votes = votes_of(
        ("gaze", "center", "left", better), ("gaze", "center", "right", worse), ("gaze", "center", "none", none)
    )
    assert verdict(compare_pairs(votes).iloc[0]) == words


def test_figures_show_the_numbers_of_the_tables() -> None:
    votes = votes_of(("gaze", "center", "left", 28), ("gaze", "center", "none", 9), ("center", "gaze", "left", 8),
                     ("face", "center", "same", 1))  # fmt: skip
    figure = pairs_figure(compare_pairs(votes))
    assert [bar.x[0] for bar in figure.data if bar.type == "bar"] == pytest.approx([28 / 45, 9 / 45, 8 / 45])
    assert [bar.base[0] for bar in figure.data if bar.type == "bar"] == pytest.approx([0, 28 / 45, 37 / 45])
    (words,) = [annotation.text for annotation in figure.layout.annotations]
    assert words == (
        "Saliency better than Centre<br>in <b>62\u00a0%</b> [48, 75] of 45 votes:<br>"
        "28 for, 8 against, 9 no difference<br>Decided"
    )
    ranking = rank(votes)
    marks = [trace.x[0] for trace in ranking_figure(ranking).data]
    assert marks == pytest.approx(list(ranking["wins"]))
    assert list(ranking_figure(ranking).layout.yaxis.ticktext) == ["Saliency", "Centre"]


# --- storage


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'votes.sqlite'}"
        return
    if not POSTGRES:
        pytest.skip("needs GAZECROP_TEST_POSTGRES=postgresql+psycopg://…")
    schema = f"gazecrop_{uuid4().hex[:12]}"
    server = create_engine(POSTGRES)
    with server.begin() as session:
        session.execute(text(f"CREATE SCHEMA {schema}"))
    yield make_url(POSTGRES).update_query_dict({"options": f"-csearch_path={schema}"}).render_as_string(False)
    with server.begin() as session:
        session.execute(text(f"DROP SCHEMA {schema} CASCADE"))


def engine_of(url: str) -> Engine:
    """As the app opens it."""
    if url.startswith("sqlite"):
        return create_engine(url, poolclass=NullPool, connect_args={"timeout": connection.BUSY_SECONDS})
    return create_engine(url)


def vote(rater: str = "ann", choice: str = "left", **changes: str) -> Vote:
    given = {"shown": uuid4().hex, "source": "samples", "photo": "coffee.jpg", "aspect": "16:9", "drawn": WORDPRESS}
    given |= changes
    return Vote(
        **given, rater=rater, choice=choice, left_method="gaze", right_method="center",
        left_box=Box(0, 1, 20, 10), right_box=Box(0, 5, 20, 10),
    )  # fmt: skip


def test_what_is_written_is_read_after_a_restart(url: str) -> None:
    prepare(engine_of(url))
    with Session(engine_of(url)) as session:
        add_votes(session, [vote(choice="same"), vote("bob", "none", photo="Zoë's 猫.jpg")])
    prepare(engine_of(url))  # a new program
    with Session(engine_of(url)) as session:
        table = read_votes(session)
    assert list(table["choice"]) == ["same", "none"]
    assert table.loc[1].drop("at").to_dict() == {
        "rater": "bob", "source": "samples", "photo": "Zoë's 猫.jpg", "aspect": "16:9", "left_method": "gaze",
        "right_method": "center", "left_box": "[0, 1, 20, 10]", "right_box": "[0, 5, 20, 10]", "choice": "none",
        "drawn": WORDPRESS,
    }  # fmt: skip
    age = pd.Timestamp.now("UTC") - pd.to_datetime(table["at"])
    assert (age < pd.Timedelta("5min")).all()


def test_votes_of_before_pairs_were_drawn_by_plan_are_kept_as_by_chance(url: str) -> None:
    engine = engine_of(url)
    with engine.begin() as old:
        old.execute(text(OLD_TABLE))
        old.execute(
            text(
                "INSERT INTO votes VALUES (1, 'one', '2026-01-01T00:00:00+00:00', 'ann', 'samples', 'coffee.jpg', "
                "'16:9', 'gaze', 'center', '[0, 1, 20, 10]', '[0, 5, 20, 10]', 'left', NULL)"
            )
        )
    for _ in range(2):
        prepare(engine)
    with Session(engine) as session:
        add_votes(session, [vote("bob")])
        assert list(read_votes(session)["drawn"]) == [BY_CHANCE, WORDPRESS]
        assert list(read_votes(session)["rater"]) == ["ann", "bob"]


OLD_TABLE = """CREATE TABLE votes (
    id INTEGER NOT NULL PRIMARY KEY, shown VARCHAR(32) NOT NULL UNIQUE, at VARCHAR(32) NOT NULL,
    rater VARCHAR(32) NOT NULL, source VARCHAR(32) NOT NULL, photo TEXT NOT NULL, aspect VARCHAR(48) NOT NULL,
    left_method VARCHAR(64) NOT NULL, right_method VARCHAR(64) NOT NULL, left_box VARCHAR(64) NOT NULL,
    right_box VARCHAR(64) NOT NULL, choice VARCHAR(8) NOT NULL, undone_at VARCHAR(32))"""


def test_the_votes_of_a_plan_are_counted_two_by_two(url: str) -> None:
    prepare(engine_of(url))
    taken_back = vote("ann")
    turned = replace(vote(), left_method="center", right_method="gaze")
    with Session(engine_of(url)) as session:
        add_votes(session, [vote(), vote(choice="none"), vote(choice="same"), vote(drawn=BY_CHANCE), taken_back])
        add_votes(session, [turned, replace(vote(), right_method="face")])
        undo_vote(session, "ann", taken_back.shown)
        assert count_pairs(session, WORDPRESS) == {frozenset(("gaze", "center")): 3, frozenset(("gaze", "face")): 1}


def test_a_vote_sent_twice_is_one_row_and_the_first_stands(url: str) -> None:
    prepare(engine_of(url))
    first = vote(choice="left")
    with Session(engine_of(url)) as session:
        add_votes(session, [first])
        add_votes(session, [first])
        add_votes(session, [Vote(**{name: getattr(first, name) for name in first.__slots__} | {"choice": "right"})])
        assert list(read_votes(session)["choice"]) == ["left"]


def test_votes_are_written_together_or_not_at_all(url: str) -> None:
    prepare(engine_of(url))
    known = vote()
    with Session(engine_of(url)) as session:
        add_votes(session, [known])
        with pytest.raises(SQLAlchemyError):
            add_votes(session, [vote(), known])
        assert len(read_votes(session)) == 1


def test_undo_takes_back_ones_own_vote_and_nothing_else(url: str) -> None:
    prepare(engine_of(url))
    mine, older, others = vote("ann", "left"), vote("ann", "right"), vote("bob", "none")
    with Session(engine_of(url)) as session:
        add_votes(session, [older, others, mine])
        undo_vote(session, "bob", mine.shown)
        assert len(read_votes(session)) == 3
        undo_vote(session, "ann", mine.shown)
        undo_vote(session, "ann", mine.shown)
        assert list(read_votes(session)["choice"]) == ["right", "none"]
        rows = session.execute(VOTES.select().where(VOTES.c.undone_at.is_not(None))).all()
        assert [row.shown for row in rows] == [mine.shown], "marked, not removed"


def write_votes(url: str, rater: str) -> int:
    """One program: makes the table if it is first, writes its votes, takes every tenth back, and reads in between."""
    engine = engine_of(url)
    prepare(engine)
    for number in range(VOTES_EACH):
        given = vote(rater, photo=str(number))
        with Session(engine) as session:
            add_votes(session, [given])
        if number % 10 == 0:
            with Session(engine) as session:
                undo_vote(session, rater, given.shown)
                read_votes(session)
    return VOTES_EACH


def test_programs_that_write_at_once_lose_nothing(url: str) -> None:
    raters = [f"rater {n}" for n in range(WRITERS)]
    with ProcessPoolExecutor(WRITERS, mp_context=PROGRAMS) as programs:
        assert list(programs.map(write_votes, itertools.repeat(url), raters)) == [VOTES_EACH] * WRITERS
    with Session(engine_of(url)) as session:
        table = read_votes(session)
        assert session.query(VOTES).count() == WRITERS * VOTES_EACH
    expected = {(rater, str(n)) for rater in raters for n in range(VOTES_EACH) if n % 10}
    assert len(table) == len(expected)
    assert set(zip(table["rater"], table["photo"], strict=True)) == expected


# --- where votes are kept


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("nonsense", "GAZECROP_RATINGS_URL is not the address of a database; write it like sqlite:////folder"),
        ("nobase://host/name", "is not the address of a database"),
        ("mysql://me:secret@host/name", "needs a package (No module named 'MySQLdb')"),
        ("postgresql://me:secret@127.0.0.1:1/name", "does not answer"),
        ("sqlite:////proc/none/votes.sqlite", "does not answer"),
    ],
)
def test_a_database_that_cannot_be_had_is_explained(monkeypatch: pytest.MonkeyPatch, address: str, words: str) -> None:
    if address.startswith("postgresql"):
        pytest.importorskip("psycopg", reason="needs psycopg: pip install 'psycopg[binary]'")
    monkeypatch.setenv(connection.VARIABLE, address)
    with pytest.raises(connection.RatingsError) as reason:
        connection.open_ratings()
    assert words in str(reason.value)
    assert "secret" not in str(reason.value)


class NoPsycopg:
    """A finder of modules on a machine without that package."""

    def find_spec(self, name: str, *rest: object) -> None:  # noqa: ARG002
        if name == "psycopg":
            raise ModuleNotFoundError("No module named 'psycopg'", name=name)


def test_postgres_without_its_driver_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "psycopg"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [NoPsycopg(), *sys.meta_path])
    monkeypatch.setenv(connection.VARIABLE, "postgres://me@127.0.0.1/nothing")
    with pytest.raises(
        connection.RatingsError, match=r"\(No module named 'psycopg'\).*pip install 'psycopg\[binary\]'"
    ):
        connection.open_ratings()


def test_the_folder_of_the_file_is_made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(connection.VARIABLE, f"sqlite:///{tmp_path / 'a' / 'b' / 'votes.sqlite'}")
    with connection.open_ratings().session as session:
        add_votes(session, [vote()])
        assert session.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert session.execute(text("PRAGMA busy_timeout")).scalar() == connection.BUSY_SECONDS * 1000
    assert (tmp_path / "a" / "b" / "votes.sqlite").exists()


# --- what is shown


PAIRS = (("gaze", "face"), ("gaze", "center"), ("face", "center"))
SETUP = Setup(("p1", "p2", "p3"), (Aspect(16, 9), Aspect(1, 1)), PAIRS)


def look(turn: Round, overlap: float = 0.3) -> None:
    """At the next photo, of which all crops overlap so much."""
    photo = turn.unseen[0]
    turn.seen(photo, [(Comparison(photo, *asked, overlap=overlap), vote()) for asked in turn.questions_on(photo)])


def rated(turn: Round) -> list[Comparison]:
    """What is shown to a visitor who votes on everything there is."""
    shown = []
    while not turn.finished:
        while turn.unseen:
            look(turn)
        if turn.waits:
            turn.draw()
        shown.append(turn.comparison)
        turn.vote()
    return shown


def test_every_pair_is_asked_once_for_every_photo_and_format() -> None:
    asked = Counter((c.photo, str(c.aspect), *sorted((c.left, c.right))) for c in rated(begin(SETUP, "seed")))
    pairs = list(itertools.combinations(sorted(METHODS), 2))
    assert asked == Counter((p, a, *pair) for p in SETUP.photos for a in ("16:9", "1:1") for pair in pairs)


def test_a_plan_asks_for_its_own_pairs_only() -> None:
    plan = Setup(("p1", "p2"), SETUP.aspects, PAIRS[:2], WORDPRESS)
    assert {c.methods for c in rated(begin(plan, "seed"))} == {frozenset(pair) for pair in PAIRS[:2]}


def test_order_and_sides_are_random_but_repeatable() -> None:
    plans = [rated(begin(SETUP, f"rater {n}")) for n in range(200)]
    assert rated(begin(SETUP, "rater 7")) == plans[7]
    assert len({tuple(plan) for plan in plans}) == 200
    lefts = Counter(c.left for plan in plans for c in plan)
    for method in METHODS:  # each is one of the two in 12 of 18 comparisons
        assert binomtest(lefts[method], 200 * 12).pvalue > 1e-4
    firsts = Counter(plan[0].photo for plan in plans)
    assert min(firsts.values()) > 40


def test_what_was_asked_is_not_asked_again() -> None:
    first = begin(SETUP, "seed")
    look(first)
    first.draw()
    voted = first.comparison
    first.vote()
    look(first, SAME)
    assert len(first.questions()) == 7
    again = rated(begin(SETUP, "other", first.questions()))
    assert len(again) == 18 - 7
    assert not {c.question for c in again} & {voted.question, *first.same}


def test_a_round_goes_on_and_back() -> None:
    turn = begin(SETUP, "seed")
    assert (turn.total, turn.finished, turn.waits) == (18, False, True)
    look(turn, SAME)
    assert (len(turn.pending), len(turn.same), turn.total) == (6, 6, 12)
    look(turn)
    turn.draw()
    shown, comparison = turn.shown, turn.comparison
    turn.vote()
    assert (turn.cast, turn.pending, turn.waits) == ([shown], [], True)
    turn.draw()
    turn.undo()
    assert (turn.comparison, turn.cast, turn.total, turn.waits) == (comparison, [], 12, False)
    assert turn.shown != shown, "shown anew"


def test_a_round_ends_when_enough_is_rated_or_nothing_is_left() -> None:
    small = begin(SETUP, "seed")
    assert len(rated(small)) == 18
    assert not small.ready
    long = begin(Setup(tuple(f"p{n}" for n in range(100)), SETUP.aspects, PAIRS), "seed")
    assert long.total == WANTED
    assert len(rated(long)) == WANTED
    assert long.ready


@pytest.mark.parametrize("overlap", [SAME - 1e-9, SAME])
def test_crops_that_look_the_same_are_never_shown(overlap: float) -> None:
    turn = begin(SETUP, "seed")
    while turn.unseen:
        look(turn, overlap)
    assert (len(turn.ready), len(turn.same)) == ((18, 0) if overlap < SAME else (0, 18))
    assert turn.finished == (overlap >= SAME)


def test_photos_that_cannot_be_opened_do_not_count() -> None:
    turn = begin(SETUP, "seed")
    turn.give_up("p2", ValueError("no picture"))
    assert turn.total == 12
    assert {c.photo for c in rated(turn)} == {"p1", "p3"}
