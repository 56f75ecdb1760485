"""The command that published manifests record still runs the recipe."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_old_command_forwards_and_says_so() -> None:
    old, new = (run(name, "fit", "--help") for name in ("saliency.train", "training"))
    assert (old.returncode, old.stdout) == (0, new.stdout)
    assert "usage: python -m training fit" in new.stdout
    assert "now python -m training" in old.stderr
    assert run("saliency.train", "fot").returncode == run("training", "fot").returncode == 2
