"""How much a file says about its picture: EXIF, XMP, IPTC and the like, and the profile of its colours.

Counted as it lies in the file, before anything of it is read; what is packed is unpacked under limits of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from saliency.files import gif_frames, jpeg, webp
from saliency.files.ifd import values_in
from saliency.files.png import walk as png_chunks

_OF_TIFF = (700, 33723, 34377, 34675)  # XMP, IPTC, Photoshop's resources, ICC profile; EXIF lies among the other tags
_OF_PNG = (b"eXIf", b"iCCP", b"iTXt", b"tEXt", b"zTXt")
_OF_WEBP = (b"EXIF", b"XMP ", b"ICCP")
_COMMENT = 0xFE


def metadata_bytes(kind: str, data: bytes) -> int:
    """Of a file of a kind, by Pillow's name; 0 for one that has none, and for AVIF and HEIC, whose readers find it."""
    return sum(_BLOCKS[kind](data)) if kind in _BLOCKS else 0


def _jpeg(data: bytes) -> Iterator[int]:
    return (end - start for marker, start, end in jpeg.segments(data) if 0xE0 <= marker <= 0xEF or marker == _COMMENT)


def _png(data: bytes) -> Iterator[int]:
    return (len(content) for name, content in png_chunks(data) if name in _OF_PNG)


def _webp(data: bytes) -> Iterator[int]:
    return (end - start for name, start, end in webp.walk(data) if name in _OF_WEBP)


def _gif(data: bytes) -> Iterator[int]:
    told = (_COMMENT, gif_frames.APPLICATION)
    return (end - start for label, start, end in gif_frames.blocks(data) if label in told)


def _tiff(data: bytes) -> Iterator[int]:
    return (length for tag, length in values_in(data) if tag in _OF_TIFF)


_BLOCKS: dict[str, Callable[[bytes], Iterator[int]]] = {
    "JPEG": _jpeg,
    "PNG": _png,
    "WEBP": _webp,
    "GIF": _gif,
    "TIFF": _tiff,
}
