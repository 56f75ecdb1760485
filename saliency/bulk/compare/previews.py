"""Small pictures of the photos that differ most, so that whoever reads the comparison needs no access to the photos."""

from __future__ import annotations

import base64

from saliency.bulk.items import Item, place_of
from saliency.bulk.reading import read_photos
from saliency.bulk.remote import is_url
from saliency.command.sources import open_photo
from saliency.export import encode
from saliency.image import ImageError, resized

SIDE = 360  # pixels of the longer side
QUALITY = 80


def preview(path: str, folder: str) -> str | None:
    """A JPEG in base64 of the photo that is called so in the results; None where it cannot be read any more.

    folder: where relative paths began.
    """
    try:
        (data,) = read_photos([item_of(path)], folder)
        if isinstance(data, ImageError):
            return None
        opened = open_photo(data, strict=False, least=_small)
    except Exception:  # whatever keeps it from being read, the comparison does without
        return None
    return base64.b64encode(encode(resized(opened.pixels, _small(opened.size)), quality=QUALITY)).decode()


def item_of(path: str) -> Item:
    """Where a photo's bytes are, by what it is called in the results."""
    table, _, row = path.rpartition("#")
    if row.isdecimal() and table.endswith(".parquet"):
        return Item(table.encode() if is_url(table) else place_of(table), int(row))
    return Item(path.encode() if is_url(path) else place_of(path))


def _small(size: tuple[int, int]) -> tuple[int, int]:
    share = min(1.0, SIDE / max(size))
    return max(1, round(size[0] * share)), max(1, round(size[1] * share))
