"""Make a run: every method on every sample, on all cores, resumable."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, as_completed
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from tqdm import tqdm

from eval.benchmark import measure
from eval.context import Context, make_context
from eval.datasets import Sample, load_dataset, read_folder
from eval.machine import commit, processor, versions
from eval.methods import load_methods
from eval.peers import PeerUnavailable
from eval.runs import Run, append_progress, save_run, start_progress
from eval.scenes import judge
from eval.types import SCENES, Outcome
from eval.workers import workers
from saliency.image import ImageError
from saliency.models import NETWORKS
from saliency.models.weights import load_manifest
from saliency.types import Method

Loaded = tuple[list[Method], dict[str, PeerUnavailable]]


class RunScope(Protocol):
    """What a run is of. Worker processes get it too, and load the methods."""

    def samples(self) -> dict[str, list[Sample]]:
        """The samples to judge, by dataset. Raises DatasetNotFound or DatasetError."""
        ...

    def scene_names(self) -> list[judge.SceneName]:
        """The scenes to judge."""
        ...

    def methods_of(self, dataset: str) -> Loaded:
        """Those that judge a dataset's samples, as `load_methods`."""
        ...

    def context_of(self, dataset: str, samples: Sequence[Sample]) -> Context | None:
        """What is known of a dataset; None where no maps are compared."""
        ...

    def describe(self, data: dict[str, str]) -> dict[str, Any]:
        """What makes two runs the same run, for resuming: the scope, the data and the weights."""
        ...


@dataclass(frozen=True)
class Scope:
    """Datasets by name, a folder of the user's own or None, the split, methods by name; with or without the drawn
    scenes."""

    datasets: tuple[str, ...]
    folder: Path | None
    split: str
    methods: tuple[str, ...]
    scenes: bool = False

    def samples(self) -> dict[str, list[Sample]]:
        """As in `RunScope`."""
        found = {name: load_dataset(name, self.split) for name in self.datasets}
        return found | ({"folder": read_folder(self.folder)} if self.folder else {})

    def scene_names(self) -> list[judge.SceneName]:
        """As in `RunScope`."""
        return judge.scene_names() if self.scenes else []

    def methods_of(self, dataset: str) -> Loaded:  # noqa: ARG002
        """The same for every dataset."""
        return _loaded(self.methods)

    def context_of(self, dataset: str, samples: Sequence[Sample]) -> Context:
        """The centre prior is that of the dataset's train split."""
        return make_context(samples, [] if dataset == "folder" else load_dataset(dataset, "train"))

    def describe(self, data: dict[str, str]) -> dict[str, Any]:
        """As in `RunScope`."""
        return {
            "datasets": list(self.datasets),
            "folder": str(self.folder or ""),
            "split": self.split,
            "methods": list(self.methods),
            "data": data,
            "weights": {name: load_manifest(name)["sha256"] for name in NETWORKS},
        }


_loaded = cache(load_methods)


def make_run(scope: RunScope, out: Path, command: str, jobs: int | None = None) -> Run:
    """Judge every sample and write the run to `out`; a killed run goes on where it was.

    Raises DatasetNotFound, DatasetError, RunError (`out` holds another run, or a worker was killed), ValueError (an
    unknown method).
    """
    samples, scenes = scope.samples(), scope.scene_names()
    datasets = (*samples, *([SCENES] if scenes else []))
    unavailable = {name: why for dataset in datasets for name, why in scope.methods_of(dataset)[1].items()}
    data = {name: fingerprint(of) for name, of in samples.items()}
    description = scope.describe(data | ({SCENES: judge.fingerprint()} if scenes else {}))
    done = start_progress(out, description)
    finished = {(outcome.dataset, outcome.image) for outcome in done}
    contexts = {name: scope.context_of(name, of) for name, of in samples.items()}
    everything: list[Sample | judge.SceneName] = [*(sample for of in samples.values() for sample in of), *scenes]
    waiting = [one for one in everything if (one.dataset, one.name) not in finished]
    with workers(jobs, _set_up, scope, datasets, contexts) as pool:
        futures = [pool.submit(_judge, one) for one in waiting]
        try:
            for outcome in _in_order_of_finishing(futures, len(done)):
                append_progress(out, outcome)
                done.append(outcome)
        except KeyboardInterrupt:
            came = f"after {len(done)} of {len(everything)}; the same command goes on"
            raise KeyboardInterrupt(came) from None
    manifest = {
        "command": command,
        "commit": commit(),
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M"),
        **description,
        "unavailable": {name: str(reason) for name, reason in unavailable.items()},
        "images": {name: len(of) for name, of in samples.items()} | ({SCENES: len(scenes)} if scenes else {}),
        "versions": versions(),
        "machine": f"{processor()}, {os.cpu_count()} cores, one thread a process",
    }
    return save_run(out, done, manifest)


_worker: dict[str, Any] = {}  # what a worker process is set up with, once


def _set_up(scope: RunScope, datasets: Sequence[str], contexts: dict[str, Context | None]) -> None:
    """Load what a worker process needs.

    Every method looks once, at nothing: the first look loads a network, and no photo's time should include that.
    """
    methods = {name: scope.methods_of(name)[0] for name in datasets}
    for method in {id(method): method for of in methods.values() for method in of}.values():
        method.look(np.zeros((64, 64, 3), np.uint8))
    _worker.update(methods=methods, contexts=contexts)


def _judge(sample: Sample | judge.SceneName) -> Outcome:
    if isinstance(sample, judge.SceneName):
        return judge.measure_scene(sample, _worker["methods"][SCENES])
    try:
        return measure(sample, _worker["methods"][sample.dataset], _worker["contexts"][sample.dataset])
    except ImageError as error:
        return Outcome(sample.dataset, sample.name, error=str(error))


def _in_order_of_finishing(futures: Sequence[Future[Outcome]], before: int) -> Iterator[Outcome]:
    waiting, total = as_completed(futures), before + len(futures)
    with tqdm(
        waiting, total=total, initial=before, unit="photo", mininterval=1
    ) as bar:  # closed before an error is told
        for future in bar:
            yield future.result()


def fingerprint(samples: Sequence[Sample]) -> str:
    """SHA-256 over the names, bytes and annotations of the judged samples."""
    digest = hashlib.sha256()
    for sample in samples:
        digest.update(sample.name.encode())
        with contextlib.suppress(OSError), sample.path.open("rb") as file:  # judging it tells why it cannot be read
            digest.update(hashlib.file_digest(file, "sha256").digest())
        digest.update(sample.fixations.tobytes())
        for boxes in (sample.regions, sample.human_crops):
            digest.update(b"" if boxes is None else boxes.tobytes())
    return digest.hexdigest()
