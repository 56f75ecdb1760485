"""Where shards are made, by name: each engine is given their numbers, and tells of every one that is done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from saliency.bulk.shard import Outcome

Engine = Callable[[str, Iterable[int], int | None, str | None], Iterator[Outcome]]
"""output, numbers, workers (None: one a core), address of a cluster -> an outcome for each number, in any order."""


def _local(output: str, numbers: Iterable[int], workers: int | None, address: str | None) -> Iterator[Outcome]:  # noqa: ARG001
    from saliency.bulk.engines.local import make_all

    return make_all(output, numbers, workers)


def _ray(output: str, numbers: Iterable[int], workers: int | None, address: str | None) -> Iterator[Outcome]:
    from saliency.bulk.engines.ray import make_all

    return make_all(output, numbers, workers, address)


ENGINES: dict[str, Engine] = {"local": _local, "ray": _ray}
