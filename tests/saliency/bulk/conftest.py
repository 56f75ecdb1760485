"""An album and the undisturbed run over it, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from saliency.__main__ import main
from tests.kill_bulk import command, make_album


@pytest.fixture(scope="session")
def album(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_album(tmp_path_factory.mktemp("bulk") / "album", photos=40)


@pytest.fixture(scope="session")
def calm(album: Path) -> Path:
    """What an undisturbed run wrote: folders `rows` and `crops`."""
    out = album.parent / "calm"
    assert main(command(album, out)[3:]) == 1  # two files are no pictures
    return out
