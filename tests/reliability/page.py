"""docs/reliability.md out of the promises and what was measured. Pure: text out."""

from __future__ import annotations

from collections.abc import Iterator

from tests.reliability.figures import Measured, told
from tests.reliability.promises import PROMISES, Promise

HEAD = """# What is promised, and what was measured

Written by `make reliability`, out of the files in `docs/reliability/` that `make fuzz`, `make load` and itself write;
`tests/test_reliability.py` holds that every test below exists and that this page says what those files say. Who might
mean harm, and what is out of scope: [SECURITY.md](../SECURITY.md).
"""
WRITTEN_BY = {"tests": "make reliability", "locked": "make reliability", "fuzz": "make fuzz", "load": "make load"}
WRITTEN_BY |= {"soak": "make load LOAD_MINUTES=60"}


def page(measured: Measured) -> str:
    """The whole page."""
    return "\n".join([HEAD, *(line for name in PROMISES for line in _group(name, measured)), *_about(measured)]) + "\n"


def _group(name: str, measured: Measured) -> Iterator[str]:
    yield from (f"## {name}", "", "| promise | test | again with | last measured |", "| --- | --- | --- | --- |")
    for promise in PROMISES[name]:
        tests = "<br>".join(f"`{_short(test)}`" for test in promise.tests) or "the command itself"
        yield f"| {promise.words} | {tests} | `{promise.command}` | {_measured(promise, measured)} |"
    yield ""


def _measured(promise: Promise, measured: Measured) -> str:
    return told(promise.figure, measured)


def _short(test: str) -> str:
    """A test without the folder that all are in."""
    return test.removeprefix("tests/")


def _about(measured: Measured) -> Iterator[str]:
    """When, on what and at which commit each file was written."""
    yield from (
        "## When and where",
        "",
        "| file | command | date | commit | machine |",
        "| --- | --- | --- | --- | --- |",
    )
    for name, command in WRITTEN_BY.items():
        about = measured.get(name, {})
        about = about.get("manifest", about)
        facts = " | ".join(
            str(about.get(key, "–"))[: 12 if key == "commit" else None] for key in ("date", "commit", "machine")
        )
        yield f"| `{name}.json` | `{command}` | {facts} |"
