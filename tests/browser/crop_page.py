"""What the stories of the Crop page share: how one opens it, drops photos, waits, and looks."""

from __future__ import annotations

import io
import json
import os
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Download, Locator, Page, expect

from pages.shared.palette import method_look
from pages.shared.phrases import percent
from pages.shared.widgets import FIRST_METHODS
from saliency import load_method, load_model, open_image
from saliency.crop import expected_gaze, judge
from tests import first
from tests.browser.parts import settle

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples"
FIRST_RESULT = 90_000  # milliseconds: on a new server the network is loaded first


def open_app(page: Page, url: str) -> None:
    """Go to the page and wait until its last line is there."""
    page.goto(url)
    wait(page)


def wait(page: Page) -> None:
    """Until nothing runs any more, and every picture has arrived."""
    expect(page.get_by_text("Credits of the sample photos")).to_be_visible(timeout=FIRST_RESULT)
    settle(page)


def hand_in(page: Page, files: Sequence[Path]) -> None:
    """Give files to the uploader, as a drop does."""
    page.locator(".st-key-crop-uploads input[type=file]").set_input_files([str(file) for file in files])


def wait_for_batch(page: Page, files: Sequence[Path]) -> None:
    """Until all these files are there."""
    expect(page.locator(".st-key-crop-strip-bar").get_by_text(f"{len(files)} photos")).to_be_visible(
        timeout=FIRST_RESULT
    )
    wait(page)


def title(page: Page) -> Locator:
    """What the photo is called."""
    return page.get_by_role("heading", level=2)


def photo(page: Page) -> Locator:
    """The photo one steers on."""
    return page.get_by_role("application", name="Focal point")


VIEWS = {  # and the words by which one knows that they are there
    "Crops": "It is not a measurement",
    "Why": "The three best crops that differ",
    "Feed": "A drawing of no feed in particular",
    "Compare": "Every method on this photo",
    "Take home": "This page again",
}


def choose_view(page: Page, view: str) -> None:
    """Open one of VIEWS, and wait until it is drawn."""
    page.locator(".st-key-crop-view").get_by_text(view, exact=True).click()
    expect(page.get_by_text(VIEWS[view])).to_be_visible(timeout=60_000)
    wait(page)


def shown(page: Page) -> dict[str, list[str]]:
    """What the cards say: label -> the percentages, in the order of the formats."""
    found: dict[str, list[str]] = {}
    for card in page.get_by_test_id("stMetric").all():
        label = card.get_by_test_id("stMetricLabel").inner_text().removesuffix(" keeps")
        found.setdefault(label, []).append(card.get_by_test_id("stMetricValue").inner_text())
    return found


def core_numbers(file: Path) -> dict[str, list[str]]:
    """What the cards must say of this photo, straight from the core: the shares of the first formats and methods."""
    image = open_image(file)
    size = image.shape[1], image.shape[0]
    gaze = expected_gaze(load_model().predict(image))
    aspects = [target.aspect for target in first.CHOSEN]
    return {
        method_look(name).label: [
            percent(judge(gaze, size, crop.aspect, crop.box).kept) for crop in load_method(name).crop(image, aspects)
        ]
        for name in FIRST_METHODS
    }


def fresh_copy(sample: Path, path: Path, size: tuple[int, int] | None = None) -> Path:
    """The sample as a JPEG that no cache knows: a few pixels are random. size: (width, height) to bring it to."""
    with Image.open(sample) as picture:
        copy = picture.convert("RGB")
    if size:
        copy = copy.resize(size, Image.Resampling.LANCZOS)
    copy.paste(Image.frombytes("RGB", (8, 8), os.urandom(8 * 8 * 3)))
    copy.save(path, quality=90)
    return path


@dataclass(frozen=True, slots=True)
class Bundle:
    """A downloaded zip. pictures: by file name. focal_points: of each photo, as they were written."""

    pictures: dict[str, Image.Image]
    focal_points: list[dict[str, Any]]

    @property
    def sizes(self) -> dict[str, tuple[int, int]]:
        """(width, height) by file name."""
        return {name: picture.size for name, picture in self.pictures.items()}


def download(page: Page, button: str | re.Pattern[str]) -> Download:
    """What a click on this button brings."""
    with page.expect_download() as waiting:
        page.get_by_role("button", name=button).last.click()
    return waiting.value


def open_zip(file: Download) -> Bundle:
    assert file.suggested_filename == "gazecrop.zip"
    with zipfile.ZipFile(file.path()) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    points = json.loads(files.pop("focal_points.json"))
    return Bundle({name: Image.open(io.BytesIO(data)) for name, data in files.items()}, points)
