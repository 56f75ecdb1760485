"""Some inputs for every target, always the same ones; and that the watcher sees what it watches for."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fuzz.target import Target
from tests.fuzz.targets import TARGETS
from tests.fuzz.watch import tried

ROOT = Path(__file__).parents[1]
held: list[bytes] = []


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_inputs_of_every_target_end_well(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.fuzz", "--inputs", "1500", "--seed", "18", "--found", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout
    lines = done.stdout.splitlines()
    assert [line.partition(":")[0] for line in lines] == list(TARGETS)
    assert all(" 0 findings" in line for line in lines)


def kill(_: bytes) -> str:
    os.kill(os.getpid(), signal.SIGKILL)
    return ""


def turn(_: bytes) -> str:
    while True:
        pass


def hold(_: bytes) -> str:
    held.append(bytes(range(256)) * 600_000)
    return "held"


def ask(_: bytes) -> str:
    raise ValueError("needs more memory than there is")


def lose(_: bytes) -> str:
    raise ZeroDivisionError("at once")


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (kill, "killed by signal 9"),
        (turn, "hung: over 0.2 seconds"),
        (hold, "took 1"),
        (ask, "needs more memory"),
        (lose, "ZeroDivisionError at test_fuzz.py"),
    ],
)
def test_what_goes_wrong_is_found_and_the_rest_is_tried(wrong: Callable[[bytes], str], told: str) -> None:
    def run(data: bytes) -> str:
        return wrong(data) if data == sixth else "fine"

    target = Target("planted", lambda: [bytes(100)], run, (ValueError,))
    sixth = target.input([bytes(100)], 0, 6)
    numbers = [number for number in range(20) if target.input([bytes(100)], 0, number) == sixth]
    tallies = list(tried(target, [bytes(100)], 0, range(20), hang=0.2))
    findings = [finding for tally in tallies for finding in tally.findings]
    assert [number for number, _ in findings] == numbers
    assert all(words.startswith(told) for _, words in findings), findings
    assert sum(sum(tally.outcomes.values()) for tally in tallies) == 20


def test_an_input_is_the_same_every_time() -> None:
    for target in TARGETS.values():
        corpus = target.corpus()
        first = [target.input(corpus, 3, number) for number in range(40)]
        assert first == [target.input(corpus, 3, number) for number in range(40)]
        assert len(set(first)) > 20
