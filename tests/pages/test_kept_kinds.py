"""A transparent photo in the app: on a checkerboard on the page, transparent in its files; and one that moves."""

from __future__ import annotations

import base64
import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pages.crop.downloads import Output, crop_file, crop_files, zip_files
from pages.crop.pads import Pads, word_of
from pages.crop.shot import Shot
from pages.explore.cache import heat
from pages.shared.photo_cache import analyse
from pages.shared.photos import upload_photo
from saliency import FORMATS, open_image
from saliency.animation import Animation, open_animation
from saliency.grounds import CHECKER
from saliency.originals import COPYRIGHT
from saliency.pad import Border
from saliency.types import Pixels
from tests.corpus.kind import encoded
from tests.corpus.moving import PARTS, gif

SQUARE, TEAL = FORMATS["square"], (0, 128, 128)
INSIDE = np.s_[40:80, 100:160]


CROPPED = Pads()


def logo() -> Pixels:
    """A white block that is half transparent on nothing."""
    image = np.zeros((120, 200, 4), np.uint8)
    image[INSIDE] = 255, 255, 255, 128
    return image


def shot_of(image: Pixels, pads: Pads = CROPPED) -> Shot:
    photo = upload_photo("logo", "logo.png", encoded(image, "PNG"))
    return Shot(photo, "logo", analyse(photo, (), ()), pads=pads)


def test_its_preview_lies_on_a_checkerboard() -> None:
    preview = open_image(shot_of(logo()).analysis.sight.preview).astype(int)
    beside = preview[5:35, 5:90].mean(axis=2)
    assert np.percentile(beside, [10, 90]) == pytest.approx(CHECKER, abs=6)
    assert preview[INSIDE].mean() > beside.mean() + 25


@pytest.mark.parametrize("kind", [None, "WebP", "AVIF"])
def test_its_files_are_transparent(kind: str | None) -> None:
    shot = shot_of(logo())
    file = crop_file(shot, "gaze", SQUARE, shot.crop_of("gaze", SQUARE), Output(kind))
    assert not file.lost
    (zipped,) = crop_files(shot, ["gaze"], [SQUARE], Output(kind))
    with zipfile.ZipFile(io.BytesIO(zip_files([zipped]))) as archive:
        assert archive.read(file.name) == file.read()
    box = file.crop.box
    expected = logo()[box.top : box.bottom, box.left : box.right, 3]
    with Image.open(io.BytesIO(file.read())) as picture:
        assert np.abs(np.asarray(picture)[..., 3].astype(int) - expected).max() <= (0 if kind is None else 12)


def test_a_jpeg_of_it_is_white_and_says_so() -> None:
    shot = shot_of(logo())
    file = crop_file(shot, "gaze", SQUARE, shot.crop_of("gaze", SQUARE), Output("JPEG"))
    assert file.lost == "what is transparent is white, as JPEG is opaque"
    assert open_image(file.read()).min() > 250
    black = shot_of(np.zeros((120, 200, 3), np.uint8))
    assert not crop_file(black, "gaze", SQUARE, black.crop_of("gaze", SQUARE), Output("JPEG")).lost


def test_a_border_shows_through_it_on_the_page_as_in_its_file() -> None:
    shot = shot_of(logo(), Pads(frozenset({word_of(SQUARE)}), Border("plain", TEAL)))
    file = crop_file(shot, "gaze", SQUARE, shot.crop_of("gaze", SQUARE))
    shown = shot.pads.preview(shot.part_of(shot.clear_preview), SQUARE)
    written = open_image(file.read())
    assert shown.shape == written.shape
    assert np.abs(shown.astype(int) - written).max() <= 12
    assert (written == TEAL).all(axis=2).mean() > 0.9


def test_explore_draws_a_map_over_the_ground_on_which_it_was_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "logo.png"
    path.write_bytes(encoded(logo(), "PNG"))
    address = heat(str(path), 0, "gaze-nano")
    drawn = open_image(base64.b64decode(address.partition(",")[2]))
    assert drawn[:10, :10].max() < 30  # black, on which the white block shows


def test_the_files_of_an_animation_move_and_others_say_why_not() -> None:
    photo = upload_photo("film", "film.gif", gif())
    shot = Shot(photo, "film", analyse(photo, (), ()))
    assert (shot.analysis.sight.frames, shot.analysis.sight.still) == (len(PARTS), "")
    crop = shot.crop_of("gaze", SQUARE)
    file = crop_file(shot, "gaze", SQUARE, crop)
    assert (file.name, file.lost, file.frames) == ("film_gaze_1x1.gif", "", len(PARTS))
    found = open_animation(file.read())
    assert isinstance(found, Animation)
    assert found.size == (16, 16)
    assert sum(found.milliseconds) == sum(part.milliseconds for part in PARTS)
    still = crop_file(shot, "gaze", SQUARE, crop, Output("JPEG"))
    assert still.lost.startswith("only the first of its frames, as JPEG does not move")
    assert still.frames == 1
    assert open_image(still.read()).shape == (16, 16, 3)


def test_files_say_whose_the_photo_is_and_not_where_it_was_taken() -> None:
    exif = Image.Exif()
    exif[COPYRIGHT] = "Ada"
    exif.get_ifd(0x8825)[1] = "N"
    photo = upload_photo("photo", "photo.jpg", encoded(logo()[..., :3], "JPEG", exif=exif))
    shot = Shot(photo, "photo", analyse(photo, (), ()))
    with Image.open(io.BytesIO(crop_file(shot, "gaze", SQUARE, shot.crop_of("gaze", SQUARE)).read())) as picture:
        assert dict(picture.getexif()) == {COPYRIGHT: "Ada"}
        assert picture.info["icc_profile"]
