"""The focal point of an image of Wagtail's."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from wagtail.images.rect import Rect

from saliency.files.errors import ImageError
from saliency.image import open_image
from saliency.integrations.points import focal_region

_log = logging.getLogger(__name__)


def set_focal_point(image: Any) -> bool:
    """Find it and save it; False where there is one already, or the file is no picture that can be opened: that is
    logged. Wagtail, too, counts in pixels of the upright picture."""
    if image.has_focal_point() or image.is_svg():
        return False
    try:
        with image.open_file() as file:
            pixels = open_image(file.read())
    except (ImageError, OSError) as error:
        _log.warning("no focal point for image %s: %s", image.pk, error)
        return False
    box = focal_region(pixels, getattr(settings, "GAZECROP_METHOD", "gaze"))
    image.set_focal_point(Rect(box.left, box.top, box.right, box.bottom))
    image.save(update_fields=[f"focal_point_{name}" for name in ("x", "y", "width", "height")])
    return True
