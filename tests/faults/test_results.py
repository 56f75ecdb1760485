"""Bad days of the results: a run that cannot be read costs itself only, and a network that is damaged its own pages."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st

from eval.runs import BOXES, MANIFEST, RESULTS, TABLE, RunError, load_run
from pages.method import sections
from pages.shared import run_cache
from pages.shared.photo_cache import get_model
from saliency.models import gaze, load_model
from saliency.models.weights import FOLDER, WeightsError
from tests.faults.program import rights_hold
from tests.pages.app import open_page


def cut(name: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        data = (folder / name).read_bytes()
        (folder / name).write_bytes(data[: len(data) // 2])

    return damage


def say(manifest: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        (folder / MANIFEST).write_text(manifest)

    return damage


def put_folder(folder: Path) -> None:
    (folder / TABLE).unlink()
    (folder / TABLE).mkdir()


def put_link(folder: Path) -> None:
    (folder / TABLE).unlink()
    (folder / TABLE).symlink_to("gone")


DAMAGES: dict[str, Callable[[Path], None]] = {
    "cut off": cut(TABLE),
    "boxes cut off": cut(BOXES),
    "manifest cut off": cut(MANIFEST),
    "no object": say("5"),
    "odd object": say(json.dumps({"images": {"osie": "many"}, "methods": 5})),
    "no boxes": lambda folder: (folder / BOXES).unlink(),
    "closed": lambda folder: folder.chmod(0),
    "listed only": lambda folder: folder.chmod(0o400),
    "a folder": put_folder,
    "a link to nowhere": put_link,
}


@pytest.fixture
def damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of local runs: a good one, and one for each damage."""
    folder = tmp_path / "runs"
    for name in ("good", *DAMAGES):
        shutil.copytree(RESULTS / "scenes", folder / name)
    for name, damage in DAMAGES.items():
        damage(folder / name)
    monkeypatch.setattr(run_cache, "LOCAL", folder)
    with rights_hold():
        yield folder
    for name in DAMAGES:
        (folder / name).chmod(0o700)


def test_runs_that_cannot_be_read(damaged: Path) -> None:
    """A run that is cut off, closed or not what it should be is named when it is opened, and the others are listed."""
    for name in DAMAGES:
        with pytest.raises(RunError, match="the run at|holds no run"):
            load_run(damaged / name)
    assert len(load_run(damaged / "good").table)
    assert "runs/good" in run_cache.runs_of_scenes()
    for file in run_cache.run_files().values():
        assert run_cache.about_run(file)
    page = open_page("explore")
    assert not page.error
    listed = page.selectbox(key="explore-run").options
    assert "test" in " ".join(listed)
    page = open_page("explore", run="runs/manifest cut off")
    assert "is damaged" in page.error[0].value


def test_a_results_folder_that_cannot_be_read(damaged: Path) -> None:
    """Where the folder of local runs cannot be read, the committed ones are listed."""
    damaged.chmod(0)
    try:
        assert set(run_cache.run_files()) == {path.parent.name for path in RESULTS.glob(f"*/{TABLE}")}
        assert run_cache.unfinished_runs() == []
    finally:
        damaged.chmod(0o700)


def test_a_run_from_before_the_clock_was_set_back(damaged: Path) -> None:
    """A run that is made anew after the clock was set back is read anew, though its files look older."""
    before = run_cache.get_run(run_cache.run_files()["runs/good"])
    shutil.copytree(RESULTS / "test", damaged / "good", dirs_exist_ok=True)
    os.utime(damaged / "good" / TABLE, (1, 1))
    after = run_cache.get_run(run_cache.run_files()["runs/good"])
    assert not before.table.equals(after.table)
    assert after.table.equals(load_run(RESULTS / "test").table)


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the networks' weights are read from: a copy."""
    folder = tmp_path / "weights"
    shutil.copytree(FOLDER, folder)
    monkeypatch.setattr(gaze.load_gaze, "__defaults__", ("gaze", folder, None))
    for cache in (load_model.cache_clear, st.cache_resource.clear, st.cache_data.clear):
        cache()
    yield folder
    load_model.cache_clear()
    get_model.clear()


def test_weights(weights: Path) -> None:
    """With a damaged network, its pages name the file to restore, and the others work."""
    (weights / "gaze.onnx").write_bytes((weights / "gaze.onnx").read_bytes()[:-1])
    for room in ("crop", "rate"):
        page = open_page(room)
        (error,) = page.error
        assert "not the fault of your photos" in error.value
        assert "restore" in error.value
        assert "gaze" in error.value
    for room in ("your_data", "fairness"):
        assert not open_page(room).error


def test_a_network_that_fails_in_the_middle_of_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """A network that is found damaged in the middle of a page is named, with the number that the log knows it by."""

    def fail(*_: object) -> None:
        raise WeightsError("no weights at /srv/a_b.onnx; restore the file from the repository")

    monkeypatch.setattr(sections, "show_header", fail)
    (error,) = open_page("method").error
    assert "This server's network cannot be used" in error.value
    assert "no weights at /srv/a\\_b.onnx; restore the file" in error.value
    assert "in the log" in error.value
