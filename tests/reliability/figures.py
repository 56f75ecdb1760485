"""What was last measured, out of the JSON files that the commands write into docs/reliability."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "docs" / "reliability"
UNKNOWN = "not measured yet"
Measured = Mapping[str, Mapping[str, Any]]
Figure = Callable[[Measured], str]


def read(folder: Path = FOLDER) -> dict[str, dict[str, Any]]:
    """Every file there is, by its name without .json."""
    return {path.stem: json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))}


def told(figure: Figure, measured: Measured) -> str:
    """The figure in words; that there is none, where its file or a number in it is missing."""
    try:
        return figure(measured)
    except (KeyError, IndexError):
        return UNKNOWN


def cases(*tests: str) -> Figure:
    """How many cases of these tests passed, and how many did not. tests: as in pytest, files and folders too."""

    def count(measured: Measured) -> str:
        found = [row for node, row in measured["tests"]["nodes"].items() if node.startswith(tests)]
        passed, failed = (sum(row[kind] for row in found) for kind in ("passed", "failed"))
        if not passed + failed:
            return UNKNOWN
        return f"{passed} of {passed + failed} cases passed"

    return count


def fuzzed(measured: Measured) -> str:
    """Inputs, findings, and the worst of time and memory."""
    found = measured["fuzz"]
    slowest = max(row["slowest_seconds"] for row in found["targets"].values())
    most = max(row["most_megabytes"] for row in found["targets"].values())
    return f"{found['inputs']:,} inputs, {found['findings']} findings; slowest {slowest:g} s, most {most:,} MB"


def sessions(measured: Measured) -> str:
    """Sessions under load, and those that saw anything wrong."""
    found = measured["load"]
    return (
        f"{found['sessions']:,} sessions, {len(found['wrong'])} with anything wrong, {len(found['log'])} lines of error"
    )


def first_crop(measured: Measured) -> str:
    """Seconds from the drop to the first crop at eight sessions at once."""
    found = measured["load"]["seconds"]["8 at once"]
    return f"{found['first crop, p95']:g} s, median {found['first crop, median']:g} s"


def memory(measured: Measured) -> str:
    """The app's memory before, during and after."""
    found = measured["load"]["megabytes"]
    more = found["after"] / found["before"] - 1
    return f"{found['before']:,} MB before, {found['peak']:,} MB at most, {found['after']:,} MB after ({more:+.0%})"


def soaked(measured: Measured) -> str:
    """The app's memory over time."""
    found = measured["soak"]
    taken = found["megabytes"]
    return f"{found['minutes'] / 60:.1f} hours, {found['sessions']:,} sessions: {taken[0]:,} MB, then {taken[-1]:,} MB"


def locked(measured: Measured) -> str:
    """What opening in a process of its own costs a photo."""
    found = measured["locked"]["milliseconds"]
    more = found["locked"] - found["here"]
    each = f"{more:+.1f} ms a photo, median of {found['photos']}, the quickest of {found['rounds']} times each"
    return f"{each}, on a machine with a load of {measured['locked']['load']:g}"


def locks(measured: Measured) -> str:
    """What the processes that open photos lack of their locks."""
    missing = measured["locked"]["missing"]
    if not missing:
        return "files and network (Landlock), system calls (seccomp), memory and time: all locked"
    return "not locked: " + "; ".join(f"{name} ({why})" for name, why in missing.items())
