"""What a crop's file takes over from its photo's, on the command line."""

from __future__ import annotations

import io
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms
from PIL.JpegImagePlugin import JpegImageFile

from saliency.__main__ import main
from saliency.copies import copied
from saliency.image import open_image
from saliency.originals import ARTIST, COPYRIGHT

CAT = Path(__file__).parents[2] / "samples" / "chelsea_cat.jpg"
GPS, MODEL = 0x8825, 0x0110


def photo(path: Path, orientation: int = 1, **options: Any) -> Path:
    exif = Image.Exif()
    exif[ARTIST], exif[COPYRIGHT], exif[MODEL], exif[0x0112] = "Ada", "(c) Ada", "Camera", orientation
    exif.get_ifd(GPS)[1] = "N"
    Image.fromarray(open_image(CAT)).save(path, exif=exif, **options)
    return path


def tables(path: Path) -> dict[int, list[int]]:
    with Image.open(path) as image:
        assert isinstance(image, JpegImageFile)
        return image.quantization


def crop(source: Path, *options: str) -> Path:
    out = source.parent / "out"
    assert main(["crop", str(source), "--method", "center", "--out", str(out), "--overwrite", *options]) == 0
    return max(out.iterdir(), key=lambda path: path.stat().st_mtime_ns)


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp"])
@pytest.mark.parametrize("aspect", ["1:1", "451:300"])
@pytest.mark.parametrize(
    ("keep", "tags"), [(None, {ARTIST, COPYRIGHT}), ("all", {ARTIST, COPYRIGHT, MODEL, GPS}), ("none", set())]
)
def test_so_much_is_kept_as_is_wished(
    keep: str | None, tags: set[int], aspect: str, suffix: str, tmp_path: Path
) -> None:
    source = photo(tmp_path / f"photo{suffix}")
    file = crop(source, "--aspect", aspect, *(["--keep-metadata", keep] if keep else []))
    with Image.open(file) as image:
        exif = image.getexif()
        assert set(exif) - {0x0112} == tags
        assert exif.get(0x0112, 1) == 1
        if tags:
            assert (exif[ARTIST], exif[COPYRIGHT]) == ("Ada", "(c) Ada")
        assert (b"Camera" in file.read_bytes()) == (keep == "all")
        if aspect == "1:1" and keep != "none":
            profile = ImageCms.ImageCmsProfile(io.BytesIO(image.info["icc_profile"]))
            assert "sRGB" in ImageCms.getProfileDescription(profile)


@pytest.mark.parametrize("progressive", [False, True])
def test_a_jpeg_that_stays_whole_is_not_written_again(progressive: bool, tmp_path: Path) -> None:
    source = photo(tmp_path / "photo.jpg", quality=60, progressive=progressive)
    for options, same in (
        (["--aspect", "451:300"], True),
        (["--aspect", "451:300", "--quality", "60"], False),
        (["--size", "902x600"], False),
    ):
        scans = [data[data.find(b"\xff\xda") :] for data in (source.read_bytes(), crop(source, *options).read_bytes())]
        assert (scans[0] == scans[1]) == same
    np.testing.assert_array_equal(open_image(crop(source, "--aspect", "451:300")), open_image(source))
    turned = photo(tmp_path / "turned.jpg", orientation=6)
    with Image.open(crop(turned, "--aspect", "300:451", "--keep-metadata", "all")) as image:
        assert image.size == (300, 451)
        assert image.getexif()[0x0112] == 1


@pytest.mark.parametrize(("quality", "sampling"), [(30, 2), (60, 2), (60, 0), (85, 1), (96, 0)])
def test_a_jpeg_is_as_fine_as_the_photo(quality: int, sampling: int, tmp_path: Path) -> None:
    source = photo(tmp_path / "photo.jpg", quality=quality, subsampling=sampling)
    file = crop(source, "--aspect", "450:300")
    assert tables(file) == tables(source)
    assert file.stat().st_size <= source.stat().st_size
    error = np.abs(open_image(file).astype(int) - open_image(source)[:, :450]).mean()
    assert error < 2


def test_a_smaller_picture_is_as_fine_as_usual(tmp_path: Path) -> None:
    source = photo(tmp_path / "photo.jpg", quality=30)
    assert tables(crop(source, "--size", "100x100"))[0][5] < tables(source)[0][5]


def test_what_stands_behind_a_picture_is_not_copied(tmp_path: Path) -> None:
    source = photo(tmp_path / "photo.jpg", progressive=True)
    alone = crop(source, "--aspect", "451:300").read_bytes()
    source.write_bytes(source.read_bytes() + source.read_bytes())  # as phones write a second picture
    assert crop(source, "--aspect", "451:300").read_bytes() == alone
    assert b"Camera" not in alone


def test_a_jpeg_that_pillow_stumbles_over_is_cropped(tmp_path: Path) -> None:
    data = CAT.read_bytes()
    assert data[2:4] == b"\xff\xe0"
    length = int.from_bytes(data[4:6], "big")
    source = tmp_path / "photo.jpg"
    source.write_bytes(data[:2] + b"\xff\xe0\x00\x07JFIF\0" + data[4 + length :])  # a segment without its numbers
    for aspect in ("1:1", "451:300"):
        assert open_image(crop(source, "--aspect", aspect)).shape[0] == 300


@pytest.mark.parametrize("kind", [3, 4])
@pytest.mark.parametrize("orientation", range(10))
def test_a_whole_photo_is_copied_where_it_is_shown_as_it_lies(kind: int, orientation: int) -> None:
    """kind: of EXIF's number, 3 is right and 4 is too wide; what is copied is what is shown, whoever reads it how."""
    entry = struct.pack("<HHIHH" if kind == 3 else "<HHII", 0x0112, kind, 1, orientation, *([0] if kind == 3 else []))
    exif = b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", 1) + entry + bytes(4)
    written = io.BytesIO()
    Image.fromarray(open_image(CAT)).save(written, "JPEG", exif=exif)
    whole = copied(written.getvalue(), "none")
    shown = open_image(written.getvalue())
    with Image.open(written) as stored:
        as_stored = shown.shape[1::-1] == stored.size and np.abs(shown.astype(int) - np.asarray(stored)).mean() < 1
    assert (whole is not None) == as_stored
    if whole is not None:
        np.testing.assert_array_equal(open_image(whole), shown)
