"""Decoders that are known to be bad open nothing, and whoever runs the program reads what to do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from saliency.__main__ import main
from saliency.files.floors import INSTALLED, DecoderError, known_bad
from saliency.image import image_size, open_image
from tests.pages.app import open_page

CAT = Path(__file__).parents[2] / "samples" / "chelsea_cat.jpg"
GOOD = {"pillow": "13.0.0", "pillow-heif": "1.7.0"}


@pytest.mark.parametrize(
    ("versions", "named"),
    [
        ({}, []),
        ({"pillow": "13.1.0.dev0", "pillow-heif": "2.0"}, []),
        ({"pillow": "12.3.0"}, ["pillow 12.3.0", "CVE-2026-112403"]),
        ({"pillow-heif": "1.6.0"}, ["pillow-heif 1.6.0", "GHSA-x8r2-mggj-j6wr"]),
        ({"pillow": "9.5", "pillow-heif": "0.9"}, ["CVE-2026-112403", "GHSA-x8r2-mggj-j6wr"]),
        ({"pillow": "unknown"}, ["pillow unknown"]),
    ],
)
def test_a_bad_decoder_is_named_with_its_version_and_advisory(versions: dict[str, str], named: list[str]) -> None:
    told = known_bad({**GOOD, **versions})
    assert bool(told) == bool(named)
    for name in named:
        assert name in told


def test_the_command_mends_what_it_names() -> None:
    command = known_bad({"pillow": "12.3.0", "pillow-heif": "1.6.0"}).rpartition("pip install ")[2]
    wanted = {one.name: one.specifier for one in map(Requirement, re.findall(r"'([^']+)'", command))}
    assert set(wanted) == set(GOOD)
    assert all(wanted[package].contains(version) for package, version in GOOD.items())
    assert not wanted["pillow"].contains("12.3.0")


def test_what_is_installed_opens_pictures() -> None:
    assert not known_bad(), INSTALLED


@pytest.fixture
def bad(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(INSTALLED, "pillow", "12.3.0")


@pytest.mark.usefixtures("bad")
@pytest.mark.parametrize("opens", [open_image, image_size])
def test_nothing_is_opened(opens: object) -> None:
    assert callable(opens)
    with pytest.raises(DecoderError, match="CVE-2026-112403"):
        opens(CAT)


@pytest.mark.usefixtures("bad")
def test_the_command_line_ends_with_the_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["crop", str(CAT)]) == 1
    printed = capsys.readouterr()
    assert not printed.out
    assert "pip install 'pillow>=13.0.0'" in printed.err


@pytest.mark.usefixtures("bad")
def test_the_app_says_it_in_place_of_every_page() -> None:
    page = open_page()
    (told,) = page.error
    assert "CVE-2026-112403" in told.value
    assert not page.title
    assert not page.file_uploader
