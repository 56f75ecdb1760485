"""Two bulk runs compared, on the page: what the file says, and nothing that a crafted one would like to."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from PIL import Image

from pages.your_data.comparison import ComparisonError, read_comparison
from tests.corpus.kind import encoded
from tests.pages.app import open_page

PREVIEW = base64.b64encode(encoded(Image.new("RGB", (12, 9)), "JPEG")).decode()


def record() -> dict[str, Any]:
    """Of a hundred photos: 60 stay as they are, 30 overlap a little less, 10 are other pictures."""
    bins = [0] * 20
    bins[4], bins[16], bins[19] = 10, 30, 60
    change = {
        "photos": 100,
        "same": 60,
        "far": 10,
        "iou": 0.87,
        "moved": 0.05,
        "gain": [0.012, 0.034],
        "iou_bins": bins,
    }
    photo = {"path": "<b>beach</b>.jpg", "size": [120, 90], "iou": 0.2, "preview": PREVIEW}
    photo |= {"boxes": {"16:9": [[0, 0, 100, 50], [0, 50, 100, 40]]}}
    run = {"name": "runs/now", "method": "gaze", "model_sha256": "0" * 64}
    return {
        "kind": "gazecrop bulk-compare",
        "version": 1,
        "runs": [run, run | {"name": "runs/then", "method": "gaze-fast"}],
        "photos": 104,
        "both": 100,
        "formats": {"16:9": change},
        "most": [photo, photo | {"path": "gone.jpg", "preview": None}],
    }


def test_the_page_shows_what_the_file_says() -> None:
    page = open_page("your_data", show="Compare bulk runs")
    assert "gazecrop bulk-compare before after" in page.markdown[-1].value
    page.file_uploader[0].set_value(("comparison.json", json.dumps(record()).encode(), "application/json")).run()
    assert not page.exception
    text = " ".join(each.value for each in [*page.markdown, *page.caption])
    assert "With **Saliency \\(fast\\)** in place of **Saliency**, 60\u00a0% of the crops stay as they are" in text
    assert "and 10\u00a0% show another picture" in text
    assert "100 photos of the runs runs/now and runs/then; 4 photos without crops" in text
    (table,) = page.dataframe
    assert table.value.loc["16:9"].tolist() == pytest.approx([60, 87, 10, 5, 1.2, 3.4])
    drawn = next(each.proto.body for each in page.get("html") if "own-differing" in each.proto.body)
    assert drawn.count("<figure>") == 2
    assert drawn.count("data:image/jpeg") == 1
    assert "&lt;b&gt;beach" in drawn


def altered(*keys: Any, to: Any) -> bytes:
    """A file that says something else in one place."""
    whole = record()
    part: Any = whole
    for key in keys[:-1]:
        part = part[key]
    part[keys[-1]] = to
    return json.dumps(whole).encode()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"[" * 100_000,
        altered("kind", to="another"),
        altered("version", to=2),
        altered("formats", to={}),
        altered("formats", "16:9", "photos", to=99),
        altered("formats", "16:9", "iou", to=float("nan")),
        altered("formats", "16:9", "gain", to=["1", "2"]),
        altered("most", 0, "boxes", "16:9", 0, 2, to=121),
        altered("most", 0, "boxes", "16:9", 0, 0, to='0;background:url("http://example.org")'),
        altered("most", 0, "preview", to=base64.b64encode(b"<svg onload=alert(1)>").decode()),
        altered("most", 0, "size", to=[0, 0]),
        altered("runs", 0, "method", to=["gaze"]),
        b" " * 10_000_001,
    ],
)
def test_what_is_no_comparison_is_told(data: bytes) -> None:
    with pytest.raises(ComparisonError):
        read_comparison(data)
