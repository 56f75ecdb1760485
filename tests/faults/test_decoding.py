"""Bad days of the processes that open what visitors send: they cost one upload at most, never a page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from saliency.locked import doors
from saliency.locked.pool import Pool
from tests.faults.program import CAT
from tests.pages.app import open_page
from tests.pages.crop_page import LABELS, Upload, upload
from tests.saliency.locked.planted import JOBS, MARK, PLANTED

pytestmark = pytest.mark.skipif(not doors.CAN_FORK, reason="no processes can be forked here")


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pool]:
    """The pool that pages use, whose workers end on a file that begins with MARK."""
    pool = Pool(PLANTED, JOBS)
    monkeypatch.setattr(doors, "POOL", pool)
    yield pool
    pool.close()


def photo(number: int) -> Upload:
    """One that no cache knows."""
    return f"photo {number}.jpg", CAT.read_bytes() + b"%d" % number, "image/jpeg"


def test_a_killed_worker(pool: Pool) -> None:
    """A photo that kills the process that opens it is named, beside the crops of others; a killed pool starts anew."""
    page = upload(open_page("crop"), ("bad.jpg", MARK, "image/jpeg"), photo(1))
    assert not page.exception
    (error,) = page.error
    assert "bad.jpg" in error.value.replace("\\", "")
    assert "ends the program that opens it" in error.value
    assert LABELS["gaze"] in [metric.label for metric in page.metric]
    assert pool._handle
    pool._handle._process.kill()  # as where the system has no more memory
    page = upload(open_page("crop"), photo(2))
    assert not page.exception
    assert not page.error


def test_no_worker_to_be_had(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no process can be started that opens pictures, pages say so, and work again once one can."""
    monkeypatch.setattr(doors, "POOL", Pool("tests.faults.no_such_module"))
    page = upload(open_page("crop", sample="none"), photo(3))
    assert not page.exception
    assert len(page.error) == 1
    monkeypatch.setattr(doors, "POOL", pool)
    page.run()
    assert not page.error
