"""A run on disk: one tidy table and a manifest.

results.parquet   dataset, image, method, aspect, metric, value, then one column a slice
boxes.parquet     where each crop lies: dataset, image, its width and height, method, aspect, box; all in pixels
manifest.json     how it was made: commit, command, versions, weights, data, machine, date, what failed
progress.jsonl    only while it is being made: one line a finished image, so that a killed run goes on where it was
"""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from eval.types import SLICES, Outcome, Placed, Row

TABLE, BOXES, MANIFEST, PROGRESS = "results.parquet", "boxes.parquet", "manifest.json", "progress.jsonl"
KEYS = ("dataset", "image", "method", "aspect", "metric")
COLUMNS = (*KEYS, "value", *SLICES)
BOX_KEYS = ("dataset", "image", "method", "aspect")
BOX_COLUMNS = (*BOX_KEYS, "image width", "image height", "left", "top", "width", "height")
# what a method, a metric or a slice may be called: no mark of Markdown or HTML, and no address
WORD = re.compile(r"(?!.*www\.)[a-z0-9][a-z0-9_ .+()-]{0,59}", re.IGNORECASE | re.ASCII)
ASPECT = re.compile(r"|own|[0-9.]{1,12}:[0-9.]{1,12}")  # of a crop; empty where a number is not of one
RESULTS = Path(__file__).parent / "results"
UNSEEN = RESULTS / "unseen"
"""The run of `python -m eval unseen`, where there is one."""


class RunError(RuntimeError):
    """The run is missing, unfinished or damaged; the message says what to do."""


@dataclass(frozen=True)
class Run:
    """name: the folder's name. table: the columns COLUMNS, categories but for float32 values. boxes: the columns
    BOX_COLUMNS, categories and int32 pixels."""

    name: str
    table: pd.DataFrame
    boxes: pd.DataFrame
    manifest: dict[str, Any]


def load_run(folder: str | Path) -> Run:
    """Read a finished run. Raises RunError when it is missing, unfinished or damaged."""
    folder = Path(folder)
    try:
        there = {path.name for path in folder.iterdir()}
    except (FileNotFoundError, NotADirectoryError):
        raise RunError(f"no run at {folder}; make one with python -m eval run --out {folder}") from None
    except OSError as error:
        raise RunError(f"the run at {folder} cannot be read: {error.strerror}") from None
    if not {TABLE, MANIFEST} <= there:
        raise RunError(
            f"the run at {folder} is unfinished; go on with the same python -m eval run command"
            if PROGRESS in there
            else f"{folder} holds no run: it has no {TABLE} and {MANIFEST}"
        )
    if BOXES not in there:
        raise RunError(f"the run at {folder} has no {BOXES}: it is of another version; make it again")
    try:
        table, boxes = pd.read_parquet(folder / TABLE), pd.read_parquet(folder / BOXES)
    except Exception as error:  # Arrow and pandas raise a dozen types on damaged files
        raise RunError(f"the run at {folder} is damaged: {error}") from None
    manifest = read_manifest(folder)
    missing = [column for column in COLUMNS if column not in table]
    missing += [column for column in BOX_COLUMNS if column not in boxes]
    if missing:
        raise RunError(f"the run at {folder} has no column {', '.join(missing)}; it is of another version")
    if odd := _odd_words(table, boxes, manifest):
        raise RunError(
            f"the run at {folder} names something {odd[0]!r}: such names are letters, digits, spaces and _ . + - ( )"
        )
    return Run(folder.name, table, boxes, manifest)


def _odd_words(table: pd.DataFrame, boxes: pd.DataFrame, manifest: dict[str, Any]) -> list[str]:
    """What is called by no word where a word must stand: pages write these as they are, into sentences and figures."""
    words = [table[column] for column in ("method", "metric", *SLICES)] + [boxes["method"]]
    found = {str(word) for column in words for word in column.unique()}
    found |= {str(word) for key in ("methods", "unavailable") for word in manifest.get(key, ())}
    aspects = {str(aspect) for part in (table, boxes) for aspect in part["aspect"].unique()}
    return sorted(
        [word for word in found if not WORD.fullmatch(word)] + [a for a in aspects if not ASPECT.fullmatch(a)]
    )


def read_manifest(folder: Path) -> dict[str, Any]:
    """How a run was made. Raises RunError where that cannot be read."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text())
    except (OSError, ValueError, RecursionError) as error:
        raise RunError(f"the run at {folder} is damaged: {error}") from None
    if not isinstance(manifest, dict) or not _is_of_a_run(manifest):
        raise RunError(f"the run at {folder} is damaged: its {MANIFEST} is not that of a run")
    return manifest


def _is_of_a_run(manifest: dict[str, Any]) -> bool:
    """Whether what it has is built as pages read it."""
    kinds = {"images": dict, "methods": list, "unavailable": dict, "failed": list, "date": str}
    whole = all(isinstance(manifest[key], kind) for key, kind in kinds.items() if key in manifest)
    return whole and all(isinstance(count, int) for count in manifest.get("images", {}).values())


def find_runs(root: Path = RESULTS) -> list[Path]:
    """The folders of finished runs directly under `root`, by name; none where that cannot be looked into."""
    return sorted(path.parent for path in root.glob(f"*/{TABLE}"))


def save_run(folder: Path, outcomes: list[Outcome], manifest: dict[str, Any]) -> Run:
    """Write the tables and the manifest, errors included, and remove the progress file.

    Until all of it is on disk the run is unfinished, and can go on. Raises RunError where it cannot be written.
    """
    failed = [{"dataset": o.dataset, "image": o.image, "error": o.error} for o in outcomes if o.error]
    part = folder / f".{TABLE}"
    with _written(folder):
        as_boxes(outcomes).to_parquet(folder / BOXES, compression="zstd", index=False)
        (folder / MANIFEST).write_text(json.dumps({**manifest, "failed": failed}, indent=2) + "\n")
        as_table(outcomes).to_parquet(part, compression="zstd", index=False)
        part.replace(folder / TABLE)  # the last, and at once: a run with it is whole
        (folder / PROGRESS).unlink(missing_ok=True)
    return load_run(folder)


@contextlib.contextmanager
def _written(path: Path) -> Iterator[None]:
    """Raises RunError where the block cannot write what it should."""
    try:
        yield
    except OSError as error:
        raise RunError(f"cannot write {path}: {error.strerror or error}") from None


def as_table(outcomes: list[Outcome]) -> pd.DataFrame:
    """The outcomes as one tidy table, in the order of dataset, image, method, aspect and metric."""
    records = [
        (o.dataset, o.image, row.method, row.aspect, row.metric, row.value, *(o.slices[name] for name in SLICES))
        for o in outcomes
        for row in o.rows
    ]
    table = pd.DataFrame(records, columns=list(COLUMNS)).sort_values(list(KEYS), kind="stable", ignore_index=True)
    types = dict.fromkeys(COLUMNS, "category") | {"value": "float32"}
    return table.astype(types)


def as_boxes(outcomes: list[Outcome]) -> pd.DataFrame:
    """Where the crops lie as one table, in the order of dataset, image, method and aspect."""
    records = [
        (o.dataset, o.image, placed.method, placed.aspect, *o.size, *placed.box) for o in outcomes for placed in o.boxes
    ]
    boxes = pd.DataFrame(records, columns=list(BOX_COLUMNS))
    boxes = boxes.sort_values(list(BOX_KEYS), kind="stable", ignore_index=True)
    return boxes.astype(dict.fromkeys(BOX_COLUMNS, "int32") | dict.fromkeys(BOX_KEYS, "category"))


def start_progress(folder: Path, scope: dict[str, Any]) -> list[Outcome]:
    """Begin a run, or take up a killed one; returns what it had finished. What is damaged of its end is dropped.

    `scope` is what the run is of: the first line of the file. Raises RunError when the folder holds another run.
    """
    if (folder / TABLE).exists():
        raise RunError(f"{folder} holds a finished run; choose another --out or remove it")
    path = folder / PROGRESS
    with _written(path):
        folder.mkdir(parents=True, exist_ok=True)
        of, done, whole = _whole_lines(path)
        if not whole:
            path.write_text(json.dumps(scope) + "\n")
            return []
        if of != scope:
            raise RunError(f"{folder} holds an unfinished run of something else; choose another --out or remove it")
        os.truncate(path, whole)
    return done


def _whole_lines(path: Path) -> tuple[object, list[Outcome], int]:
    """What a progress file says up to its first damage: of what the run is, what it had finished; and the bytes of
    that, 0 where there is nothing."""
    scope: object = None
    done: list[Outcome] = []
    whole = 0
    damage = (ValueError, TypeError, KeyError, AttributeError, RecursionError)
    with contextlib.suppress(FileNotFoundError, *damage), path.open("rb") as file:
        for line in file:
            if not line.endswith(b"\n"):
                break
            said = json.loads(line)
            if whole:
                done.append(_outcome(said))
            else:
                scope = said
            whole += len(line)
    return scope, done, whole


def append_progress(folder: Path, outcome: Outcome) -> None:
    """Add one finished image, as one line. Raises RunError where it cannot be written."""
    with _written(folder / PROGRESS), (folder / PROGRESS).open("a") as file:
        file.write(json.dumps(asdict(outcome)) + "\n")


def _outcome(values: dict[str, Any]) -> Outcome:
    rows, boxes = [Row(**row) for row in values["rows"]], [Placed(**placed) for placed in values["boxes"]]
    return Outcome(**{**values, "size": tuple(values["size"]), "rows": rows, "boxes": boxes})
