"""A run of networks on the dataset that each never saw: `python -m eval unseen RUN ...`.

Your photos are not those that a network learned from. `training … --leave-out` makes networks that never saw one of the
datasets; here each crops the photos of that one, train and val, which no choice of the weights in use had to do with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from eval.context import Context
from eval.datasets import Sample, load_dataset
from eval.make_run import Loaded
from eval.scenes import judge
from saliency.methods import load_method, look_by
from saliency.models.gaze import load_gaze
from saliency.models.weights import load_manifest
from saliency.types import Method

LEFT_OUT = "left out"  # the key of a manifest's scores under which its dataset stands
EYE = "gaze"


@dataclass(frozen=True)
class Unseen:
    """runs: folders of `training`, each with a network that never saw one dataset. every: only each Nth photo.

    Maps are not compared: what the manifests say of them stands.
    """

    runs: tuple[Path, ...]
    every: int = 1

    def samples(self) -> dict[str, list[Sample]]:
        """By dataset those of train and val. Raises DatasetNotFound, WeightsError, ValueError as `never_seen_by`."""
        return {
            name: [*load_dataset(name, "train"), *load_dataset(name, "val")][:: self.every]
            for name in map(never_seen_by, self.runs)
        }

    def scene_names(self) -> list[judge.SceneName]:
        """None."""
        return []

    def methods_of(self, dataset: str) -> Loaded:
        """`gaze`, `gaze-only` by the network that never saw the dataset, and the centre."""
        (run,) = (run for run in self.runs if never_seen_by(run) == dataset)
        return _methods(run), {}

    def context_of(self, dataset: str, samples: Sequence[Sample]) -> Context | None:  # noqa: ARG002
        """No maps are compared."""
        return None

    def describe(self, data: dict[str, str]) -> dict[str, Any]:
        """As in `eval.make_run.RunScope`."""
        return {
            "datasets": list(data),
            "folder": "",
            "split": "never seen" if self.every == 1 else f"never seen, one of {self.every}",
            "methods": [method.name for method in _methods(self.runs[0])],
            "data": data,
            "weights": {f"gaze without {never_seen_by(run)}": load_manifest(EYE, run)["sha256"] for run in self.runs},
        }


def never_seen_by(run: Path) -> str:
    """The dataset that a run of `training` left out. Raises WeightsError where it is no run, ValueError where it saw
    them all."""
    left_out = load_manifest(EYE, run).get("scores", {}).get(LEFT_OUT, {})
    if len(left_out) != 1:
        raise ValueError(f"the network at {run} left out no dataset; it takes a run of --leave-out")
    return str(next(iter(left_out)))


@cache
def _methods(run: Path) -> list[Method]:
    look = look_by(cache(lambda: load_gaze(EYE, run)))
    return [*(replace(load_method(name), look=look) for name in ("gaze", "gaze-only")), load_method("center")]
