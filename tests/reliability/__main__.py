"""`make reliability`: run the tests of the promises, measure what a locked process costs, write docs/reliability.md.

`python -m tests.reliability --page` writes the page anew from the files that are there, `--only locked` measures that
alone: best where nothing else runs.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from eval.machine import ROOT, made
from tests.reliability.decoding import overhead
from tests.reliability.figures import FOLDER, read
from tests.reliability.page import page
from tests.reliability.promises import PROMISES

PAGE = ROOT / "docs" / "reliability.md"
COMMAND = "python -m tests.reliability"


def main() -> int:
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    parser.add_argument("--page", action="store_true", help="measure nothing; write the page from the files there are")
    parser.add_argument("--only", choices=MEASURED, help="measure this alone")
    options = parser.parse_args()
    found = {name: MEASURED[name]() for name in MEASURED if not options.page and options.only in (None, name)}
    for name, values in found.items():
        write(name, values)
    PAGE.write_text(page(read()))
    failed = sum(row["failed"] for row in found.get("tests", {}).get("nodes", {}).values())
    print(f"{PAGE.relative_to(ROOT)} is written; {failed} cases failed")
    return int(failed > 0)


def write(name: str, found: dict[str, Any]) -> None:
    """What was measured, and on what."""
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.json").write_text(json.dumps({**made(COMMAND), **found}, indent=2) + "\n")


def run_tests() -> dict[str, Any]:
    """The tests of all promises: "nodes" says of each how many of its cases passed, failed and were skipped."""
    tests = sorted({test for group in PROMISES.values() for one in group for test in one.tests})
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "told.xml"
        subprocess.run(
            [sys.executable, "-m", "pytest", f"--junitxml={told}", "-o", "junit_family=xunit1", *tests],
            cwd=ROOT,
            check=False,
        )
        return {"nodes": counted(told.read_text())}


def counted(xml: str) -> dict[str, dict[str, int]]:
    """The cases in what pytest wrote as JUnit's XML, by test."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for case in ElementTree.fromstring(xml).iter("testcase"):
        kinds = {child.tag for child in case}
        kind = "failed" if kinds & {"failure", "error"} else "skipped" if "skipped" in kinds else "passed"
        found[f"{case.attrib['file']}::{case.attrib['name'].partition('[')[0]}"][kind] += 1
    return {
        node: {kind: counts[kind] for kind in ("passed", "failed", "skipped")} for node, counts in sorted(found.items())
    }


MEASURED = {"tests": run_tests, "locked": overhead}

if __name__ == "__main__":
    sys.exit(main())
