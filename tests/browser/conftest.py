"""The app in a real browser: one server and one Chromium for all tests; skipped where there is no Chromium."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]
CHROMIUM = Path("/usr/bin/chromium")
QUIET = (  # no sandbox in containers; no traffic of its own
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
START_SECONDS = 60
expect.set_options(timeout=20_000)  # milliseconds: a busy machine is slow, not wrong


@contextmanager
def running_app(
    ratings: Path, script: str = "app.py", output: IO[bytes] | None = None, **variables: str
) -> Iterator[str]:
    """The address of `streamlit run script` on a free port, once it answers.

    ratings: the file of its votes. output: where its words go. variables: what else its environment holds.
    """
    port = _free_port()
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port), "--server.headless=true"]
    command += ["--server.fileWatcherType=none"]
    environment = {**os.environ, "OMP_NUM_THREADS": "2", "PYTHONPATH": str(ROOT), **variables}
    environment["GAZECROP_RATINGS_URL"] = f"sqlite:///{ratings}"
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
    try:
        _wait_for_health(server, port)
        yield f"http://localhost:{port}"
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture(scope="session")
def app_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the app, for all stories. It has votes of its own."""
    if not CHROMIUM.exists():
        pytest.skip(f"needs {CHROMIUM}: apt-get install chromium")
    with running_app(tmp_path_factory.mktemp("ratings") / "ratings.sqlite") as url:
        yield url


@pytest.fixture(scope="session")
def browser(app_url: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(QUIET))
        visit_first(browser, app_url)
        yield browser
        browser.close()


def visit_first(browser: Browser, url: str) -> None:
    """Be the first visitor of a new server, who comes by the front page: from then on it knows its pages.

    One who comes by a link to another page sees it too, but Streamlit writes into the console that there is none.
    """
    page = browser.new_page()
    page.goto(url)
    expect(page.get_by_test_id("stHeading").first).to_be_visible(timeout=90_000)
    page.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A new visitor on a desktop."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for_health(server: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.3)
    raise RuntimeError(f"streamlit did not start on port {port} (exit code {server.poll()})")
