"""Bad days of the server itself: the app as a process of its own, where nothing may be written and little be read."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.faults.program import PATIENCE, ROOT, as_anybody

VISIT = """
from tests.pages.app import open_page

for room in ("crop", "rate", "your_data"):
    page = open_page(room)
    print(room, len(page.title), [error.value for error in page.error], sep="|")
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Path]:
    """The repository where nothing can be written: a closed folder of links."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    for path in ROOT.iterdir():
        if path.name not in (".git", "ratings", "runs"):
            (folder / path.name).symlink_to(path)
    folder.chmod(0o500)
    yield folder
    folder.chmod(0o700)


@pytest.fixture
def nowhere(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An environment whose home and caches are somebody else's, who lets nobody in."""
    home = tmp_path / "home"
    for folder in (home / ".streamlit", home / ".cache" / "fontconfig", home / ".config"):
        folder.mkdir(parents=True)
    (home / ".streamlit" / "secrets.toml").write_text("not = ours")
    home.chmod(0)
    names = {"HOME": home, "XDG_CACHE_HOME": home / ".cache", "XDG_CONFIG_HOME": home / ".config"}
    unset = ("GAZECROP_RATINGS_URL", "XDG_DATA_HOME", "GAZE_DATA")
    yield {name: value for name, value in os.environ.items() if name not in unset} | {
        name: str(path) for name, path in names.items()
    }
    home.chmod(0o700)


def test_nothing_can_be_written(checkout: Path, nowhere: dict[str, str]) -> None:
    """With a read-only checkout, and a home and caches of somebody else, pages work; Rate says what it lacks."""
    done = subprocess.run(
        [sys.executable, "-c", VISIT],
        cwd=checkout,
        env=nowhere | {"PYTHONPATH": str(checkout)},
        preexec_fn=as_anybody,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    crop, rate, data = (line.split("|") for line in done.stdout.splitlines())
    assert crop == ["crop", "1", "[]"]
    assert data == ["your_data", "1", "[]"]
    assert rate[1] == "1"
    assert "GAZECROP\\\\_RATINGS\\\\_URL" in rate[2]


def test_the_server_starts(checkout: Path, nowhere: dict[str, str]) -> None:
    """The server answers in such a place too; where its port is taken it says how to choose another."""
    with socket.create_server(("", 0)) as free:
        port = str(free.getsockname()[1])
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", port]
    log = checkout.parent / "log.txt"
    with (
        log.open("wb") as words,
        subprocess.Popen(command, cwd=checkout, env=nowhere, stdout=words, stderr=words, preexec_fn=as_anybody) as app,
    ):
        try:
            assert answer(f"http://localhost:{port}/_stcore/health") == b"ok"
            assert b"<title>" in answer(f"http://localhost:{port}/")
            assert shutil.which("make")
            taken = subprocess.run(
                ["make", "-o", "setup", "run", f"PORT={port}"], cwd=ROOT, capture_output=True, text=True, check=False
            )
            assert taken.returncode == 2
            said = f"port {port} is taken or not allowed; choose another: make run PORT=8601\n"
            assert taken.stderr.startswith(said)
        finally:
            app.kill()
    assert "Traceback" not in log.read_text()


def answer(address: str) -> bytes:
    """What the address gives, once the server is there."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with urlopen(address, timeout=PATIENCE) as response:
                return bytes(response.read())
        except OSError:
            assert time.monotonic() < deadline, "it never answered"
            time.sleep(0.1)
