"""What is known already, kept for all visitors: bounded in bytes and in time, the least recently used dropped first.

Beside Streamlit's own cache it counts bytes in place of entries, forgets what is old also when nobody asks, and finds a
key in microseconds: a page asks for the same crops dozens of times. Values are shared and not copied: nobody may change
them.
"""

from __future__ import annotations

import functools
import inspect
import pickle
import threading
import time
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Generic, ParamSpec, TypeVar

Value = TypeVar("Value")
Words = ParamSpec("Words")
Before = Callable[[], AbstractContextManager[object]]


@dataclass(slots=True)
class _Entry:
    value: Any
    size: int
    made: float


class Store:
    """Values by key, together at most `most` bytes, none older than `lifetime` seconds. Safe in threads.

    A value larger than all the room is handed out and not kept. now: a clock in seconds.
    """

    def __init__(self, most: int, lifetime: float, now: Callable[[], float] = time.monotonic) -> None:
        self.most = most
        self.lifetime = lifetime
        self.size = 0
        self._now = now
        self._entries: OrderedDict[Hashable, _Entry] = OrderedDict()  # the least recently used first
        self._lock = threading.Lock()
        self._making: weakref.WeakValueDictionary[Hashable, _Making] = weakref.WeakValueDictionary()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value of this key, made where it is not known: once, however many ask for it meanwhile.

        Where making it fails, its error is raised, and the next who asks tries again.
        """
        entry = self._find(key)
        if entry is not None:
            return entry.value
        with self._lock:
            making = self._making.setdefault(key, _Making())
        with making.lock:
            entry = self._find(key) or self._made(key, make())
        return entry.value

    def __contains__(self, key: Hashable) -> bool:
        return self._find(key) is not None

    def sweep(self) -> None:
        """Forget what is too old."""
        with self._lock:
            for key in [key for key, entry in self._entries.items() if self._is_old(entry)]:
                self._drop(key)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._entries.clear()
            self.size = 0

    def _find(self, key: Hashable) -> _Entry | None:
        with self._lock:
            entry = self._entries.get(key)
            if entry is not None and self._is_old(entry):
                self._drop(key)
                return None
            if entry is not None:
                self._entries.move_to_end(key)
            return entry

    def _made(self, key: Hashable, value: Any) -> _Entry:
        entry = _Entry(value, len(pickle.dumps(value, pickle.HIGHEST_PROTOCOL)), self._now())
        if entry.size > self.most:
            return entry
        with self._lock:
            self._entries[key] = entry
            self.size += entry.size
            while self.size > self.most:
                self._drop(next(iter(self._entries)))
        return entry

    def _drop(self, key: Hashable) -> None:
        self.size -= self._entries.pop(key).size

    def _is_old(self, entry: _Entry) -> bool:
        return self._now() - entry.made > self.lifetime


class _Making:
    """Whoever holds the lock makes the value; gone with the last who wants it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()


_stores: list[Store] = []


class Kept(Generic[Words, Value]):
    """A function whose results are kept."""

    def __init__(self, function: Callable[Words, Value], store: Store, before: Before) -> None:
        functools.update_wrapper(self, function)
        self.store = store
        self._function = function
        self._before = before
        self._signature = inspect.signature(function)
        self._names = [name for name in self._signature.parameters if not name.startswith("_")]

    def __call__(self, *args: Words.args, **words: Words.kwargs) -> Value:
        key = self._key(*args, **words)
        with nullcontext() if key in self.store else self._before():
            return self.store.get(key, lambda: self._function(*args, **words))

    def knows(self, *args: Words.args, **words: Words.kwargs) -> bool:
        """Whether the result is at hand."""
        return self._key(*args, **words) in self.store

    def clear(self) -> None:
        """Forget all results."""
        self.store.clear()

    def _key(self, *args: Any, **words: Any) -> Hashable:
        bound = self._signature.bind(*args, **words)
        bound.apply_defaults()
        return tuple(bound.arguments[name] for name in self._names)


def kept(
    megabytes: float, lifetime: timedelta, before: Before = nullcontext
) -> Callable[[Callable[Words, Value]], Kept[Words, Value]]:
    """Keep what a function returns, by its arguments, which are hashable; by those that begin with _ nothing is found,
    and they may be anything. Results are never changed. before: entered before a result is made, and before anybody is
    kept waiting for it: a turn in a line, say."""

    def decorate(function: Callable[Words, Value]) -> Kept[Words, Value]:
        store = Store(int(megabytes * 1e6), lifetime.total_seconds())
        _stores.append(store)
        return Kept(function, store, before)

    return decorate


def forget_old() -> None:
    """Have every store forget what is too old."""
    for store in _stores:
        store.sweep()
