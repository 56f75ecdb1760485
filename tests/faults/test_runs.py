"""Bad days of a run, in Your data and on the command line: it is told what happened, and the same run goes on."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from eval.runs import PROGRESS, TABLE, RunError, append_progress, load_run, save_run, start_progress
from eval.types import SLICES, Outcome, Row
from pages.shared import folders
from pages.your_data import job
from pages.your_data.job import Job
from pages.your_data.photo_set import PhotoSet
from pages.your_data.uploads import SET
from tests.faults.program import ROOT, run, words
from tests.pages.app import open_page
from tests.pages.test_your_data_parts import group_is_gone, wait
from tests.synthetic import SCENES, write_dataset

SERVER = """
import sys, time
from pathlib import Path
from pages.your_data.photo_set import PhotoSet
from pages.your_data.unpack import Upload

photos = PhotoSet([Upload("cat.jpg", Path("samples/chelsea_cat.jpg").read_bytes())], "cats")
job = photos.start_job("cats", ("center", "gaze"))
print(photos.folder, job.process.pid, flush=True)
time.sleep(99)
"""
PHOTO = ROOT / "samples" / "chelsea_cat.jpg"


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_dataset(tmp_path_factory.mktemp("faults") / "photos")


def whole(folder: Path) -> None:
    """Every photo is in the run, with each of its numbers once."""
    table = load_run(folder).table
    assert set(table["image"]) == {scene.name for scene in SCENES}
    assert not table.duplicated(["image", "method", "aspect", "metric"]).any()
    assert len(set(Counter(table["image"]).values())) <= 3, "photos of one shape have as many numbers"


def workers_of(group: int) -> list[int]:
    """The numbers of a run's worker processes."""
    found = subprocess.run(
        ["ps", "-ww", "-o", "pid=,args=", "-g", str(group)], capture_output=True, text=True, check=False
    )
    return [int(line.split()[0]) for line in found.stdout.splitlines() if "spawn_main" in line]


def end_of(work: Job) -> str:
    wait(lambda: work.state != "running", 180)
    return work.state


def test_killed_worker(photos: Path, tmp_path: Path) -> None:
    """A worker of a run that is killed, as for want of memory, ends it with a sentence; it goes on where it was."""
    work = Job(photos, tmp_path / "run", tmp_path / "log.txt", ("center",), len(SCENES))
    work.start()
    assert work.process
    group = work.process.pid
    wait(lambda: bool(workers_of(group)) and (tmp_path / "run" / PROGRESS).exists())
    for worker in workers_of(group):
        os.kill(worker, signal.SIGKILL)
    assert end_of(work) == "failed"
    assert work.problem == "one of the worker processes was killed, maybe for want of memory; --jobs 1 takes the least"
    work.start()
    assert end_of(work) == "done"
    whole(tmp_path / "run")


def test_killed_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the server, its runs end too, however it ends; the photos that it leaves are removed by the next one."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with subprocess.Popen(
        [sys.executable, "-c", SERVER],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        env=os.environ | {"TMPDIR": str(tmp_path)},
        text=True,
    ) as server:
        assert server.stdout
        folder, group = server.stdout.readline().split()
        folders.remove_left()
        assert list(Path(folder, "photos").iterdir()), "they are in use"
        server.kill()
    wait(lambda: group_is_gone(int(group)), 10)
    (tmp_path / "gazecrop-link").symlink_to(ROOT / "samples")
    folders.remove_left()
    assert [path.name for path in tmp_path.iterdir()] == ["gazecrop-link"]
    assert PHOTO.exists()


def test_full_disk(photos: Path, tmp_path: Path) -> None:
    """A run that fills the disk ends with a sentence, and goes on after the last photo for which there was room."""
    out = tmp_path / "run"
    command = words("run", "--folder", photos, "--out", out, "--methods", "center", "--jobs", "1", module="eval")

    def with_little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (9_000, 9_000))

    done = run(command, first=with_little_room)
    assert (done.status, done.err.splitlines()[-1]) == (2, f"error: cannot write {out / PROGRESS}: File too large")
    scope, *finished = (out / PROGRESS).read_text().splitlines()
    assert not (out / TABLE).exists()
    taken_up = start_progress(out, json.loads(scope))
    assert [done.image for done in taken_up] == [json.loads(line)["image"] for line in finished[: len(taken_up)]]
    assert 0 < len(taken_up) < len(SCENES)
    assert len(finished) - len(taken_up) <= 1, "at most the line for which there was no room"


def outcome(image: str) -> Outcome:
    rows = [Row("center", "1:1", "gaze kept", 0.5)]
    return Outcome("folder", image, (40, 30), dict.fromkeys(SLICES, "none"), rows, [])


def test_cut_off_while_the_results_are_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that is cut off while its tables are written is unfinished, not damaged, and goes on."""
    start_progress(tmp_path, {"of": "this"})
    append_progress(tmp_path, outcome("a.jpg"))
    write = pd.DataFrame.to_parquet

    def write_half(table: pd.DataFrame, path: Path, **options: object) -> None:
        write(table, path, **options)
        path.write_bytes(path.read_bytes()[:100])
        if TABLE in path.name:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_parquet", write_half)
    with pytest.raises(RunError, match="cannot write .*: No space left"):
        save_run(tmp_path, [outcome("a.jpg")], {})
    monkeypatch.undo()
    with pytest.raises(RunError, match="is unfinished; go on"):
        load_run(tmp_path)
    done = start_progress(tmp_path, {"of": "this"})
    assert save_run(tmp_path, done, {}).table["image"].tolist() == ["a.jpg"]


ENDS = (
    *(b'{"dataset": "fol', b"\0\0\0\0\n" + b"\0" * 99, b"\xff\xfe\n", b"not JSON\n{}\n"),
    *(b"{}\n", b"5\n", b'{"rows": 5}\n', b"[" * 100_000 + b"\n"),
)


@pytest.mark.parametrize("end", ENDS, ids=range(len(ENDS)))
def test_damaged_progress(tmp_path: Path, end: bytes) -> None:
    """Of a progress file that the power cut off, what is whole counts, and the rest is made again."""
    start_progress(tmp_path, {"of": "this"})
    append_progress(tmp_path, outcome("a.jpg"))
    with (tmp_path / PROGRESS).open("ab") as file:
        file.write(end)
    assert [done.image for done in start_progress(tmp_path, {"of": "this"})] == ["a.jpg"]
    append_progress(tmp_path, outcome("b.jpg"))
    assert [done.image for done in start_progress(tmp_path, {"of": "this"})] == ["a.jpg", "b.jpg"]


@pytest.fixture
def page() -> Iterator[AppTest]:
    page = open_page("your_data")
    yield page
    if SET in page.session_state:
        page.session_state[SET].close()


def upload(page: AppTest) -> None:
    page.file_uploader(key="your-data-upload-files").set_value([("cat.jpg", PHOTO.read_bytes(), "image/jpeg")]).run()
    assert not page.exception


def test_no_temporary_folder(page: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no temporary folder can be made or filled, Your data says so, and takes the photos once it can."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    upload(page)
    (error,) = page.error
    assert error.value.endswith("cannot be used: the server has no room for it now; try again later.")
    monkeypatch.undo()
    page.run()
    assert not page.error
    assert page.session_state[SET].alive


def test_a_run_that_cannot_begin(page: AppTest) -> None:
    """A run that cannot begin says why, leaves its place to others, and begins once it can."""
    upload(page)
    photos: PhotoSet = page.session_state[SET]
    (photos.folder / "log.txt").mkdir()
    for _ in range(job.MOST_JOBS + 1):
        page.button(key="your-data-go").click().run()
        assert page.warning[0].value == "the server cannot start it now: Is a directory; try again later."
    (photos.folder / "log.txt").rmdir()
    page.button(key="your-data-go").click().run()
    assert photos.job
    assert photos.job.state == "running"


def test_annotations_without_room(page: AppTest) -> None:
    """Annotations that find no room on the disk are told, and those that were there stay."""
    upload(page)
    photos: PhotoSet = page.session_state[SET]
    (photos.photos / "boxes.part").mkdir()
    table = ("boxes.csv", b"image,left,top,width,height\ncat.jpg,0,0,9,9\n", "text/csv")
    page.file_uploader(key="your-data-upload-csv").set_value([table]).run()
    page.button(key="your-data-annotate").click().run()
    assert "the server has no room for it now" in page.error[0].value
    (photos.photos / "boxes.part").rmdir()
    page.button(key="your-data-annotate").click().run()
    assert not page.error
    assert photos.facts
    assert photos.facts.boxes == 1
