"""The sheet of the samples: of the right size, and it shows what it says."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from eval.__main__ import main
from eval.samples import ASPECTS, SAMPLES, draw_sheet
from saliency import load_model, open_image
from saliency.crop import crop_to_gaze
from saliency.methods import load_method, place_most_gaze
from saliency.types import Box, Crop, Evidence, Method, RgbImage, Thing

ASTRONAUT = SAMPLES / "astronaut_eileen_collins.jpg"  # its head is cut by gaze alone, and not by the method
ROOT = SAMPLES.parent


def place_of(crop: Crop, image: RgbImage, sheet: np.ndarray) -> tuple[int, int]:
    """(x, y) where the crop is on the sheet, pixel for pixel."""
    box, ratio = crop.box, crop.aspect.ratio
    width = min(200, 150 * ratio)
    inside = Image.fromarray(image[box.top : box.top + box.height, box.left : box.left + box.width])
    scale = min(round(width) / box.width, round(round(width) / ratio) / box.height)
    small = inside.resize((round(box.width * scale), round(box.height * scale)), Image.Resampling.LANCZOS)
    difference = cv2.matchTemplate(sheet, np.asarray(small), cv2.TM_SQDIFF)
    y, x = np.unravel_index(np.argmin(difference), difference.shape)
    np.testing.assert_array_equal(sheet[y : y + small.height, x : x + small.width], np.asarray(small))
    return int(x), int(y)


def test_the_command_writes_a_sheet_of_all_samples(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "new" / "samples.jpg"
    assert main(["samples", "--out", str(out)]) == 0
    assert capsys.readouterr().out == f"{out}\n"
    with Image.open(out) as sheet, Image.open(ROOT / "docs" / "samples.jpg") as committed:
        assert sheet.format == committed.format == "JPEG"
        assert sheet.size == committed.size
        assert 1500 < sheet.width <= 1900
        assert sheet.height / len(list(SAMPLES.glob("*.jpg"))) == pytest.approx(187, abs=5)
    assert max(out.stat().st_size, (ROOT / "docs" / "samples.jpg").stat().st_size) <= 900_000


def test_crops_by_gaze_alone_stand_left_of_those_of_the_method() -> None:
    image = open_image(ASTRONAUT)
    sheet = np.asarray(draw_sheet([SAMPLES / "umang.jpg", ASTRONAUT], load_method("gaze")))
    alone = crop_to_gaze(load_model().predict(image), (image.shape[1], image.shape[0]), ASPECTS)
    now = load_method("gaze").crop(image, ASPECTS)
    pairs = {str(a.aspect): (a, n) for a, n in zip(alone, now, strict=True) if a.box != n.box}
    assert {"16:9", "3:1"} <= pairs.keys()
    ends = -1
    for before, after in pairs.values():
        (left, top), (right, level) = place_of(before, image, sheet), place_of(after, image, sheet)
        assert ends < left < right
        assert top == level > sheet.shape[0] // 2  # the second row
        ends = right


def test_what_was_found_is_outlined_where_it_lies(tmp_path: Path) -> None:
    """A black photo of 440 x 320 is drawn at half its size, from the label's height below the column heads on."""
    Image.new("RGB", (440, 320)).save(tmp_path / "black.png")
    found = Thing("object", (Box(100, 60, 200, 120),), (0.2,))
    seen = Evidence(map=np.full((4, 6), 1 / 24), things=(found,))
    sheet = np.asarray(draw_sheet([tmp_path / "black.png"], Method("known", "known", lambda _: seen, place_most_gaze)))
    photo = sheet[-166:-6, 6:226].astype(int)
    rows, columns = np.nonzero(photo[:, :, 1] > photo[:, :, 0] + 60)  # green
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == pytest.approx((30, 89, 50, 149), abs=1)
    assert not photo[40:80, 60:140].any()
