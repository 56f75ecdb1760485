"""The app under many visitors: `make load`, or `make load LOAD_MINUTES=60` for a soak beside other work.

Nobody sees another's numbers, nothing fails, and what visitors took of the server's memory is free again once they have
left. Writes docs/reliability/load.json, a soak docs/reliability/soak.json. Ends with status 1 if anything was wrong.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

from playwright.sync_api import Browser, sync_playwright

from eval.machine import made
from pages.shared.tending import ROUND
from tests.browser.conftest import CHROMIUM, QUIET, running_app
from tests.browser.crop_page import ROOT
from tests.load.browsers import rounds
from tests.load.crowd import Visit, at_once, come_and_go
from tests.load.memory import Peak, app_memory, processor_seconds, uploads_held

FOLDER = ROOT / "docs" / "reliability"
CROWDS = (1, 2, 4, 8, 16)  # sessions at once
REPEATS = 5  # of each crowd
BROWSERS, BROWSER_MINUTES = 16, 5.0
VISITORS, VISITORS_MINUTES = 200, 5.0
FORGET = 10  # seconds after which the app forgets a visitor who left; see server.disconnectedSessionTTL
WARM = 16  # visitors before the memory is first taken
A_MINUTE = 3  # visitors of a soak
BAD = ("Traceback", "ERROR", "fault ")  # in the app's log


def main() -> int:
    """Put the app under load, print and write what came of it."""
    options = _options()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        log = stack.enter_context((folder / "log.txt").open("wb"))
        forget = {"STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": str(FORGET)}
        url = stack.enter_context(running_app(folder / "ratings.sqlite", output=log, **forget))
        if options.minutes:
            name, found = "soak", soak(url, folder, options.minutes)
        else:
            name, found = "load", load(url, folder, options.part)
        told = (folder / "log.txt").read_text(errors="replace").splitlines()
    found["log"] = [line for line in told if any(word in line for word in BAD)]
    found["manifest"] = _about()
    print(json.dumps(found, indent=2))
    FOLDER.mkdir(exist_ok=True)
    if options.part == 1:
        (FOLDER / f"{name}.json").write_text(json.dumps(found, indent=2) + "\n")
    return 1 if found["wrong"] or found["log"] else 0


def load(url: str, folder: Path, part: float) -> dict[str, Any]:
    """Crowds at once, real browsers, then visitors who come and go. part: of the usual numbers and times, 0..1."""
    at_once(url, WARM, folder)
    before = _rested()
    found: dict[str, Any] = {"seconds": {}}
    visits: list[Visit] = []
    with Peak() as peak:
        for count in CROWDS:
            began = processor_seconds()
            crowd = [one for _ in range(math.ceil(REPEATS * part)) for one in at_once(url, count, folder)]
            worked = (processor_seconds() - began) / len(crowd)
            found["seconds"][f"{count} at once"] = {**_told(crowd), "of the processor, a visit": round(worked, 2)}
            visits += crowd
        with _browser() as browser:
            pages = rounds(browser, url, max(2, round(BROWSERS * part)), folder, 60 * BROWSER_MINUTES * part)
            found["chromium"] = browser.version
        found["seconds"]["browsers at once"] = _told(pages)
        crowd = come_and_go(url, round(VISITORS * part), folder, 60 * VISITORS_MINUTES * part)
        found["seconds"]["who come and go"] = _told([visit for visit in crowd if not visit.left])
        visits += [*pages, *crowd]
    found["sessions"] = len(visits)
    found["left while the page worked"] = sum(visit.left for visit in visits)
    uploads = uploads_held(url)
    found["megabytes"] = {"before": before, "peak": round(peak.most), "after": _rested()}
    found["megabytes of uploads"] = {"when the last left": round(uploads, 1), "after": uploads_held(url)}
    found["wrong"] = [visit.wrong for visit in visits if visit.wrong]
    return found


def soak(url: str, folder: Path, minutes: float) -> dict[str, Any]:
    """A few visitors a minute for so many minutes, and the memory after each."""
    at_once(url, WARM, folder)
    megabytes, visits = [_rested()], []
    for minute in range(round(minutes)):
        began = time.monotonic()
        visits += come_and_go(url, A_MINUTE, folder, 30)
        time.sleep(max(0.0, began + 60 - time.monotonic()))
        megabytes.append(round(app_memory()))
        print(f"minute {minute + 1}: {megabytes[-1]} MB, {sum(bool(one.wrong) for one in visits)} wrong", flush=True)
    megabytes.append(_rested())
    wrong = [visit.wrong for visit in visits if visit.wrong]
    return {"minutes": minutes, "sessions": len(visits), "megabytes": megabytes, "wrong": wrong}


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of the values does not exceed."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def _told(visits: Sequence[Visit]) -> dict[str, float]:
    """Seconds from the drop, of visits that saw their result."""
    first, whole = [one.first for one in visits if not one.wrong], [one.all for one in visits if not one.wrong]
    if not first:
        return {"visits": 0}
    return {
        "visits": len(first),
        "first crop, median": round(percentile(first, 0.5), 2),
        "first crop, p95": round(percentile(first, 0.95), 2),
        "all of the page, p95": round(percentile(whole, 0.95), 2),
    }


def _rested() -> int:
    """MB of the app once it has forgotten who left."""
    time.sleep(FORGET + 2 * ROUND)
    return round(app_memory())


@contextmanager
def _browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(QUIET))
        yield browser
        browser.close()


def _about() -> dict[str, Any]:
    manifest = made("python -m tests.load")
    versions = {**cast(dict[str, str], manifest["versions"]), "streamlit": version("streamlit")}
    return {**manifest, "versions": versions, "load": round(os.getloadavg()[0], 2)}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument("--minutes", type=float, default=0, help="soak for so long, a few visitors a minute")
    parser.add_argument("--part", type=float, default=1, help="of the usual load, 0..1; less than 1 writes nothing")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
