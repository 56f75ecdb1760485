"""docs/scale.md says what was measured."""

from __future__ import annotations

import json
import re

import pytest

from eval.bench.floor import RESULTS, as_progressive, decode_smallest
from eval.bench.growth import photo
from eval.bench.scale_page import BEGIN, END, PAGE, updated


@pytest.mark.skipif(not RESULTS.exists(), reason="not measured yet: python -m eval.bench.floor --write")
def test_the_page_is_of_the_committed_measurement() -> None:
    assert updated(PAGE.read_text(), json.loads(RESULTS.read_text())) == PAGE.read_text()


def test_a_measurement_becomes_tables() -> None:
    times = {"floor": 2.0, "gaze, 1": 20.0, "gaze, 6": 20.0, "gaze, 16": 22.0}
    found = {
        "manifest": {"machine": "a core", "date": "2026-01-01", "commit": "0123456789abcdef"},
        "sizes": [{"megapixels": 0.5, "bytes": 500_000, "milliseconds": times}],
        "progressive": {
            "megapixels": 12.0,
            "bytes": 1,
            "milliseconds": {"all scans": 150.0, "first scans": 50.0},
            "crops": 9,
            "moved": 1,
        },
    }
    page = updated(f"before {BEGIN} old {END} after", found)
    assert page.startswith("before ")
    assert page.endswith(" after")
    assert " old " not in page
    assert "20.0 ms, 50 a second, 10.0 x" in page
    assert "`gaze` 1.10" in page
    assert "3.0 times as long" in page
    # 1e8 photos a day x 0.02 s / 86400 s / 0.7 busy; 1e6 x 0.02 s of a core at 0.04 an hour, as busy
    assert "33 cores; 0.32 a million" in page
    with pytest.raises(ValueError, match="no lines"):
        updated("a page", found)


def test_what_is_timed_is_what_is_said() -> None:
    data = photo(0.3)
    smallest = decode_smallest(data)
    assert getattr(smallest, "shape", None) is not None
    found = re.search(rb"\xff\xc2", as_progressive(data))
    assert found is not None
