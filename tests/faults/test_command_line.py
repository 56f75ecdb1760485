"""`gazecrop` on bad days: a sentence and an exit status, never a traceback, and the rest of the batch."""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import shlex
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from saliency.__main__ import COMMANDS, main
from saliency.command.batch import Files, Job
from saliency.command.printing import printable
from tests.faults.program import CAT, PATIENCE, ROOT, as_anybody, rights_hold, run, with_signals, words

FRIENDS = ROOT / "samples" / "friends.jpg"
MANY = 60
CENTER = ("--method", "center")
ODD = b"caf\xe9.jpg"  # Latin-1: no UTF-8


@pytest.fixture
def odd_files(tmp_path: Path) -> Iterator[list[bytes]]:
    """Paths that are no photos, in ways that could stop a program, block it or write over its terminal."""
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "round.jpg").symlink_to("round.jpg")
    (tmp_path / "nowhere.jpg").symlink_to("gone.jpg")
    (tmp_path / "empty.jpg").touch()
    (tmp_path / "closed.jpg").touch(0)
    closed = tmp_path / "closed"
    closed.mkdir(0)
    (tmp_path / "two\nlines \x1b[31m.jpg").write_bytes(b"no picture")
    with socket.socket(socket.AF_UNIX) as listening:
        os.chdir(tmp_path)  # a socket's whole path is short
        listening.bind("socket.jpg")
        os.chdir(ROOT)
        yield [*sorted(map(bytes, tmp_path.iterdir())), b"/dev/zero", b"a" * 5000, bytes(closed / "photo.jpg")]
    closed.chmod(0o700)


def test_odd_files_cost_themselves_only(odd_files: list[bytes], tmp_path: Path) -> None:
    """Pipes, devices, sockets, links to nowhere or themselves, closed files and folders: a sentence each, no wait."""
    shutil.copy(CAT, tmp_path / os.fsdecode(ODD))
    photos = [*odd_files, bytes(tmp_path / os.fsdecode(ODD))]
    done = run(words("crop", *photos, *CENTER), first=as_anybody)
    told = done.err.splitlines()
    assert done.status == 1
    assert told[-1] == f"{len(odd_files)} of {len(photos)} failed, for the reasons above"
    reasons = {line.rpartition("/")[2].partition(": ")[0]: line.partition(": ")[2] for line in told[:-1]}
    assert len(reasons) == len(odd_files)
    assert {
        name: reasons[name] for name in ("pipe.jpg", "socket.jpg", "zero", "closed", "closed.jpg", "empty.jpg")
    } == {
        "pipe.jpg": "cannot read the file: it is a pipe, not a file",
        "socket.jpg": "cannot read the file: No such device or address",
        "zero": "cannot read the file: it is a device, not a file",
        "closed": "cannot read the folder: Permission denied",
        "closed.jpg": "cannot read the file: Permission denied",
        "empty.jpg": "the file is empty",
    }
    assert "two\\nlines \\x1b[31m.jpg" in reasons, "a name on one line, in no colour"
    assert done.out.startswith(f"{tmp_path}/caf\\xe9.jpg: center 1:1 is 300x300")


@pytest.mark.parametrize(
    "locale",
    [{"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, {"LC_ALL": "C.UTF-8"}],
    ids=("C", "UTF-8"),
)
def test_names_in_no_encoding_survive(tmp_path: Path, locale: dict[str, str]) -> None:
    """A file name that is not UTF-8 comes back from --json byte for byte, and names the crop."""
    names = {ODD, "été.jpg".encode()}
    for name in names:
        shutil.copy(bytes(CAT), bytes(tmp_path) + b"/" + name)
    out = tmp_path / "out"
    done = run(words("crop", tmp_path, *CENTER, "--json", "--out", out), env=os.environ | locale)
    assert (done.status, done.err) == (0, "")
    rows = [json.loads(line) for line in done.out.splitlines()]
    assert {os.fsencode(row["image"]).rpartition(b"/")[2] for row in rows} == names
    assert {os.fsencode(row["file"]) for row in rows} == {bytes(path) for path in out.iterdir()}


def test_what_a_name_could_do_to_a_terminal_is_written_out() -> None:
    """A file's name moves no cursor, changes no colour and turns no text around."""
    assert printable("a\r\n\t\x1b]0;title\x07\x7f\x9b\u2028\u202egpj.jpg") == (
        "a\\r\\n\\t\\x1b]0;title\\x07\\x7f\\x9b\\u2028\\u202egpj.jpg"
    )
    plain = "Zoë’s naïve 写真\u3000👩‍👧.jpg — 50 %"
    assert printable(plain) == plain


def test_a_full_disk_behind_standard_output() -> None:
    """What cannot be told is said once on standard error, and the run ends."""
    with Path("/dev/full").open("wb") as full:
        done = run(words("crop", CAT, FRIENDS, *CENTER), stdout=full)
    assert (done.status, done.err) == (1, "error: cannot write to standard output: No space left on device\n")


def test_nobody_reads_any_more() -> None:
    """`| head` ends the run quietly, with the status that shells give to a broken pipe."""
    with subprocess.Popen(
        words("crop", ROOT / "samples", *CENTER), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as program:
        assert program.stdout
        assert program.stderr
        assert program.stdout.readline().endswith(b"the centre\n")
        program.stdout.close()
        assert program.wait(PATIENCE) == 141
        assert program.stderr.read() == b""


def test_closed_streams(tmp_path: Path) -> None:
    """With standard input, output and error closed, crops are written all the same, and nothing else into them."""
    command = shlex.join(map(str, words("crop", CAT, "-", *CENTER, "--out", tmp_path)))
    done = run(["sh", "-c", f"{command} <&- >&- 2>&-"])
    assert done.status == 1, "nothing came from standard input"
    (file,) = tmp_path.iterdir()
    with Image.open(file) as image:
        image.load()


def test_a_full_disk_below_the_crops(tmp_path: Path) -> None:
    """A crop that does not fit on the disk is told, leaves nothing half, and those that fit are written."""
    small = tmp_path / "small.png"
    Image.new("RGB", (40, 30), "red").save(small)
    out = tmp_path / "out"
    done = run(words("crop", FRIENDS, small, *CENTER, "--out", out), first=_small_files)
    assert done.status == 1
    assert done.err == f"{FRIENDS}: cannot write {out / 'friends_center_1x1.jpg'}: File too large\n"
    assert [path.name for path in out.iterdir()] == ["small_center_1x1.png"]


def _small_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))


def test_places_where_nothing_can_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--out that is closed, a file's child, too long or a link to nowhere: a sentence that names it."""
    (tmp_path / "closed").mkdir(0o500)
    (tmp_path / "file").touch()
    (tmp_path / "round").symlink_to("round")
    for out, said, status in (
        ("closed", "closed/chelsea_cat_center_1x1.jpg: Permission denied\n", 1),
        ("file/below", "file/below/chelsea_cat_center_1x1.jpg: Not a directory\n", 1),
        ("a" * 300, "a/chelsea_cat_center_1x1.jpg: File name too long\n", 1),
        ("file", "file is a file; name a folder\n", 2),
        ("round", "round is a link that leads nowhere; name a folder\n", 2),
    ):
        with rights_hold():
            try:
                ended = main(["crop", str(CAT), *CENTER, "--out", str(tmp_path / out)])
            except SystemExit as stop:
                ended = int(stop.code or 0)
        printed = capsys.readouterr()
        assert (ended, printed.out) == (status, "")
        assert printed.err.endswith(said)


def test_ctrl_c_says_how_far_it_came(tmp_path: Path) -> None:
    """Ctrl-C leaves whole files only and says how many photos are done; the same command makes the others."""
    photos, out = tmp_path / "photos", tmp_path / "out"
    photos.mkdir()
    for number in range(MANY):
        shutil.copy(CAT, photos / f"{number:02}.jpg")
    command = words("crop", photos, *CENTER, "--out", out)
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=with_signals
    ) as program:
        assert program.stdout
        assert program.stderr
        program.stdout.readline()
        program.send_signal(signal.SIGINT)
        told = program.stderr.read()
        assert program.wait(PATIENCE) == 130
    stopped = re.fullmatch(rf"stopped after (\d+) of {MANY}; the same command makes the others\n", told)
    assert stopped, told
    written = list(out.iterdir())
    assert int(stopped[1]) <= len(written) <= int(stopped[1]) + 1 < MANY
    assert all(path.suffix == ".jpg" for path in written), "no file of a crop that was being written"
    for path in written:
        with Image.open(path) as image:
            image.load()
    done = run(command)
    assert done.err.endswith(f"{len(written)} skipped, they exist; --overwrite replaces them\n")
    assert len(list(out.iterdir())) == MANY


def test_what_vanishes_in_the_middle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder of photos that goes away in a run costs the photos that are left in it; the output folder comes back."""
    photos, out = tmp_path / "photos", tmp_path / "out"
    photos.mkdir()
    for name in "abc":
        shutil.copy(CAT, photos / f"{name}.jpg")
    crop = COMMANDS["crop"]

    def crop_and_lose(options: argparse.Namespace, job: Job, files: Files | None) -> None:
        crop(options, job, files)
        shutil.rmtree(photos, ignore_errors=True)
        shutil.rmtree(out)

    monkeypatch.setitem(COMMANDS, "crop", crop_and_lose)
    assert main(["crop", str(photos), str(CAT), *CENTER, "--out", str(out)]) == 1
    printed = capsys.readouterr()
    assert printed.err.splitlines() == [
        f"{photos / 'b.jpg'}: cannot read the file: No such file or directory",
        f"{photos / 'c.jpg'}: cannot read the file: No such file or directory",
        "2 of 4 failed, for the reasons above",
    ]
    assert [line.partition(": ")[0] for line in printed.out.splitlines()] == [str(photos / "a.jpg"), str(CAT)]


@pytest.mark.parametrize("error", [MemoryError(), ZeroDivisionError("of ours")])
def test_a_fault_of_ours_costs_one_photo(
    error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever goes wrong with one photo, the others are cropped, and GAZECROP_DEBUG=1 shows where it was."""
    crop = COMMANDS["crop"]

    def fail_on_cat(options: argparse.Namespace, job: Job, files: Files | None) -> None:
        if job.photo == CAT:
            raise error
        crop(options, job, files)

    monkeypatch.setitem(COMMANDS, "crop", fail_on_cat)
    assert main(["crop", str(CAT), str(FRIENDS), *CENTER]) == 1
    printed = capsys.readouterr()
    assert printed.out.startswith(f"{FRIENDS}: center")
    (told,) = printed.err.splitlines()
    if isinstance(error, MemoryError):
        assert told == f"{CAT}: there is not enough memory"
    else:
        assert told == (
            f"{CAT}: this is a fault of the program (ZeroDivisionError: of ours); please report it, with what "
            "GAZECROP_DEBUG=1 prints"
        )
    monkeypatch.setenv("GAZECROP_DEBUG", "1")
    main(["crop", str(CAT), *CENTER])
    assert "in fail_on_cat" in capsys.readouterr().err


def test_weights_that_are_missing_or_damaged(tmp_path: Path) -> None:
    """Without its weights, or with others, the program says once which file to restore, and does not crop by them."""
    shutil.copytree(ROOT / "saliency", tmp_path / "saliency", ignore=shutil.ignore_patterns("__pycache__"))
    weights = tmp_path / "saliency" / "weights"
    data = bytearray((weights / "gaze.onnx").read_bytes())
    data[len(data) // 2] ^= 1
    (weights / "gaze.onnx").write_bytes(data)
    (weights / "gaze-fast.onnx").unlink()
    (weights / "gaze-nano.json").write_text("{")
    for method, said in (
        ("gaze", "gaze.onnx has SHA-256 "),
        ("gaze-fast", f"no weights at {weights / 'gaze-fast.onnx'}; restore the file"),
        ("gaze-nano", f"cannot read the manifest {weights / 'gaze-nano.json'}: "),
    ):
        done = run(words("crop", CAT, FRIENDS, "--method", method), cwd=tmp_path)
        assert (done.status, done.out) == (1, "")
        assert done.err.startswith(f"error: {said}")
        assert done.err.count("\n") == 1


def test_tables_that_are_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--focal-file and --adapt that name a pipe, a device, a folder or a picture: a sentence, no wait."""
    os.mkfifo(tmp_path / "pipe")
    for option in ("--focal-file", "--adapt"):
        for path, said in (
            (tmp_path / "pipe", "it is a pipe, not a file"),
            (Path("/dev/zero"), "it is a device, not a file"),
            (tmp_path, "Is a directory"),
            (CAT, "the file is no JSON" if option == "--adapt" else "it is not in UTF-8"),
        ):
            with pytest.raises(SystemExit) as stop:
                main(["crop", str(CAT), option, str(path)])
            assert stop.value.code == 2
            assert said in capsys.readouterr().err
