"""An album and the undisturbed run over it, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from saliency.__main__ import main
from tests.kill_bulk import command, make_album
from tests.saliency.test_regions import SHAPES, iptc, photo, region


@pytest.fixture(scope="session")
def album(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """In one photo a person marked what to crop to."""
    folder = make_album(tmp_path_factory.mktemp("bulk") / "album", photos=40)
    (folder / "0005.jpg").write_bytes(photo(iptc(region(SHAPES["circle"]))))
    return folder


@pytest.fixture(scope="session")
def calm(album: Path) -> Path:
    """What an undisturbed run wrote: folders `rows` and `crops`."""
    out = album.parent / "calm"
    assert main(command(album, out)[3:]) == 1  # two files are no pictures
    return out
