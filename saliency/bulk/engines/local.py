"""Processes of this machine, one a core. Each is a pool of its own, so that it is known which one died, and of what."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import connection

from saliency.bulk.shard import Outcome, make_shard
from saliency.limits import THREADS

TRIES = 2  # of a shard whose process dies; then it is left to `careful`


def make_all(output: str, numbers: Iterable[int], workers: int | None = None) -> Iterator[Outcome]:
    """Make these shards of the run at an output, as many at once as there are workers, by default one a core.

    Each is told of when it is done; or when the process that made it died for the second time, of a photo or of too
    little memory. However many shards there are, only those at work are in memory.
    """
    rest, others = iter(numbers), set(multiprocessing.active_children())
    pools = [one_process() for _ in range(workers or os.cpu_count() or 1)]
    at_work: dict[Future[Outcome], tuple[int, int, int]] = {}  # -> pool, shard, how often it was begun before

    def begin(place: int, number: int | None, before: int = 0) -> None:
        if number is not None:
            with _unheard_interrupts():
                at_work[pools[place].submit(make_shard, output, number)] = place, number, before

    try:
        for place in range(len(pools)):
            begin(place, next(rest, None))
        while at_work:
            for future in wait(at_work, return_when=FIRST_COMPLETED).done:
                place, number, before = at_work.pop(future)
                try:
                    outcome = future.result()
                except BrokenProcessPool:
                    pools[place] = one_process()
                    if before + 1 < TRIES:
                        begin(place, number, before + 1)
                        continue
                    outcome = Outcome(number, died=before + 1)
                begin(place, next(rest, None))
                yield outcome
    finally:
        for child in set(multiprocessing.active_children()) - others:
            child.kill()  # a shard that is not finished is not there
        for pool in pools:
            pool.shutdown(cancel_futures=True)


def one_process() -> ProcessPoolExecutor:
    """One process, begun afresh: a forked one would have the locks and threads of this one."""
    return ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), _begin)


def settle() -> None:
    """One thread a process, as there is one process a core."""
    import cv2

    os.environ[THREADS] = "1"
    cv2.setNumThreads(1)


def _begin() -> None:
    settle()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """No process outlives the run, however that ends."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


@contextlib.contextmanager
def _unheard_interrupts() -> Iterator[None]:
    """A process that is begun meanwhile never hears of Ctrl-C, which is sent to all of a terminal's at once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
