"""What Your data does beside the page: a visitor's photos on disk, the run in the background, and their end."""

from __future__ import annotations

import gc
import io
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from eval.runs import load_run
from pages.your_data import job as job_module
from pages.your_data import keeper
from pages.your_data.job import Busy, Job
from pages.your_data.keeper import GRACE, sweep
from pages.your_data.photo_set import PhotoSet
from pages.your_data.unpack import UnpackError, Upload
from tests.synthetic import write_dataset

SLEEPER = """
import subprocess, sys, time
deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(99)"
child = subprocess.Popen([sys.executable, "-c", deaf])
print("child", child.pid, flush=True)
time.sleep(99)
"""


def zipped(root: Path) -> Upload:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in root.rglob("*"):
            archive.write(path, path.relative_to(root).as_posix())
    return Upload("holiday.zip", buffer.getvalue())


@pytest.fixture
def upload(tmp_path: Path) -> Upload:
    return zipped(write_dataset(tmp_path / "holiday"))


@pytest.fixture
def sleeper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Job]:
    """Makes jobs whose command sleeps, as does its child, which does not listen to SIGTERM."""
    monkeypatch.setattr(Job, "command", property(lambda _: [sys.executable, "-c", SLEEPER]))
    numbers = iter(range(99))

    def make() -> Job:
        number = next(numbers)
        return Job(tmp_path / "photos", tmp_path / f"out{number}", tmp_path / f"log{number}.txt", ("center",), 5)

    return make


def start(job: Job) -> int:
    """Start the job; the number of its process group."""
    job.start()
    return group_of(job)


def group_of(job: Job) -> int:
    assert job.process is not None
    return job.process.pid


def wait(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.05)


def group_is_gone(number: int) -> bool:
    """Whether no process of the group is left but dead ones that nobody has asked about."""
    found = subprocess.run(["ps", "-o", "stat=", "-g", str(number)], capture_output=True, text=True, check=False)
    return all(state.startswith("Z") for state in found.stdout.split())


def places_free() -> bool:
    taken = 0
    while job_module._places.acquire(blocking=False):
        taken += 1
    for _ in range(taken):
        job_module._places.release()
    return taken == job_module.MOST_JOBS


def test_a_job_makes_the_run_that_the_command_makes(upload: Upload) -> None:
    photos = PhotoSet([upload], "holiday")
    job = photos.new_job("holiday", ("face", "center"))
    states = [job.state]
    job.start()
    states.append(job.state)
    wait(lambda: job.state != "running", 120)
    assert [*states, job.state] == ["failed", "running", "done"]
    assert job.done == job.total == 5
    run = load_run(job.out)
    assert run.manifest["folder"] == str(photos.photos)
    assert run.manifest["methods"] == ["face", "center"]
    assert run.manifest["failed"] == []
    assert photos.finished is job
    wait(places_free)
    photos.close()
    assert not photos.folder.exists()


def test_cancelling_ends_every_process_and_gives_the_place_back(sleeper: Callable[[], Job]) -> None:
    job = sleeper()
    group = start(job)
    wait(lambda: "child" in job.log.read_text())
    assert not group_is_gone(group)
    job.cancel()
    assert job.state == "stopped"
    wait(lambda: group_is_gone(group), 5)
    wait(places_free)


def test_a_run_of_workers_can_be_cancelled_and_goes_on(upload: Upload) -> None:
    photos = PhotoSet([upload], "holiday")
    job = photos.new_job("holiday", ("center",))
    group = start(job)
    wait(lambda: (job.out / "progress.jsonl").exists())
    time.sleep(0.1)  # the workers are starting
    job.cancel()
    cancelled = job.state
    wait(lambda: group_is_gone(group), 5)
    before = job.done
    wait(places_free)
    job.start()
    assert job.before == before
    wait(lambda: job.state != "running", 120)
    assert [cancelled, job.state] == ["stopped", "done"]
    photos.close()


def test_there_are_no_more_jobs_than_places(sleeper: Callable[[], Job]) -> None:
    wait(places_free)
    jobs = [sleeper() for _ in range(job_module.MOST_JOBS)]
    for job in jobs:
        job.start()
    with pytest.raises(Busy, match="try again in a minute"):
        sleeper().start()
    jobs[0].discard()
    wait(lambda: job_module._places._value == 1)
    late = sleeper()
    late.start()
    for job in (*jobs, late):
        job.discard()
    wait(places_free)


def test_a_job_past_its_time_is_ended_and_says_so(sleeper: Callable[[], Job]) -> None:
    job = sleeper()
    job.start(time_limit=0.6)
    assert job.process is not None
    wait(lambda: job.state != "running", 10)
    wait(places_free, 10)
    assert job.state == "failed"
    assert "minutes and was stopped" in job.problem
    assert group_is_gone(job.process.pid)


def test_the_reason_of_a_failure_is_the_last_line_without_real_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = (
        f"import sys; print('10%\\r20%'); sys.exit('error: no pictures in {tmp_path}/photos; put some in {tmp_path}')"
    )
    monkeypatch.setattr(Job, "command", property(lambda _: [sys.executable, "-c", code]))
    job = Job(tmp_path / "photos", tmp_path / "out", tmp_path / "log.txt", ("center",), 5)
    job.start()
    wait(lambda: job.state != "running")
    assert job.state == "failed"
    assert job.problem == f"no pictures in photos; put some in {tmp_path.name}"
    wait(places_free)


def test_what_is_left_is_estimated_from_what_was_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    job = Job(tmp_path, tmp_path / "out", tmp_path / "log.txt", ("center",), 10)
    job.began = time.monotonic() - 8
    assert job.remaining is None
    job.out.mkdir()
    (job.out / "progress.jsonl").write_text("the plan\none\ntwo\n")
    assert job.done == 2
    assert job.remaining == pytest.approx(32, abs=0.5)
    monkeypatch.setattr(job, "before", 1)  # done before a cancellation: no measure of the speed
    assert job.remaining == pytest.approx(64, abs=0.5)


def test_photos_that_are_forgotten_take_their_folder_and_their_run_with_them(
    upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Job, "command", property(lambda _: [sys.executable, "-c", SLEEPER]))
    photos = PhotoSet([upload], "holiday")
    job = photos.new_job("holiday", ("center",))
    job.start()
    assert job.process is not None
    folder, process = photos.folder, job.process
    assert oct(folder.stat().st_mode & 0o777) == "0o700", "nobody else on the machine may look"
    del photos, job
    gc.collect()
    assert not folder.exists()
    assert process.poll() is not None
    wait(lambda: group_is_gone(process.pid), 5)
    wait(places_free)


def test_the_end_of_the_server_ends_everything(tmp_path: Path, upload: Upload) -> None:
    (tmp_path / "holiday.zip").write_bytes(upload.data)
    code = f"""
import sys, time
from pathlib import Path
from pages.your_data.job import Job
from pages.your_data.photo_set import PhotoSet
from pages.your_data.unpack import Upload
Job.command = property(lambda _: [sys.executable, "-c", {SLEEPER!r}])
photos = PhotoSet([Upload("holiday.zip", Path({str(tmp_path / "holiday.zip")!r}).read_bytes())], "holiday")
job = photos.new_job("holiday", ("center",))
job.start()
print(photos.folder, job.process.pid)
"""
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    folder, number = done.stdout.split()
    assert not Path(folder).exists()
    wait(lambda: group_is_gone(int(number)), 5)


def test_photos_go_when_their_visitor_has_been_away_for_a_while(upload: Upload) -> None:
    here, away = PhotoSet([upload], "here"), PhotoSet([upload], "away")
    keeper._kept[here] = ("here", 0.0)
    keeper._kept[away] = ("away", 0.0)
    sweep(lambda session: session == "here", GRACE - 1)
    assert here.alive
    assert away.alive, "a visitor may come back"
    sweep(lambda session: session == "here", GRACE + 1)
    assert here.alive
    assert not away.alive
    assert not away.folder.exists()
    sweep(lambda _: False, GRACE + 2)
    assert here.alive, "it was open a second ago"
    sweep(lambda _: False, 2 * GRACE + 2)
    assert not here.alive


def test_annotations_can_be_corrected(upload: Upload) -> None:
    photos = PhotoSet([upload], "holiday")
    assert photos.facts is not None
    assert (photos.facts.looked_at, photos.facts.judged, photos.facts.people) == (5, 5, 4)
    assert (photos.facts.boxes, photos.facts.crops, photos.facts.unreadable) == (5, 5, 0)
    photos.annotate([Upload("Fixations.csv", b"image,subject,x,y\nleft.png,a,one,2\n"), Upload("more.csv", b"")])
    assert photos.facts is None
    assert photos.problem == "fixations.csv: line 2: x is not a number: 'one'"
    assert photos.unpacked.left_out == (("more.csv", "none of fixations.csv, boxes.csv, crops.csv"),)
    photos.annotate([Upload("C:\\x\\fixations.csv", b"image,subject,x,y\nleft.png,a,1,2\nleft.png,b,9999,2\n")])
    assert photos.facts is not None
    assert (photos.facts.looked_at, photos.facts.judged, photos.facts.people) == (1, 0, 1)
    photos.close()


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"\xff\xfe\x00", "not in UTF-8"),
        (b"image,subject,x,y\n" + b"x" * 200_000 + b",a,1,2\n", "line 2: field larger than field limit"),
        (b"", "it is empty; it needs image, subject, x and y"),
        (b"image,subject,x,y\nleft.png", "x is missing"),
    ],
)
def test_a_csv_that_cannot_be_read_is_no_crash(upload: Upload, data: bytes, problem: str) -> None:
    photos = PhotoSet([upload, Upload("fixations.csv", data)], "holiday")
    assert photos.facts is None
    assert problem in photos.problem
    photos.close()


def test_photos_that_cannot_be_used_leave_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(UnpackError):
        PhotoSet([Upload("notes.txt", b"x")], "notes")
    assert list(tmp_path.iterdir()) == []


def test_unfinished_runs_make_way(upload: Upload, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Job, "command", property(lambda _: [sys.executable, "-c", SLEEPER]))
    photos = PhotoSet([upload], "holiday")
    first = photos.new_job("holiday", ("center",))
    first.start()
    first.out.mkdir(parents=True)
    second = photos.new_job("holiday", ("center", "face"))
    assert photos.jobs == [second]
    assert first.state != "running"
    assert not first.out.exists()
    photos.annotate([Upload("boxes.csv", b"image,left,top,width,height\n")])
    assert photos.job is None
    photos.close()
    wait(places_free)
