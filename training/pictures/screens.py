"""Screenshots of documentation that Debian packages, by a headless Chromium without network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

from saliency.image import open_image
from training.pictures.packages import files_of, unpacked
from training.pictures.types import Made, SourceMissing

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")
VIEWPORTS = ((1280, 800), (1280, 720), (390, 844), (412, 732), (900, 900))  # CSS pixels: desktops, phones, a square
AT_THE_TOP = 0.4  # of all screenshots; the others are of somewhere below
ENOUGH = 1500  # bytes: a shorter page has next to nothing on it


def screenshots_of(package: str) -> Iterator[Made]:
    """One screenshot of each HTML page of a package in a random order, the viewports in turn."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise SourceMissing("needs playwright: make setup-dev") from None
    if not CHROMIUM.exists():
        raise SourceMissing(f"needs {CHROMIUM}: apt-get install chromium")
    rng = Random(package)
    with unpacked(package) as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(ARGUMENTS))
        pages = [path for path in files_of(folder, ("html",)) if path.stat().st_size >= ENOUGH]
        for number, path in enumerate(rng.sample(pages, len(pages))):
            width, height = VIEWPORTS[number % len(VIEWPORTS)]
            context = browser.new_context(viewport={"width": width, "height": height}, offline=True)
            page = context.new_page()
            page.goto(path.as_uri())
            if rng.random() > AT_THE_TOP:
                page.evaluate("share => scrollTo(0, share * (document.body.scrollHeight - innerHeight))", rng.random())
            yield Made(open_image(page.screenshot()))
            context.close()
        browser.close()
