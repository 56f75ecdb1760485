"""WebP: read by Pillow."""

from __future__ import annotations

from saliency.files.ifd import exif_orientation
from saliency.files.stored import Stored, by_pillow, decoder_of


def read(data: bytes) -> Stored:
    """The picture, of an animation its first frame, with its header read."""
    image = by_pillow(data, "WEBP")
    return Stored(
        image.size,
        decoder_of(image),
        exif_orientation(image.info.get("exif", b"")),
        image.info.get("icc_profile", b""),
    )
