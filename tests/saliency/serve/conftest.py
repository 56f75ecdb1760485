"""One hook for all tests that do not fill it up."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.saliency.serve.server import Server, running


@pytest.fixture(scope="session")
def hook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """With so many places that nobody is sent away."""
    log = tmp_path_factory.mktemp("hook") / "log.txt"
    with running("--waiting", "100", "--patience", "60", "--log", "json", log=log) as server:
        yield server
