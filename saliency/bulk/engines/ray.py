"""A Ray cluster, or the Ray that is begun on this machine for the run: a task a shard.

Ray Core, and not Ray Data: a shard is a task that writes a file, there is nothing to plan and no data between tasks.
Tasks, and not actors: Ray keeps the processes of a task's function, so that each loads the model once, as an actor
would; but a task whose node is gone begins again wherever a core is free, where an actor waits for a place of its own.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from saliency.bulk.errors import BulkError, cannot
from saliency.bulk.shard import Outcome, make_shard

SILENT = "RAY_USAGE_STATS_ENABLED"  # else a Ray that is begun here may tell its makers of its use
TRIES = 3  # of a shard whose process or node is gone; then it is left to `careful`


def make_all(
    output: str, numbers: Iterable[int], workers: int | None = None, address: str | None = None
) -> Iterator[Outcome]:
    """Make these shards of the run at an output, as many at once as there are workers, by default one a core.

    address: of the cluster; None begins one on this machine. Each is told of when it is done. Raises BulkError.
    """
    os.environ.setdefault(SILENT, "0")
    try:
        import ray
    except ImportError:
        raise BulkError("--engine ray needs Ray: pip install 'gazecrop[ray]'") from None
    try:
        quiet = None if address else False
        cores = None if address else workers
        ray.init(
            address or "local",
            num_cpus=cores,
            include_dashboard=quiet,
            log_to_driver=False,
            logging_level=logging.ERROR,
        )
    except Exception as error:
        raise cannot(f"reach Ray at {address}" if address else "begin Ray", error) from error
    try:
        make = ray.remote(num_cpus=1, max_retries=TRIES - 1)(_make)
        rest = iter(numbers)
        at_work: dict[Any, int] = {}
        while True:
            free = (workers or int(ray.cluster_resources().get("CPU", 1))) - len(at_work)
            for number in islice(rest, max(0, free)):
                at_work[make.remote(output, number)] = number
            if not at_work:
                return
            done, _ = ray.wait(list(at_work), timeout=5)  # by then the cluster may have grown
            for task in done:
                number = at_work.pop(task)
                try:
                    yield ray.get(task)
                except (
                    ray.exceptions.WorkerCrashedError,
                    ray.exceptions.NodeDiedError,
                    ray.exceptions.OutOfMemoryError,
                ):
                    yield Outcome(number, died=TRIES)
                except ray.exceptions.RayTaskError as error:
                    raise error.cause from None
    finally:
        ray.shutdown()


def _make(output: str, number: int) -> Outcome:
    from saliency.bulk.engines.local import settle

    settle()
    return make_shard(output, number)
