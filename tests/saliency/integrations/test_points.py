"""One focal point, cut around as everybody cuts: the widest window with the point in its middle, kept inside."""

from __future__ import annotations

from pathlib import Path

import pytest

from saliency.image import open_image
from saliency.integrations.points import focal_point, reference_boxes
from tests.saliency.integrations.cutting import centred

SAMPLES = Path(__file__).parents[3] / "samples"
PHOTOS = ("chelsea_cat.jpg", "friends.jpg", "astronaut_eileen_collins.jpg")


@pytest.mark.parametrize("name", PHOTOS)
def test_the_point_gives_back_both_crops(name: str) -> None:
    image = open_image(SAMPLES / name)
    size = (image.shape[1], image.shape[0])
    point = focal_point(image, "gaze-fast")
    for box in reference_boxes(image, "gaze-fast"):
        found = centred(point, size, (box.width, box.height))
        assert found.as_list() == pytest.approx(box.as_list(), abs=1)
