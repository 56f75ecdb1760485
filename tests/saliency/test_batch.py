"""Runs over many photos: names that are all there, and files that are not lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from saliency.__main__ import main
from saliency.command.batch import Files, Job, plan

COLOURS = {"a/beach.jpg": "red", "a/beach-2.jpg": "lime", "b/beach.jpg": "blue"}


@pytest.fixture
def album(tmp_path: Path) -> Path:
    for name, colour in COLOURS.items():
        path = tmp_path / "album" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (40, 30), colour).save(path)
    return tmp_path / "album"


def crop(*arguments: str | Path) -> int:
    return main(["crop", "--method", "center", *map(str, arguments)])


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def colour_of(path: Path) -> str:
    with Image.open(path) as image:
        pixel = image.convert("RGB").getpixel((5, 5))
    assert isinstance(pixel, tuple)
    return ("red", "lime", "blue")[pixel.index(max(pixel))]


def test_each_photo_has_a_file_though_names_are_alike(album: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert crop(*(album / name for name in COLOURS), "--out", out) == 0
    assert {name: colour_of(out / name) for name in contents(out)} == {
        "beach_center_1x1.jpg": "red",
        "beach-2_center_1x1.jpg": "lime",
        "beach-3_center_1x1.jpg": "blue",
    }


def test_files_of_a_folder_keep_their_place_in_it(album: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert crop(album, "--out", out) == 0
    assert {name: colour_of(out / name) for name in contents(out)} == {
        name.replace(".jpg", "_center_1x1.jpg"): colour for name, colour in COLOURS.items()
    }


@given(
    st.lists(
        st.sampled_from(["beach", "Beach", "beach-2", "beach-3", "beach-2-2", "caf\xe9", "cafe\u0301"]), max_size=9
    )
)
def test_names_are_unique_and_ones_own_where_it_can_be(stems: list[str]) -> None:
    def as_disks_see_it(name: str) -> str:
        return name.lower().replace("e\u0301", "\xe9")

    photos = [Path(f"/none/{rank}/{stem}.jpg") for rank, stem in enumerate(stems)]
    jobs = plan(photos, None).jobs
    assert [job.photo for job in jobs] == photos
    assert len({as_disks_see_it(job.name) for job in jobs}) == len(stems)
    seen = [as_disks_see_it(stem) for stem in stems]
    for rank, (stem, job) in enumerate(zip(stems, jobs, strict=True)):
        assert (job.name == stem) == (seen.index(seen[rank]) == rank)


def test_a_photo_that_is_named_twice_is_taken_once(album: Path) -> None:
    photos = plan([album / "a", album / "a" / "beach.jpg", album / "b" / ".." / "a"], None).jobs
    assert [job.name for job in photos] == ["beach-2", "beach"]


def test_a_second_run_replaces_nothing_and_says_so(
    album: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    crop(album / "a", "--out", out)
    for file in out.iterdir():
        file.write_bytes(b"touched up by hand")
    before = contents(out)
    capsys.readouterr()
    assert crop(album, album / "a", "--out", out) == 0  # the three lie elsewhere below it
    assert crop(album / "a", "--out", out) == 0
    printed = capsys.readouterr()
    assert "2 skipped, they exist" in printed.err
    assert f"skipped, {out / 'beach_center_1x1.jpg'} exists" in printed.out
    assert before.items() <= contents(out).items()
    assert crop(album / "a", "--out", out, "--json") == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(row["file"], row["skipped"]) for row in rows] == [
        (str(out / f"{name}_center_1x1.jpg"), "it exists") for name in ("beach-2", "beach")
    ]
    assert before.items() <= contents(out).items()
    assert crop(album / "a", "--out", out, "--overwrite") == 0
    assert "skipped" not in capsys.readouterr().err
    assert colour_of(out / "beach_center_1x1.jpg") == "red"


def test_what_is_new_is_made_beside_what_is_there(album: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    crop(album / "a", "--out", out)
    before = contents(out)
    crop(album / "a", "--out", out, "--aspect", "1:1", "--aspect", "2:1")
    after = contents(out)
    assert before.items() <= after.items()
    assert set(after) - set(before) == {"beach_center_2x1.jpg", "beach-2_center_2x1.jpg"}


def test_the_output_folder_is_no_input(album: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = album / "crops"
    for options in ([], ["--aspect", "2:1"], ["--overwrite"]):
        assert crop(album, "--out", out, *options) == 0
    made = {name.replace(".jpg", f"_center_{shape}.jpg") for name in COLOURS for shape in ("1x1", "2x1")}
    assert set(contents(out)) == made
    assert "3 left out, they lie in the output folder" in capsys.readouterr().err
    with pytest.raises(SystemExit) as stop:
        crop(album, "--out", album / "a" / "..")
    assert stop.value.code == 2
    assert f"write to {album}" in capsys.readouterr().err


def test_crops_that_lie_beside_their_photos_are_no_photos(album: Path) -> None:
    folder = album / "a"
    for shape in ("1:1", "2:1"):
        assert crop(*sorted(folder.glob("*.jpg")), "--out", folder, "--aspect", shape) == 0
    assert set(contents(folder)) == {
        *("beach.jpg", "beach_center_1x1.jpg", "beach_center_2x1.jpg"),
        *("beach-2.jpg", "beach-2_center_1x1.jpg", "beach-2_center_2x1.jpg"),
    }


def test_a_photo_of_the_run_is_never_replaced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    jpeg, png = tmp_path / "beach.jpg", tmp_path / "beach.png"
    for path in (jpeg, png):
        Image.new("RGB", (40, 30), "red").save(path)
    before = png.read_bytes()
    assert main(["map", str(jpeg), str(png), "--out", str(tmp_path), "--overwrite"]) == 1
    assert png.read_bytes() == before
    assert f"{png} is one of the photos" in capsys.readouterr().err


def test_a_file_is_there_in_full_or_not_at_all(tmp_path: Path) -> None:
    files = Files(tmp_path / "out", [Job(tmp_path / "a.jpg", "a")], overwrite=False)

    def broken() -> bytes:
        raise MemoryError

    with pytest.raises(MemoryError):
        files.put("a.jpg", broken)
    assert not contents(tmp_path)
    assert files.put("below/a.jpg", lambda: b"new")
    assert files.put("below/a.jpg", lambda: b"of this run, so it may be replaced")
    assert contents(tmp_path) == {"out/below/a.jpg": b"of this run, so it may be replaced"}


def test_what_cannot_be_written_is_told_and_the_rest_goes_on(
    album: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "a").write_text("a file where a folder should be")
    assert crop(album, "--out", out) == 1
    printed = capsys.readouterr()
    assert printed.err.count("cannot write") == 2
    assert (out / "b" / "beach_center_1x1.jpg").exists()
    with pytest.raises(SystemExit) as stop:
        crop(album, "--out", out / "a")
    assert stop.value.code == 2
    assert "is a file; name a folder" in capsys.readouterr().err


def test_two_formats_of_one_name_are_refused(album: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        crop(album, "--out", tmp_path / "out", "--aspect", "300:200", "--size", "300x200")
    assert "two formats would be written to one file, 300x200" in capsys.readouterr().err
    assert crop(album, "--out", tmp_path / "out", "--aspect", "3:2", "--aspect", "3:2") == 0
    assert len(contents(tmp_path / "out")) == 3
