"""What a crop's file takes over from its photo's file: whose it is, how finely it was written, or all of it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

from PIL import Image, ImageCms, JpegImagePlugin

from saliency.files.ifd import exif_orientation
from saliency.files.jpeg import segments

ARTIST, COPYRIGHT, ORIENTATION = 0x013B, 0x8298, 0x0112  # tags of EXIF
MOST_EXIF = 65_000  # bytes: what fits into one segment of a JPEG
SRGB_PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
_NOTES = {*range(0xE0, 0xF0), 0xFE} - {0xE0, 0xE2, 0xEE}  # markers, without those of JFIF, colour profile and Adobe
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)  # of what is no pixels


def _exif(data: bytes) -> Image.Exif:
    """The photo's EXIF as Pillow reads it; empty where it cannot."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            return image.getexif()
    except Exception:  # of hostile bytes, of which the picture may well be sound
        return Image.Exif()


def _nothing(data: bytes) -> bytes:  # noqa: ARG001
    return b""


def _copyright(data: bytes) -> bytes:
    """EXIF that says whose the photo is; empty where the photo's does not."""
    exif, found = Image.Exif(), _exif(data)
    for tag in (ARTIST, COPYRIGHT):
        if isinstance(found.get(tag), str):
            exif[tag] = found[tag]
    return exif.tobytes() if len(exif) else b""


def _everything(data: bytes) -> bytes:
    """The photo's EXIF, of a picture that now lies upright; whose it is alone where more cannot be written."""
    found = _exif(data)
    if not len(found):
        return b""
    found[ORIENTATION] = 1
    try:
        written = found.tobytes()
    except Exception:  # of values that Pillow reads and cannot write
        return _copyright(data)
    return written if len(written) <= MOST_EXIF else _copyright(data)


METADATA: dict[str, Callable[[bytes], bytes]] = {"copyright": _copyright, "all": _everything, "none": _nothing}
"""EXIF for the crops of a photo's bytes, by how much is kept of it."""


def as_fine(data: bytes) -> dict[str, object]:
    """Pillow's options to write a JPEG as finely as this one was; none for another kind of file, or a broken one."""
    image = _jpeg(data)
    if image is None:
        return {}
    fine: dict[str, object] = {"qtables": dict(image.quantization), "optimize": True}
    sampling = JpegImagePlugin.get_sampling(image)
    return fine | ({"subsampling": sampling} if sampling >= 0 else {})


def copied(data: bytes, exif: bytes) -> bytes | None:
    """The same picture in the same bytes, with this EXIF and its colour profile, and without what else is in the file.

    None where the file is no sound JPEG in RGB or grey that lies upright, so that it must be written anew.
    """
    image = _jpeg(data)
    if image is None or image.mode not in ("RGB", "L") or exif_orientation(image.info.get("exif", b"")) != 1:
        return None
    parts, end = [data[:2]], 2
    if exif:
        content = exif if exif.startswith(b"Exif\0\0") else b"Exif\0\0" + exif
        parts.append(b"\xff\xe1" + (len(content) + 2).to_bytes(2, "big") + content)
    for marker, start, end in segments(data):
        if marker not in _NOTES and (marker != 0xE2 or data[start + 4 : start + 15] == b"ICC_PROFILE"):
            parts.append(data[start:end])
    return b"".join([*parts, data[end : _picture_end(data, end)]])


def _jpeg(data: bytes) -> JpegImagePlugin.JpegImageFile | None:
    """The file with its header read; None where Pillow sees no JPEG."""
    try:
        image = Image.open(io.BytesIO(data), formats=["JPEG"])
    except Exception:  # decoders raise a dozen types on hostile bytes
        return None
    return image if isinstance(image, JpegImagePlugin.JpegImageFile) else None


def _picture_end(data: bytes, at: int) -> int:
    """The byte after the picture whose pixels begin at this one: phones put more pictures, with notes, behind it."""
    while found := _MARKER.search(data, at):
        if found[0] == b"\xff\xd9":
            return found.end()
        at = found.end() + int.from_bytes(data[found.end() : found.end() + 2], "big")
    return len(data)
