"""How long a visitor waits, in headless Chromium on a warm server: `make measure`.

Each round drops photos that no cache knows, and takes the time in the page itself: from the moment that the uploader
has the files until the picture in question is painted. Writes docs/app_speed.json.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any, cast

from playwright.sync_api import Browser, Page, expect, sync_playwright

from eval.machine import made
from pages.shared.photos import read_samples
from saliency.models.weights import load_manifest
from tests.browser.conftest import CHROMIUM, QUIET, running_app
from tests.browser.crop_page import (
    ROOT,
    SAMPLES,
    core_numbers,
    fresh_copy,
    hand_in,
    open_app,
    shown,
    title,
    wait,
)
from tests.browser.parts import SIZES

RESULTS = ROOT / "docs" / "app_speed.json"
ROUNDS = 5
LARGE, SMALL = (4000, 3000), (1152, 864)  # pixels: 12 MP and 1 MP
BATCH = 20
SESSIONS = 8
PATIENCE = 180_000  # milliseconds

# Sets window.dropped when the uploader has files; window.at(condition) gives when that is painted. Both in milliseconds
# since 1970. A cell of the strip holds its button twice, for screens with a pointer and for those without.
CLOCK = """
document.addEventListener("change", (event) => {
  if (event.target.matches(".st-key-crop-uploads input[type=file]")) window.dropped = Date.now();
}, true);
window.painted = (image) => image?.complete && image.naturalWidth > 0;
window.at = (condition) => new Promise((done, fail) => {
  setTimeout(() => fail(new Error(`waited in vain for ${condition}`)), PATIENCE);
  const look = () => condition()
    ? requestAnimationFrame(() => setTimeout(() => done(Date.now())))
    : requestAnimationFrame(look);
  look();
});
""".replace("PATIENCE", str(PATIENCE))
FIRST_CROP = """(title) => { window.first = window.at(() =>
  [...document.querySelectorAll(`img[alt^="${title} cropped to"]`)].some(window.painted)); }"""
WHOLE_STRIP = """(count) => { window.all = window.at(() =>
  document.querySelector(".st-key-crop-strip-bar")?.innerText.trim().startsWith(`${count} photos`) &&
  [...document.querySelectorAll(".st-key-crop-strip [data-testid=stButton]")]
    .filter((cell) => window.painted(cell.querySelector("img"))).length === count); }"""


def main() -> None:
    """Measure everything, print the table, and write it with what it was measured on."""
    load = os.getloadavg()[0]
    with (
        tempfile.TemporaryDirectory() as folder,
        running_app(Path(folder) / "ratings.sqlite") as url,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(QUIET))
        rows = measure(browser, url, Path(folder))
        manifest = about(browser.version, load)
        browser.close()
    print(table(rows))
    RESULTS.write_text(json.dumps({"manifest": manifest, "seconds": rows}, indent=2) + "\n")


def measure(browser: Browser, url: str, folder: Path) -> dict[str, list[float]]:
    """Seconds of each round, by what was measured."""
    page = new_page(browser)
    open_app(page, url)  # the server loads the network
    page.context.close()
    large = [one_large(browser, url, folder) for _ in range(ROUNDS)]
    batches = [one_batch(browser, url, folder) for _ in range(ROUNDS)]
    sessions = [many_sessions(browser, url, folder) for _ in range(ROUNDS)]
    return {
        "12 MP JPEG: first crop": large,
        f"{BATCH} photos of 1 MP: first crop": [first for first, _ in batches],
        f"{BATCH} photos of 1 MP: all": [whole for _, whole in batches],
        f"{SESSIONS} sessions at once: the last one's crops": sessions,
    }


def new_page(browser: Browser) -> Page:
    """A new visitor, whose browser holds a clock."""
    width, height = SIZES["desktop"]
    page = browser.new_context(viewport={"width": width, "height": height}).new_page()
    page.add_init_script(CLOCK)
    page.set_default_timeout(PATIENCE)
    return page


def one_large(browser: Browser, url: str, folder: Path) -> float:
    """Seconds from the drop of a 12 MP JPEG to its first crop."""
    file = fresh_copy(SAMPLES / "china_temple.jpg", folder / "large.jpg", LARGE)
    page = new_page(browser)
    open_app(page, url)
    page.evaluate(FIRST_CROP, file.name)
    dropped_at = drop(page, [file])
    seconds = (page.evaluate("window.first") - dropped_at) / 1000
    page.context.close()
    return seconds


def one_batch(browser: Browser, url: str, folder: Path) -> tuple[float, float]:
    """Seconds from the drop of many photos to the first crop, and until all are in the strip and counted."""
    samples = list(read_samples())
    files = [fresh_copy(SAMPLES / samples[n % len(samples)], folder / f"batch-{n}.jpg", SMALL) for n in range(BATCH)]
    page = new_page(browser)
    open_app(page, url)
    page.evaluate(FIRST_CROP, files[0].name)
    page.evaluate(WHOLE_STRIP, BATCH)
    dropped_at = drop(page, files)
    first, whole = page.evaluate("Promise.all([window.first, window.all])")
    page.context.close()
    return (first - dropped_at) / 1000, (whole - dropped_at) / 1000


def many_sessions(browser: Browser, url: str, folder: Path) -> float:
    """Seconds from the first of many drops at once until the last visitor has crops: each those of the own photo."""
    pages, files = [], []
    for n, name in zip(range(SESSIONS), read_samples(), strict=False):
        page = new_page(browser)
        open_app(page, url)
        file = fresh_copy(SAMPLES / name, folder / f"session-{n}.jpg")
        page.evaluate(FIRST_CROP, file.name)
        pages.append(page)
        files.append(file)
    dropped_at = [drop(page, [file]) for page, file in zip(pages, files, strict=True)]
    painted_at = [page.evaluate("window.first") for page in pages]
    for page, file in zip(pages, files, strict=True):
        expect(title(page)).to_have_text(file.name)
        wait(page)
        found, expected = shown(page), core_numbers(file)
        if found != expected:
            raise RuntimeError(f"{file.name} shows {found}, but the core says {expected}")
        page.context.close()
    return (max(painted_at) - min(dropped_at)) / 1000


def drop(page: Page, files: Sequence[Path]) -> float:
    """Hand the files to the uploader. Returns when it had them, in milliseconds since 1970."""
    hand_in(page, files)
    return float(page.evaluate("window.dropped"))


def table(rows: dict[str, list[float]]) -> str:
    """The medians of all rounds with their range, as Markdown."""
    lines = ["| from the drop to | seconds, median | min–max |", "| --- | ---: | ---: |"]
    lines += [f"| {what} | {median(row):.1f} | {min(row):.1f}–{max(row):.1f} |" for what, row in rows.items()]
    return "\n".join(lines)


def about(chromium: str, load: float) -> dict[str, Any]:
    """What the numbers were measured on. load: of the machine before."""
    manifest = made("python -m tests.browser.measure")
    versions = {**cast(dict[str, str], manifest["versions"]), "streamlit": version("streamlit"), "chromium": chromium}
    weights = load_manifest("gaze")["sha256"]
    return {**manifest, "versions": versions, "weights": weights, "load": round(load, 2), "rounds": ROUNDS}


if __name__ == "__main__":
    main()
