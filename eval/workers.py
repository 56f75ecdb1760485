"""Processes that share a command's work, and end with it."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any

import cv2

from eval.runs import RunError
from saliency.limits import THREADS


@contextmanager
def workers(jobs: int | None, set_up: Callable[..., None], *setup: Any) -> Iterator[ProcessPoolExecutor]:
    """`jobs` processes of one thread each, as usual one a core; each first calls `set_up(*setup)`.

    An error in the block, or Ctrl-C, leaves undone what none of them has begun. Raises RunError where one was killed.
    """
    jobs = jobs or os.cpu_count()
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), _begin, (set_up, setup)) as pool:
        try:
            yield pool
        except BrokenProcessPool:
            raise RunError(
                "one of the worker processes was killed, maybe for want of memory; --jobs 1 takes the least"
            ) from None
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _begin(set_up: Callable[..., None], setup: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process: the first of them ends the others
    cv2.setNumThreads(1)
    os.environ["VIPS_CONCURRENCY"] = os.environ[THREADS] = "1"
    set_up(*setup)
