"""docs/reliability.md: each promise has tests that exist, and the page says what was measured and nothing else."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.reliability import figures
from tests.reliability.__main__ import COMMAND, PAGE, counted
from tests.reliability.figures import FOLDER, UNKNOWN, Figure, Measured, cases, read, told
from tests.reliability.page import page
from tests.reliability.promises import PROMISES

ROOT = Path(__file__).parents[1]
ALL = [promise for group in PROMISES.values() for promise in group]
MEASURED: Measured = {
    "fuzz": {
        "inputs": 200_000,
        "findings": 1,
        "targets": {
            "a": {"slowest_seconds": 0.5, "most_megabytes": 90},
            "b": {"slowest_seconds": 0.25, "most_megabytes": 1200},
        },
    },
    "load": {
        "sessions": 1234,
        "wrong": ["he saw mine"],
        "log": [],
        "seconds": {"8 at once": {"first crop, median": 1.5, "first crop, p95": 2.75}},
        "megabytes": {"before": 400, "peak": 900, "after": 460},
    },
    "soak": {"minutes": 90.0, "sessions": 270, "megabytes": [400, 410, 404]},
    "locked": {
        "missing": {"calls": "the kernel has none"},
        "milliseconds": {"photos": 18, "rounds": 5, "here": 4.0, "locked": 6.25},
        "load": 9.5,
    },
    "tests": {
        "nodes": {
            "tests/a.py::test_one": {"passed": 3, "failed": 1, "skipped": 2},
            "tests/b.py::test_two": {"passed": 4, "failed": 0, "skipped": 0},
            "tests/b.py::test_skipped": {"passed": 0, "failed": 0, "skipped": 1},
        }
    },
}


@pytest.mark.parametrize("test", sorted({test for promise in ALL for test in promise.tests}))
def test_every_named_test_exists(test: str) -> None:
    place, _, name = test.partition("::")
    path = ROOT / place
    assert path.exists()
    if name:
        functions = {node.name for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)}
        assert name in functions
    else:
        assert path.suffix == ".py" or list(path.glob("test_*.py"))


def test_every_command_is_one_of_make() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert {promise.command.split()[1] for promise in ALL} <= targets


def test_the_page_is_what_the_command_writes_from_what_was_measured() -> None:
    assert PAGE.read_text() == page(read()), f"write it anew: {COMMAND} --page"


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (figures.fuzzed, "200,000 inputs, 1 findings; slowest 0.5 s, most 1,200 MB"),
        (figures.sessions, "1,234 sessions, 1 with anything wrong, 0 lines of error"),
        (figures.first_crop, "2.75 s, median 1.5 s"),
        (figures.memory, "400 MB before, 900 MB at most, 460 MB after (+15%)"),
        (figures.soaked, "1.5 hours, 270 sessions: 400 MB, then 404 MB"),
        (
            figures.locked,
            "+2.2 ms a photo, median of 18, the quickest of 5 times each, on a machine with a load of 9.5",
        ),
        (figures.locks, "not locked: calls (the kernel has none)"),
        (cases("tests/a.py::test_one", "tests/b.py"), "7 of 8 cases passed"),
        (cases("tests/b.py::test_skipped"), UNKNOWN),
        (cases("tests/none.py"), UNKNOWN),
    ],
)
def test_figures_are_read_where_commands_write_them(figure: Figure, words: str) -> None:
    assert told(figure, MEASURED) == words


def test_what_was_never_measured_is_told_so() -> None:
    assert {told(promise.figure, {}) for promise in ALL} == {UNKNOWN}
    assert page({}).count(UNKNOWN) == len(ALL)


def test_cases_are_counted_by_test() -> None:
    xml = """<testsuites><testsuite>
      <testcase file="tests/a.py" name="test_one[x::y]"/>
      <testcase file="tests/a.py" name="test_one[z]"><failure/></testcase>
      <testcase file="tests/a.py" name="test_two"><skipped/></testcase>
      <testcase file="tests/a.py" name="test_two"><error/></testcase>
    </testsuite></testsuites>"""
    assert counted(xml) == {
        "tests/a.py::test_one": {"passed": 1, "failed": 1, "skipped": 0},
        "tests/a.py::test_two": {"passed": 0, "failed": 1, "skipped": 1},
    }


def test_the_measured_files_are_known() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} <= set(MEASURED)


def test_security_names_what_there_is() -> None:
    text = (ROOT / "SECURITY.md").read_text()
    named = {word for word in re.findall(r"`([^`\s]+)`", text) if "/" in word and not word.startswith("saliency.")}
    assert len(named) > 20
    assert [word for word in sorted(named) if not (ROOT / word).exists()] == []
    for word in (
        "Spoofing",
        "Tampering",
        "Repudiation",
        "Information disclosure",
        "Denial of service",
        "Elevation of privilege",
    ):
        assert f"**{word}**" in text
