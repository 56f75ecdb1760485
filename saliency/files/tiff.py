"""TIFF: read by Pillow; what it gets wrong is told to it, or undone after it."""

from __future__ import annotations

import contextlib
import ctypes
import struct
from collections.abc import Mapping

from PIL import Image, ImagePalette, UnidentifiedImageError

from saliency.files.deep import to_8_bit
from saliency.files.errors import DamagedError, ImageError
from saliency.files.ifd import Tag, first_ifd, first_value, is_whole
from saliency.files.stored import Grey, Size, Stored, by_pillow, decoder_of

_WIDTH, _LENGTH, _BITS, _COMPRESSION, _PHOTOMETRIC = 256, 257, 258, 259, 262
_SAMPLES, _PLANAR, _COLOUR_MAP, _EXTRA, _FORMAT = 277, 284, 320, 338, 339
_PLACES = ((273, 279), (324, 325))  # where strips and tiles are, and how long
_UNSIGNED, _FLOAT = 1, 3
_COMPRESSIONS = {
    1: "", 2: "CCITT", 3: "fax", 4: "fax", 5: "LZW", 6: "old JPEG", 7: "JPEG", 8: "Deflate", 32773: "PackBits",
    32946: "Deflate", 34712: "JPEG 2000", 34887: "LERC", 34925: "LZMA", 50000: "Zstandard", 50001: "WebP",
    50002: "JPEG XL", 52546: "JPEG XL",
}  # fmt: skip
_PHOTOMETRICS = {0: "grey", 1: "grey", 2: "RGB", 3: "palette", 4: "mask", 5: "CMYK", 6: "YCbCr", 8: "Lab"}

# libtiff writes to stderr what is wrong with a file, which an ImageError says. Its warnings Pillow has silenced itself.
with contextlib.suppress(OSError, AttributeError):  # where libtiff is no library of its own
    ctypes.CDLL(Image.core.__file__).TIFFSetErrorHandler(None)


def read(data: bytes) -> Stored:
    """The first picture with its header read; Pillow turns it upright by itself."""
    tags = first_ifd(data)
    width, length = first_value(tags, _WIDTH, 0), first_value(tags, _LENGTH, 0)
    if not (width and length and is_whole(data)):
        raise DamagedError("its header is incomplete")
    bits, form = first_value(tags, _BITS, 1), first_value(tags, _FORMAT, _UNSIGNED)
    samples, photometric = first_value(tags, _SAMPLES, 1), first_value(tags, _PHOTOMETRIC, 0)
    try:
        if first_value(tags, _PLANAR, 1) == 2 and bits == 16 and samples in (3, 4) and photometric == 2:
            return _of_planes(data, tags, samples)
        grey = Grey()
        if samples == 1 and photometric in (0, 1) and bits > 8:
            inverted = photometric == 0
            grey = Grey(unsigned=form == _UNSIGNED and bits == 32, inverted=inverted)
            if form == _UNSIGNED and bits < 32:
                grey = Grey(0, 2**bits - 1, inverted=inverted)
            if inverted:
                data = _with_tags(data, {_PHOTOMETRIC: (1,)})
        image = by_pillow(data, "TIFF")
    except UnidentifiedImageError:
        raise ImageError(_unsupported(tags)) from None
    image.info.pop("xmp", None)  # browsers and viewers go by the tag alone
    if photometric == 3 and _COLOUR_MAP in tags and max(tags[_COLOUR_MAP].values, default=256) < 256:
        image.palette = ImagePalette.raw("RGB;L", bytes(tags[_COLOUR_MAP].values))  # 8 bits where 16 are asked for
    return Stored(image.size, decoder_of(image), profile=image.info.get("icc_profile", b""), grey=grey)


def _of_planes(data: bytes, tags: Mapping[int, Tag], samples: int) -> Stored:
    """A picture of which each channel lies by itself: opened one by one as grey ones."""
    first = by_pillow(_plane(data, tags, 0, samples), "TIFF")

    def decode(_: Size | None) -> Image.Image:
        planes = []
        for index in range(samples):
            plane = by_pillow(_plane(data, tags, index, samples), "TIFF")
            plane.info.pop("xmp", None)
            plane.load()
            planes.append(to_8_bit(plane, Grey(0, 65535)))
        return Image.merge("RGB" if samples == 3 else "RGBA", planes)

    return Stored(first.size, decode, profile=first.info.get("icc_profile", b""))


def _plane(data: bytes, tags: Mapping[int, Tag], index: int, samples: int) -> bytes:
    changes: dict[int, tuple[int, ...] | None] = dict.fromkeys((_EXTRA, _FORMAT))
    changes |= {_BITS: (16,), _SAMPLES: (1,), _PHOTOMETRIC: (1,), _PLANAR: (1,)}
    for pair in _PLACES:
        for tag in pair:
            if tag in tags:
                count = len(tags[tag].values) // samples
                changes[tag] = tags[tag].values[index * count : (index + 1) * count]
    return _with_tags(data, changes)


def _with_tags(data: bytes, changes: Mapping[int, tuple[int, ...] | None]) -> bytes:
    """The file with other values of some tags, None for none: a new folder of tags is put behind its end."""
    order = "<" if data[:2] == b"II" else ">"
    if 43 in data[2:4]:
        raise ImageError("this kind of TIFF (BigTIFF) is not supported; save it as PNG, or as a usual TIFF")
    (start,) = struct.unpack_from(order + "I", data, 4)
    (count,) = struct.unpack_from(order + "H", data, start)
    entries = {}
    for at in range(start + 2, start + 2 + 12 * count, 12):
        entries[struct.unpack_from(order + "H", data, at)[0]] = data[at : at + 12]
    data += bytes(len(data) % 2)
    values = b""
    for tag, new in changes.items():
        entries.pop(tag, None)
        if new:
            kind, letter = (3, "H") if max(new) < 1 << 16 else (4, "I")
            packed = struct.pack(f"{order}{len(new)}{letter}", *new)
            field = packed.ljust(4, b"\0") if len(packed) <= 4 else struct.pack(order + "I", len(data) + len(values))
            entries[tag] = struct.pack(order + "HHI", tag, kind, len(new)) + field
            values += packed if len(packed) > 4 else b""
            values += bytes(len(values) % 2)
    folder = struct.pack(order + "H", len(entries)) + b"".join(entries[tag] for tag in sorted(entries)) + bytes(4)
    return data[:4] + struct.pack(order + "I", len(data) + len(values)) + data[8:] + values + folder


def _unsupported(tags: Mapping[int, Tag]) -> str:
    compression = first_value(tags, _COMPRESSION, 1)
    bits = "+".join(str(bits) for bits in dict.fromkeys(tags[_BITS].values)) if _BITS in tags else "1"
    form = " floating point" if first_value(tags, _FORMAT, _UNSIGNED) == _FLOAT else ""
    photometric = first_value(tags, _PHOTOMETRIC, 0)
    parts = [
        f"{_PHOTOMETRICS.get(photometric, f'photometric {photometric}')} of {bits}{form} bits",
        f"{first_value(tags, _SAMPLES, 1)} channels" if first_value(tags, _SAMPLES, 1) > 1 else "",
        _COMPRESSIONS.get(compression, f"compression {compression}"),
    ]
    return f"this kind of TIFF ({', '.join(filter(None, parts))}) is not supported; save it as PNG, or as RGB of 8 bits"
