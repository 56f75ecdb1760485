"""Unpacking uploads: what people send arrives, and what means harm does not."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eval.datasets import read_folder
from pages.your_data import unpack as module
from pages.your_data.photo_set import set_name
from pages.your_data.unpack import UnpackError, Upload, unpack
from saliency import ImageError, open_image
from saliency.image import MAX_BYTES
from tests.synthetic import write_dataset

PICTURE = (Path(__file__).parents[2] / "samples" / "coffee.jpg").read_bytes()
CSV = b"image,subject,x,y\n"


def zipped(files: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> Upload:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return Upload("set.zip", buffer.getvalue())


def written(folder: Path) -> dict[str, bytes]:
    """Everything below the folder, which must be plain files and folders."""
    assert not any(path.is_symlink() for path in folder.rglob("*"))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def reasons(uploads: list[Upload], folder: Path) -> dict[str, str]:
    return dict(unpack(uploads, folder).left_out)


def test_a_zipped_folder_becomes_the_dataset_it_was(tmp_path: Path) -> None:
    root = write_dataset(tmp_path / "source" / "holiday")
    files = {f"holiday/{p.relative_to(root).as_posix()}": p.read_bytes() for p in root.rglob("*") if p.is_file()}
    (tmp_path / "out").mkdir()
    found = unpack([zipped(files)], tmp_path / "out")
    assert found.tables == ("fixations.csv", "boxes.csv", "crops.csv")
    assert found.left_out == ()
    expected, samples = read_folder(root), read_folder(tmp_path / "out")
    assert [s.name for s in samples] == [s.name for s in expected] == list(found.photos)
    for sample, original in zip(samples, expected, strict=True):
        assert sample.size == original.size
        assert (sample.fixations == original.fixations).all()


def test_a_folder_and_loose_files_arrive_too(tmp_path: Path) -> None:
    uploads = [Upload(f"holiday/{name}", PICTURE) for name in ("a.jpg", "album/b.JPEG")]
    uploads.append(Upload("holiday/Fixations.CSV", CSV))
    (tmp_path / "folder").mkdir()
    found = unpack(uploads, tmp_path / "folder")
    assert found.photos == ("a.jpg", "album/b.JPEG")
    assert found.tables == ("fixations.csv",)
    assert set_name(uploads) == "holiday"
    (tmp_path / "loose").mkdir()
    mixed = [Upload("c.png", PICTURE), zipped({"holiday/a.jpg": PICTURE}), Upload("boxes.csv", b"x")]
    assert unpack(mixed, tmp_path / "loose").photos == ("a.jpg", "c.png")
    assert set_name([Upload("Summer: 2024.zip", b"")]) == "Summer_ 2024"
    assert set_name([Upload("a.jpg", b"")]) == "my photos"


@pytest.mark.parametrize(
    "name",
    [
        "../up.jpg",
        "a/../../up.jpg",
        "/etc/up.jpg",
        "C:\\up.jpg",
        "c:up.jpg",
        "..\\up.jpg",
        "\\\\server\\share\\up.jpg",
        "new\nline.jpg",
        "bell\x07.jpg",
        "x" * 300 + ".jpg",
        "/".join(["d"] * 30) + "/deep.jpg",
        "fixations.csv/inside.jpg",
    ],
)
def test_names_that_lead_out_or_fit_no_disk_are_left_out(tmp_path: Path, name: str) -> None:
    out = tmp_path / "a" / "b" / "out"
    out.mkdir(parents=True)
    left_out = reasons([zipped({"good.jpg": PICTURE, name: PICTURE})], out)
    assert list(left_out.values()) == ["its name leads out of the folder, or no system would take it"]
    assert written(tmp_path) == {"a/b/out/good.jpg": PICTURE}


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(names=st.lists(st.text(st.sampled_from("ab./\\:\x00\n~éCSV "), min_size=1, max_size=12), max_size=6))
def test_whatever_the_names_nothing_is_written_elsewhere(
    tmp_path_factory: pytest.TempPathFactory, names: list[str]
) -> None:
    base = tmp_path_factory.mktemp("any")
    out = base / "x" / "y" / "out"
    out.mkdir(parents=True)
    found = unpack([Upload(f"{name}.jpg", PICTURE) for name in names] + [Upload("good.jpg", PICTURE)], out)
    assert all(path.startswith("x/y/out/") for path in written(base))
    assert sorted(written(out)) == sorted(found.photos)
    assert [sample.name for sample in read_folder(out)]


def test_what_systems_add_is_passed_over_in_silence(tmp_path: Path) -> None:
    extra = {"set/.DS_Store": b"x", "__MACOSX/set/._a.jpg": b"x", "set/.hidden/b.jpg": PICTURE, "set/": b""}
    assert reasons([zipped({"set/a.jpg": PICTURE, **extra})], tmp_path) == {}
    assert list(written(tmp_path)) == ["a.jpg"]


def test_other_files_are_named_with_the_reason(tmp_path: Path) -> None:
    files = {"a.jpg": PICTURE, "notes.txt": b"x", "inner.zip": zipped({"b.jpg": PICTURE}).data, "run.exe": b"MZ"}
    files |= {"fixations (1).csv": CSV, "tables/boxes.csv": CSV}
    left_out = reasons([zipped(files)], tmp_path)
    assert set(left_out) == {"notes.txt", "inner.zip", "run.exe", "fixations (1).csv", "tables/boxes.csv"}
    assert left_out["tables/boxes.csv"] == "a CSV must lie beside the photos, not in a folder of its own"
    assert list(written(tmp_path)) == ["a.jpg"]


def test_a_file_without_a_name_is_left_out(tmp_path: Path) -> None:
    data = zipped({"a.jpg": PICTURE, "b.jpg": PICTURE}).data
    at = data.rindex(b"b.jpg")
    nameless = data[: at - 18] + b"\0\0" + data[at - 16 : at] + data[at + 5 :]
    size = int.from_bytes(data[-10:-6], "little") - 5
    nameless = nameless[:-10] + size.to_bytes(4, "little") + nameless[-6:]
    assert list(reasons([Upload("set.zip", nameless)], tmp_path)) == [""]
    assert list(written(tmp_path)) == ["a.jpg"]


def test_links_are_left_out(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        link = zipfile.ZipInfo("passwords.jpg")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("a.jpg", PICTURE)
    assert reasons([Upload("set.zip", buffer.getvalue())], tmp_path) == {"passwords.jpg": "a link, not a file"}
    assert list(written(tmp_path)) == ["a.jpg"]


def test_the_last_of_a_name_counts(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.jpg", b"first")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.jpg", PICTURE)
    uploads = [Upload("set.zip", buffer.getvalue()), Upload("b.jpg", b"first"), Upload("b.jpg", PICTURE)]
    assert reasons(uploads, tmp_path) == dict.fromkeys(("a.jpg", "b.jpg"), "there is a later file of this name")
    assert written(tmp_path) == {"a.jpg": PICTURE, "b.jpg": PICTURE}


def test_a_file_that_has_the_name_of_a_folder_makes_way(tmp_path: Path) -> None:
    assert reasons([zipped({"a.jpg": PICTURE, "a.jpg/b.jpg": PICTURE})], tmp_path) == {
        "a.jpg": "a folder has the same name"
    }
    assert list(written(tmp_path)) == ["a.jpg/b.jpg"]


def test_a_picture_that_is_too_large_is_cut_so_that_the_run_says_so(tmp_path: Path) -> None:
    unpack([zipped({"huge.jpg": bytes(3 * MAX_BYTES), "a.jpg": PICTURE})], tmp_path)
    assert (tmp_path / "huge.jpg").stat().st_size == MAX_BYTES + 1
    with pytest.raises(ImageError, match="the limit is 25 MB"):
        open_image(tmp_path / "huge.jpg")


def test_a_bomb_that_lies_about_its_size_is_counted_while_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_UNPACKED", 3_000_000)
    honest = zipped({f"{n}.jpg": bytes(1_000_000) for n in range(5)})
    with pytest.raises(UnpackError, match="larger than 3 MB"):
        unpack([honest], tmp_path)
    assert sum(len(data) for data in written(tmp_path).values()) <= 3_000_001
    lying = bytearray(zipped({"0.jpg": bytes(5_000_000), "a.jpg": PICTURE}).data)
    for signature, place in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        start = lying.index(signature)
        lying[start + place : start + place + 4] = struct.pack("<I", 10)
    (tmp_path / "lying").mkdir()
    unpack([Upload("set.zip", bytes(lying))], tmp_path / "lying")  # zipfile stops at the size that was declared
    assert len(written(tmp_path / "lying")["0.jpg"]) <= 10


@pytest.mark.parametrize(
    ("uploads", "message"),
    [
        ([], "there is no picture in it"),
        ([zipped({"notes.txt": b"x"})], "there is no picture in it; pictures end in jpg, jpeg"),
        ([zipped({"fixations.csv": CSV})], "there is no picture in it"),
        ([Upload("set.zip", b"")], "it is no zip"),
        ([Upload("set.zip", b"PK\x03\x04 and so on")], "it is no zip"),
        ([Upload("set.zip", zipped({"a.jpg": PICTURE}).data[:-30])], "it is no zip"),
        ([zipped({f"{n}.jpg": b"x" for n in range(501)})], "501 photos and the limit is 500"),
        ([zipped({f"{n}.txt": b"" for n in range(20_001)})], "lists more than 20000 files"),
        ([zipped({"a.jpg": PICTURE, "boxes.csv": bytes(20_000_001)})], "boxes.csv is larger than 20 MB"),
    ],
)
def test_an_upload_that_cannot_be_used_is_explained(tmp_path: Path, uploads: list[Upload], message: str) -> None:
    with pytest.raises(UnpackError, match=message):
        unpack(uploads, tmp_path)


def test_a_password_and_odd_compression_are_explained(tmp_path: Path) -> None:
    locked = bytearray(zipped({"a.jpg": PICTURE}).data)
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(UnpackError, match="has a password"):
        unpack([Upload("set.zip", bytes(locked))], tmp_path)
    odd = zipped({"a.jpg": PICTURE, "b.jpg": PICTURE}, zipfile.ZIP_LZMA)
    with pytest.raises(UnpackError, match="no picture"):
        unpack([odd], tmp_path)


def test_a_damaged_picture_is_for_the_run_to_report_and_a_damaged_csv_is_not(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.jpg": PICTURE, "b.jpg": PICTURE}, zipfile.ZIP_STORED).data)
    data[200:400] = bytes(200)
    unpack([Upload("set.zip", bytes(data))], tmp_path)
    assert (tmp_path / "b.jpg").read_bytes() == PICTURE
    table = bytearray(zipped({"a.jpg": PICTURE, "boxes.csv": b"image,left,top\n" * 9}, zipfile.ZIP_STORED).data)
    start = table.index(b"image,left,top")
    table[start : start + 5] = b"IMAGE"
    with pytest.raises(UnpackError, match=r"boxes\.csv in the zip is damaged"):
        unpack([Upload("set.zip", bytes(table))], tmp_path)
