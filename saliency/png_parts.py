"""A part of a PNG whose pixels stay what they are: of 16 bits, of a palette, or grey, which Pillow would not keep.

What the file says of its colours goes with them, as they are not brought to sRGB.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from saliency.files.orientation import upright
from saliency.files.png import COLOURS, GREY, GREY_CLEAR, PALETTE, RGB, RGB_CLEAR, SIGNATURE, chunk, read, walk
from saliency.files.png_writing import picture_chunks
from saliency.files.stored import Samples, by_pillow
from saliency.originals import Notes
from saliency.types import Box

_USUAL = 8  # bits of a sample
_ORDER = {RGB: [2, 1, 0], RGB_CLEAR: [2, 1, 0, 3], GREY_CLEAR: [0, 3]}  # of OpenCV's channels


def png_part(data: bytes, box: Box, pixels: tuple[int, int] | None, notes: Notes) -> bytes | None:
    """The file of what is in a box of a PNG that is not damaged, with these notes.

    box: in pixels of the upright picture. pixels: (width, height) that it is brought to, by Lanczos' filter; None
    leaves it as it is. Gives None for colours of 8 bits, which are written as any other photo's, for animations, and
    where another size is asked for of what has no values between two of its own: a palette, fewer than 8 bits, one
    value that is transparent.
    """
    header, colours = _head(data)
    if b"acTL" in colours:
        return None
    depth, colour = header[8:10]
    indexed = colour == PALETTE or depth < _USUAL
    if depth == _USUAL and colour not in (GREY, GREY_CLEAR, PALETTE):
        return None
    resized = pixels and pixels != (box.width, box.height)
    if resized and (indexed or b"tRNS" in colours):
        return None
    stored = _samples(data, header, indexed)
    if stored is None:
        return None
    samples = upright(stored, read(data).orientation)[box.top : box.bottom, box.left : box.right]
    if depth > _USUAL and colour != GREY:
        samples = samples[..., _ORDER[colour]]
    if pixels and resized:
        samples = _scaled(samples, pixels, clear=colour not in (GREY, RGB))
    told = b"".join(chunk(name, content) for name, content in colours.items())
    return SIGNATURE + picture_chunks(samples, depth, colour, told + notes.png_chunks())


def _head(data: bytes) -> tuple[bytes, dict[bytes, bytes]]:
    """The header, and what is said of the colours, or that it is an animation, in the order of the file."""
    header, colours = b"", dict[bytes, bytes]()
    for name, content in walk(data):
        if name == b"IHDR":
            header = bytes(content)
        elif name in (*COLOURS, b"acTL"):
            colours.setdefault(name, bytes(content))
        elif name == b"IDAT":
            break
    return header, colours


def _samples(data: bytes, header: bytes, indexed: bool) -> Samples | None:
    """All samples of the picture as they lie in the file: of a palette the places in it, of 16 bits in OpenCV's order,
    which alone reads them, and is stricter than Pillow: then None."""
    if indexed:  # also few bits of grey, which decoders would spread over 8
        header = header[:9] + bytes([PALETTE]) + header[10:]
    palette = chunk(b"PLTE", bytes(768)) if indexed else b""
    pixels = [chunk(name, content) for name, content in walk(data) if name in (b"IDAT", b"IEND")]
    bare = b"".join([SIGNATURE, chunk(b"IHDR", header), palette, *pixels])
    if header[8] <= _USUAL:
        return np.asarray(by_pillow(bare, "PNG"))
    return cv2.imdecode(np.frombuffer(bare, np.uint8), cv2.IMREAD_UNCHANGED)


def _scaled(samples: Samples, pixels: tuple[int, int], clear: bool) -> Samples:
    """The samples at another size, by Lanczos' filter, weighed by their opacity where they have one."""
    most = np.iinfo(samples.dtype).max
    planes = [plane.astype(np.float32) for plane in np.moveaxis(np.atleast_3d(samples), 2, 0)]
    opacity = _resized(planes.pop(), pixels) if clear else None
    weight = samples[..., -1] / np.float32(most) if clear else np.float32(1)
    planes = [_resized(plane * weight, pixels) for plane in planes]
    if opacity is not None:
        planes = [plane * most / np.maximum(opacity, 1) for plane in planes] + [opacity]
    found: Samples = np.clip(np.round(np.dstack(planes)), 0, most).astype(samples.dtype)
    return found if samples.ndim == 3 else found[..., 0]


def _resized(plane: NDArray[np.float32], pixels: tuple[int, int]) -> NDArray[np.float32]:
    return np.asarray(Image.fromarray(plane).resize(pixels, Image.Resampling.LANCZOS))
