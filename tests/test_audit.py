"""The audit against a small stand-in for PyPI, and what the lock files and ranges hold."""

from __future__ import annotations

import json
import threading
import tomllib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from saliency.files.floors import FLOORS
from tests.audit import CLEAN, KNOWN_BAD, NOT_ASKED, main, releases

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements.txt", "requirements-serve.txt", "requirements-dev.txt")
BAD = {"id": "PYSEC-2026-1", "aliases": ["CVE-2026-112403"], "fixed_in": ["13.0.0"], "withdrawn": None}
ANSWERS = {
    "/pillow/12.3.0/json": {"info": {}, "vulnerabilities": [BAD]},
    "/pillow/13.0.0/json": {"info": {}, "vulnerabilities": []},
    "/numpy/2.4.6/json": {"info": {}, "vulnerabilities": [{**BAD, "withdrawn": "2026-11-01T00:00:00Z"}]},
    "/odd/1.0/json": {"message": "a mirror's own page"},
}


class Pypi(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        answer = ANSWERS.get(self.path)
        self.send_response(200 if answer else 404)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def index() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pypi)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("pins", "status", "said"),
    [
        (["pillow==13.0.0", "numpy==2.4.6"], CLEAN, "2 of 2 packages asked for, 0 advisories"),
        (["pillow==12.3.0"], KNOWN_BAD, "pillow 12.3.0: PYSEC-2026-1, CVE-2026-112403; fixed in 13.0.0"),
        (["pillow==12.3.0", "unknown==1.0"], KNOWN_BAD, "NOT AUDITED: 1 of 2 packages, unknown the first: HTTP 404"),
        (["pillow==13.0.0", "unknown==1.0"], NOT_ASKED, "NOT AUDITED: 1 of 2 packages"),
        (["odd==1.0"], NOT_ASKED, "the answer has no list of vulnerabilities"),
        ([], NOT_ASKED, "0 of 0 packages"),
    ],
)
def test_what_is_known_and_what_was_not_asked(
    pins: list[str], status: int, said: str, index: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lock = tmp_path / "requirements.txt"
    lock.write_text("".join(f"{pin} \\\n    --hash=sha256:{'0' * 64}\n" for pin in pins))
    assert main([str(lock)], index) == status
    assert said in capsys.readouterr().out


def test_nobody_there_is_not_green(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "lock").write_text(f"pillow==13.0.0 --hash=sha256:{'0' * 64}\n")
    assert main([str(tmp_path / "lock")], "http://127.0.0.1:9") == NOT_ASKED
    assert "NOT AUDITED: 1 of 1" in capsys.readouterr().out


def test_a_pin_without_its_hash_is_told(index: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "lock").write_text("pillow==13.0.0\n")
    assert main([str(tmp_path / "lock")], index) == KNOWN_BAD
    assert "pillow 13.0.0 is pinned without a hash" in capsys.readouterr().out


def test_locks_and_ranges_are_above_the_floors() -> None:
    ranges = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    asked = {requirement.name: requirement.specifier for requirement in map(Requirement, ranges)}
    for floor in FLOORS:
        least = Version(".".join(map(str, floor.least)))
        assert all(Version(one.version) >= least for one in asked[floor.package] if one.operator == ">=")
        for lock in LOCKS:
            pinned = [one for one in releases((ROOT / lock).read_text()) if one.package == floor.package]
            assert all(Version(one.version) >= least for one in pinned)
    assert {floor.package for floor in FLOORS} <= {one.package for one in releases((ROOT / LOCKS[0]).read_text())}
    assert all(one.hashed for lock in LOCKS for one in releases((ROOT / lock).read_text()))
