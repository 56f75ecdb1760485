"""Getting the datasets: the files that are read, from each one's public repository, and nothing else of it.

git fetches them a few at a time and each is checked: what was interrupted goes on, what is damaged is named, and what
is there already is not fetched again.
"""

from __future__ import annotations

import csv
import hashlib
import os
import subprocess
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path

from eval.datasets.places import REPOSITORIES, data_root
from saliency.registry import look_up

FILES = Path(__file__).parent / "files.csv"
LICENCE = "MIT"  # of all three repositories
BATCH = 40  # files fetched at once: what an interruption loses at most
DIGITS = 32  # of each SHA-256 that are kept


class GetError(RuntimeError):
    """A dataset could not be fetched; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class File:
    """A file of a dataset. path: in the repository. size: bytes. digest: the first DIGITS of its SHA-256."""

    path: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a dataset has come: files and bytes that are there, of all."""

    dataset: str
    files: int
    of_files: int
    size: int
    of_size: int


@cache
def files_of(dataset: str) -> tuple[File, ...]:
    """The files of a dataset that are read. Raises ValueError, with the names there are, for an unknown one."""
    look_up("dataset", dataset, REPOSITORIES)
    with FILES.open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["dataset"] == dataset]
    return tuple(File(row["path"], int(row["bytes"]), row["sha256"]) for row in rows)


def size_of(dataset: str) -> int:
    """Bytes of all its files."""
    return sum(file.size for file in files_of(dataset))


def missing_of(dataset: str, folder: Path) -> list[File]:
    """Those of its files that the folder has not, or not as they were published."""
    return [file for file in files_of(dataset) if not _is_whole(folder / file.path, file)]


def get(dataset: str, root: Path | None = None, source: str = "") -> Generator[Progress]:
    """Fetch what is missing of a dataset into its folder in `root`, by default `data_root()`; yields after each step.

    source: of the repository, by default its public address. Raises GetError.
    """
    folder = (root or data_root()) / dataset
    missing = missing_of(dataset, folder)
    yield _progress(dataset, missing)
    if not missing:
        return
    found = _objects(folder, source or REPOSITORIES[dataset])
    gone = [file.path for file in missing if file.path not in found]
    if gone:
        raise GetError(f"{source or REPOSITORIES[dataset]} has no {gone[0]} any more, nor {len(gone) - 1} others")
    rest = iter(missing)
    while batch := list(islice(rest, BATCH)):
        _fetch(folder, [found[file.path] for file in batch])
        _git(folder, ["checkout", "--quiet", "published", "--", *(file.path for file in batch)])
        for file in batch:
            if not _is_whole(folder / file.path, file):
                raise GetError(
                    f"{folder / file.path} is not the file that was published: its SHA-256 differs. Delete it and try "
                    "again; if it stays so, the repository has changed"
                )
        missing = missing[len(batch) :]
        yield _progress(dataset, missing)


def _progress(dataset: str, missing: Sequence[File]) -> Progress:
    files = files_of(dataset)
    left = sum(file.size for file in missing)
    return Progress(dataset, len(files) - len(missing), len(files), size_of(dataset) - left, size_of(dataset))


def _is_whole(path: Path, file: File) -> bool:
    try:
        return path.stat().st_size == file.size and digest_of(path) == file.digest
    except OSError:
        return False


def digest_of(path: Path) -> str:
    """The first DIGITS of the file's SHA-256."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:DIGITS]


def _objects(folder: Path, source: str) -> dict[str, str]:
    """The repository's files, path -> object, without their contents; the folder becomes a clone if it is none."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise GetError(f"cannot write to {folder}: {error.strerror}; set GAZE_DATA to a folder of yours") from None
    _git(folder, ["init", "--quiet"])
    _git(folder, ["config", "remote.origin.url", source])
    _git(folder, ["config", "remote.origin.promisor", "true"])
    _git(folder, ["fetch", "--quiet", "--depth", "1", "--filter=blob:none", "--no-tags", "origin", "HEAD"])
    _git(folder, ["update-ref", "refs/heads/published", "FETCH_HEAD"])
    listed = _git(folder, ["ls-tree", "-r", "-z", "published"])
    entries = [entry.split("\t", 1) for entry in listed.split("\0") if entry]
    return {path: about.split()[2] for about, path in entries}


def _fetch(folder: Path, objects: Sequence[str]) -> None:
    """Bring the contents of these objects here, all in one request."""
    options = ["--quiet", "--no-tags", "--no-write-fetch-head", "--filter=blob:none", "--stdin"]
    _git(folder, ["-c", "fetch.negotiationAlgorithm=noop", "fetch", *options, "origin"], "\n".join(objects))


def _git(folder: Path, arguments: Sequence[str], given: str = "") -> str:
    """What git prints. Raises GetError with its last line where it fails, or is not installed."""
    quiet = {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    command = ["git", "-C", str(folder), "-c", "core.autocrlf=false", *arguments]
    try:
        done = subprocess.run(command, input=given, capture_output=True, text=True, env={**os.environ, **quiet})
    except FileNotFoundError:
        raise GetError("git is needed to fetch the datasets, and is not installed") from None
    if done.returncode:
        said = (done.stderr.strip() or "no reason given").splitlines()[-1]
        raise GetError(
            f"git could not fetch into {folder}: {said}. Is this computer online? What is there already stays; try "
            "again, or clone the repository there by hand (docs/data.md)"
        )
    return done.stdout
