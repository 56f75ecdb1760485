"""The command that published manifests record still runs the recipe."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """`python -m` with the arguments in `folder`, where only that folder's own packages are found."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=folder, env=env, capture_output=True, text=True, check=False
    )


def test_the_old_command_forwards_and_says_so() -> None:
    old, new = (run(ROOT, name, "fit", "--help") for name in ("saliency.train", "training"))
    assert (old.returncode, old.stdout) == (0, new.stdout)
    assert "usage: python -m training fit" in new.stdout
    assert "now python -m training" in old.stderr
    assert run(ROOT, "saliency.train", "fot").returncode == run(ROOT, "training", "fot").returncode == 2


def test_without_the_repository_the_old_command_says_where_the_recipe_is(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "saliency" / "train", tmp_path / "saliency" / "train")
    done = run(tmp_path, "saliency.train", "--help")
    assert done.returncode == 1
    assert "the recipe is not part of the package saliency" in done.stderr
    assert "Traceback" not in done.stderr
