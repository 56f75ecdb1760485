"""What a crop's file takes over from its photo's file: whose it is, how finely it was written, or all of it."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from PIL import Image, ImageCms, IptcImagePlugin, JpegImagePlugin, PngImagePlugin

from saliency.files.jpeg import segments
from saliency.files.png import chunk
from saliency.rights import Names, names_in_iptc, names_in_xmp, rights_xmp, upright_xmp

ARTIST, COPYRIGHT, ORIENTATION = 0x013B, 0x8298, 0x0112  # tags of EXIF
MOST_EXIF = 65_000  # bytes: what fits into one segment of a JPEG
MOST_NAME = 8_000  # of an artist or a notice of copyright
MOST_XMP = 65_000  # as much
_XMP_IN_PNG = "XML:com.adobe.xmp"
_MADE = slice(24, 36)  # of a profile's header: when it was made, six numbers of two bytes
_profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
SRGB_PROFILE = _profile[: _MADE.start] + struct.pack(">6H", 2000, 1, 1, 0, 0, 0) + _profile[_MADE.stop :]
"""With one date for all, so that a crop's file is the same today and tomorrow."""


@dataclass(frozen=True, slots=True)
class Notes:
    """What is said about a photo, for its crops: blocks of bytes, each empty where there is none."""

    exif: bytes = b""
    xmp: bytes = b""
    iptc: bytes = b""

    def options(self, kind: str) -> dict[str, object]:
        """Pillow's, for a file of a kind: not every kind takes each, and GIF takes none."""
        found: dict[str, object] = {"exif": self.exif} if self.exif else {}
        if self.xmp and kind == "PNG":
            info = PngImagePlugin.PngInfo()
            info.add_itxt(_XMP_IN_PNG, self.xmp.decode("utf-8", "replace"))
            found["pnginfo"] = info
        elif self.xmp and (kind != "JPEG" or len(self.xmp) <= MOST_XMP):
            found["xmp"] = self.xmp
        if self.iptc and kind == "JPEG":
            found["extra"] = jpeg_segment(0xED, self.iptc)
        return {} if kind == "GIF" else found

    def png_chunks(self) -> bytes:
        """The same for a PNG that is not written by Pillow."""
        said = chunk(b"eXIf", self.exif.removeprefix(b"Exif\0\0")) if self.exif else b""
        return said + (chunk(b"iTXt", _XMP_IN_PNG.encode() + b"\0\0\0\0\0" + self.xmp) if self.xmp else b"")


def _nothing(data: bytes) -> Notes:  # noqa: ARG001
    return Notes()


def _copyright(data: bytes) -> Notes:
    """Who says to have made the photo and whose it is, in EXIF, which most software reads, and in XMP where it was
    there."""
    found = _said(data)
    return Notes(_exif_of(found.names), rights_xmp(found.xmp))


def _everything(data: bytes) -> Notes:
    """All, of a picture that now lies upright; in EXIF whose it is alone where more cannot be written."""
    found = _said(data)
    exif = found.exif
    names, exif[ORIENTATION] = found.names, 1
    for tag, text in ((ARTIST, names.artist), (COPYRIGHT, names.copyright)):
        if text:
            exif[tag] = text.encode()[:MOST_NAME]
    for tag, value in list(exif.items()):
        if isinstance(value, str):
            exif[tag] = value.encode("latin-1", "replace")  # as it was read: Pillow writes no other letter than ASCII's
    try:
        written = exif.tobytes() if len(exif) > 1 else b""
    except Exception:  # of values that Pillow reads and cannot write
        written = _exif_of(names)
    if len(written) > MOST_EXIF:
        written = _exif_of(names)
    return Notes(written, upright_xmp(found.xmp), found.iptc)


METADATA: dict[str, Callable[[bytes], Notes]] = {"copyright": _copyright, "all": _everything, "none": _nothing}
"""What is said about a photo of these bytes, by how much of it is kept."""


@dataclass(frozen=True, slots=True)
class _Said:
    """exif, xmp: as the file has them. names: of EXIF, and of IPTC and XMP where it has none. iptc: the block of
    Photoshop's resources that holds it."""

    exif: Image.Exif
    names: Names
    xmp: bytes
    iptc: bytes


def _said(data: bytes) -> _Said:
    """What Pillow can read of it; nothing is raised for hostile bytes, of which the picture may well be sound."""
    exif, xmp, iptc, names = Image.Exif(), b"", b"", Names()
    with suppress(Exception), Image.open(io.BytesIO(data)) as image:
        packet = image.info.get("xmp", b"")
        xmp = packet.encode() if isinstance(packet, str) else bytes(packet)
        exif = image.getexif()
        names = Names(_text(exif.get(ARTIST)), _text(exif.get(COPYRIGHT)))
        names = names.or_else(names_in_xmp(xmp))
        names = names.or_else(names_in_iptc(IptcImagePlugin.getiptcinfo(image) or {}))
    if data.startswith(b"\xff\xd8"):
        blocks = (data[start + 4 : end] for marker, start, end in segments(data) if marker == 0xED)
        iptc = next((block for block in blocks if block.startswith(b"Photoshop 3.0")), b"")
    return _Said(exif, names, xmp, iptc)


def _text(value: object) -> str:
    """A text of EXIF, which is ASCII by the standard and UTF-8 in files of today."""
    if not isinstance(value, str):
        return ""
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value


def _exif_of(names: Names) -> bytes:
    exif = Image.Exif()
    for tag, text in ((ARTIST, names.artist), (COPYRIGHT, names.copyright)):
        if text:
            exif[tag] = text.encode()[:MOST_NAME]
    return exif.tobytes() if len(exif) else b""


def as_fine(data: bytes) -> dict[str, object]:
    """Pillow's options to write a JPEG as finely as this one was; none for another kind of file, or a broken one."""
    image = _jpeg(data)
    if image is None:
        return {}
    fine: dict[str, object] = {"qtables": dict(image.quantization), "optimize": True}
    sampling = JpegImagePlugin.get_sampling(image)
    return fine | ({"subsampling": sampling} if sampling >= 0 else {})


def jpeg_segment(marker: int, content: bytes) -> bytes:
    """Of a JPEG."""
    return bytes([0xFF, marker]) + (len(content) + 2).to_bytes(2, "big") + content


def _jpeg(data: bytes) -> JpegImagePlugin.JpegImageFile | None:
    """The file with its header read; None where Pillow sees no JPEG."""
    try:
        image = Image.open(io.BytesIO(data), formats=["JPEG"])
    except Exception:  # decoders raise a dozen types on hostile bytes
        return None
    return image if isinstance(image, JpegImagePlugin.JpegImageFile) else None
