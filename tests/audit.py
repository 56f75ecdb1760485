"""`make audit`: are there advisories on what the lock files install?

It asks PyPI, which has those of the Python Packaging Advisory Database for each release: the data of pip-audit, at its
addresses. pip-audit itself passes over a package that PyPI has no answer for and ends with 0, so that where a mirror
stands for PyPI it says in green that it found nothing. Here what was not asked is told, and has a status of its own.
"""

from __future__ import annotations

import json
import os
import re
import sys
import urllib.error
import urllib.request
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

INDEX = os.environ.get("GAZECROP_ADVISORIES", "https://pypi.org/pypi")
CLEAN, KNOWN_BAD, NOT_ASKED = 0, 1, 3  # the exit status; 2 is argparse's and make's
SECONDS, AT_ONCE = 20, 8
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)")


@dataclass(frozen=True, slots=True)
class Release:
    package: str
    version: str
    hashed: bool


@dataclass(frozen=True, slots=True)
class Advisory:
    release: Release
    name: str
    fixed: str


def releases(lock: str) -> list[Release]:
    """What a lock file pins, from its text, and whether by hashes too."""
    lines = re.sub(r"\\\n\s*", " ", lock).splitlines()
    found = [(match, line) for line in lines if (match := _PINNED.match(line))]
    return [Release(match[1], match[2], "--hash=sha256:" in line) for match, line in found]


def advisories(release: Release, index: str = INDEX) -> list[Advisory]:
    """Those that still stand. Raises OSError where there is no answer, ValueError where it is not one of PyPI's."""
    with urllib.request.urlopen(f"{index}/{release.package}/{release.version}/json", timeout=SECONDS) as answer:
        told = json.load(answer)
    if not isinstance(told, dict) or not isinstance(told.get("vulnerabilities"), list):
        raise ValueError("the answer has no list of vulnerabilities")
    return [
        Advisory(release, ", ".join([one["id"], *one.get("aliases", [])]), ", ".join(one.get("fixed_in", [])))
        for one in told["vulnerabilities"]
        if not one.get("withdrawn")
    ]


def audit(wanted: Iterable[Release], index: str = INDEX) -> tuple[list[Advisory], dict[Release, str]]:
    """The advisories on releases, and why some could not be asked for."""

    def ask(release: Release) -> list[Advisory] | str:
        try:
            return advisories(release, index)
        except urllib.error.HTTPError as error:
            return f"HTTP {error.code}"
        except (OSError, ValueError, KeyError, TypeError) as error:
            return str(error)

    wanted = list(wanted)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = dict(zip(wanted, pool.map(ask, wanted), strict=True))
    found = [advisory for answer in answers.values() if isinstance(answer, list) for advisory in answer]
    return found, {release: answer for release, answer in answers.items() if isinstance(answer, str)}


def main(files: Sequence[str], index: str = INDEX) -> int:
    """Print what there is to say on the lock files; the exit status."""
    wanted = list(dict.fromkeys(release for file in files for release in releases(Path(file).read_text())))
    for release in wanted:
        if not release.hashed:
            print(f"{release.package} {release.version} is pinned without a hash")
    found, unasked = audit(wanted, index)
    for advisory in found:
        mended = f"; fixed in {advisory.fixed}" if advisory.fixed else "; no release mends it yet"
        print(f"{advisory.release.package} {advisory.release.version}: {advisory.name}{mended}")
    if unasked:
        release, why = next(iter(unasked.items()))
        print(
            f"NOT AUDITED: {len(unasked)} of {len(wanted)} packages, {release.package} the first: {why}, from {index}"
        )
    print(f"{len(wanted) - len(unasked)} of {len(wanted)} packages asked for, {len(found)} advisories")
    if found or not all(release.hashed for release in wanted):
        return KNOWN_BAD
    return NOT_ASKED if unasked or not wanted else CLEAN


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
