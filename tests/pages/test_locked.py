"""A photo that ends whatever opens it, on the pages that take photos."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from eval.datasets import read_folder
from eval.opening import STRANGERS, open_photo, photo_size
from pages.your_data.job import Background
from pages.your_data.photo_set import PhotoSet
from pages.your_data.unpack import Upload
from saliency.image import ImageError, image_size
from saliency.locked import doors
from saliency.locked.pool import Pool
from tests.pages.app import SAMPLES, open_page
from tests.pages.crop_page import CAT, expected_metrics, sample, shown_metrics, strip, title, upload
from tests.saliency.locked.planted import JOBS, MARK, PLANTED

pytestmark = pytest.mark.skipif(not doors.CAN_FORK, reason="no processes can be forked here")


@pytest.fixture(autouse=True)
def planted(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    pool = Pool(PLANTED, JOBS)
    monkeypatch.setattr(doors, "POOL", pool)
    yield
    pool.close()


def test_it_costs_its_own_card_and_the_others_show() -> None:
    page = upload(open_page(), ("bad.jpg", MARK, "image/jpeg"), sample(CAT))
    assert not page.exception
    (error,) = page.error
    assert "**bad.jpg**" in error.value
    assert "the picture ends the program that opens it" in error.value
    assert [openable for _, openable in strip(page)] == [False, True]
    assert title(page) == CAT
    assert shown_metrics(page) == expected_metrics((SAMPLES / CAT).read_bytes())


def test_a_set_counts_it_as_one_that_cannot_be_opened() -> None:
    cat = Path(SAMPLES / CAT).read_bytes()
    photos = PhotoSet([Upload("bad.jpg", MARK), Upload("cat.jpg", cat)], "mine")
    try:
        assert photos.facts
        assert (photos.facts.photos, photos.facts.unreadable) == (2, 1)
        assert [name for name, _ in photos.thumbnails] == ["cat.jpg"]
    finally:
        photos.close()


def test_the_photos_of_a_run_are_opened_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = tmp_path / "bad.jpg", SAMPLES / CAT
    bad.write_bytes(MARK)
    monkeypatch.setenv(STRANGERS, "1")
    with pytest.raises(ImageError, match="ends the program"):
        open_photo(bad)
    assert [sample.size for sample in read_folder(tmp_path)] == [(0, 0)]
    assert open_photo(good).shape[1::-1] == photo_size(good) == image_size(good)


class Telling(Background):
    """Work that tells what it was started with."""

    @property
    def command(self) -> list[str]:
        return [sys.executable, "-c", f"import os; print(os.environ[{STRANGERS!r}])"]

    @property
    def result(self) -> Path:
        return self.out


def test_work_in_the_background_knows_that_its_photos_are_strangers(tmp_path: Path) -> None:
    work = Telling(tmp_path, tmp_path / "out", tmp_path / "log.txt")
    work.start()
    assert work.process
    assert work.process.wait(60) == 0
    assert work.problem == "1"
