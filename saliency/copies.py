"""A whole photo as the file of its crop: the pixels in the same bytes, with no more said about them than is kept.

What is left out is left out by whole segments, chunks and blocks, so that nothing is decoded and nothing lost.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable

from saliency.files import READERS, gif_frames, jpeg, webp
from saliency.files import png as png_file
from saliency.files.isobmff import boxes
from saliency.files.stored import by_pillow
from saliency.image import file_kind
from saliency.originals import METADATA, MOST_XMP, Notes, jpeg_segment

_XMP_IN_JPEG = b"http://ns.adobe.com/xap/1.0/\0"
_NOTES_OF_JPEG = {*range(0xE0, 0xF0), 0xFE} - {0xE0, 0xE2, 0xEE}  # without those of JFIF, colour profile and Adobe
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)  # of what is no pixels
_PIXELS_OF_PNG = (b"IHDR", b"IDAT", b"acTL", b"fcTL", b"fdAT", b"IEND", b"pHYs", *png_file.COLOURS)
_PIXELS_OF_WEBP = (b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP")
_EXIF_IN_WEBP, _XMP_IN_WEBP = 0x08, 0x04  # flags
_COMMENT = 0xFE  # of GIF
_PIXELS_OF_AVIF = (b"ftyp", b"meta", b"moov", b"mdat")
_NOTES_OF_AVIF = (b"Exif", b"mime", b"udta", b"uuid", b"xml ", b"free", b"skip")


def copied(data: bytes, keep: str) -> bytes | None:
    """The same picture in the same bytes, with its colour profile and the notes that are kept, one of METADATA, and
    without what else is in the file.

    None where the picture does not lie upright in it, or cannot be parted from its notes, or is opened only once it is
    mended, so that it must be written anew. Raises ImageError for a file that cannot be opened.
    """
    kind = file_kind(data)
    try:
        if kind not in COPIES or READERS[kind](data).orientation != 1:
            return None
    except Exception:  # decoders raise a dozen types
        return None
    if keep == "all" and kind != "JPEG":  # behind a JPEG phones put more pictures
        return data
    return COPIES[kind](data, METADATA[keep](data))


def _jpeg(data: bytes, notes: Notes) -> bytes | None:
    """None for one of other colours than RGB and grey."""
    if by_pillow(data, "JPEG").mode not in ("RGB", "L"):
        return None
    parts, end = [data[:2]], 2
    if notes.exif:
        parts.append(jpeg_segment(0xE1, b"Exif\0\0" + notes.exif.removeprefix(b"Exif\0\0")))
    if notes.xmp and len(notes.xmp) <= MOST_XMP:
        parts.append(jpeg_segment(0xE1, _XMP_IN_JPEG + notes.xmp))
    if notes.iptc:
        parts.append(jpeg_segment(0xED, notes.iptc))
    for marker, start, end in jpeg.segments(data):
        if marker not in _NOTES_OF_JPEG and (marker != 0xE2 or data[start + 4 : start + 15] == b"ICC_PROFILE"):
            parts.append(data[start:end])
    return b"".join([*parts, data[end : _picture_end(data, end)]])


def _picture_end(data: bytes, at: int) -> int:
    """The byte after the picture whose pixels begin at this one."""
    while found := _MARKER.search(data, at):
        if found[0] == b"\xff\xd9":
            return found.end()
        at = found.end() + int.from_bytes(data[found.end() : found.end() + 2], "big")
    return len(data)


def _png(data: bytes, notes: Notes) -> bytes:
    parts = [png_file.SIGNATURE]
    for name, content in png_file.walk(data):
        if name in _PIXELS_OF_PNG:
            parts.append(png_file.chunk(name, content))
        if name == b"IHDR":
            parts.append(notes.png_chunks())
    return b"".join(parts)


def _webp(data: bytes, notes: Notes) -> bytes | None:
    """None for one with notes beside a header that has no place to say so."""
    extended, parts = False, []
    for name, start, end in webp.walk(data):
        content = data[start:end]
        if name == b"VP8X":
            extended = True
            flags = content[0] & ~(_EXIF_IN_WEBP | _XMP_IN_WEBP)
            flags |= (_EXIF_IN_WEBP if notes.exif else 0) | (_XMP_IN_WEBP if notes.xmp else 0)
            parts.append(_webp_chunk(name, bytes([flags]) + content[1:]))
        elif name in _PIXELS_OF_WEBP:
            parts.append(_webp_chunk(name, content))
    said = [(b"EXIF", notes.exif.removeprefix(b"Exif\0\0")), (b"XMP ", notes.xmp)]
    parts += [_webp_chunk(name, content) for name, content in said if content]
    if any(content for _, content in said) and not extended:
        return None
    body = b"".join([b"WEBP", *parts])
    return struct.pack("<4sI", b"RIFF", len(body)) + body


def _webp_chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack("<4sI", name, len(content)) + content + b"\0" * (len(content) % 2)


def _gif(data: bytes, notes: Notes) -> bytes | None:  # noqa: ARG001
    """Without comments and without what applications say but for how often it plays; None for one that has no end."""
    end = 13 + gif_frames.table_bytes(data[10])
    parts = [data[:end]]
    for label, start, stop in gif_frames.blocks(data):
        begin, end = end, stop
        told = label == _COMMENT or (label == gif_frames.APPLICATION and not gif_frames.is_loop(data, start))
        if not told:
            parts.append(data[begin:end])
    return b"".join([*parts, b";"]) if data[end : end + 1] == b";" else None


def _avif(data: bytes, notes: Notes) -> bytes | None:  # noqa: ARG001
    """None for one with any notes: their place among its boxes is not told from the pixels' without reading them."""
    found = list(boxes(data, 0, len(data)))
    heads = b"".join(data[box.start : box.end] for box in found if box.name != b"mdat")
    if any(box.name not in _PIXELS_OF_AVIF for box in found) or any(name in heads for name in _NOTES_OF_AVIF):
        return None
    return data if found[-1].end == len(data) else None


COPIES: dict[str, Callable[[bytes, Notes], bytes | None]] = {
    "JPEG": _jpeg,
    "PNG": _png,
    "WEBP": _webp,
    "GIF": _gif,
    "AVIF": _avif,
}
"""By Pillow's name of a kind of file: the whole of one with these notes; None where it must be written anew."""
