"""Your data as a visitor meets it: a folder, a run that is watched and cancelled, results and downloads."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from eval.__main__ import main
from saliency.__main__ import main as crop
from tests.browser.conftest import ROOT
from tests.browser.parts import HEIGHT, SCREENSHOTS, SIZES, errors_of, fits, visitor
from tests.synthetic import write_dataset

A_RUN = 120_000  # milliseconds

pytestmark = pytest.mark.browser


@pytest.fixture
def problems(page: Page) -> Iterator[list[str]]:
    """What the browser complained of, which must be nothing."""
    found = errors_of(page)
    yield found
    assert found == []


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """A folder with annotated photos, a note, and a picture that is none."""
    root = write_dataset(tmp_path / "holiday")
    (root / "notes.txt").write_text("not for you")
    (root / "broken.jpg").write_bytes(b"no picture")
    return root


def open_page(page: Page, url: str) -> None:
    page.goto(f"{url}/your_data")
    expect(page.get_by_role("heading", name="Measure your own photos")).to_be_visible(timeout=90_000)
    settle(page)


def settle(page: Page) -> None:
    """Until nothing runs any more and the figures are drawn."""
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0, timeout=A_RUN)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=A_RUN)
    page.wait_for_timeout(400)


def look(page: Page, name: str) -> None:
    """A screenshot of the whole page on a desktop and on a phone, where nothing may stick out."""
    SCREENSHOTS.mkdir(exist_ok=True)
    for device in ("phone", "desktop"):
        resize(page, device)
        assert fits(page)
        page.set_viewport_size({"width": SIZES[device][0], "height": page.evaluate(HEIGHT)})
        page.wait_for_timeout(500)
        page.screenshot(path=SCREENSHOTS / f"your-data-{name}-{device}.png")
    resize(page, "desktop")


def resize(page: Page, device: str) -> None:
    """Make the window as large as this device's, and give the figures time to follow."""
    width, height = SIZES[device]
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_timeout(500)


@pytest.mark.usefixtures("problems")
def test_two_bulk_runs_are_compared(page: Page, app_url: str, tmp_path: Path) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    for name in ("bee.jpg", "slide.jpg", "wine.jpg"):
        shutil.copy(ROOT / "samples" / name, photos)
    for method in ("center", "gaze-nano"):
        assert crop(["bulk", str(photos), str(tmp_path / method), "--method", method, "--workers", "1"]) == 0
    file = tmp_path / "comparison.json"
    assert crop(["bulk-compare", str(tmp_path / "center"), str(tmp_path / "gaze-nano"), "--out", str(file)]) == 0
    open_page(page, app_url)
    page.get_by_role("tab", name="Compare bulk runs").click()
    expect(page.get_by_text("No annotations are needed")).to_be_visible()
    page.locator("input[type=file]").first.set_input_files(str(file))
    expect(page.get_by_role("heading", name="Where they differ most")).to_be_visible()
    for picture in page.locator(".own-differing img").all():
        assert picture.evaluate("picture => picture.naturalWidth") > 0
    boxes = page.locator(".own-differing figure").first.locator("b")
    places = [boxes.nth(index).bounding_box() for index in (0, 1)]
    assert places[0] != places[1]
    settle(page)
    look(page, "compared")


@pytest.mark.usefixtures("problems")
def test_a_folder_with_annotations(page: Page, app_url: str, photos: Path) -> None:
    open_page(page, app_url)
    look(page, "empty")
    page.get_by_role("radio", name="A folder").or_(page.get_by_role("button", name="A folder")).first.click()
    page.locator("input[type=file][webkitdirectory]").set_input_files(str(photos))
    expect(page.get_by_role("heading", name="holiday")).to_be_visible(timeout=60_000)
    expect(
        page.get_by_text("6 photos, 1 of which cannot be opened and will be skipped · 5 with the gaze")
    ).to_be_visible()
    look(page, "folder")
    page.get_by_role("button", name="Measure 6 photos").click()
    expect(page.get_by_text("of 6 photos")).to_be_visible()
    page.wait_for_timeout(2500)
    look(page, "running")
    expect(page.get_by_role("heading", name="What came out")).to_be_visible(timeout=A_RUN)
    settle(page)
    expect(page.get_by_text("of human gaze")).to_be_visible()
    expect(page.get_by_text("1 of 6 photos skipped")).to_be_visible()
    look(page, "annotated")

    page.get_by_role("button", name="Open in Quality").click()
    expect(page.get_by_text("holiday").first).to_be_visible(timeout=60_000)


@pytest.mark.usefixtures("problems")
def test_samples_without_annotations(page: Page, app_url: str, tmp_path: Path) -> None:
    open_page(page, app_url)
    page.get_by_role("button", name="Try it with the sample photos").click()
    page.get_by_role("button", name=re.compile(r"Measure \d+ photos")).click()
    expect(page.get_by_text(re.compile(r"of \d+ photos"))).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Stopped after")).to_be_visible(timeout=30_000)
    look(page, "stopped")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="What came out")).to_be_visible(timeout=A_RUN)
    settle(page)
    expect(page.get_by_text("Nobody looked at these photos")).to_be_visible()
    expect(page.locator(".js-plotly-plot")).to_have_count(4)
    look(page, "unlabelled")

    with page.expect_download() as download:
        page.get_by_role("button", name="Run (zip)").click()
    assert download.value.suggested_filename == "samples-run.zip"
    with zipfile.ZipFile(download.value.path()) as archive:
        archive.extractall(tmp_path)
    assert main(["report", str(tmp_path / "samples"), "--metric", "expected gaze kept"]) == 0
    with page.expect_download() as download:
        page.get_by_role("button", name="Report (HTML)").click()
    assert download.value.suggested_filename == "samples-report.html"
    shutil.copy(download.value.path(), SCREENSHOTS / "report.html")
    check_report(page.context, SCREENSHOTS / "report.html")


def check_report(context: BrowserContext, file: Path) -> None:
    """The report draws its figures without a network, and asks for none."""
    page = context.new_page()
    asked: list[str] = []
    problems: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    context.set_offline(True)
    page.goto(file.as_uri())
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    expect(page.locator(".js-plotly-plot")).to_have_count(4)
    for device in ("phone", "desktop"):
        resize(page, device)
        assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[device][0]
        page.screenshot(path=SCREENSHOTS / f"report-{device}.png", full_page=True)
    context.set_offline(False)
    page.close()
    assert asked == [file.as_uri()]
    assert problems == []


def test_dark(browser: Browser, app_url: str) -> None:
    with visitor(browser, scheme="dark") as page:
        open_page(page, app_url)
        page.get_by_role("button", name="Try it with the sample photos").click()
        page.get_by_role("button", name=re.compile(r"Measure \d+ photos")).click()
        expect(page.get_by_role("heading", name="What came out")).to_be_visible(timeout=A_RUN)
        settle(page)
        look(page, "unlabelled-dark")


@pytest.mark.usefixtures("problems")
def test_the_maps_are_adapted_and_the_file_is_taken_home(
    page: Page, app_url: str, photos: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What comes down is a file that the command line takes."""
    open_page(page, app_url)
    page.get_by_role("radio", name="A folder").or_(page.get_by_role("button", name="A folder")).first.click()
    page.locator("input[type=file][webkitdirectory]").set_input_files(str(photos))
    page.get_by_role("button", name="Adapt to these photos").click()
    expect(page.get_by_role("button", name="Adapt again")).to_be_visible(timeout=A_RUN)
    expect(page.get_by_text("cross-validation over 5 photos")).to_be_visible()
    settle(page)
    look(page, "adapted")
    with page.expect_download() as download:
        page.get_by_role("button", name="Adaptation (JSON)").click()
    file = photos.parent / "adaptation.json"
    download.value.save_as(file)
    assert crop(["crop", str(photos / "left.png"), "--adapt", str(file), "--json"]) == 0
    assert '"method": "gaze"' in capsys.readouterr().out
