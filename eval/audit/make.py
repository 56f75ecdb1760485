"""Make an audit: every pair in every setting by every method, on all cores."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from tqdm import tqdm

from eval.audit.draws import Pair, draw_pairs
from eval.audit.files import Audit
from eval.audit.judge import FATES, judge_pair
from eval.audit.outcome import Outcome, gathered
from eval.audit.people import Person, count_groups, of_large_groups, read_people
from eval.audit.pictures import SETTINGS, compose
from eval.audit.tables import as_tables
from eval.machine import made
from eval.methods import load_methods
from eval.workers import workers
from saliency.types import Evidence, Method

METHODS = ("gaze", "gaze-only", "gaze-fast", "gaze-nano", "center", "face", "twitter-2018")
FOLDER = "AUDIT_FACES"
"""The variable of the environment that names a folder of faces with its labels.csv."""

SEED = 17
AT_A_TIME = 8  # pairs that a process takes at once


@dataclass(frozen=True)
class Plan:
    """What is audited. labels: a CSV; by: its columns that groups are made of; match: by how much two people may differ
    in a column; pairs: about how many."""

    folder: Path
    labels: Path
    by: tuple[str, ...]
    pairs: int
    match: Mapping[str, float] = field(default_factory=dict)
    methods: tuple[str, ...] = METHODS
    seed: int = SEED


def default_folder() -> Path:
    """The folder of faces that the environment names. Raises ValueError where it names none."""
    folder = os.environ.get(FOLDER, "")
    if not folder:
        raise ValueError(f"name a folder of faces, or set {FOLDER} to one")
    return Path(folder)


def make_audit(plan: Plan, command: str, jobs: int | None = None) -> Audit:
    """Draw pairs, look at them, and give the tables. Raises ValueError on labels or methods that are not there."""
    everybody = read_people(plan.folder, plan.labels, plan.by, plan.match)
    people = of_large_groups(everybody)
    pairs = draw_pairs(people, plan.pairs, plan.match, plan.seed)
    methods, unavailable = load_methods(plan.methods)
    names = tuple(method.name for method in methods)
    outcome = look_at_all(names, people, pairs, jobs)
    manifest = {
        **made(command),
        "by": list(plan.by),
        "match": dict(plan.match),
        "seed": plan.seed,
        "pairs": len(pairs),
        "pictures": len(pairs) * len(SETTINGS),
        "people": count_groups(people),
        "left out": {name: n for name, n in count_groups(everybody).items() if name not in count_groups(people)},
        "methods": list(names),
        "unavailable": {name: str(reason) for name, reason in unavailable.items()},
    }
    return Audit(as_tables(outcome, plan.by), manifest)


def look_at_all(names: Sequence[str], people: Sequence[Person], pairs: Sequence[Pair], jobs: int | None) -> Outcome:
    """Every pair by the methods of these names, on all cores. Raises RunError where a worker was killed."""
    portions = [pairs[start : start + AT_A_TIME] for start in range(0, len(pairs), AT_A_TIME)]
    with workers(jobs, _set_up, tuple(names), people) as pool:
        bar = tqdm(pool.map(_look_at_some, portions), total=len(portions), unit="portion", mininterval=1)
        return gathered(names, people, pairs, np.concatenate(list(bar)))


_worker: dict[str, Any] = {}  # what a worker process is set up with, once


def _set_up(names: Sequence[str], people: Sequence[Person]) -> None:
    _worker.update(methods=load_methods(names)[0], people=people)


def _look_at_some(pairs: Sequence[Pair]) -> NDArray[np.float64]:
    return np.stack([look_at(pair, _worker["people"], _worker["methods"]) for pair in pairs])


def look_at(pair: Pair, people: Sequence[Person], methods: Sequence[Method]) -> NDArray[np.float64]:
    """(S, M, 4): in each setting by each method whether the crop favours the one, the one's gaze, and both fates."""
    chips = []
    for place in (pair.one, pair.other):
        with Image.open(people[place].path) as image:
            chips.append(image.convert("RGB"))
    seen = np.empty((len(SETTINGS), len(methods), 4))
    for row, setting in enumerate(SETTINGS):
        composed = compose(chips[0], chips[1], setting, pair.number)
        looks: dict[str, Evidence] = {}
        for column, method in enumerate(methods):
            if method.eye not in looks:
                looks[method.eye] = method.look(composed.pixels)
            judged = judge_pair(method, looks[method.eye], composed)
            values = (judged.favoured, judged.gaze)
            of_one = [1 - value for value in values] if setting.swapped else values
            fates = judged.fates[::-1] if setting.swapped else judged.fates
            seen[row, column] = (*of_one, *map(FATES.index, fates))
    return seen
