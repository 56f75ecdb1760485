"""Paths that people name, of which nothing is known: links without an end, names too long, folders that are closed."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path


def real(path: Path) -> Path:
    """Where the path leads; unlike `Path.resolve`, of links that go round in a circle too."""
    return Path(os.path.realpath(path))


def is_folder(path: Path) -> bool:
    """False also for what cannot be looked at, of which `Path.is_dir` raises."""
    try:
        return stat.S_ISDIR(path.stat().st_mode)
    except OSError:
        return False


def lies_in(path: Path, folder: Path) -> bool:
    """Whether the path leads to the folder or below."""
    return real(path).is_relative_to(real(folder))


def search(folder: Path, suffixes: Sequence[str]) -> tuple[list[Path], list[Path]]:
    """The files in the folder and below that end so, by name; and the folders that cannot be read, itself among them.

    Links to files are taken, links to folders not. A file may be none after all where the folder keeps that to itself.
    suffixes: in small letters, without their dot.
    """
    closed: list[Path] = []
    walk = os.walk(folder, onerror=lambda error: closed.append(Path(error.filename)))
    paths = (Path(where, name) for where, _, names in walk for name in names)
    files = sorted(path for path in paths if path.suffix.lower().lstrip(".") in suffixes and _may_be_file(path))
    return files, sorted(closed)


def why_no_picture(folder: Path) -> str:
    """Of a folder in which none was found."""
    try:
        os.scandir(folder).close()
    except OSError as error:
        return f"cannot read the folder: {error.strerror or error}"
    return "there is no picture in this folder"


def _may_be_file(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except PermissionError:
        return True
    except OSError:
        return False
