"""python -m tests.saliency.integrations: what thumbor's and Wagtail's crops of the samples keep beside ours, and how
far they lie apart; for docs/integrations.md."""

from __future__ import annotations

import numpy as np

from saliency.crop import center_window, expected_gaze, judge, window_size
from saliency.framing import Framing, frame
from saliency.image import open_image
from saliency.integrations.points import focal_point, focal_region
from saliency.models import load_model
from saliency.pipeline import see
from saliency.things import WHOLE
from saliency.types import Aspect
from tests.saliency.integrations.cutting import centred, filled
from tests.saliency.integrations.test_points import SAMPLES

SHAPES = ("1:1", "16:9", "4:5", "3:1", "9:16", "4:3")

kept: dict[str, list[list[float]]] = {shape: [] for shape in SHAPES}
apart: list[list[float]] = []
for path in sorted(SAMPLES.glob("*.jpg")):
    image = open_image(path)
    size = image.shape[1], image.shape[0]
    seen, point, region = see(image, size, load_model("gaze")), focal_point(image), focal_region(image)
    gaze, framing = expected_gaze(seen.map), Framing(whole=tuple(WHOLE["usual"](seen.things)))
    for shape in SHAPES:
        aspect = Aspect.parse(shape)
        window, (own,) = window_size(size, aspect), frame(seen.map, size, [aspect], framing)
        boxes = own.box, centred(point, size, window), filled(region, size, window), center_window(size, aspect)
        kept[shape].append([judge(gaze, size, aspect, box).kept for box in boxes])
        apart.append(
            [max(abs(b.left - own.box.left) / size[0], abs(b.top - own.box.top) / size[1]) for b in boxes[1:3]]
        )

print("kept by     ours  thumbor  Wagtail  centre")
for name, rows in [("all", [row for each in kept.values() for row in each]), *kept.items()]:
    print(f"{name:8}", *(f"{100 * share:6.1f} %" for share in np.mean(rows, axis=0)))
for name, share in (("half", 50), ("nine in ten", 90)):
    print(f"{name} within, of the side:", *(f"{100 * value:.1f} %" for value in np.percentile(apart, share, axis=0)))
