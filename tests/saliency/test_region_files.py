"""Regions in a photo's own file: read back by us and by exiftool, the pixels untouched."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from saliency.__main__ import main
from saliency.files.orientation import stored_point, upright_point
from saliency.image import open_image
from saliency.region_files import regions_of, with_regions
from saliency.regions import marked
from saliency.types import Aspect, Box, Crop
from tests.saliency.test_regions import SHAPES, SIZE, iptc, photo, region

CROPS = [
    ("Square 1:1", Crop(Aspect(1, 1), Box(60, 0, 160, 160), focal_point=(96.0, 40.0))),
    ("Banner 3:1", Crop(Aspect(3, 1), Box(0, 40, 240, 80), focal_point=(96.0, 40.0))),
]
AS_WRITTEN = ["-j", "-n", "-struct", "-XMP-iptcExt:ImageRegion", "-a"]


def as_png(data: bytes) -> bytes:
    file = io.BytesIO()
    Image.open(io.BytesIO(data)).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_point_goes_there_and_back(orientation: int) -> None:
    assert stored_point(upright_point((0.2, 0.7), orientation), orientation) == pytest.approx((0.2, 0.7))


@pytest.mark.parametrize("turned", [1, 6, 7])
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_only_the_xmp_changes(kind: str, turned: int) -> None:
    data = photo(iptc(region(SHAPES["circle"])), turned) if kind == "JPEG" else as_png(photo())
    file = with_regions(data, kind, regions_of(CROPS, open_image(data).shape[1::-1], chosen=True))
    np.testing.assert_array_equal(open_image(file), open_image(data))
    one, other = (Image.open(io.BytesIO(each)) for each in (data, file))
    assert one.getexif() == other.getexif()
    assert one.format == other.format == kind
    found = marked(file)
    assert found
    height, width = open_image(data).shape[:2]
    assert found.point == pytest.approx((96 / width, 40 / height), abs=1e-5)
    again = with_regions(file, kind, regions_of(CROPS, (width, height), chosen=True))
    assert again == file  # in place of the old ones


def test_what_a_machine_found_is_nobodys_choice() -> None:
    data = with_regions(photo(), "JPEG", regions_of(CROPS, SIZE, chosen=False))
    assert b"gazecrop-crop-2" in data
    assert marked(data) is None


def test_what_cannot_hold_them_is_refused() -> None:
    regions = regions_of(CROPS, SIZE, chosen=False)
    with pytest.raises(ValueError, match="JPEG and PNG, not into WEBP"):
        with_regions(photo(), "WEBP", regions)
    with pytest.raises(ValueError, match="cannot be read"):
        with_regions(photo(b"<x"), "JPEG", regions)
    with pytest.raises(ValueError, match="a JPEG holds"):
        with_regions(photo(iptc(f"<!--{'x' * 60}-->", region(SHAPES["circle"], known="y" * 63_800))), "JPEG", regions)


@pytest.mark.skipif(not shutil.which("exiftool"), reason="exiftool is not installed (libimage-exiftool-perl)")
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_exiftool_reads_them(kind: str, tmp_path: Path) -> None:
    data = photo(iptc(region(SHAPES["circle"]))) if kind == "JPEG" else as_png(photo())
    path = tmp_path / f"photo.{kind.lower()}"
    path.write_bytes(with_regions(data, kind, regions_of(CROPS, SIZE, chosen=True)))
    told = subprocess.run(["exiftool", *AS_WRITTEN, path], capture_output=True, text=True, check=True)
    (file,) = json.loads(told.stdout)
    own = [found for found in file["ImageRegion"] if found["RId"].startswith("gazecrop-")]
    assert len(file["ImageRegion"]) == len(own) + (kind == "JPEG")
    assert [found["Name"] for found in own] == ["Focal point", *(name for name, _ in CROPS)]
    assert [found["RRole"][0]["Name"] for found in own] == ["main subject area", "cropping", "cropping"]
    focal, square, _ = (found["RegionBoundary"] for found in own)
    assert (focal["RbShape"], focal["RbUnit"]) == ("circle", "relative")
    assert [float(focal[name]) for name in ("RbX", "RbY")] == pytest.approx([96 / 240, 40 / 160])
    assert [float(square[name]) for name in ("RbX", "RbY", "RbW", "RbH")] == pytest.approx(
        [0.25, 0, 2 / 3, 1], abs=1e-5
    )
    checked = subprocess.run(["exiftool", "-validate", "-warning", "-a", path], capture_output=True, text=True)
    assert "XMP" not in checked.stdout


def test_the_command_line_writes_a_copy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, out = tmp_path / "photo.jpg", tmp_path / "out"
    path.write_bytes(photo())
    ask = ["crop", str(path), "--out", str(out), "--method", "gaze-fast", "--aspect", "1:1", "--write-regions"]
    assert main([*ask, "--focal", "0.4,0.25"]) == 0
    copy = out / "photo_regions.jpg"
    assert f"{path}: regions -> {copy}" in capsys.readouterr().out
    found = marked(copy.read_bytes())
    assert found
    assert found.point == pytest.approx((0.4, 0.25), abs=1e-5)
    np.testing.assert_array_equal(open_image(copy), open_image(path))
    assert main(ask) == 0  # nothing is replaced
    assert marked(copy.read_bytes()) == found
    assert f"skipped, {copy} exists" in capsys.readouterr().out
    path.write_bytes(photo(b"<x"))
    copy.unlink()
    assert main(ask) == 1
    assert "the file's own XMP cannot be read" in capsys.readouterr().err
    assert not copy.exists()
    with pytest.raises(SystemExit):
        main(["crop", str(path), "--write-regions"])
    assert "--write-regions needs --out" in capsys.readouterr().err
