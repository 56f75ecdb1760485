"""Getting the datasets, from repositories on this disk that stand in for the public ones."""

from __future__ import annotations

import csv
import hashlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from eval import __main__ as command_line
from eval.datasets import REPOSITORIES, DatasetNotFound, load_dataset
from eval.datasets import get as getting
from eval.datasets.get import BATCH, GetError, files_of, get, missing_of
from eval.datasets.places import data_root
from tests.photos import needs_data

COUNT = 2 * BATCH + 5


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=nobody", "-c", "user.email=nobody@example.org"]
    subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True)


@pytest.fixture
def public(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A repository with the files of "osie" and others, and the list of them; it serves single files as GitHub does."""
    repository = tmp_path / "public"
    (repository / "data" / "stimuli").mkdir(parents=True)
    git(repository, "init", "--quiet")
    rows = []
    for i in range(COUNT):
        path = f"data/stimuli/{i:03} é.jpg" if i == 7 else f"data/stimuli/{i:03}.jpg"
        content = f"picture {i}\r\n".encode() * (2 * i + 1)
        (repository / path).write_bytes(content)
        rows.append(("osie", path, len(content), hashlib.sha256(content).hexdigest()[:32]))
    (repository / "unwanted.zip").write_bytes(b"x" * 100_000)
    git(repository, "add", ".")
    git(repository, "commit", "--quiet", "-m", "all")
    for option in ("allowFilter", "allowAnySHA1InWant"):
        git(repository, "config", f"uploadpack.{option}", "true")
    listed = tmp_path / "files.csv"
    with listed.open("w", newline="") as file:
        csv.writer(file).writerows([("dataset", "path", "bytes", "sha256"), *rows])
    monkeypatch.setattr(getting, "FILES", listed)
    monkeypatch.setitem(REPOSITORIES, "osie", repository.as_uri())
    files_of.cache_clear()
    yield repository
    files_of.cache_clear()


def test_a_dataset_arrives_whole_step_by_step(public: Path, tmp_path: Path) -> None:
    steps = list(get("osie", tmp_path / "here"))
    assert [step.files for step in steps] == [0, BATCH, 2 * BATCH, COUNT]
    assert [step.size for step in steps] == sorted(step.size for step in steps)
    assert steps[-1].size == steps[-1].of_size == sum(file.size for file in files_of("osie"))
    for file in files_of("osie"):
        assert (tmp_path / "here" / "osie" / file.path).read_bytes() == (public / file.path).read_bytes()
    assert not (tmp_path / "here" / "osie" / "unwanted.zip").exists()
    listing = ["git", "-C", str(tmp_path / "here" / "osie"), "rev-list", "--objects", "--missing=print", "published"]
    missing = [line for line in subprocess.check_output(listing, text=True).splitlines() if line.startswith("?")]
    assert len(missing) == 1  # not even its contents came


@pytest.mark.usefixtures("public")
def test_an_interrupted_download_goes_on_with_what_is_missing(tmp_path: Path) -> None:
    steps = get("osie", tmp_path)
    next(steps)
    assert next(steps).files == BATCH
    steps.close()
    assert [step.files for step in get("osie", tmp_path)] == [BATCH, 2 * BATCH, COUNT]
    assert [step.files for step in get("osie", tmp_path, "file:///nowhere")] == [COUNT]  # nothing to ask for


@pytest.mark.usefixtures("public")
def test_damaged_files_are_fetched_again(tmp_path: Path) -> None:
    list(get("osie", tmp_path))
    first, second = files_of("osie")[:2]
    (tmp_path / "osie" / first.path).write_bytes(b"y" * first.size)
    (tmp_path / "osie" / second.path).unlink()
    assert missing_of("osie", tmp_path / "osie") == [first, second]
    assert [step.files for step in get("osie", tmp_path)] == [COUNT - 2, COUNT]
    assert missing_of("osie", tmp_path / "osie") == []


def test_a_repository_that_changed_is_named(public: Path, tmp_path: Path) -> None:
    (public / "data/stimuli/003.jpg").write_bytes(b"another")
    git(public, "commit", "--quiet", "-a", "-m", "changed")
    with pytest.raises(GetError, match=r"003\.jpg is not the file that was published"):
        list(get("osie", tmp_path))
    git(public, "rm", "--quiet", "data/stimuli/003.jpg", "data/stimuli/004.jpg")
    git(public, "commit", "--quiet", "-m", "gone")
    (tmp_path / "osie" / "data/stimuli/004.jpg").unlink()
    with pytest.raises(GetError, match=r"has no data/stimuli/003\.jpg any more, nor 1 others"):
        list(get("osie", tmp_path))


@pytest.mark.usefixtures("public")
def test_without_a_connection_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(GetError, match=r"git could not fetch .*Is this computer online\?.*by hand"):
        list(get("osie", tmp_path, (tmp_path / "nowhere").as_uri()))
    (tmp_path / "file").write_text("")
    with pytest.raises(GetError, match="cannot write to .*set GAZE_DATA"):
        list(get("osie", tmp_path / "file"))


def test_the_command_line_says_size_and_licence_and_carries_on(
    public: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GAZE_DATA", str(tmp_path / "data"))
    assert command_line.main(["get", "osie"]) == 0
    said = capsys.readouterr()
    assert f"osie: {COUNT} files, 0.1 MB, MIT licence, from {public.as_uri()}" in said.out
    assert f"osie is in {tmp_path / 'data' / 'osie'}" in said.out
    assert command_line.main(["get", "osie"]) == 0
    monkeypatch.setitem(REPOSITORIES, "osie", (tmp_path / "nowhere").as_uri())
    (tmp_path / "data" / "osie" / "data/stimuli/000.jpg").unlink()
    assert command_line.main(["get", "osie"]) == 2
    assert "error: git could not fetch" in capsys.readouterr().err


def test_without_a_setting_the_data_of_this_user_is_where_they_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GAZE_DATA", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert data_root() == tmp_path / "gazecrop" / "datasets"
    with pytest.raises(DatasetNotFound, match="`python -m eval get osie` fetches it"):
        load_dataset("osie")


@needs_data
@pytest.mark.parametrize("name", REPOSITORIES)
def test_the_list_is_of_the_files_that_are_read(name: str) -> None:
    """The datasets on this disk are whole, and each photo that is read is on the list."""
    assert missing_of(name, data_root() / name) == []
    listed = {file.path for file in files_of(name)}
    assert {sample.path.relative_to(data_root() / name).as_posix() for sample in load_dataset(name)} <= listed
