"""What kind of file it is, by its first bytes: of those that can be opened, or by name of those that cannot."""

from __future__ import annotations

import re

from saliency.files.errors import ImageError
from saliency.files.raw import raw_name

SUPPORTED = "JPEG, PNG, WebP, AVIF, HEIC, GIF, TIFF or BMP"
_BRANDS = {b"avif": "AVIF", b"avis": "AVIF"} | dict.fromkeys(
    (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"mif2"), "HEIF"
)
_OTHERS = (  # a pattern for the first bytes, and what the file is
    (rb"\xff\x0a|\0\0\0\x0cJXL ", "a JPEG XL picture"),
    (rb"\0\0\0\x0cjP  |\xff\x4f\xff\x51", "a JPEG 2000 picture"),
    (rb"8BPS", "a Photoshop document"),
    (rb"%PDF", "a PDF document"),
    (rb"%!PS|\xc5\xd0\xd3\xc6", "a PostScript drawing"),
    (rb"v/1\x01", "an OpenEXR picture"),
    (rb"#\?(RADIANCE|RGBE)", "a Radiance picture"),
    (rb"\0\0[\x01\x02]\0", "an icon file"),
    (rb"DDS ", "a DirectDraw texture"),
    (rb"P[1-7][\s#]", "a Netpbm picture"),
    (rb"qoif", "a QOI picture"),
    (rb"II\xbc", "a JPEG XR picture"),
    (rb"gimp xcf", "a GIMP document"),
    (rb"PK\x03\x04", "a zip archive or a document"),
    (rb"(?s)\s*(<\?xml.{0,200}?)?(<!--.*?-->\s*)*+(<!DOCTYPE svg.*?>\s*)?<svg", "an SVG drawing"),
    (rb"(?is)\s*<(!doctype html|html)", "a web page"),
    (rb"....ftyp", "a video"),
    (rb"\x1aE\xdf\xa3", "a video"),
)


def kind_of(data: bytes) -> str:
    """Pillow's name of the kind. Raises ImageError with what the file is instead, where that can be told."""
    if camera := raw_name(data):
        raise ImageError(
            f"this is a camera's raw file ({camera}), which is not supported; export it as JPEG, TIFF or PNG"
        )
    if data.startswith(b"\xff\xd8"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return "GIF"
    if data[:4] in (b"II*\0", b"MM\0*", b"MM*\0", b"II\0*", b"II+\0", b"MM\0+"):
        return "TIFF"
    if data[:2] == b"BM" and len(data) > 18:
        return "BMP"
    if data[4:8] == b"ftyp":
        size = min(int.from_bytes(data[:4], "big"), 512)
        brands = [data[8:12], *(data[at : at + 4] for at in range(16, size, 4))]
        for wanted in ("AVIF", "HEIF"):
            if wanted in (_BRANDS.get(brand) for brand in brands):
                return wanted
    name = next((name for pattern, name in _OTHERS if re.match(pattern, data[:1024])), "")
    raise ImageError(f"this is not a {SUPPORTED} picture" + (f" but {name}; save it as PNG or JPEG" if name else ""))
