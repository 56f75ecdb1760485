"""How the photos of a run are opened: here, or by locked workers where they are not one's own."""

from __future__ import annotations

import os
from pathlib import Path

from saliency import image
from saliency.files.stored import Size
from saliency.locked import doors
from saliency.types import RgbImage

STRANGERS = "GAZECROP_STRANGERS"
"""The environment variable that is set where the photos are strangers': in the runs that visitors of the app start."""


def open_photo(path: Path) -> RgbImage:
    """As `saliency.image.open_image`."""
    return doors.open_image(path) if os.environ.get(STRANGERS) else image.open_image(path)


def photo_size(path: Path) -> Size:
    """As `saliency.image.image_size`."""
    return doors.image_size(path) if os.environ.get(STRANGERS) else image.image_size(path)
