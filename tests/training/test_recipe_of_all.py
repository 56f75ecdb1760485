"""`make weights`: every command that it would run is one that there is, and starts from what was made before."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

from eval.datasets import DATASETS
from training.__main__ import parser

ROOT = Path(__file__).parents[2]
GIVEN = ("--start", "--teacher", "--seen", "--pictures", "--like")  # options that name a run made before


def commands(runs: Path) -> list[list[str]]:
    """The arguments of each `python -m training` that make would run with nothing made yet, in its order."""
    make = ["make", "-n", "--warn-undefined-variables", "-f", "training/weights.mk", f"RUNS={runs}"]
    done = subprocess.run(make, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "undefined" not in done.stderr  # it would train with what the option has by default
    lines = [shlex.split(line) for line in done.stdout.replace("\\\n", " ").splitlines()]
    return [line[line.index("training") + 1 :] for line in lines if "training" in line]


def test_every_command_is_one_that_there_is(tmp_path: Path) -> None:
    found = commands(tmp_path / "runs")
    for arguments in found:
        parser().parse_args(arguments)
    assert {"pictures", "see", "fit", "read", "teach", "distil", "publish"} <= {arguments[0] for arguments in found}


def test_every_run_starts_from_runs_that_were_made_before(tmp_path: Path) -> None:
    runs, made = tmp_path / "runs", set[str]()
    for arguments in commands(runs):
        out = arguments[arguments.index("--out") + 1].rstrip("/") if "--out" in arguments else ""
        before = [arguments[i + 1] for i, option in enumerate(arguments) if option in GIVEN]
        for folder in (one.rstrip("/") for one in before if one.startswith(str(runs))):
            assert {folder, str(Path(folder).parent)} & made  # `prune` writes runs into folders of its own
        made.add(out)
    assert {f"{runs}/gaze-without-{name}" for name in DATASETS} <= made
