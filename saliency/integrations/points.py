"""One focal point or region for a photo, for software that keeps no more than that beside it."""

from __future__ import annotations

from saliency.crop import place_window, window_size
from saliency.framing import Framing, frame
from saliency.models import load_model
from saliency.pipeline import Seen, see
from saliency.things import WHOLE
from saliency.types import Aspect, Box, RgbImage, Thing

HALF = 0.5  # of the expected gaze lies in the region
NARROWEST, WIDEST = Aspect(9, 16), Aspect(3, 1)
NARROWER, WIDER = 2 / 3, 3 / 2  # than the photo: a usual crop has about this share of its shape


def focal_point(image: RgbImage, method: str = "gaze") -> tuple[float, float]:
    """(x, y) in pixels: what centres the widest crop that is narrower than the photo where ours lies, and one that is
    wider. Between the two shapes crops move little; exactly at both they are ours, to a pixel.

    The middle of the expected gaze would not do: crops are placed by how much of it they keep, and with heads whole.
    Raises ValueError where `method` has no saliency map.
    """
    (across, _), (_, down) = (box.center for box in reference_boxes(image, method))
    return across, down


def reference_boxes(image: RgbImage, method: str = "gaze") -> tuple[Box, Box]:
    """The narrower crop and the wider one, by which the point is found."""
    height, width = image.shape[:2]
    seen = see(image, (width, height), load_model(method))
    aspects = [Aspect(width * share, height) for share in (NARROWER, WIDER)]
    narrow, wide = frame(seen.map, seen.size, aspects, Framing(whole=_whole(seen)))
    return narrow.box, wide.box


def focal_region(image: RgbImage, method: str = "gaze") -> Box:
    """The middle of the tightest window of the photo's own shape that keeps half of the expected gaze, heads whole
    where they are worth it: for software that keeps a region in its crops and zooms in as far as that.

    No larger than what crops of NARROWEST and WIDEST can hold, since what cannot hold it is placed badly. Raises
    ValueError as `focal_point`.
    """
    height, width = image.shape[:2]
    size = width, height
    seen = see(image, size, load_model(method))
    (crop,) = frame(seen.map, size, [Aspect(width, height)], Framing(keep=HALF, whole=_whole(seen)))
    most = window_size(size, NARROWEST)[0], window_size(size, WIDEST)[1]
    return place_window(crop.box.center, size, (min(crop.box.width, most[0]), min(crop.box.height, most[1])))


def _whole(seen: Seen) -> tuple[Thing, ...]:
    return tuple(WHOLE["usual"](seen.things))
