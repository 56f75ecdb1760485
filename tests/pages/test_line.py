"""The line before the networks: order, fairness, and places that come free however their holder ends."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from pages.shared import turns
from pages.shared.line import Line, Ticket


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def line_of(places: int) -> tuple[Line, Clock]:
    clock = Clock()
    return Line(places, clock), clock


def served(line: Line, ticket: Ticket) -> bool:
    return line.wait(ticket, 0)


def arrive(line: Line, clock: Clock, *owners: str) -> list[Ticket]:
    """A ticket for each, half a second apart."""
    tickets = []
    for owner in owners:
        clock.seconds += 0.5
        tickets.append(line.join(owner))
    return tickets


def order(line: Line, tickets: list[Ticket]) -> list[str]:
    """Whose ticket is served next, until the line is empty; one place, which is taken."""
    found = []
    waiting = list(tickets)
    while waiting:
        (now,) = [ticket for ticket in waiting if served(line, ticket)]
        found.append(now.owner)
        line.leave(now)
        waiting.remove(now)
    return found


def test_as_many_as_there_are_places_work_and_the_others_come_in_order() -> None:
    line, clock = line_of(2)
    a, b, c, d = arrive(line, clock, "a", "b", "c", "d")
    assert [served(line, one) for one in (a, b, c, d)] == [True, True, False, False]
    assert [line.before(one) for one in (a, b, c, d)] == [0, 0, 2, 3]
    line.leave(b)
    assert served(line, c)
    assert line.before(d) == 2


def test_one_photo_waits_for_one_of_twenty_only() -> None:
    line, clock = line_of(1)
    tickets = [line.join("many") for _ in range(20)] + arrive(line, clock, "one", "two")
    assert order(line, tickets) == ["many", "one", "two", *["many"] * 19]


def test_who_sends_twenty_one_after_the_other_has_no_more_than_their_turn() -> None:
    line, clock = line_of(1)
    many, one = arrive(line, clock, "many", "one")
    line.leave(many)  # the first of its photos is done, the second stands in line again
    (again,) = arrive(line, clock, "many")
    assert served(line, one)
    line.leave(one)
    assert served(line, again)


def test_who_leaves_gives_up_the_place() -> None:
    line, clock = line_of(1)
    a, b, c = arrive(line, clock, "a", "b", "c")
    line.leave(b)
    assert line.before(c) == 1
    line.leave(a)
    assert served(line, c)
    line.leave(a)  # once more does nothing
    assert served(line, c)


def test_second_looks_let_first_looks_go_first_but_not_for_ever() -> None:
    line, clock = line_of(1)
    (busy,) = arrive(line, clock, "busy")
    second = line.join("patient", later=10)
    early = line.join("early")
    clock.seconds += 11
    late = line.join("late")
    assert order(line, [busy, second, early, late]) == ["busy", "early", "patient", "late"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_an_error_frees_the_place(error: type[BaseException]) -> None:
    line = Line(1)
    with pytest.raises(error), line.turn("a", _silent):
        raise error
    assert served(line, line.join("b"))


def test_who_is_called_away_while_waiting_frees_the_place() -> None:
    line = Line(1)
    first = line.join("a")

    def called_away(_before: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError), line.turn("b", called_away, every=0.001):
        pytest.fail("it is not b's turn")
    third = line.join("c")
    line.leave(first)
    assert served(line, third)


@pytest.mark.parametrize("seed", range(20))
def test_never_more_at_work_than_places_and_nobody_is_forgotten(seed: int) -> None:
    """Against the rule written out: whoever is let in is due before all who wait."""
    chance = random.Random(seed)
    line, clock = line_of(chance.randint(1, 3))
    inside: list[Ticket] = []
    waiting: list[Ticket] = []
    for _ in range(200):
        clock.seconds += 1
        if chance.random() < 0.55:
            waiting.append(line.join(chance.choice("abcd")))
        elif inside or waiting:
            gone = chance.choice(inside + waiting)
            line.leave(gone)
            (inside if gone in inside else waiting).remove(gone)
        let_in = [ticket for ticket in waiting if served(line, ticket)]
        for ticket in let_in:
            assert ticket is min(waiting, key=lambda one: one.due)
            inside.append(ticket)
            waiting.remove(ticket)
        assert len(inside) <= line.places
        assert not waiting or len(inside) == line.places
    for ticket in inside + waiting:
        line.leave(ticket)
    assert served(line, line.join("last"))


def test_threads_take_turns() -> None:
    line, most, at_work = Line(2), 0, []
    lock = threading.Lock()

    def work(owner: str) -> None:
        nonlocal most
        with line.turn(owner, _silent, every=0.01):
            with lock:
                at_work.append(owner)
                most = max(most, len(at_work))
            threading.Event().wait(0.005)
            with lock:
                at_work.remove(owner)

    threads = [threading.Thread(target=work, args=(f"visitor {n}",)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert most == 2
    assert at_work == []


def test_who_waits_is_told_how_many_are_before_until_it_is_their_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []

    @contextmanager
    def spinner(text: str) -> Iterator[None]:
        said.append(text)
        if "1 photo " in text:
            line.leave(tickets[0])
        yield
        said.append(f"no more: {text}")
        if "2 photos" in text:
            assert len(said) == 2

    line = Line(1)
    tickets = [line.join("a"), line.join("b")]
    monkeypatch.setattr(turns, "line", line)
    monkeypatch.setattr(turns.st, "spinner", spinner)
    threading.Timer(0.5, line.leave, [tickets[1]]).start()
    with turns.turn():
        assert not served(line, line.join("c"))
        with turns.turn():  # who has a place keeps it
            pass
        assert not served(line, line.join("d"))
    two, one = turns.busy_words(2), turns.busy_words(1)
    looking = "Finding where people look …"
    assert said == [two, f"no more: {two}", one, f"no more: {one}", looking, f"no more: {looking}"]


def test_a_page_may_tell_it_in_a_place_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    line, said = Line(1), list[int]()
    first = line.join("a")

    def tell(before: int) -> None:
        said.append(before)
        line.leave(first)

    monkeypatch.setattr(turns, "line", line)
    with turns.told_by(tell), turns.turn():
        assert said == [1, 0]
    with turns.turn():
        assert said == [1, 0]


def _silent(_before: int) -> None:
    return
