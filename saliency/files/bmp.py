"""BMP: read by Pillow, but for pixels whose channels are told by masks, of which it knows only the usual ones."""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from saliency.files.errors import DamagedError, ImageError
from saliency.files.mended import Check, Mended
from saliency.files.stored import Stored, by_pillow, decoder_of

_PLAIN, _BITFIELDS, _ALPHA_BITFIELDS = 0, 3, 6
_STRIP = 1 << 18  # pixels


@dataclass(frozen=True, slots=True)
class _Header:
    """height: positive, also of pictures stored from the top. start: the first byte of the pixels.
    row: its bytes."""

    width: int
    height: int
    from_top: bool
    bits: int
    compression: int
    start: int
    masks: tuple[int, ...]

    @property
    def row(self) -> int:
        return (self.width * self.bits + 31) // 32 * 4


def read(data: bytes) -> Stored:
    """The picture with its header read."""
    header = _header_of(data)
    if header and header.compression in (_BITFIELDS, _ALPHA_BITFIELDS) and header.bits in (16, 32):
        return Stored((header.width, header.height), lambda _: _masked(data, header))
    try:
        image = by_pillow(data, "BMP")
    except OSError as error:
        if "Unsupported" in str(error):
            raise ImageError("this kind of BMP is not supported; save it as PNG") from None
        raise
    return Stored(image.size, decoder_of(image))


def mend(data: bytes, check: Check) -> Mended:
    """The file with black rows for those that are missing."""
    header = _header_of(data)
    if header is None or header.compression not in (_PLAIN, _BITFIELDS, _ALPHA_BITFIELDS):
        raise DamagedError("it breaks off")
    if header.start >= len(data):
        raise DamagedError("it ends before its pixels begin")
    check((header.width, header.height))
    rows = min(max(len(data) - header.start, 0) // header.row, header.height)
    whole = data + bytes(max(header.start + header.row * header.height - len(data), 0))
    top = 0 if header.from_top else header.height - rows
    drawn = (0, top, header.width, top + rows) if rows < header.height else None
    return Mended(whole, drawn, damage="its end is missing")


def _header_of(data: bytes) -> _Header | None:
    """None for a header that is left to Pillow."""
    start, size = struct.unpack_from("<I", data, 10)[0], struct.unpack_from("<I", data, 14)[0]
    if size not in (40, 52, 56, 64, 108, 124) or len(data) < 14 + size:
        return None
    width, height, _, bits, compression = struct.unpack_from("<iiHHI", data, 18)
    count = 4 if compression == _ALPHA_BITFIELDS or size >= 56 else 3
    masks: tuple[int, ...] = ()
    if compression in (_BITFIELDS, _ALPHA_BITFIELDS):
        masks = struct.unpack_from(f"<{count}I", data, 54) if len(data) >= 54 + 4 * count else ()
        if not any(masks[:3]):
            return None
    if width < 1 or not height or not bits:
        return None
    return _Header(width, abs(height), height < 0, bits, compression, start, masks)


def _masked(data: bytes, header: _Header) -> Image.Image:
    """The pixels, each channel spread over 0 to 255."""
    if len(data) < header.start + header.row * header.height:
        raise DamagedError("its end is missing")
    kind = np.dtype("<u2" if header.bits == 16 else "<u4")
    channels = 4 if len(header.masks) == 4 and header.masks[3] else 3
    pixels = np.empty((header.height, header.width, channels), np.uint8)
    rows_stored = pixels if header.from_top else pixels[::-1]
    step = max(1, _STRIP // header.width)
    for top in range(0, header.height, step):
        rows = min(step, header.height - top)
        stored = np.frombuffer(data, np.uint8, rows * header.row, header.start + top * header.row)
        values = stored.reshape(rows, header.row).view(kind)[:, : header.width]
        for channel in range(channels):
            rows_stored[top : top + rows, :, channel] = _channel(values, header.masks[channel])
    if channels == 4 and not pixels[..., 3].any():  # nobody filled it in
        pixels = pixels[..., :3]
    return Image.fromarray(np.ascontiguousarray(pixels))


def _channel(values: NDArray[np.unsignedinteger], mask: int) -> NDArray[np.uint8]:
    if not mask:
        return np.zeros(values.shape, np.uint8)
    low = (mask & -mask).bit_length() - 1
    top = mask >> low
    found = (values & values.dtype.type(mask)) >> low
    return np.round(found * (255 / top)).astype(np.uint8)
