"""What is kept of visitors' photos: bounded in bytes and time, made once, never another's."""

from __future__ import annotations

import pickle
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import numpy as np
import pytest

from pages.shared.kept import Kept, Store, forget_old, kept
from tests.pages.test_line import Clock

PHOTO = 1000  # bytes
SIZE = len(pickle.dumps(bytes(PHOTO), pickle.HIGHEST_PROTOCOL))


def store_of(most: int, lifetime: float = 60) -> tuple[Store, Clock]:
    clock = Clock()
    return Store(most, lifetime, clock), clock


def test_the_least_recently_used_goes_first_and_bytes_are_never_more_than_allowed() -> None:
    store, _ = store_of(3 * SIZE)
    for key in "abc":
        store.get(key, lambda: bytes(PHOTO))
    assert store.get("a", _never) == bytes(PHOTO)
    store.get("d", lambda: bytes(PHOTO))
    assert [key in store for key in "abcd"] == [True, False, True, True]
    assert store.size == 3 * SIZE
    store.get("large", lambda: bytes(2 * PHOTO))
    assert store.size <= store.most
    assert len(store) == 2


def test_what_is_too_large_is_handed_out_and_not_kept() -> None:
    store, _ = store_of(SIZE)
    store.get("a", lambda: bytes(PHOTO))
    assert len(store.get("large", lambda: np.zeros(PHOTO))) == PHOTO
    assert "large" not in store
    assert "a" in store


def test_what_is_old_is_made_anew_and_leaves_memory_unasked() -> None:
    store, clock = store_of(10 * SIZE, lifetime=60)
    store.get("a", lambda: bytes(PHOTO))
    clock.seconds = 50
    store.get("b", lambda: bytes(PHOTO))
    clock.seconds = 61
    assert "a" not in store
    assert store.get("a", lambda: b"new") == b"new"
    clock.seconds = 111
    store.sweep()
    assert len(store) == 1
    assert store.size < SIZE
    store.clear()
    assert (len(store), store.size) == (0, 0)


def test_made_once_for_all_who_ask_meanwhile() -> None:
    store, started, go = Store(10 * SIZE, 60), threading.Event(), threading.Event()
    made: list[int] = []
    found: list[bytes] = []

    def make() -> bytes:
        made.append(1)
        started.set()
        go.wait(10)
        return bytes(PHOTO)

    threads = [threading.Thread(target=lambda: found.append(store.get("a", make))) for _ in range(8)]
    for thread in threads:
        thread.start()
    started.wait(10)
    assert store.get("b", lambda: b"not kept waiting") == b"not kept waiting"
    go.set()
    for thread in threads:
        thread.join(10)
    assert made == [1]
    assert len({id(value) for value in found}) == 1


def test_an_error_is_not_kept() -> None:
    store = Store(10 * SIZE, 60)
    with pytest.raises(ZeroDivisionError):
        store.get("a", lambda: 1 // 0)
    assert store.get("a", lambda: 2) == 2


def test_a_function_is_asked_once_by_its_plain_arguments() -> None:
    calls: list[tuple[str, int]] = []
    entered: list[str] = []

    @contextmanager
    def before() -> Iterator[None]:
        entered.append("in")
        yield
        entered.append("out")

    @kept(1, timedelta(seconds=0), before)
    def forgetful(digest: str, _open: object) -> str:
        return digest

    @kept(1, timedelta(hours=1), before)
    def look(digest: str, side: int = 3, _open: object = None) -> str:
        assert entered[-1] == "in"
        calls.append((digest, side))
        return digest * side

    assert isinstance(look, Kept)
    assert not look.knows("a")
    assert [look("a"), look("a", _open=print), look("a", 3), look(digest="a", side=2)] == ["aaa", "aaa", "aaa", "aa"]
    assert calls == [("a", 3), ("a", 2)]
    assert entered == ["in", "out"] * 2
    assert look.knows("a", 2, _open=len)
    forgetful("a", None)
    forget_old()
    assert len(forgetful.store) == 0
    assert len(look.store) == 2
    look.clear()
    look("a")
    assert calls[2:] == [("a", 3)]


def _never() -> bytes:
    raise AssertionError("it is known")
